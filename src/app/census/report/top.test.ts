import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byBytes, topOf } from './top.ts'

test('the largest of many are those that sorting would bring first; what is 0 or less is none of them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 50 })), fc.integer({ min: 1, max: 6 }), (scores, most) => {
      const expected = scores.filter((score) => score > 0).sort((a, b) => b - a)
      expect(topOf(scores.length, (i) => scores[i], most).map((i) => scores[i])).toEqual(expected.slice(0, most))
    }),
    { seed: 1 },
  )
})

test('equal bytes are in order of bytes in, then of their names', () => {
  const rows = [
    { name: 'b', bytes_out: 1n, bytes_in: 0n },
    { name: 'a', bytes_out: 1n, bytes_in: 0n },
    { name: 'z', bytes_out: 1n, bytes_in: 9n },
    { name: 'c', bytes_out: 2n ** 60n, bytes_in: 0n },
  ]
  expect(rows.sort(byBytes(({ name }) => name)).map(({ name }) => name)).toEqual(['c', 'z', 'a', 'b'])
})
