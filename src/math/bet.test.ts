import { expect, test } from 'vitest'
import { betSizes, logBet } from './bet.ts'
import { keyedUniform } from './keyed-uniform.ts'
import { normalQuantile } from './normal.ts'

const drift = 0.25
const dispersion = 1.2
const count = 20_000
const scores = Float64Array.from({ length: count }, (_, i) => normalQuantile(keyedUniform(3, 'score', i)))

/** Mean gain over seeded normal scores, with its standard error. */
function gainOf(lambda: number, mean: number, variance: number) {
  let sum = 0
  let squares = 0
  for (const score of scores) {
    const gain = Math.exp(logBet(mean + Math.sqrt(variance) * score, lambda, drift, dispersion))
    sum += gain
    squares += gain * gain
  }
  const average = sum / count
  return { mean: average, error: Math.sqrt((squares / count - average * average) / count) }
}

test('is linear in z, and pays for its size', () => {
  expect(logBet(2, 0.4, 0.25, 1.2)).toBeCloseTo(0.4 * 1.75 - 0.096, 14)
  expect(logBet(0, 1.6, 0, 1)).toBeCloseTo(-1.28, 14)
})

test.each(betSizes)('size %d: nobody gains while mean and variance are tolerated', (lambda) => {
  for (const mean of [-1, 0, drift]) {
    for (const variance of [0.2, 1, dispersion]) {
      const gain = gainOf(lambda, mean, variance)
      expect(gain.mean).toBeLessThan(1 + 4 * gain.error)
    }
  }
})

test.each(betSizes)('size %d: fair at the border of the tolerated, and gaining beyond', (lambda) => {
  const border = gainOf(lambda, drift, dispersion)
  expect(Math.abs(border.mean - 1)).toBeLessThan(4 * border.error)
  const beyond = gainOf(lambda, drift + 1, dispersion)
  expect(beyond.mean).toBeGreaterThan(1 + 4 * beyond.error)
})
