import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExactSums } from './exact-sums.ts'

test('is exact for any whole numbers, large, small and negative', () => {
  const value = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    fc.constantFrom(2 ** 52, 2 ** 52 - 1, -(2 ** 52), 1, 0),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(600), value)), (additions) => {
      const sums = new ExactSums()
      const expected = new Map<number, bigint>()
      for (const [i, each] of additions) {
        sums.add(i, each)
        expected.set(i, (expected.get(i) ?? 0n) + BigInt(each))
      }
      for (const [i, sum] of expected) {
        expect(sums.at(i)).toBe(sum)
        expect(Math.abs(sums.near(i) - Number(sum))).toBeLessThanOrEqual(Math.abs(Number(sum)) * 1e-9 + 1e-6)
      }
    }),
    { seed: 1 },
  )
})

test('stays exact past 2^53, one byte at a time', () => {
  const sums = new ExactSums()
  sums.add(3, 2 ** 53)
  for (let i = 0; i < 5; i++) sums.add(3, 1)
  expect([sums.at(3), sums.at(4), sums.at(9999)]).toEqual([2n ** 53n + 5n, 0n, 0n])
})
