import { expect, test } from 'vitest'
import { alphaOf, moduleShares, spentBudget } from './budget.ts'

test('modules together never cost more than the budget', () => {
  expect(Object.values(moduleShares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  const whole = alphaOf('sums', 2) + alphaOf('fan_in', 2)
  expect(whole).toBeLessThanOrEqual(2)
  expect(alphaOf('sums', 4)).toBeCloseTo(2 * alphaOf('sums', 2), 12)
})

test('what is spent follows the days that were judged and the thresholds that were asked', () => {
  expect(spentBudget(0, 1)).toBe(0)
  expect(spentBudget(365, 1)).toBeCloseTo(alphaOf('sums', 1) + alphaOf('fan_in', 1), 12)
  expect(spentBudget(73, 3)).toBeCloseTo((3 * spentBudget(365, 1)) / 5, 12)
})
