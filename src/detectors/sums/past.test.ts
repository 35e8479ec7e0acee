import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import { Past } from './past.ts'

const pastOf = (values: Iterable<number>): Past => {
  const past = new Past()
  for (const value of values) past.push(value)
  return past
}

/** Largest distance of the empirical distribution from the uniform one. */
function distanceFromUniform(p: readonly number[]): number {
  const sorted = [...p].sort((a, b) => a - b)
  return Math.max(...sorted.map((each, i) => Math.max((i + 1) / p.length - each, each - i / p.length)))
}

const normal = (u: number): number => normalQuantile(u)
/** Statistics as streams have them: logarithms of bytes over a floor, logarithms, waiting times. */
const kinds: Record<string, (u: number) => number> = {
  normal,
  exponential: (u) => -Math.log(1 - u),
  'logarithm of lognormal bytes over a floor': (u) => Math.log(2e8 * Math.exp(1.5 * normal(u)) + 1e7),
}

test('counts larger values, and the share of equal ones that the tie says', () => {
  const past = pastOf([4, 1, 3, 3])
  expect(past.upperTail(9, 0.5)).toBe(0.5 / 5)
  expect(past.upperTail(3, 0.5)).toBe((1 + 0.5 * 3) / 5)
  expect(past.upperTail(2, 0.5)).toBe((3 + 0.5) / 5)
  expect(past.upperTail(-1, 0.5)).toBe((4 + 0.5) / 5)
  expect(new Past().upperTail(5, 0.3)).toBe(0.3)
})

test('has no rank for NaN', () => {
  expect(() => new Past().push(Number.NaN)).toThrow(RangeError)
})

test('within the bulk it is the rank, whatever waits to be sorted in', () => {
  const value = fc.integer({ min: -9, max: 9 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 700 }), value, (values, asked) => {
      fc.pre(asked <= Math.max(...values))
      const larger = values.filter((each) => each > asked).length
      const equal = values.filter((each) => each === asked).length
      expect(pastOf(values).upperTail(asked, 0.25)).toBe((larger + 0.25 * (1 + equal)) / (values.length + 1))
    }),
    { seed: 20_260_101 },
  )
})

test.each(Object.entries(kinds))('%s: uniform while values are exchangeable', (kind, of) => {
  const past = new Past()
  const p = Array.from({ length: 4000 }, (_, t) => {
    const value = of(keyedUniform(1, kind, t))
    const each = past.upperTail(value, keyedUniform(2, kind, t))
    past.push(value)
    return each
  })
  // of later ones only the rank in a long past: 1.63 / √n is exceeded once in a hundred
  expect(distanceFromUniform(p)).toBeLessThan(1.63 / Math.sqrt(p.length))
})

test.each(Object.entries(kinds))('%s: honest far beyond what a past of 300 has seen', (kind, of) => {
  const asked = 100_000
  const counts = [0, 0]
  for (let trial = 0; trial < 1000; trial++) {
    const past = pastOf(Array.from({ length: 300 }, (_, i) => of(keyedUniform(3, kind, trial, i))))
    for (let i = 0; i < asked / 1000; i++) {
      const p = past.upperTail(of(keyedUniform(4, kind, trial, i)), keyedUniform(5, kind, trial, i))
      if (p < 1e-3) counts[0]++
      if (p < 1e-4) counts[1]++
    }
  }
  expect(counts[0] / asked).toBeLessThan(2e-3)
  expect(counts[1] / asked).toBeLessThan(4e-4)
})

test('says more than a rank can, and never falls as the value grows', () => {
  const past = pastOf(Array.from({ length: 300 }, (_, i) => normal(keyedUniform(6, i))))
  expect(past.upperTail(12, 0.5)).toBeLessThan(1e-6)
  let before = 1
  for (let value = -4; value < 60; value += 0.01) {
    const p = past.upperTail(value, 0.5)
    expect(p).toBeLessThanOrEqual(before)
    expect(p).toBeGreaterThanOrEqual(1e-15)
    before = p
  }
})

test('a past too short for a tail, or without spread in it, goes no further than the rank', () => {
  const short = pastOf(Array.from({ length: 100 }, (_, i) => i % 10))
  expect(short.upperTail(1e9, 0.5)).toBe(0.5 / 101)
  const flat = pastOf(Array.from({ length: 400 }, () => 7))
  expect(flat.upperTail(1e9, 0.5)).toBe(0.5 / 401)
})

test('values that are only counted weigh as those that are held', () => {
  const [held, counted] = [new Past(), new Past()]
  for (let i = 0; i < 900; i++) held.push(0)
  counted.pushLowest(0, 400)
  counted.pushLowest(0, 500)
  for (const many of [60, 90]) {
    for (let i = 0; i < many; i++) for (const past of [held, counted]) past.push(1 + ((i * 37) % 50))
    expect(counted.size).toBe(held.size)
    for (const value of [-1, 0, 1, 17, 50, 51, 90, 400])
      for (const tie of [0.3, 1]) {
        expect(counted.upperTail(value, tie)).toBe(held.upperTail(value, tie))
        expect(counted.copy().upperTail(value, tie)).toBe(held.copy().upperTail(value, tie))
      }
  }
})
