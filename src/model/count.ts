/**
 * Counters in log text as exact 64-bit integers, without BigInt in the common case.
 * A count is stored as two 32-bit words, low word first: the memory layout of a BIGINT.
 */
export type CountStatus = 'ok' | 'bad_count' | 'count_out_of_range'

/**
 * Parses decimal digits [start, end) into words[2·row], words[2·row + 1]. Range 0 … 2^63 − 1.
 * A sign, a fraction or an empty field is `bad_count`; negative numbers and 2^63 or more are `count_out_of_range`.
 */
export function parseCount(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: Uint32Array,
  row: number,
): CountStatus {
  const length = end - start
  if (length <= 0) return 'bad_count'
  if (bytes[start] === 0x2d) return allDigits(bytes, start + 1, end) ? 'count_out_of_range' : 'bad_count'
  if (length > 15) return parseLongCount(bytes, start, end, words, row)
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) return 'bad_count'
    value = value * 10 + digit
  }
  words[2 * row] = value >>> 0
  words[2 * row + 1] = value / 4294967296
  return 'ok'
}

function parseLongCount(bytes: Uint8Array, start: number, end: number, words: Uint32Array, row: number): CountStatus {
  if (!allDigits(bytes, start, end)) return 'bad_count'
  while (start < end - 1 && bytes[start] === 0x30) start++
  if (end - start > 19) return 'count_out_of_range'
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i])
  const value = BigInt(text)
  if (value >= 1n << 63n) return 'count_out_of_range'
  words[2 * row] = Number(value & 0xffffffffn)
  words[2 * row + 1] = Number(value >> 32n)
  return 'ok'
}

function allDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return false
  return end > start
}

/** The count at `row` as a bigint. */
export function countAt(words: Uint32Array, row: number): bigint {
  return (BigInt(words[2 * row + 1]) << 32n) | BigInt(words[2 * row])
}

/** Stores a non-negative number or bigint below 2^63. */
export function setCount(words: Uint32Array, row: number, value: number | bigint): void {
  if (typeof value === 'bigint') {
    words[2 * row] = Number(value & 0xffffffffn)
    words[2 * row + 1] = Number(value >> 32n)
  } else {
    words[2 * row] = value >>> 0
    words[2 * row + 1] = Math.floor(value / 4294967296)
  }
}
