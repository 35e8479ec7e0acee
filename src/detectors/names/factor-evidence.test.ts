import { expect, test } from 'vitest'
import { FactorEvidence } from './factor-evidence.ts'

test('by hand: all starts together, and the day from which on it explains most', () => {
  const evidence = new FactorEvidence()
  expect(evidence.log_e).toBe(Number.NEGATIVE_INFINITY)
  const stake = Math.log(0.01)
  // a day that loses by half, then two that win twofold: M = 2 · (2 · (½ · γ + γ) + γ) = 8γ
  for (const [day, gain] of [0.5, 2, 2].entries()) evidence.step(10 + day, stake, () => Math.log(gain))
  expect(Math.exp(evidence.log_e)).toBeCloseTo(0.08, 12)
  expect(evidence.since_day).toBe(11)
})

test('the factor that fits leads', () => {
  const evidence = new FactorEvidence([2, 16, 40, 64])
  evidence.step(1, 0, (factor) => (factor === 16 ? 3 : -3))
  expect(Math.exp(evidence.log_e)).toBeCloseTo((Math.exp(3) + 3 * Math.exp(-3)) / 4, 12)
})

test('spent, nothing is left of it', () => {
  const evidence = new FactorEvidence()
  evidence.step(1, 0, () => 5)
  evidence.spend()
  expect(evidence.log_e).toBe(Number.NEGATIVE_INFINITY)
})

test('no day is told to be rarer than one in a billion', () => {
  const evidence = new FactorEvidence()
  evidence.step(1, 0, () => 100)
  expect(Math.exp(evidence.log_e)).toBeCloseTo(1e9, 0)
})
