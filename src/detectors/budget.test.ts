import { expect, test } from 'vitest'
import { alphaOf, modules, spentBudget } from './budget.ts'

const whole = (budget: number): number =>
  (Object.keys(modules) as (keyof typeof modules)[]).reduce((sum, id) => sum + alphaOf(id, budget), 0)

test('modules together never cost more than the budget', () => {
  expect(Object.values(modules).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  expect(whole(2)).toBeLessThanOrEqual(2)
  expect(alphaOf('sums', 4)).toBeCloseTo(2 * alphaOf('sums', 2), 12)
})

test('what is spent follows the days that were judged and the thresholds that were asked', () => {
  expect(spentBudget(0, 1)).toBe(0)
  expect(spentBudget(365, 1)).toBeCloseTo(whole(1), 12)
  expect(spentBudget(73, 3)).toBeCloseTo((3 * spentBudget(365, 1)) / 5, 12)
})
