/**
 * Zeek's tab-separated logs, any stream: splits lines into spans by the header in force and hands them on by stream.
 * Columns are bound by name, so extra ones may stand anywhere. Lines that start with `#` and empty lines are no records.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceParser } from '../../model/source.ts'
import { FieldSpans } from '../text/field-spans.ts'
import { type ConnKernel, connKernel } from './conn-kernel.ts'
import { KernelTurns } from './kernel-turns.ts'
import { appendConn } from './zeek-conn.ts'
import { zeekFields } from './zeek-fields.ts'
import { appendFingerprint } from './zeek-fingerprint.ts'
import { ZeekHeader } from './zeek-header.ts'
import { formatOfStream, joinFormats, type StreamUse, streamOfFileName, useOf } from './zeek-streams.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const hash = 0x23

export class ZeekTsvParser implements SourceParser {
  #format = ''
  readonly #header = new ZeekHeader()
  /** One more than the fields: the columns that Weir does not read land there. */
  readonly #spans = new FieldSpans(zeekFields.length + 1)
  readonly #context: SourceContext
  readonly #presumed: string
  #use: StreamUse = 'other'
  readonly #kernel: ConnKernel | undefined

  /** `presumed` is the format until the header is read; without a kernel every line is read by this program's own text. */
  constructor(context: SourceContext, presumed = 'zeek_other', { kernel } = { kernel: connKernel() }) {
    this.#context = context
    this.#kernel = kernel
    this.#presumed = presumed
  }

  get format(): string {
    return this.#format || this.#presumed
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    this.#spans.bytes = bytes
    const kernel = this.#kernel
    let usesKernel = this.#configure()
    kernel?.begin(bytes, start, end, offset)
    const turns = new KernelTurns()
    for (let line = start; line < end; ) {
      if (bytes[line] === hash) {
        const next = lineEndAt(bytes, line, end)
        this.#readHeader(bytes, line, next)
        usesKernel = this.#configure()
        line = next + 1
      } else if (usesKernel && kernel && turns.isKernels()) {
        const before = batch.flow.length
        line = kernel.readTsv(line, batch)
        turns.took(batch.flow.length - before)
      } else if (this.#header.columns === 0 || this.#header.separator.length > 1) {
        const next = lineEndAt(bytes, line, end)
        this.#slowRecord(line, stripped(bytes, line, next), offset + line - start, batch)
        line = next + 1
      } else line = this.#record(line, end, offset + line - start, batch)
    }
  }

  #configure(): boolean {
    return this.#use === 'conn' && this.#header.columns > 0 && this.#kernel?.configureTsv(this.#header) === true
  }

  #readHeader(bytes: Uint8Array, start: number, lineEnd: number): void {
    const header = this.#header
    header.read(bytes, start, stripped(bytes, start, lineEnd))
    if (header.columns === 0) return
    const stream = streamOfHeader(header, this.#context.path)
    this.#use = useOf(stream)
    this.#format = joinFormats(this.#format, formatOfStream(stream))
    this.#spans.start.fill(-1)
  }

  /** One line under a one-byte separator; the start of the next line. */
  #record(line: number, end: number, offset: number, batch: ObservationBatch): number {
    const { bytes, start: starts, end: ends } = this.#spans
    const { plan, columns, unset, empty } = this.#header
    const separator = this.#header.separator[0]
    const unsetLength = unset.length
    const emptyLength = empty.length
    let column = 0
    let valueStart = line
    let i = line
    for (;;) {
      let byte = newline
      while (i < end) {
        byte = bytes[i]
        if (byte === separator || byte === newline) break
        i++
      }
      const atEnd = i >= end || byte === newline
      let valueEnd = i
      if (atEnd && valueEnd > line && bytes[valueEnd - 1] === carriageReturn) {
        valueEnd--
        if (valueStart > valueEnd) valueStart = valueEnd
      }
      if (column < columns) {
        const field = plan[column]
        const length = valueEnd - valueStart
        ends[field] = valueEnd
        if (length === unsetLength && equals(bytes, valueStart, unset)) starts[field] = -1
        else {
          starts[field] = valueStart
          if (length === emptyLength && equals(bytes, valueStart, empty)) ends[field] = valueStart
        }
      }
      column++
      if (atEnd) {
        if (valueEnd > line) this.#finish(column, line, valueEnd, offset, batch)
        return i + 1
      }
      valueStart = ++i
    }
  }

  /** A line before any `#fields`, or under a separator of several bytes. */
  #slowRecord(line: number, lineEnd: number, offset: number, batch: ObservationBatch): void {
    if (lineEnd <= line) return
    const { bytes, start: starts, end: ends } = this.#spans
    const { plan, columns, unset, empty, separator } = this.#header
    if (columns === 0) {
      batch.records_read++
      batch.reject('before_header', offset, bytes, line, lineEnd)
      return
    }
    let column = 0
    for (let valueStart = line; ; column++) {
      const valueEnd = indexOfBytes(bytes, valueStart, lineEnd, separator)
      if (column < columns) {
        const field = plan[column]
        const isUnset = valueEnd - valueStart === unset.length && equals(bytes, valueStart, unset)
        const isEmpty = valueEnd - valueStart === empty.length && equals(bytes, valueStart, empty)
        starts[field] = isUnset ? -1 : valueStart
        ends[field] = isEmpty ? valueStart : valueEnd
      }
      if (valueEnd >= lineEnd) break
      valueStart = valueEnd + separator.length
    }
    this.#finish(column + 1, line, lineEnd, offset, batch)
  }

  #finish(columns: number, line: number, lineEnd: number, offset: number, batch: ObservationBatch): void {
    batch.records_read++
    const reason = columns === this.#header.columns ? this.#append(offset, batch) : 'malformed'
    if (reason !== undefined) batch.reject(reason, offset, this.#spans.bytes, line, lineEnd)
  }

  #append(offset: number, batch: ObservationBatch): RejectReason | undefined {
    const { clock } = this.#context
    switch (this.#use) {
      case 'conn':
        return appendConn(this.#spans, offset, clock, batch)
      case 'ssl':
      case 'ssh':
      case 'http':
        return appendFingerprint(this.#use, this.#spans, true, offset, clock, batch)
      case 'other':
        return 'stream_not_used'
    }
  }
}

