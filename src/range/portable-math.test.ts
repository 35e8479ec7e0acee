import { describe, expect, test } from 'vitest'
import { exp, ln, normalQuantile } from './portable-math.ts'

describe('against the engine’s own', () => {
  test('exponential, over the range of sizes and rates', () => {
    for (let x = -40; x <= 40; x += 0.37) expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13)
  })

  test('logarithm, from the smallest draw to petabytes', () => {
    for (let x = 1e-10; x < 1e17; x *= 1.7)
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-13 * Math.abs(Math.log(x)) + 1e-15)
    expect(() => ln(0)).toThrow(RangeError)
  })

  test('they undo each other', () => {
    for (const x of [1e-9, 0.3, 1, 2, 12_345.678, 5e15]) expect(exp(ln(x)) / x).toBeCloseTo(1, 12)
  })
})

test('normal quantiles are those of the tables', () => {
  for (const [p, x] of [
    [0.5, 0],
    [0.975, 1.959964],
    [0.99865, 2.999977],
    [0.01, -2.326348],
    [1e-6, -4.753424],
  ])
    expect(normalQuantile(p)).toBeCloseTo(x, 5)
})
