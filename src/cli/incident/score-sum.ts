/** First band of the score: cumulative excess with its interval, and the markers, laid out so that none covers another. */
import type { Score } from '../../model/incident.ts'
import { type Html, html } from '../html/html.ts'
import { bytesText } from '../text.ts'
import { chart, dateTicks, plotWidth, xOf } from './axis.ts'
import { markerText, utc } from './words.ts'

const plotHeight = 190
const laneHeight = 17
const bottom = 26
/** Width of a character of a label, on the wide side. */
const charWidth = 6.6
const labelGap = 12

export function sumBand({ days_ms, cumulative, markers }: Score): Html {
  const placed = placeMarkers(
    markers.map(({ at_ms, kind }) => ({
      x: xOf(days_ms, at_ms),
      text: `${markerText[kind]} ${utc(at_ms).slice(5, 10)}`,
    })),
  )
  const lanes = Math.max(0, ...placed.map(({ lane }) => lane + 1))
  const top = lanes * laneHeight + 6
  const height = top + plotHeight + bottom
  const { most, ticks } = axisOf(cumulative.reduce((max, { high, best }) => larger(max, larger(high, best)), 1n))
  const y = (bytes: bigint): number => top + plotHeight - plotHeight * Math.max(0, share(bytes, most))
  const x = (i: number): string => (chart.left + ((i + 1) / days_ms.length) * plotWidth).toFixed(1)
  const start = `${chart.left},${y(0n).toFixed(1)}`
  const along = (of: (point: Score['cumulative'][number]) => bigint): string[] =>
    cumulative.map((point, i) => `${x(i)},${y(of(point)).toFixed(1)}`)
  const band = [start, ...along(({ high }) => high), ...along(({ low }) => low).reverse(), start].join(' ')
  const line = [start, ...along(({ best }) => best)].join(' ')
  const last = cumulative[cumulative.length - 1]
  const label = `Cumulative excess, ${bytesText(last.best)} at the end, 90 % interval ${bytesText(last.low)} to ${bytesText(last.high)}. ${markers.map(({ kind, at_ms }) => `${markerText[kind]} ${utc(at_ms)}`).join('; ')}.`
  return html`<svg class="sum" viewBox="0 0 ${chart.width} ${height}" role="img" aria-label="${label}">
${ticks.map(({ bytes, text }) => {
  const at = y(bytes).toFixed(1)
  return html`<line class="axis" x1="${chart.left}" x2="${chart.width - chart.right}" y1="${at}" y2="${at}"/><text class="tick" text-anchor="end" x="${chart.left - 8}" y="${(y(bytes) + 4).toFixed(1)}">${text}</text>`
})}
<polygon class="interval" points="${band}"/><polyline class="best" points="${line}"/>
${placed.map(({ x: at, anchor, lane, text }) => {
  const from = lane * laneHeight + laneHeight
  return html`<line class="marker" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${from - 11}" y2="${top + plotHeight}"/><text class="label" text-anchor="${anchor}" x="${(at + (anchor === 'start' ? 5 : -5)).toFixed(1)}" y="${from - 2}">${text}</text>`
})}
${dateTicks(days_ms, top + plotHeight)}
</svg>`
}

export interface Placed {
  x: number
  anchor: 'start' | 'end'
  /** 0 is the highest. */
  lane: number
  text: string
}

/**
 * Each in the highest lane where neither its label nor its line, which runs down from its lane, meets another label. Labels
 * that have no room to the right, or would reach one that has none, stand to the left of their line; they are placed
 * from the right, before the others are placed from the left, so that a lane below is always free.
 */
export function placeMarkers(markers: readonly { x: number; text: string }[]): Placed[] {
  const sorted = [...markers].sort((a, b) => a.x - b.x)
  let limit: number = chart.width
  const ends: Span[] = []
  const starts: Span[] = []
  for (const { x, text } of sorted.reverse()) {
    const wide = text.length * charWidth + labelGap
    if (x + wide > limit && x >= wide) {
      ends.push({ x, text, anchor: 'end', from: x - wide, to: x })
      limit = x
    } else starts.unshift({ x, text, anchor: 'start', from: x, to: x + wide })
  }
  const placed: (Span & { lane: number })[] = []
  for (const span of [...ends, ...starts]) {
    let lane = 0
    const meets = (other: (typeof placed)[number]): boolean =>
      (other.lane === lane && span.from < other.to && other.from < span.to) ||
      (other.lane < lane && other.x > span.from && other.x < span.to) ||
      (other.lane > lane && span.x > other.from && span.x < other.to)
    while (placed.some(meets) && lane < markers.length) lane++
    placed.push({ ...span, lane })
  }
  return placed.map(({ x, anchor, lane, text }) => ({ x, anchor, lane, text })).sort((a, b) => a.x - b.x)
}

type Span = Omit<Placed, 'lane'> & { from: number; to: number }

/** Up to five round amounts in one unit, the last not below `most`. */
function axisOf(most: bigint): { most: bigint; ticks: { bytes: bigint; text: string }[] } {
  const rough = Number(most) / 4
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)))
  const step = BigInt(Math.round(([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power)) || 1n
  const count = Number((most + step - 1n) / step)
  const unit = bytesText(step * BigInt(count)).split(' ')[1]
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  const scale = 1000 ** units.indexOf(unit)
  const ticks = Array.from({ length: count + 1 }, (_, i) => {
    const bytes = step * BigInt(i)
    return { bytes, text: i === 0 ? '0' : `${Number((Number(bytes) / scale).toPrecision(6))} ${unit}` }
  })
  return { most: step * BigInt(count), ticks }
}

function share(part: bigint, most: bigint): number {
  return Number((part * 100_000n) / most) / 100_000
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
