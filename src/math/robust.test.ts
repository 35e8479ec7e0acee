import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clip, mad, median, quantile, scale } from './robust.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('median of odd, even, one and no values', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
  expect(median([])).toBeNaN()
})

test('gaps are left out, and only gaps give no answer', () => {
  expect(median([Number.NaN, 1, Number.NaN, 3])).toBe(2)
  expect(mad([1, Number.NaN, 5], 2)).toBe(2)
  expect(median([Number.NaN])).toBeNaN()
})

test('scale is the deviation of normal values, and one wild value hardly moves it', () => {
  expect(mad([1, 2, 3, 4, 5], 3)).toBe(1)
  expect(scale([1, 2, 3, 4, 5], 3)).toBeCloseTo(1.4826, 12)
  expect(scale([1, 2, 3, 4, 5e9], 3)).toBeCloseTo(1.4826, 12)
})

test('quantiles lie linearly between neighbours', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile([10, 20, 30, 50], q))).toEqual([10, 17.5, 25, 44, 50])
  expect(quantile([-Infinity, -Infinity, 1], 0.25)).toBe(-Infinity)
  expect(quantile([], 0.5)).toBeNaN()
})

test('clip keeps what is inside', () => {
  expect([-9, -1, 0.5, 3].map((value) => clip(value, -1, 2))).toEqual([-1, -1, 0.5, 2])
})

test('at least half of the values lie on either side of the median, and inputs stay as they are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (values) => {
      const before = [...values]
      const middle = median(values)
      expect(2 * values.filter((value) => value <= middle).length).toBeGreaterThanOrEqual(values.length)
      expect(2 * values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(values.length)
      expect(mad(values, middle)).toBeGreaterThanOrEqual(0)
      expect(values).toEqual(before)
    }),
  )
})

test('the median is that of the sorted values, to the last bit, signs of zero and equal values included', () => {
  const value = fc.oneof(fc.double(), fc.integer({ min: -2, max: 2 }), fc.constantFrom(0, -0, Infinity, -Infinity))
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const sorted = Float64Array.from(values.filter((each) => !Number.isNaN(each))).sort()
      expect(median(values)).toBe(quantile(sorted, 0.5))
    }),
    { numRuns: 2000 },
  )
})
