import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyedUniform } from '../math/keyed-uniform.ts'
import { GrowingRank } from './growing-rank.ts'

fc.configureGlobal({ seed: 20_260_101 })

/** Largest distance of the empirical distribution from the uniform one. */
function distanceFromUniform(p: readonly number[]): number {
  const sorted = [...p].sort((a, b) => a - b)
  return Math.max(...sorted.map((each, i) => Math.max((i + 1) / p.length - each, each - i / p.length)))
}

function ranksOf(values: readonly number[]): number[] {
  const rank = new GrowingRank()
  return values.map((value, t) => {
    const p = rank.upperTail(value, keyedUniform(9, 'tie', t))
    rank.push(value)
    return p
  })
}

test('the tie alone speaks while nothing is known', () => {
  expect(new GrowingRank().upperTail(5, 0.3)).toBe(0.3)
})

test('counts larger values, and the share of equal ones that the tie says', () => {
  const rank = new GrowingRank([4, 1, 3, 3])
  expect(rank.upperTail(9, 0.5)).toBe(0.5 / 5)
  expect(rank.upperTail(3, 0.5)).toBe((1 + 0.5 * 3) / 5)
  expect(rank.upperTail(2, 0.5)).toBe((3 + 0.5) / 5)
  expect(rank.upperTail(-1, 0.5)).toBe((4 + 0.5) / 5)
})

test('pushed one by one or given at once, and against counting by hand', () => {
  const value = fc.integer({ min: -5, max: 5 })
  fc.assert(
    fc.property(fc.array(value, { maxLength: 80 }), value, (values, asked) => {
      const rank = new GrowingRank()
      for (const each of values) rank.push(each)
      const larger = values.filter((each) => each > asked).length
      const equal = values.filter((each) => each === asked).length
      expect(rank.size).toBe(values.length)
      expect(rank.upperTail(asked, 0.25)).toBe((larger + 0.25 * (1 + equal)) / (values.length + 1))
      expect(new GrowingRank(values).upperTail(asked, 0.25)).toBe(rank.upperTail(asked, 0.25))
    }),
  )
})

test('never reaches 1, even where the sum rounds up', () => {
  const p = new GrowingRank([1, 2, 3]).upperTail(0, 1 - Number.EPSILON / 2)
  expect(p).toBeLessThan(1)
})

test('refuses NaN and ties at the ends', () => {
  const rank = new GrowingRank()
  expect(() => rank.push(Number.NaN)).toThrow(RangeError)
  expect(() => rank.upperTail(Number.NaN, 0.5)).toThrow(RangeError)
  expect(() => rank.upperTail(1, 0)).toThrow(RangeError)
  expect(() => new GrowingRank([1, Number.NaN])).toThrow(RangeError)
})

test('ranks of exchangeable values are uniform and unrelated, ties or not; those of a trend are not', () => {
  const count = 2000
  const smooth = Array.from({ length: count }, (_, t) => 1 / keyedUniform(1, t))
  const counts = smooth.map((value) => Math.min(3, Math.floor(value)))
  for (const p of [ranksOf(smooth), ranksOf(counts)]) {
    expect(distanceFromUniform(p)).toBeLessThan(1.63 / Math.sqrt(count)) // 1 % of Kolmogorov–Smirnov
    const products = p.slice(1).map((each, t) => 12 * (each - 0.5) * (p[t] - 0.5))
    expect(Math.abs(products.reduce((sum, each) => sum + each, 0) / count)).toBeLessThan(3 / Math.sqrt(count))
  }
  const trend = smooth.map((_, t) => t / count + keyedUniform(1, t))
  expect(distanceFromUniform(ranksOf(trend))).toBeGreaterThan(0.2)
})
