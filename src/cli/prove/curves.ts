/** What was measured over the share of egress or over the history, as curves; the numbers stand in the table below them. */
import type { Cell } from '../../app/prove/cells.ts'
import { type Html, html, raw } from '../html/html.ts'
import { days, percent } from './words.ts'

const [width, height, left, right, top, bottom] = [560, 240, 44, 16, 12, 40]
const floorPower = 0.8
/** Lines differ in their dashes too, not in colour alone. */
const strokes = ['', '7 4', '2 3', '9 3 2 3'] as const

export interface Curve {
  name: string
  cells: readonly Cell[]
}

export interface Axis {
  name: string
  of: (cell: Cell) => number
  text: (value: number) => string
}

export const axes = {
  share: { name: 'share of egress', of: ({ spec }: Cell) => spec.share, text: percent },
  history: { name: 'days of history', of: ({ spec }: Cell) => spec.history, text: String },
} as const satisfies Record<string, Axis>

export interface Measure {
  name: string
  /** Null where there is nothing to be shown. */
  of: (cell: Cell) => number | null
  bounds?: (cell: Cell) => [number, number]
  /** What the top of the figure stands for. */
  most: (cells: readonly Cell[]) => number
  text: (value: number) => string
  /** A line to be reached. */
  line?: number
}

export const measures: readonly Measure[] = [
  {
    name: 'Power',
    of: ({ power, not_possible_yet }) => (not_possible_yet ? null : power),
    bounds: ({ power_low, power_high }) => [power_low, power_high],
    most: () => 1,
    text: (value) => String(Number(value.toFixed(2))),
    line: floorPower,
  },
  {
    name: 'Median days until found',
    of: ({ delay_days_median }) => delay_days_median,
    most: (cells) => Math.max(1, ...cells.map(({ delay_days_median }) => Math.ceil(delay_days_median ?? 0))),
    text: days,
  },
  { name: 'Bytes lost', of: ({ bytes_lost_share }) => bytes_lost_share, most: () => 1, text: percent },
]

/** One figure; `curves` share their other properties, which `title` tells. */
export function figureHtml(measure: Measure, axis: Axis, title: string, curves: readonly Curve[]): Html {
  const cells = curves.flatMap((curve) => curve.cells)
  const values = cells.map(axis.of)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const most = measure.most(cells)
  const x = (value: number): number =>
    high === low
      ? (left + width - right) / 2
      : left + 12 + ((width - left - right - 24) * Math.log(value / low)) / Math.log(high / low)
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / most)
  const grid = [0, most / 2, most].map(
    (value) =>
      html`<line class="axis" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/><text class="tick" text-anchor="end" x="${left - 6}" y="${y(value) + 4}">${measure.text(value)}</text>`,
  )
  const ticks = [...new Set(values)].map(
    (value) =>
      html`<text class="tick" text-anchor="middle" x="${x(value).toFixed(1)}" y="${height - 20}">${axis.text(value)}</text>`,
  )
  const told = (cell: Cell): string => {
    const value = measure.of(cell)
    return `${axis.text(axis.of(cell))} ${value === null ? 'none' : measure.text(value)}`
  }
  return html`<figure>
<figcaption>${measure.name}, ${title}${curves.map(({ name }, i) => html` <span class="line"><svg aria-hidden="true" viewBox="0 0 28 8"><line class="curve c${i % 4}" x1="0" x2="28" y1="4" y2="4" stroke-dasharray="${strokes[i % 4]}"/></svg>${name}</span>`)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${measure.name} by ${axis.name}, ${title}: ${curves.map(({ name, cells: of }) => `${name} ${of.map(told).join(', ')}`).join('; ')}">
${grid}${measure.line === undefined ? '' : html`<line class="floor" x1="${left}" x2="${width - right}" y1="${y(measure.line)}" y2="${y(measure.line)}"/>`}
${curves.map(({ cells: of }, i) => curveHtml(measure, { of, at: (cell) => x(axis.of(cell)) + 4 * (i % 4), y, style: i % 4 }))}
${ticks}<text class="tick" text-anchor="middle" x="${(left + width - right) / 2}" y="${height - 4}">${axis.name}</text>
</svg>
</figure>`
}

interface Drawn {
  of: readonly Cell[]
  /** Curves stand side by side, that intervals do not cover each other. */
  at: (cell: Cell) => number
  y: (value: number) => number
  style: number
}

function curveHtml(measure: Measure, { of, at, y, style }: Drawn): Html {
  // a line is broken where there is nothing to be shown
  const lines: string[][] = [[]]
  const marks: Html[] = []
  for (const cell of [...of].sort((a, b) => at(a) - at(b))) {
    const value = measure.of(cell)
    if (value === null) {
      lines.push([])
      continue
    }
    const [cx, cy] = [at(cell).toFixed(1), y(value).toFixed(1)]
    lines[lines.length - 1].push(`${cx},${cy}`)
    if (measure.bounds) {
      const [low, high] = measure.bounds(cell).map((bound) => y(bound).toFixed(1))
      marks.push(html`<line class="curve c${style} thin" x1="${cx}" x2="${cx}" y1="${low}" y2="${high}"/>`)
    }
    marks.push(html`<circle class="dot c${style}" cx="${cx}" cy="${cy}" r="3.5"/>`)
  }
  const drawn = lines.filter((points) => points.length > 0)
  return html`${drawn.map((points) => html`<polyline class="curve c${style}" points="${raw(points.join(' '))}" stroke-dasharray="${strokes[style]}"/>`)}${marks}`
}

export const curveStyle = `
.curve{fill:none;stroke:var(--accent);stroke-width:2}
.curve.thin{stroke-width:1.5;opacity:.8}
.dot{fill:var(--accent)}
.curve.c1{stroke:var(--soft)}.dot.c1{fill:var(--soft)}
.curve.c2{stroke:#b4651b}.dot.c2{fill:#b4651b}
.curve.c3{stroke:#7a5ea8}.dot.c3{fill:#7a5ea8}
.floor{stroke:var(--ink);stroke-width:1;stroke-dasharray:1 4}
.line{white-space:nowrap;margin-left:.8em}
figure .line svg{display:inline-block;width:1.9em;height:.55em;margin-right:.35em;vertical-align:middle}
#power th,#power td{padding-left:.4rem;padding-right:.45rem}
.curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:0 1.2rem}
`
