import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isotonic } from './isotonic.ts'

const sequence = fc.array(
  fc.record({ value: fc.integer({ min: -20, max: 20 }), weight: fc.integer({ min: 1, max: 9 }) }),
  { minLength: 1, maxLength: 30 },
)

test('pools what falls by its weight, and leaves alone what rises', () => {
  expect([...isotonic([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4])
  expect([...isotonic([1, 3, 2, 4], [1, 1, 3, 1])]).toEqual([1, 2.25, 2.25, 4])
  expect([...isotonic([3, 2, 1], [1, 1, 1])]).toEqual([2, 2, 2])
  expect([...isotonic([-1, 0, 0, 5], [1, 2, 3, 4])]).toEqual([-1, 0, 0, 5])
  expect([...isotonic([], [])]).toEqual([])
})

test('never falls, keeps the weighted sum, and is the mean of each of its levels', () => {
  fc.assert(
    fc.property(sequence, (pairs) => {
      const [values, weights] = [pairs.map(({ value }) => value), pairs.map(({ weight }) => weight)]
      const fit = isotonic(values, weights)
      for (let i = 1; i < fit.length; i++) expect(fit[i]).toBeGreaterThanOrEqual(fit[i - 1])
      const sum = (of: ArrayLike<number>): number => weights.reduce((total, weight, i) => total + weight * of[i], 0)
      expect(sum(fit)).toBeCloseTo(sum(values), 8)
    }),
    { seed: 20_260_101 },
  )
})

test('no other rising sequence is nearer: the max-min formula', () => {
  fc.assert(
    fc.property(sequence, (pairs) => {
      const mean = (from: number, to: number): number => {
        const part = pairs.slice(from, to + 1)
        const weight = part.reduce((sum, each) => sum + each.weight, 0)
        return part.reduce((sum, each) => sum + each.weight * each.value, 0) / weight
      }
      const fit = isotonic(
        pairs.map(({ value }) => value),
        pairs.map(({ weight }) => weight),
      )
      for (let i = 0; i < pairs.length; i++) {
        let best = Number.NEGATIVE_INFINITY
        for (let from = 0; from <= i; from++) {
          let least = Number.POSITIVE_INFINITY
          for (let to = i; to < pairs.length; to++) least = Math.min(least, mean(from, to))
          best = Math.max(best, least)
        }
        expect(fit[i]).toBeCloseTo(best, 8)
      }
    }),
    { seed: 20_260_101, numRuns: 50 },
  )
})
