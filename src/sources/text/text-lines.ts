/**
 * Line formats of moderate volume, read as text: one line in, one observation or a reason out. The hot formats (Zeek's,
 * neutral flows) stay with bytes.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'

/** Takes one line, without its line end: appends to the batch or says why not. `offset` is the line's place in the file. */
export type TakeLine = (line: string, offset: number, batch: ObservationBatch) => RejectReason | undefined

const newline = 0x0a
const carriageReturn = 0x0d

/** Blank lines are no records; every other line is one. */
export class TextLineParser implements SourceParser {
  readonly format: string
  readonly #take: TakeLine

  constructor(format: string, take: TakeLine) {
    this.format = format
    this.#take = take
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at, lineEnd) => {
      batch.records_read++
      const reason = this.#take(line, offset + at - start, batch)
      if (reason !== undefined) batch.reject(reason, offset + at - start, bytes, at, lineEnd)
    })
  }
}

/** Every line that is not blank, as text; `at` and `lineEnd` are its place in `bytes`. */
export function eachLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  take: (line: string, at: number, lineEnd: number) => void,
): void {
  for (let at = start; at < end; ) {
    const found = bytes.indexOf(newline, at)
    const next = found < 0 || found >= end ? end : found
    const lineEnd = next > at && bytes[next - 1] === carriageReturn ? next - 1 : next
    const line = textOf(bytes, at, lineEnd)
    if (line.trim() !== '') take(line, at, lineEnd)
    at = next + 1
  }
}

/** Bytes as text: UTF-8, what is not as U+FFFD, and no NUL, which no database keeps. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end)
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

/** Whether most of the first lines are of this form; the last one, which may be cut, is asked only if it is the only one. */
export function mostTextLinesAre(head: Uint8Array, mine: (line: string) => boolean): boolean {
  return mostLinesAre(head, (bytes, start, end, cut) => !cut && mine(textOf(bytes, start, end).trimEnd()))
}
