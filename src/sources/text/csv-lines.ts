/**
 * CSV (RFC 4180) with a header, read by the names of its columns. A record may go over several lines where it quotes a
 * newline; it keeps the place of its first. A quote counts only where a field begins, so that one in the middle of a field
 * does not swallow the lines behind it.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceParser } from '../../model/source.ts'
import { textOf } from './text-lines.ts'

const newline = 0x0a
const carriageReturn = 0x0d
/** Longer records are none: a quote was never closed. */
const longestRecord = 1 << 16

/** Takes one record: appends to the batch or says why not. `field` gives '' for a column that is not there. */
export type TakeRecord = (
  field: (column: string) => string,
  offset: number,
  batch: ObservationBatch,
) => RejectReason | undefined

export class CsvParser implements SourceParser {
  readonly format: string
  readonly #required: readonly string[]
  readonly #take: TakeRecord
  /** Where each column stands; undefined before the header. */
  #columns: Map<string, number> | undefined
  #width = 0
  /** The beginning of a record that goes on in the next line, '' if none does. */
  #held = ''
  #heldOffset = 0

  /** `required`: the columns by which a record is known to be a header. */
  constructor(format: string, required: readonly string[], take: TakeRecord) {
    this.format = format
    this.#required = required
    this.#take = take
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let at = start; at < end; ) {
      const found = bytes.indexOf(newline, at)
      const next = found < 0 || found >= end ? end : found
      const lineEnd = next > at && bytes[next - 1] === carriageReturn ? next - 1 : next
      this.#line(textOf(bytes, at, lineEnd), offset + at - start, batch)
      at = next + 1
    }
  }

  finish(batch: ObservationBatch, brokeOff: boolean): void {
    if (this.#held !== '') this.#reject(brokeOff ? 'truncated' : 'malformed', batch)
  }

  #line(line: string, offset: number, batch: ObservationBatch): void {
    const isContinued = this.#held !== ''
    if (!isContinued && line.trim() === '') return
    if (!isContinued) this.#heldOffset = offset
    this.#held = isContinued ? `${this.#held}\n${line}` : line
    if (endsInQuotes(line, isContinued)) {
      if (this.#held.length > longestRecord) this.#reject('malformed', batch)
      return
    }
    const fields = csvFields(this.#held)
    if (this.#isHeader(fields)) {
      this.#columns = new Map(fields.map((name, i) => [columnName(name), i]))
      this.#width = fields.length
      this.#held = ''
      return
    }
    const reason = this.#record(fields, batch)
    if (reason !== undefined) this.#reject(reason, batch)
    else {
      batch.records_read++
      this.#held = ''
    }
  }

  #record(fields: readonly string[], batch: ObservationBatch): RejectReason | undefined {
    const columns = this.#columns
    if (columns === undefined) return 'before_header'
    if (fields.length !== this.#width) return 'malformed'
    const field = (column: string): string => fields[columns.get(column) ?? -1] ?? ''
    return this.#take(field, this.#heldOffset, batch)
  }

  #reject(reason: RejectReason, batch: ObservationBatch): void {
    const sample = Buffer.from(this.#held.slice(0, 200))
    batch.records_read++
    batch.reject(reason, this.#heldOffset, sample, 0, sample.length)
    this.#held = ''
  }

  #isHeader(fields: readonly string[]): boolean {
    return isCsvHeader(fields, this.#required)
  }
}

const columnName = (text: string): string => text.trim().toLowerCase()

function isCsvHeader(fields: readonly string[], required: readonly string[]): boolean {
  const names = new Set(fields.map(columnName))
  return required.every((name) => names.has(name))
}

/** Whether the first line of `head` that is not blank is a header with these columns. */
export function beginsWithCsvHeader(head: Uint8Array, required: readonly string[]): boolean {
  const text = textOf(head, 0, Math.min(head.length, longestRecord)).trimStart()
  return isCsvHeader(csvFields(text.slice(0, Math.max(text.indexOf('\n'), 0)).trimEnd()), required)
}

/** Whether a quoted field is still open after `line`, which begins in one if `inQuotes`. */
function endsInQuotes(line: string, inQuotes: boolean): boolean {
  for (let i = 0; i < line.length || inQuotes; ) {
    if (inQuotes || line[i] === '"') {
      const close = closingQuote(line, inQuotes ? i : i + 1)
      if (close < 0) return true
      inQuotes = false
      i = close + 1
    }
    const separator = line.indexOf(',', i)
    if (separator < 0) return false
    i = separator + 1
  }
  return false
}

/** The place of the quote that closes the field whose text begins at `i`; −1 if none does. */
function closingQuote(text: string, i: number): number {
  for (let at = text.indexOf('"', i); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return -1
}

/** The fields of a whole record, without their quotes. */
export function csvFields(record: string): string[] {
  const fields: string[] = []
  for (let i = 0; ; ) {
    const close = record[i] === '"' ? closingQuote(record, i + 1) : -1
    const quoted = close < 0 ? '' : record.slice(i + 1, close).replaceAll('""', '"')
    const rest = close < 0 ? i : close + 1
    const separator = record.indexOf(',', rest)
    fields.push(quoted + record.slice(rest, separator < 0 ? record.length : separator))
    if (separator < 0) return fields
    i = separator + 1
  }
}
