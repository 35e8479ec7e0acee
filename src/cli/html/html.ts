/** HTML in which only what was written here is markup: every value that is put in is escaped, texts from logs made plain. */
import { plain } from '../text.ts'

export interface Html {
  readonly text: string
}

type Value = string | number | Html | readonly Html[]

/** For constants of this program. */
export function raw(text: string): Html {
  return { text }
}

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { text: parts.map((part, i) => part + (i < values.length ? textOf(values[i]) : '')).join('') }
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  return 'text' in value ? value.text : value.map((each) => each.text).join('')
}

/** Safe between tags and inside quoted attributes; control characters and direction marks become visible. */
export function escapeHtml(text: string): string {
  return plain(text)
    .replaceAll('\n', '\\n')
    .replaceAll(/[&<>"'`=]/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** Prose; a short text that stays on one line; a number, with a bar of `share` (0 … 1); a name as the logs have it; markup. */
export type Cell = string | { short: string } | { number: string; share?: number } | { name: string } | Html

export interface PageColumn {
  title: string
  right?: boolean
}

export function tableHtml(caption: string, columns: readonly PageColumn[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, right }) => html`<th scope="col"${raw(right ? ' class="number"' : '')}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => cellHtml(cell, i === 0))}</tr>\n`)}</tbody>
</table></div>`
}

function cellHtml(cell: Cell, isFirst: boolean): Html {
  if (typeof cell === 'string') return html`<td>${cell}</td>`
  if ('text' in cell) return isFirst ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`
  if ('short' in cell) return html`<td class="short">${cell.short}</td>`
  if ('name' in cell) {
    const text = cell.name === '' ? html`<i>unknown</i>` : html`<code>${cell.name}</code>`
    return isFirst ? html`<th scope="row">${text}</th>` : html`<td>${text}</td>`
  }
  if (cell.share === undefined) return html`<td class="number">${cell.number}</td>`
  const width = (100 * Math.min(1, Math.max(0, cell.share))).toFixed(1)
  return html`<td class="number bar">${cell.number}<svg aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none"><rect width="${width}" height="4"/></svg></td>`
}
