/**
 * Zeek's JSON logs, one object a line, any mixture of streams. A record's stream is told by `_path` or `@stream`, else by
 * the file's name, else, for conn alone, by the keys. Lines that start with `#` (BTest) and blank lines are no records.
 */

import type { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { type FieldSpans, valueKinds } from '../text/field-spans.ts'
import { JsonScanner } from '../text/json-scan.ts'
import { skipSpace } from '../text/json-text.ts'
import { millisOf, timeProblem } from '../text/time-text.ts'
import { type ConnKernel, connKernel } from './conn-kernel.ts'
import { KernelTurns } from './kernel-turns.ts'
import { appendConn } from './zeek-conn.ts'
import { zeek, zeekFields } from './zeek-fields.ts'
import { appendFingerprint } from './zeek-fingerprint.ts'
import { formatOfStream, isStreamName, joinFormats, StreamTable, streamOfFileName, useOf } from './zeek-streams.ts'
import { zeekMicros } from './zeek-values.ts'

const newline = 0x0a
const hash = 0x23
const encoder = new TextEncoder()
const conn = encoder.encode('conn')

export class ZeekJsonParser implements SourceParser {
  readonly #scanner = new JsonScanner(zeekFields)
  readonly #context: SourceContext
  readonly #streams = new StreamTable()
  /** What the file's name tells, '' if nothing. */
  readonly #fileStream: Uint8Array
  #format = ''
  readonly #presumed: string
  #lastCode = -1
  /** Undefined if the file's name tells another stream than conn, too. */
  readonly #kernel: ConnKernel | undefined
  readonly #isConn: boolean

  /** `presumed` is the format until the first record is read; without a kernel every line is read by this program's own text. */
  constructor(context: SourceContext, presumed = 'zeek_other', { kernel } = { kernel: connKernel() }) {
    this.#context = context
    this.#presumed = presumed
    const told = streamOfFileName(context.path) ?? ''
    this.#fileStream = encoder.encode(told)
    this.#isConn = told === 'conn'
    this.#kernel = told === '' || this.#isConn ? kernel : undefined
  }

  get format(): string {
    return this.#format || this.#presumed
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    this.#streams.trim()
    this.#lastCode = -1
    const kernel = this.#kernel
    kernel?.begin(bytes, start, end, offset)
    const turns = new KernelTurns()
    for (let line = start; line < end; ) {
      if (kernel && turns.isKernels()) {
        const before = batch.flow.length
        line = kernel.readJson(line, batch, this.#isConn)
        const rows = batch.flow.length - before
        if (rows > 0) this.#note(this.#streams.codeOf(conn, 0, conn.length))
        turns.took(rows)
        continue
      }
      const found = bytes.indexOf(newline, line)
      const lineEnd = found < 0 || found > end ? end : found
      const first = skipSpace(bytes, line, lineEnd)
      if (first < lineEnd && bytes[line] !== hash) {
        batch.records_read++
        const reason = this.#record(bytes, first, lineEnd, offset + line - start, batch)
        if (reason !== undefined) batch.reject(reason, offset + line - start, bytes, line, lineEnd)
      }
      line = lineEnd + 1
    }
  }

  #record(
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    batch: ObservationBatch,
  ): RejectReason | undefined {
    if (!this.#scanner.scan(bytes, start, end)) return 'malformed'
    const spans = this.#scanner.spans
    const stream = this.#streamOf(spans)
    if (stream !== this.#lastCode) this.#note(stream)
    const use = this.#streams.useOf(stream)
    switch (use) {
      case 'conn':
        return appendConn(spans, offset, this.#context.clock, batch)
      case 'ssl':
      case 'ssh':
      case 'http':
        return appendFingerprint(use, spans, false, offset, this.#context.clock, batch)
      case 'other':
        return 'stream_not_used'
    }
  }

  #streamOf(spans: FieldSpans): number {
    const field = streamField(spans)
    if (field >= 0) return this.#streams.codeOf(spans.bytes, spans.start[field], spans.end[field])
    const told = this.#fileStream
    if (told.length > 0) return this.#streams.codeOf(told, 0, told.length)
    return hasConnShape(spans) ? this.#streams.codeOf(conn, 0, conn.length) : 0
  }

  /** Keeps `format` in step with the streams met so far. */
  #note(code: number): void {
    this.#lastCode = code
    const name = formatOfStream(this.#streams.nameOf(code))
    this.#format = joinFormats(this.#format, name)
  }
}

function streamField(spans: FieldSpans): number {
  if (spans.has(zeek.path) && spans.kind[zeek.path] === valueKinds.text) return zeek.path
  return spans.has(zeek.stream) && spans.kind[zeek.stream] === valueKinds.text ? zeek.stream : -1
}

function hasConnShape(spans: FieldSpans): boolean {
  return spans.has(zeek.origHost) && spans.has(zeek.proto) && spans.has(zeek.connState)
}

/**
 * The streams of a file that begins like this, '' among them for records of an unknown one; undefined if it is not Zeek
 * JSON.
 */
export function jsonStreamsOf(head: Uint8Array, context: SourceContext): Set<string> | undefined {
  const scanner = new JsonScanner(zeekFields)
  const fileStream = streamOfFileName(context.path)
  const streams = new Set<string>()
  const isZeek = mostLinesAre(head, (bytes, start, end, cut) => {
    if (!scanner.scan(bytes, start, end) && !cut) return false
    const stream = zeekStreamOf(scanner.spans, fileStream)
    if (stream !== undefined) streams.add(stream)
    return stream !== undefined
  })
  return isZeek ? streams : undefined
}

/** The stream of a record that is Zeek's beyond doubt, '' if it is unknown; undefined if it may be anybody's. */
function zeekStreamOf(spans: FieldSpans, fileStream: string | undefined): string | undefined {
  const hasIds = spans.has(zeek.origHost) && spans.has(zeek.respHost)
  const hasTs = spans.has(zeek.ts) && spans.kind[zeek.ts] <= valueKinds.number
  const field = streamField(spans)
  if (field >= 0) {
    const stream = spans.text(field)
    if (isStreamName(stream) && (hasTs || hasIds || spans.has(zeek.uid) || spans.has(zeek.writeTs))) return stream
  }
  if (hasIds && (hasTs || spans.has(zeek.uid) || spans.has(zeek.connState))) {
    return fileStream ?? (hasConnShape(spans) ? 'conn' : '')
  }
  if (fileStream !== undefined && hasTs && timeProblem(millisOf(zeekMicros(spans, zeek.ts, utcClock))) === undefined) {
    return fileStream
  }
  return fileStream === 'loaded_scripts' && /\.(zeek|bro)$/.test(spans.text(zeek.name)) ? fileStream : undefined
}

/** Whether any of the streams is put to this use. */
export function holds(streams: Set<string>, wanted: (use: ReturnType<typeof useOf>) => boolean): boolean {
  for (const stream of streams) if (wanted(useOf(stream))) return true
  return false
}
