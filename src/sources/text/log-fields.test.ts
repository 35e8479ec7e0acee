import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clfMillis, logFields, quotedText } from './log-fields.ts'

test('fields are separated by spaces, quoted and bracketed ones hold them', () => {
  expect(logFields('a  b "c d" [e f] "" [] -', 9)).toEqual(['a', 'b', '"c d"', '[e f]', '""', '[]', '-'])
  expect(logFields('a b c', 2)).toEqual(['a', 'b'])
  expect(logFields('', 9)).toEqual([])
})

test('marks inside a field do not end it, those after a backslash never', () => {
  expect(logFields('"a "b"c" d', 9)).toEqual(['"a "b"c"', 'd'])
  expect(logFields('"a\\" b" c', 9)).toEqual(['"a\\" b"', 'c'])
  expect(logFields('"a\\\\" b', 9)).toEqual(['"a\\\\"', 'b'])
  expect(logFields('[a]b] x[y z]', 9)).toEqual(['[a]b]', 'x[y', 'z]'])
})

test('a field that never ends takes the rest and is not quoted', () => {
  expect(logFields('a "b c', 9)).toEqual(['a', '"b c'])
  expect([quotedText('"b c'), quotedText('"'), quotedText('-'), quotedText(undefined)]).toEqual(
    Array(4).fill(undefined),
  )
  expect([quotedText('""'), quotedText('"b c"')]).toEqual(['', 'b c'])
})

test('nothing but spaces between fields is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', '"', '[', ']', '\\', 'a', 'b') }), (line) => {
      expect(logFields(line, 1000).join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''))
    }),
    { seed: 20_260_101, numRuns: 500 },
  )
})

test('times of access logs', () => {
  expect(clfMillis('[10/Oct/2000:13:55:36 -0700]')).toBe(Date.UTC(2000, 9, 10, 20, 55, 36))
  expect(clfMillis('29/Feb/2024:23:59:60 +0530')).toBe(Date.UTC(2024, 1, 29, 18, 30, 0))
  const none = [
    ...['', '[]', '10/Oct/2000:13:55:36', '30/Feb/2024:00:00:00 +0000', '00/Jan/2024:00:00:00 +0000'],
    ...[
      '10/Okt/2000:13:55:36 +0000',
      '10/Oct/2000:24:00:00 +0000',
      '10/Oct/2000:00:60:00 +0000',
      '10/Oct/2000:00:00:00 +1600',
    ],
  ]
  expect(none.map(clfMillis)).toEqual(none.map(() => Number.NaN))
})
