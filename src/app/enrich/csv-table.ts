/**
 * CSV (RFC 4180) with a header, as spreadsheets and account systems export it: separated by comma, semicolon or tab,
 * whichever the header has most of. Lines beginning with # are comments. Columns are known by any of their usual names,
 * upper or lower case; those that nobody asks for are passed over.
 */
import { type CsvError, parse } from 'csv-parse/sync'
import { AppError } from '../../model/errors.ts'
import { firstLine } from './map-file.ts'
import type { MapProblems } from './map-problems.ts'

/** No honest line comes near; what is longer has lost a quotation mark. */
const longestRecord = 65_536

/** For each column its names, in lower case with `_` for blanks and hyphens; the first one in the header counts. */
export type CsvColumns = Readonly<Record<string, readonly string[]>>

export interface CsvRow<T extends CsvColumns> {
  line: number
  /** Without blanks around it; '' if the file has no such column. */
  text(column: keyof T & string): string
  /** A cell with several values, separated by semicolon, comma or bar. */
  list(column: keyof T & string): string[]
}

export interface CsvTable<T extends CsvColumns> {
  /** The names of the header that were understood, by column. */
  header: ReadonlyMap<keyof T & string, string>
  rows: CsvRow<T>[]
}

/** A quotation mark that nothing closes is an error of the whole file, as nobody can tell where its lines end. */
export function csvTable<T extends CsvColumns>(
  text: string,
  file: string,
  columns: T,
  problems: MapProblems,
): CsvTable<T> {
  const records = recordsOf(text, file)
  const titles = (records[0]?.record ?? []).map((title) =>
    cell(title)
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const places = new Map<keyof T & string, number>()
  for (const [column, names] of Object.entries(columns)) {
    const place = names.map((each) => titles.indexOf(each)).find((index) => index >= 0)
    if (place !== undefined) places.set(column, place)
  }
  const rows: CsvRow<T>[] = []
  for (const { record, line } of records.slice(1)) {
    if (record.length !== titles.length) {
      problems.add(file, `line ${line}`, `${record.length} fields where the header has ${titles.length}`)
      continue
    }
    const textOf = (column: keyof T & string): string => cell(record[places.get(column) ?? -1] ?? '')
    rows.push({
      line,
      text: textOf,
      list: (column) =>
        textOf(column)
          .split(/[;,|]/)
          .map((part) => part.trim())
          .filter((part) => part !== ''),
    })
  }
  return { header: new Map([...places].map(([column, place]) => [column, titles[place]])), rows }
}

interface CsvRecord {
  record: string[]
  /** The line on which it ends. */
  line: number
}

function recordsOf(text: string, file: string): CsvRecord[] {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      ltrim: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      comment: '#',
      comment_no_infix: true,
      max_record_size: longestRecord,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return parsed.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    const { code, lines, message } = cause as CsvError & { lines?: number }
    const reason =
      code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quotation mark is opened and never closed'
        : code === 'CSV_MAX_RECORD_SIZE'
          ? `a record of more than ${longestRecord} bytes: is a quotation mark missing?`
          : message
    throw new AppError('config_invalid', `${file}:${lines ?? 1}: ${reason}`, { cause })
  }
}

/** Of the first line that is no comment. */
function separatorOf(text: string): string {
  const header = firstLine(text)
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: header.split(separator).length }))
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).separator
}

/** Quotation marks with blanks after them are left by the parser. */
function cell(text: string): string {
  const trimmed = text.trim()
  return trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed
}
