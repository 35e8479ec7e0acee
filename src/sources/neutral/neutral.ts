/**
 * The neutral events of the CONTRACT as NDJSON: the way in for every log that Weir does not know. Strictly checked, since
 * whoever writes them can mend them; unknown keys are accepted, so that later versions may add some.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { skipSpace } from '../text/json-text.ts'
import { appendEvent, type EventType, eventTypes } from './neutral-events.ts'
import { NeutralRecord } from './neutral-record.ts'

const newline = 0x0a

class NeutralParser implements SourceParser {
  readonly format = 'neutral'
  readonly #record = new NeutralRecord()

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let line = start; line < end; ) {
      const found = bytes.indexOf(newline, line)
      const lineEnd = found < 0 || found > end ? end : found
      const first = skipSpace(bytes, line, lineEnd)
      if (first < lineEnd) {
        batch.records_read++
        const reason = this.#event(bytes, first, lineEnd, offset + line - start, batch)
        if (reason !== undefined) batch.reject(reason, offset + line - start, bytes, line, lineEnd)
      }
      line = lineEnd + 1
    }
  }

  #event(
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    batch: ObservationBatch,
  ): RejectReason | undefined {
    const record = this.#record
    if (!record.begin(bytes, start, end)) return 'malformed'
    if (!record.has('type')) return 'missing_field'
    if (!record.isText('type')) return 'bad_value'
    const type = typeOf(record)
    if (type === undefined) return 'unknown_type'
    appendEvent(type, record, offset, batch)
    return record.reason
  }
}

function typeOf(record: NeutralRecord): EventType | undefined {
  for (const type of eventTypes) if (record.is('type', type)) return type
  return undefined
}

/** A known type with two more known fields, or any type of a record that is otherwise like one. */
function looksNeutral(record: NeutralRecord): boolean {
  if (!record.isText('type')) return false
  return typeOf(record) !== undefined ? record.knownFields >= 3 : record.has('start_ms') && record.knownFields >= 4
}

export const neutral: SourceFormat = {
  id: 'neutral',
  title: 'neutral events, JSON lines',
  recognise: (head) => {
    const record = new NeutralRecord()
    return mostLinesAre(head, (bytes, start, end, cut) => {
      return (record.begin(bytes, start, end) || cut) && looksNeutral(record)
    })
  },
  open: () => new NeutralParser(),
}
