/**
 * Counts as JSON numbers. Plain digits are exact up to 2^63 − 1; `123.0` and `1.23e3`, which some writers make of an
 * integer, are taken where they denote an integer exactly, by shifting digits and never through a double.
 */
import { type CountStatus, parseCount } from '../../model/count.ts'

/** No honest writer needs more characters for a 64-bit integer. */
const longestForm = 64
const digits = new Uint8Array(longestForm)

/** The well-formed JSON number [start, end) into words[2·row], words[2·row + 1]. */
export function parseJsonCount(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: Uint32Array,
  row: number,
): CountStatus {
  const status = parseCount(bytes, start, end, words, row)
  return status === 'bad_count' ? parseShifted(bytes, start, end, words, row) : status
}

function parseShifted(bytes: Uint8Array, start: number, end: number, words: Uint32Array, row: number): CountStatus {
  if (end - start > longestForm) return 'bad_count'
  let i = start
  const negative = bytes[i] === 0x2d
  if (negative) i++
  let length = 0
  let places = 0
  let fraction = false
  for (; i < end && (bytes[i] | 0x20) !== 0x65; i++) {
    if (bytes[i] === 0x2e) fraction = true
    else {
      if (length > 0 || bytes[i] !== 0x30) digits[length++] = bytes[i]
      if (fraction) places++
    }
  }
  places -= exponentAt(bytes, i + 1, end)
  for (; places > 0 && length > 0; places--) if (digits[--length] !== 0x30) return 'bad_count'
  if (length === 0) digits[length++] = 0x30
  else {
    if (negative || length - places > 19) return 'count_out_of_range'
    for (; places < 0; places++) digits[length++] = 0x30
  }
  return parseCount(digits, 0, length, words, row)
}

/** The signed digits from `i` on, 0 if there are none, limited to ±1000. */
function exponentAt(bytes: Uint8Array, i: number, end: number): number {
  const sign = bytes[i] === 0x2d ? -1 : 1
  if (bytes[i] === 0x2d || bytes[i] === 0x2b) i++
  let exponent = 0
  for (; i < end; i++) exponent = Math.min(1000, exponent * 10 + bytes[i] - 0x30)
  return sign * exponent
}
