import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../testing/parse-lines.ts'
import { countAt, parseCount, setCount } from './count.ts'

fc.configureGlobal({ seed: 20_260_101 })

const most = (1n << 63n) - 1n

/** The count read from between two digits that do not belong to it, or why there is none. */
function count(text: string): bigint | string {
  const words = Uint32Array.of(7, 7, 0, 0, 7, 7)
  const bytes = bytesOf(`9${text}9`)
  const status = parseCount(bytes, 1, bytes.length - 1, words, 1)
  expect([words[0], words[1], words[4], words[5]]).toEqual([7, 7, 7, 7])
  if (status === 'ok') return countAt(words, 1)
  return status
}

describe('reading a count', () => {
  test('is exact up to 2^63 − 1, and no further', () => {
    expect(count('0')).toBe(0n)
    expect(count('4294967295')).toBe(4294967295n)
    expect(count('4294967296')).toBe(4294967296n)
    expect(count('9007199254740991')).toBe(9007199254740991n)
    expect(count('9007199254740993')).toBe(9007199254740993n)
    expect(count('999999999999999')).toBe(999999999999999n)
    expect(count('1000000000000000')).toBe(1000000000000000n)
    expect(count('9223372036854775807')).toBe(most)
    expect(count('9223372036854775808')).toBe('count_out_of_range')
    expect(count('18446744073709551616')).toBe('count_out_of_range')
    expect(count('9'.repeat(300))).toBe('count_out_of_range')
  })

  test('leading zeros change nothing', () => {
    expect(count('007')).toBe(7n)
    expect(count(`${'0'.repeat(40)}9223372036854775807`)).toBe(most)
    expect(count('0'.repeat(40))).toBe(0n)
  })

  test('a negative number is out of range, anything else is no count', () => {
    expect(count('-1')).toBe('count_out_of_range')
    expect(count('-0')).toBe('count_out_of_range')
    for (const text of ['', '-', '+1', '1.0', '1e3', ' 1', '1 ', '0x10', '1,000', '--1', '-1.5', '\u0661', '/', ':'])
      expect([text, count(text)]).toEqual([text, 'bad_count'])
    for (const text of [`${'1'.repeat(16)}x`, `x${'1'.repeat(16)}`, `${'1'.repeat(30)}.0`])
      expect([text, count(text)]).toEqual([text, 'bad_count'])
  })

  test('any number of 64 bits is read as written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: most }), (value) => {
        expect(count(String(value))).toBe(value)
      }),
    )
  })
})

describe('storing a count', () => {
  test('numbers and bigints alike come back', () => {
    const words = new Uint32Array(4)
    for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]) {
      setCount(words, 1, value)
      expect(countAt(words, 1)).toBe(BigInt(value))
      setCount(words, 1, BigInt(value))
      expect(countAt(words, 1)).toBe(BigInt(value))
    }
    setCount(words, 1, most)
    expect(countAt(words, 1)).toBe(most)
    expect(countAt(words, 0)).toBe(0n)
  })

  test('the memory is that of a little-endian 64-bit integer', () => {
    const words = new Uint32Array(2)
    setCount(words, 0, most)
    expect(new BigInt64Array(words.buffer)[0]).toBe(most)
  })
})
