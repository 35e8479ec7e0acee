import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitAr, innovation } from './ar.ts'
import { keyedUniform } from './keyed-uniform.ts'
import { normalQuantile } from './normal.ts'

fc.configureGlobal({ seed: 20_260_101 })

/** A seeded autoregressive series around 50. */
function series(length: number, phi: readonly number[], seed: number): Float64Array {
  const values = new Float64Array(length)
  for (let t = 0; t < length; t++) {
    values[t] = normalQuantile(keyedUniform(seed, t))
    for (const [k, each] of phi.entries()) if (t > k) values[t] += each * values[t - 1 - k]
  }
  return values.map((value) => value + 50)
}

function innovations(values: Float64Array, coefficients: Float64Array): number[] {
  return Array.from(values, (value, t) => innovation(coefficients, values.subarray(0, t), value)).filter(
    (value) => !Number.isNaN(value),
  )
}

function correlationWithYesterday(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const off = values.map((value) => value - mean)
  const products = off.slice(1).reduce((sum, value, t) => sum + value * off[t], 0)
  return products / off.reduce((sum, value) => sum + value * value, 0)
}

test.each([1, 2, 3, 4])('whitens a series that follows its yesterday by .6 (seed %d)', (seed) => {
  const values = series(400, [0.6], seed)
  const coefficients = fitAr(values, 3)
  expect(Math.abs(coefficients[0] - 0.6)).toBeLessThan(0.15)
  expect(correlationWithYesterday([...values])).toBeGreaterThan(0.45)
  expect(Math.abs(correlationWithYesterday(innovations(values, coefficients)))).toBeLessThan(0.1)
})

test('finds three coefficients', () => {
  const [first, second, third] = fitAr(series(4000, [0.5, -0.2, 0.15], 1), 3)
  expect(Math.abs(first - 0.5)).toBeLessThan(0.05)
  expect(Math.abs(second + 0.2)).toBeLessThan(0.05)
  expect(Math.abs(third - 0.15)).toBeLessThan(0.05)
})

test('bursts in 3 of 100 ticks take less than half of the slope, which a plain fit would lose', () => {
  const values = series(400, [0.6], 1).map((value, t) => value + (keyedUniform(2, t) < 0.03 ? 20 : 0))
  expect(correlationWithYesterday([...values])).toBeLessThan(0.15)
  expect(fitAr(values, 1)[0]).toBeGreaterThan(0.35)
})

test('does not depend on unit and level', () => {
  const values = series(200, [0.4], 3)
  const scaled = fitAr(
    values.map((value) => 1e9 * value - 7e12),
    2,
  )
  for (const [k, each] of fitAr(values, 2).entries()) expect(scaled[k]).toBeCloseTo(each, 5)
})

test('leaves out rows with a gap instead of bridging it', () => {
  const values = series(600, [0.6], 5)
  const gappy = values.map((value, t) => (t % 5 === 0 ? Number.NaN : value))
  expect(Math.abs(fitAr(gappy, 1)[0] - 0.6)).toBeLessThan(0.12)
})

test('no whitening on too few rows, without spread, or where gaps leave no row', () => {
  const zeros = Float64Array.of(0, 0, 0)
  expect(fitAr(series(26, [0.6], 1), 3)).toEqual(zeros)
  expect(fitAr(series(27, [0.6], 1), 3)).not.toEqual(zeros)
  expect(fitAr(new Float64Array(100).fill(4), 3)).toEqual(zeros)
  const everyThird = series(100, [0.6], 1).map((value, t) => (t % 3 === 0 ? Number.NaN : value))
  expect(fitAr(everyThird, 3)).toEqual(zeros)
  expect(fitAr(series(100, [0.6], 1), 0)).toEqual(new Float64Array(0))
})

test('whatever the values, coefficients are finite and the process stationary', () => {
  const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(0, 1, Number.NaN))
  fc.assert(
    fc.property(fc.array(value, { minLength: 16, maxLength: 60 }), (values) => {
      const sum = fitAr(Float64Array.from(values), 2).reduce((total, each) => total + Math.abs(each), 0)
      expect(sum).toBeLessThanOrEqual(0.95 + 1e-12)
    }),
  )
  const trend = Float64Array.from({ length: 100 }, (_, t) => t)
  expect(fitAr(trend, 3).reduce((total, each) => total + Math.abs(each), 0)).toBeLessThanOrEqual(0.95 + 1e-12)
})

test('an innovation is what the past did not foretell; a gap that matters gives none', () => {
  expect(innovation([0.5, 0.2], [9, 10, 20], 30)).toBe(30 - 0.5 * 20 - 0.2 * 10)
  expect(innovation([0.5, 0.2], [20], 30)).toBeNaN()
  expect(innovation([0.5, 0.2], [Number.NaN, 20], 30)).toBeNaN()
  expect(innovation([0.5, 0], [Number.NaN, 20], 30)).toBe(20)
  expect(innovation([0, 0, 0], [], 30)).toBe(30)
  expect(innovation([0.5], [20], Number.NaN)).toBeNaN()
})
