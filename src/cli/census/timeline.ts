/** Bytes out and in over time, as bars: by hour for logs of up to four days, else by day. The numbers stand in a table below. */
import type { Census } from '../../app/census/report/census-report.ts'
import { dateText } from '../../model/amount-text.ts'
import { type Cell, type Html, html, raw, tableHtml } from '../html/html.ts'
import { bytesText, timeText } from '../text.ts'

const [width, height, left, bottom, top] = [960, 190, 70, 26, 8]
/** More bars than this cannot be told apart: neighbours become one. */
const mostBars = 400
/** A table of so many days is shown at once. */
const openDays = 10

interface Bar {
  start_ms: number
  bytes_out: bigint
  bytes_in: bigint
}

export function timeline({ where }: Census): Html {
  const byHour = where.by_hour.length > 0
  const rows = byHour ? where.by_hour : where.by_day
  if (rows.length === 0) return html`<p class="none">No flow crossed the border.</p>`
  const { bars, each } = merged(rows)
  const unit = `${each > 1 ? `${each} ` : ''}${byHour ? 'hour' : 'day'}${each > 1 ? 's' : ''}`
  const most = bars.reduce((max, { bytes_out, bytes_in }) => maxOf(max, maxOf(bytes_out, bytes_in)), 0n)
  const step = (width - left) / bars.length
  const tall = height - bottom - top
  const heightOf = (bytes: bigint): number => (most === 0n ? 0 : (tall * Number((bytes * 10_000n) / most)) / 10_000)
  const rect = (bytes: bigint, x: number, wide: number, name: string): Html =>
    bytes === 0n
      ? raw('')
      : raw(
          `<rect class="${name}" x="${x.toFixed(2)}" y="${(top + tall - Math.max(1, heightOf(bytes))).toFixed(2)}" width="${wide.toFixed(2)}" height="${Math.max(1, heightOf(bytes)).toFixed(2)}"/>`,
        )
  const gap = step > 4 ? 1 : 0
  const wide = Math.max(0.5, (step - gap) / 2)
  const labels = ticksOf(bars.length, Math.min(8, bars.length)).map((i) => {
    const { start_ms } = bars[i]
    const text = byHour ? timeText(start_ms).slice(5) : dateText(start_ms)
    return html`<text class="tick" x="${(left + i * step).toFixed(1)}" y="${height - 8}">${text}</text>`
  })
  const scale = [0n, most / 2n, most].map((bytes) => {
    const y = top + tall - heightOf(bytes)
    return html`<line class="axis" x1="${left}" x2="${width}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/><text class="tick" text-anchor="end" x="${left - 8}" y="${(y + 4).toFixed(1)}">${bytesText(bytes)}</text>`
  })
  return html`<figure>
<figcaption>Bytes over the border by ${unit}, UTC<span class="key out"></span>out<span class="key in"></span>in</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Bytes out and in by ${unit}; the table by day below has the numbers">
${scale}${bars.flatMap(({ bytes_out, bytes_in }, i) => [rect(bytes_out, left + i * step, wide, 'out'), rect(bytes_in, left + i * step + wide, wide, 'in')])}
${labels}
</svg>
</figure>
<details${raw(where.by_day.length <= openDays ? ' open' : '')}><summary>The same by day, in numbers</summary>
${tableHtml(
  'Bytes over the border by day',
  [{ title: 'Day' }, { title: 'Out', right: true }, { title: 'In', right: true }, { title: 'Flows', right: true }],
  where.by_day.map(({ start_ms, bytes_out, bytes_in, flows }): Cell[] => [
    dateText(start_ms),
    { number: bytesText(bytes_out) },
    { number: bytesText(bytes_in) },
    { number: String(flows) },
  ]),
)}
</details>`
}

function merged(rows: readonly Bar[]): { bars: Bar[]; each: number } {
  const each = Math.ceil(rows.length / mostBars)
  const bars: Bar[] = []
  rows.forEach(({ start_ms, bytes_out, bytes_in }, i) => {
    if (i % each === 0) bars.push({ start_ms, bytes_out: 0n, bytes_in: 0n })
    const bar = bars[bars.length - 1]
    bar.bytes_out += bytes_out
    bar.bytes_in += bytes_in
  })
  return { bars, each }
}

/** So many places, evenly spread, from the first on. */
function ticksOf(count: number, ticks: number): number[] {
  return Array.from({ length: ticks }, (_, i) => Math.floor((i * count) / ticks))
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
