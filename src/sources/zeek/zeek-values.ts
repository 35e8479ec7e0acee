/**
 * Values of Zeek records in any of their encodings, from spans. Zeek leaves out or marks what it does not know; both
 * arrive here as an absent field.
 */
import { type CountStatus, parseCount } from '../../model/count.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { FieldSpans } from '../text/field-spans.ts'
import { valueKinds } from '../text/field-spans.ts'
import { parseJsonCount } from '../text/json-count.ts'
import { decimalMicros, isoMicros, milliPlaces, secondPlaces } from '../text/time-text.ts'

/** A JSON number with this many digits before the point is above 1e11: milliseconds (json_timestamps: TS_MILLIS). */
const milliDigits = 12

/** Epoch seconds, epoch milliseconds (JSON numbers only) or ISO 8601, in microseconds; NaN if it is none of them. */
export function zeekMicros(spans: FieldSpans, field: number, clock: LogClock): number {
  const { bytes } = spans
  const start = spans.start[field]
  const end = spans.end[field]
  const kind = spans.kind[field]
  if (kind === valueKinds.number) {
    let digits = 0
    while (start + digits < end && bytes[start + digits] >= 0x30 && bytes[start + digits] <= 0x39) digits++
    return decimalMicros(bytes, start, end, digits >= milliDigits ? milliPlaces : secondPlaces)
  }
  if (kind !== valueKinds.text) return Number.NaN
  return bytes[start + 4] === 0x2d && end - start >= 19
    ? isoMicros(bytes, start, end, clock)
    : decimalMicros(bytes, start, end, secondPlaces)
}

/** A count that may be absent, which leaves the words at zero. */
export function zeekCount(spans: FieldSpans, field: number, words: Uint32Array, row: number): CountStatus {
  const start = spans.start[field]
  if (start < 0) return 'ok'
  const kind = spans.kind[field]
  if (kind === valueKinds.number) return parseJsonCount(spans.bytes, start, spans.end[field], words, row)
  return kind === valueKinds.text ? parseCount(spans.bytes, start, spans.end[field], words, row) : 'bad_count'
}
