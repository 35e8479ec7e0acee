/**
 * Second and third band of the score: the parts and the control strip. A row per entity, a column per day, drawn as a
 * picture of one pixel a cell, which needs no script; the script of the page reads it back to sort and to name cells.
 * Beside each picture the same rows stand as a table.
 */
import { dateText } from '../../model/amount-text.ts'
import type { Score, ScoreRow } from '../../model/incident.ts'
import { type Html, html, raw } from '../html/html.ts'
import { bytesText, countText, plural } from '../text.ts'
import { cellOf, cssColour, palette } from './colours.ts'
import { indexedPng } from './png.ts'
import { cellCounts, type DrawnRow, drawnRows, mostRows } from './score-rows.ts'
import { percent } from './words.ts'

const kinds = ['host', 'peer'] as const
/** Pixels of the screen that a strip may take, by kind, and the tallest row. */
const mostTall = { host: 120, peer: 300 } as const
const tallestRow = 12

/** `name` tells the strips apart in ids. Undefined if it has no row. */
export function strip(
  name: 'parts' | 'control',
  rows: readonly ScoreRow[],
  days_ms: Score['days_ms'],
): Html | undefined {
  const groups = kinds.map((kind) => ({ kind, ...drawnRows(rows, kind) })).filter(({ drawn }) => drawn.length > 0)
  if (groups.length === 0) return undefined
  const all = groups.flatMap(({ drawn }) => drawn)
  const { at_line, active } = cellCounts(all)
  const shared = groups.flatMap(({ kind, drawn }) => {
    const each = rowsPerLine(kind, drawn.length)
    return each === 1
      ? []
      : [
          ` A line of the ${kind}s stands for ${each} rows: their mean, or the line crossed if any of them crossed its own.`,
        ]
  })
  const left_out = groups.reduce((sum, group) => sum + group.left_out, 0)
  return html`<div class="strip" data-strip="${name}">
${groups.map(({ kind, drawn }) => bandHtml(name, kind, drawn, days_ms))}
</div>
<output class="told" aria-live="polite"></output>
<p class="note">${plural(all.length, 'row')}; ${countText(at_line)} of ${plural(active, 'cell')} with bytes ${at_line === 1 ? 'is' : 'are'} at or over the own line.${left_out > 0 ? ` ${countText(left_out)} more are not drawn: at most ${countText(mostRows)} of a kind, those with the most bytes.` : ''}${shared.join('')}</p>
<details class="rows"><summary>The same rows in numbers</summary>
${groups.map(({ kind, drawn }) => rowTable(name, kind, drawn, days_ms))}</details>`
}

function rowsPerLine(kind: ScoreRow['kind'], rows: number): number {
  return Math.ceil(rows / mostTall[kind])
}

function bandHtml(name: string, kind: ScoreRow['kind'], drawn: readonly DrawnRow[], days_ms: Score['days_ms']): Html {
  const days = days_ms.length
  const pixels = new Uint8Array(days * drawn.length)
  for (const [y, { row }] of drawn.entries())
    for (let x = 0; x < days; x++) pixels[y * days + x] = cellOf(row.shares[x])
  const data = indexedPng(days, drawn.length, pixels, palette('light')).toString('base64')
  const lines = Math.ceil(drawn.length / rowsPerLine(kind, drawn.length))
  const tall = lines * Math.max(1, Math.min(tallestRow, Math.floor(mostTall[kind] / lines)))
  const title = `${countText(drawn.length)} ${kind}${drawn.length === 1 ? '' : 's'}`
  const label = `${title}, a row each, ${dateText(days_ms[0])} to ${dateText(days_ms[days - 1])}, a column a day; colour is the share of the own alarm line. The table below has the numbers.`
  return html`<div class="band"><span class="gutter">${title}</span><div class="cells" role="img" aria-label="${label}" data-rows="${name}-${kind}" data-lines="${lines}"><img alt="" width="${days}" height="${drawn.length}" style="height:${tall}px" src="data:image/png;base64,${raw(data)}"></div></div>`
}

function rowTable(name: string, kind: ScoreRow['kind'], drawn: readonly DrawnRow[], days_ms: Score['days_ms']): Html {
  const caption = `${name === 'parts' ? 'Members' : 'Control'}: ${kind}s`
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table id="${name}-${kind}">
<caption>${caption}</caption>
<thead><tr><th scope="col">${kind === 'host' ? 'Host' : 'Peer'}</th><th scope="col">Joined</th><th scope="col" class="number">Bytes</th><th scope="col" class="number">Own line a day</th><th scope="col" class="number">Largest share</th><th scope="col">on</th></tr></thead>
<tbody>
${drawn.map(({ row, bytes, joined, busiest }) => html`<tr data-b="${Math.round(bytes)}"><th scope="row">${row.id}</th><td>${joined < days_ms.length ? dateText(days_ms[joined]) : '–'}</td><td>${bytesText(Math.round(bytes))}</td><td>${bytesText(Math.round(row.own_line_bytes))}</td><td>${percent(row.shares[busiest])}</td><td>${dateText(days_ms[busiest])}</td></tr>\n`)}</tbody>
</table></div>`
}

/** From nothing to the own line, with the two values that are no share. */
export function legend(): Html {
  const [light, dark] = [palette('light'), palette('dark')]
  const swatch = (value: number, text: string): Html =>
    html`<li><span class="swatch" style="--light:${cssColour(light[value])};--dark:${cssColour(dark[value])}"></span>${text}</li>`
  return html`<ul class="legend" aria-label="Colours: share of the own alarm line">${[
    swatch(0, 'nothing'),
    swatch(1, '1 %'),
    swatch(10, '10 %'),
    swatch(25, '25 %'),
    swatch(50, '50 %'),
    swatch(75, '75 %'),
    swatch(100, 'just below'),
    swatch(101, 'at or over the line'),
    swatch(102, 'not measured'),
  ]}</ul>`
}

/** For the script, which paints in the colours of the reader's theme. */
export function paletteText(theme: 'light' | 'dark'): string {
  return palette(theme).map(cssColour).join('').replaceAll('#', '')
}
