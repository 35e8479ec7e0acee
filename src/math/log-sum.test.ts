import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logAdd, logMean, logSum } from './log-sum.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('sums of exponentials, near and far beyond the range of a double', () => {
  expect(logSum([Math.log(2), Math.log(3)])).toBeCloseTo(Math.log(5), 14)
  expect(logSum([5000, 5000])).toBeCloseTo(5000 + Math.log(2), 10)
  expect(logSum([-5000, -5000, -9000])).toBeCloseTo(-5000 + Math.log(2), 10)
})

test('nothing, impossible and certain', () => {
  expect(logSum([])).toBe(-Infinity)
  expect(logSum([-Infinity, -Infinity])).toBe(-Infinity)
  expect(logSum([-Infinity, 1])).toBe(1)
  expect(logSum([Infinity, 1])).toBe(Infinity)
  expect(logSum([Number.NaN, 1])).toBeNaN()
  expect([logAdd(-Infinity, -Infinity), logAdd(-Infinity, 2), logAdd(Infinity, 2)]).toEqual([-Infinity, 2, Infinity])
})

test('a weighted mean; weight 0 silences', () => {
  expect(logMean([0.25, 0.75], [Math.log(4), Math.log(8)])).toBeCloseTo(Math.log(7), 14)
  expect(logMean([0, 1], [Infinity, 3])).toBe(3)
  expect(() => logMean([1], [1, 2])).toThrow(RangeError)
})

test('adding is logSum of two, and a mean lies between its ends', () => {
  const value = fc.double({ min: -800, max: 800, noNaN: true })
  fc.assert(
    fc.property(value, value, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, w) => {
      expect(logAdd(a, b)).toBeCloseTo(logSum([a, b]), 9)
      const mean = logMean([w, 1 - w], [a, b])
      expect(mean).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-9)
      expect(mean).toBeLessThanOrEqual(Math.max(a, b) + 1e-9)
    }),
  )
})
