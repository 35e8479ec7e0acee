import { expect, test } from 'vitest'
import { ratioText, timeText } from './cost-text.ts'

test('times have three digits, from microseconds up, and a dash where nobody tells', () => {
  expect([0.0123, 1, 12.34, 1500, 123_456].map(timeText)).toEqual(['12.3 µs', '1.00 ms', '12.3 ms', '1.50 s', '123 s'])
  expect(timeText(Number.NaN)).toBe('–')
})

test('a ratio to nothing is a dash', () => {
  expect(ratioText(3, 2)).toBe('1.50')
  expect([ratioText(3, undefined), ratioText(3, 0), ratioText(Number.NaN, 2), ratioText(3, Number.NaN)]).toEqual(
    Array(4).fill('–'),
  )
})
