/** Shares between 0 and 1 over the share of egress, as curves; the numbers stand in the table below them. */
import type { Cell } from '../../app/prove/cells.ts'
import { type Html, html, raw } from '../html/html.ts'
import { percent } from './words.ts'

const [width, height, left, right, top, bottom] = [560, 240, 44, 16, 12, 40]
const floorPower = 0.8
/** Lines differ in their dashes too, not in colour alone. */
const strokes = ['', '7 4', '2 3', '9 3 2 3'] as const

export interface Curve {
  name: string
  cells: readonly Cell[]
}

interface Measure {
  name: string
  of: (cell: Cell) => number
  bounds?: (cell: Cell) => [number, number]
  /** A line to be reached. */
  line?: number
}

export const measures: Record<'power' | 'lost', Measure> = {
  power: {
    name: 'Power',
    of: ({ power }) => power,
    bounds: ({ power_low, power_high }) => [power_low, power_high],
    line: floorPower,
  },
  lost: { name: 'Bytes lost', of: ({ bytes_lost_share }) => bytes_lost_share },
}

/** One figure; `curves` share their other properties, which `title` tells. */
export function shareFigure(measure: Measure, title: string, curves: readonly Curve[]): Html {
  const shares = curves.flatMap(({ cells }) => cells.map(({ spec }) => spec.share))
  const [low, high] = [Math.min(...shares), Math.max(...shares)]
  const x = (share: number): number =>
    high === low
      ? (left + width - right) / 2
      : left + 12 + ((width - left - right - 24) * Math.log(share / low)) / Math.log(high / low)
  const y = (value: number): number => top + (height - top - bottom) * (1 - value)
  const grid = [0, 0.5, 1].map(
    (power) =>
      html`<line class="axis" x1="${left}" x2="${width - right}" y1="${y(power)}" y2="${y(power)}"/><text class="tick" text-anchor="end" x="${left - 6}" y="${y(power) + 4}">${power}</text>`,
  )
  const ticks = [...new Set(shares)].map(
    (share) =>
      html`<text class="tick" text-anchor="middle" x="${x(share).toFixed(1)}" y="${height - 20}">${percent(share)}</text>`,
  )
  return html`<figure>
<figcaption>${measure.name}, ${title}${curves.map(({ name }, i) => html` <span class="line"><svg aria-hidden="true" viewBox="0 0 28 8"><line class="curve c${i % 4}" x1="0" x2="28" y1="4" y2="4" stroke-dasharray="${strokes[i % 4]}"/></svg>${name}</span>`)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${measure.name} by share of egress, ${title}: ${curves.map(({ name, cells }) => `${name} ${cells.map((cell) => `${percent(cell.spec.share)} ${measure.of(cell).toFixed(2)}`).join(', ')}`).join('; ')}">
${grid}${measure.line === undefined ? '' : html`<line class="floor" x1="${left}" x2="${width - right}" y1="${y(measure.line)}" y2="${y(measure.line)}"/>`}
${curves.map(({ cells }, i) => curveHtml(measure, cells, i, x, y))}
${ticks}<text class="tick" text-anchor="middle" x="${(left + width - right) / 2}" y="${height - 4}">share of egress</text>
</svg>
</figure>`
}

function curveHtml(
  { of, bounds }: Measure,
  cells: readonly Cell[],
  i: number,
  x: (share: number) => number,
  y: (value: number) => number,
): Html {
  const sorted = [...cells].sort((a, b) => a.spec.share - b.spec.share)
  // side by side, that intervals do not cover each other
  const at = (cell: Cell): string => (x(cell.spec.share) + 4 * (i % 4)).toFixed(1)
  const points = sorted.map((cell) => `${at(cell)},${y(of(cell)).toFixed(1)}`).join(' ')
  const bars = sorted.map((cell) => {
    if (!bounds) return html``
    const [low, high] = bounds(cell)
    return html`<line class="curve c${i % 4} thin" x1="${at(cell)}" x2="${at(cell)}" y1="${y(low).toFixed(1)}" y2="${y(high).toFixed(1)}"/>`
  })
  const dots = sorted.map(
    (cell) => html`<circle class="dot c${i % 4}" cx="${at(cell)}" cy="${y(of(cell)).toFixed(1)}" r="3.5"/>`,
  )
  return html`<polyline class="curve c${i % 4}" points="${raw(points)}" stroke-dasharray="${strokes[i % 4]}"/>${bars}${dots}`
}

export const curveStyle = `
.curve{fill:none;stroke:var(--accent);stroke-width:2}
.curve.thin{stroke-width:1;opacity:.6}
.dot{fill:var(--accent)}
.curve.c1{stroke:var(--soft)}.dot.c1{fill:var(--soft)}
.curve.c2{stroke:#b4651b}.dot.c2{fill:#b4651b}
.curve.c3{stroke:#7a5ea8}.dot.c3{fill:#7a5ea8}
.floor{stroke:var(--ink);stroke-width:1;stroke-dasharray:1 4}
.line{white-space:nowrap;margin-left:.8em}
figure .line svg{display:inline-block;width:1.9em;height:.55em;margin-right:.35em;vertical-align:middle}
#power th,#power td{padding-left:.55rem;padding-right:.6rem}
.curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:0 1.2rem}
`
