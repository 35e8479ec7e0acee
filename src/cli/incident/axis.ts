/** The one time axis of all bands of the score: a column per day, the same gutters everywhere. */
import { dateText } from '../../model/amount-text.ts'
import { dayMs } from '../../model/window.ts'
import { type Html, html } from '../html/html.ts'

/** In units of the drawing; bands that are not drawn in it take the gutters as shares of the width. */
export const chart = { width: 960, left: 88, right: 16 } as const
export const plotWidth = chart.width - chart.left - chart.right

/** Of a date, and with the gap to the next one. */
const labelWidth = 70
const widestLabel = 92

/** Where a moment is; before the first and after the last day at the ends, in a gap between days at the border. */
export function xOf(days_ms: readonly number[], ms: number): number {
  const day = days_ms.findLastIndex((start_ms) => start_ms <= ms)
  if (day < 0) return chart.left
  return chart.left + ((day + Math.min(1, (ms - days_ms[day]) / dayMs)) / days_ms.length) * plotWidth
}

/** The days that have room for a date. */
export function dateTicks(days_ms: readonly number[], y: number): Html[] {
  const most = Math.max(1, Math.floor(plotWidth / widestLabel))
  const step = Math.max(1, Math.ceil(days_ms.length / most))
  return days_ms
    .map((start_ms, i) => ({ start_ms, i }))
    .map(({ start_ms, i }) => ({ start_ms, i, at: chart.left + (i / days_ms.length) * plotWidth }))
    .filter(({ i, at }) => i % step === 0 && at + labelWidth <= chart.width)
    .map(({ start_ms, at }) => {
      const x = at.toFixed(1)
      return html`<line class="axis" x1="${x}" x2="${x}" y1="${y}" y2="${y + 4}"/><text class="tick" x="${x}" y="${y + 17}">${dateText(start_ms)}</text>`
    })
}
