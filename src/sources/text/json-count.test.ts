import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countAt } from '../../model/count.ts'
import { bytesOf } from '../../testing/parse-lines.ts'
import { parseJsonCount } from './json-count.ts'

fc.configureGlobal({ seed: 20_260_101 })

const words = new Uint32Array(2)
function count(text: string): bigint | string {
  words.fill(0)
  const bytes = bytesOf(`9${text}9`)
  const status = parseJsonCount(bytes, 1, bytes.length - 1, words, 0)
  return status === 'ok' ? countAt(words, 0) : status
}

test('digits are exact up to 2^63 − 1', () => {
  expect(count('0')).toBe(0n)
  expect(count('9007199254740993')).toBe(9007199254740993n)
  expect(count('9223372036854775807')).toBe(9223372036854775807n)
  expect(count('9223372036854775808')).toBe('count_out_of_range')
  expect(count('18446744073709551615')).toBe('count_out_of_range')
  expect(count('-1')).toBe('count_out_of_range')
})

test('integers in other clothes are taken exactly', () => {
  expect(count('123.0')).toBe(123n)
  expect(count('123.000')).toBe(123n)
  expect(count('1.23e3')).toBe(1230n)
  expect(count('1.23E+2')).toBe(123n)
  expect(count('12300e-2')).toBe(123n)
  expect(count('9.223372036854775807e18')).toBe(9223372036854775807n)
  expect(count('0.0')).toBe(0n)
  expect(count('-0.0')).toBe(0n)
  expect(count('0e5')).toBe(0n)
  expect(count('0.00e-7')).toBe(0n)
})

test('what is no integer, or too large, is not', () => {
  expect(count('1.5')).toBe('bad_count')
  expect(count('1.23e1')).toBe('bad_count')
  expect(count('1e-1')).toBe('bad_count')
  expect(count('1e19')).toBe('count_out_of_range')
  expect(count('1e999999999')).toBe('count_out_of_range')
  expect(count('9.223372036854775808e18')).toBe('count_out_of_range')
  expect(count('-1.0')).toBe('count_out_of_range')
  expect(count('1e-999999999')).toBe('bad_count')
  expect(count(`0.${'0'.repeat(100)}`)).toBe('bad_count')
})

test('shifting the point never changes the number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }), fc.integer({ min: 0, max: 20 }), (value, places) => {
      const digits = String(value).padStart(places + 1, '0')
      const shifted = `${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}0e${places}`
      expect(count(shifted.replace(/^0+(?=\d)/, ''))).toBe(value)
    }),
  )
})
