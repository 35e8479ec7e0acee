import { expect, test } from 'vitest'
import { discoveryLine, logCalibrated } from './calibrate.ts'

test('has expectation 1 under a uniform p', () => {
  const steps = 2_000_000
  let mean = 0
  for (let i = 0; i < steps; i++) {
    // p = u³ makes the steep end visible to the sum: dp = 3u² du
    const u = (i + 0.5) / steps
    mean += (3 * u * u * Math.exp(logCalibrated(u ** 3))) / steps
  }
  // what lies below the first step is not in the sum: 1/(−ln p) of it
  expect(mean).toBeGreaterThan(0.95)
  expect(mean).toBeLessThan(1)
})

test('falls with p, is a half at 1, and joins its series', () => {
  const values = [1e-9, 1e-4, 0.01, 0.2, 0.5, 0.99, 0.9989, 0.9991, 1].map(logCalibrated)
  for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThan(values[i - 1])
  expect(values.at(-1)).toBeCloseTo(Math.log(0.5), 12)
  expect(Math.exp(logCalibrated(0.01))).toBeCloseTo(
    (1 - 0.01 + 0.01 * Math.log(0.01)) / (0.01 * Math.log(0.01) ** 2),
    9,
  )
  expect(logCalibrated(1 - 1.0001e-3)).toBeCloseTo(logCalibrated(1 - 0.9999e-3), 5)
  expect(() => logCalibrated(0)).toThrow(RangeError)
})

test('the line is that of the largest k that fits', () => {
  expect(discoveryLine(Float64Array.of(0.9, 0.04, 0.01, 0.02), 0.1)).toBe(0.04)
  expect(discoveryLine(Float64Array.of(0.03, 0.03, 0.03, 0.9), 0.04)).toBe(0.03)
  expect(discoveryLine(Float64Array.of(0.3, 0.2, 0.9), 0.1)).toBe(0)
  expect(discoveryLine(new Float64Array(0), 0.1)).toBe(0)
})