/** The stream of a header: its `#path`, else what the file's name tells, else `conn` by its columns; '' if unknown. */
function streamOfHeader(header: ZeekHeader, path: string): string {
  if (header.path !== '') return header.path
  const names = header.columnNames
  const looksLikeConn = names.includes('id.orig_h') && names.includes('proto') && names.includes('conn_state')
  return streamOfFileName(path) ?? (looksLikeConn ? 'conn' : '')
}

/**
 * The stream of a file that begins like this; '' if it is Zeek TSV of an unknown stream, undefined if it is not Zeek TSV.
 * Lines before the header must have as many columns as the header: a log whose beginning was cut off, not a text that
 * quotes one.
 */
export function tsvStreamOf(headBytes: Uint8Array, context: SourceContext): string | undefined {
  const header = new ZeekHeader()
  const early: [number, number][] = []
  let line = 0
  while (line < headBytes.length && header.columns === 0) {
    const next = lineEndAt(headBytes, line, headBytes.length)
    const lineEnd = stripped(headBytes, line, next)
    if (headBytes[line] === hash) header.read(headBytes, line, lineEnd)
    else if (lineEnd > line) early.push([line, lineEnd])
    line = next + 1
  }
  if (!header.hasSeparator && !(header.columns > 1 && (header.path !== '' || header.columnNames.includes('ts')))) {
    return undefined
  }
  const fits = early.every(([from, to]) => header.columns > 3 && header.widthOf(headBytes, from, to) === header.columns)
  if (!fits && (header.columns > 0 || early[0][0] === 0)) return undefined
  return streamOfHeader(header, context.path)
}

function lineEndAt(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.indexOf(newline, start)
  return at < 0 || at > end ? end : at
}

function stripped(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end
}

function equals(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

/** Where `text` begins in bytes[start, end), or `end`. */
function indexOfBytes(bytes: Uint8Array, start: number, end: number, text: Uint8Array): number {
  for (let i = start; i + text.length <= end; i++) if (equals(bytes, i, text)) return i
  return end
}
