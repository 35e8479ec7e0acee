/**
 * Line formats whose lines may hold secrets (signed URLs, tokens, headers): as `TextLineParser`, but the sample that is
 * kept of a rejected line ends where one could begin.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceParser } from '../../model/source.ts'
import { eachLine, type TakeLine } from './text-lines.ts'

export class GuardedLineParser implements SourceParser {
  readonly format: string
  readonly #take: TakeLine

  constructor(format: string, take: TakeLine) {
    this.format = format
    this.#take = take
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at) => {
      batch.records_read++
      const reason = this.#take(line, offset + at - start, batch)
      if (reason !== undefined) rejectGuarded(batch, reason, offset + at - start, line)
    })
  }
}

const sampleLength = 120
const secretBegins =
  /[?]|%3f|sess?ion-?id|sid=|authori[sz]|signature|credential|secret|token|passw|cookie|header|access_?key|api[-_]?key/i

/** Counts a rejected record with a sample that ends before the first query string or name of a secret. */
export function rejectGuarded(batch: ObservationBatch, reason: RejectReason, offset: number, record: string): void {
  const sample = Buffer.from(withoutSecrets(record.slice(0, sampleLength)))
  batch.reject(reason, offset, sample, 0, sample.length)
}

export function withoutSecrets(text: string): string {
  const at = text.search(secretBegins)
  return at < 0 ? text : `${text.slice(0, at)}...`
}
