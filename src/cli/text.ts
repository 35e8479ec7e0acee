/** Text for terminals: tables, beside the amounts of `model`. Nothing from a log reaches the terminal unescaped. */
import { plain, shorten } from '../model/amount-text.ts'

export {
  bytesText,
  countText,
  durationText,
  plain,
  plural,
  shareText,
  shorten,
  timesText,
  timeText,
} from '../model/amount-text.ts'

export interface TableColumn {
  title: string
  right?: boolean
}

/** Text of logs as a part of one line. */
export function oneLine(text: string): string {
  return plain(text).replaceAll('\n', '\\n')
}

/** Columns as wide as their widest cell; a cell longer than `mostWide` is cut in the middle. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[], mostWide = 44): string[] {
  const cells = rows.map((row) => row.map((cell) => shorten(oneLine(cell), mostWide)))
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => row[i].length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (columns[i].right ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...cells.map(line)]
}
