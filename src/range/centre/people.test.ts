import { expect, test } from 'vitest'
import { hashOf } from '../stream.ts'
import { buildAccounts, churnOf } from './people.ts'

test.each([
  ['churn_2', 0.02],
  ['churn_30', 0.3],
  ['churn_100', 1],
] as const)('with %s, that share of homes has another address the next day', (mutator, share) => {
  const accounts = buildAccounts(1, 400, 20, 100, churnOf([mutator]))
  const homeOf = (index: number, day: number): number =>
    hashOf('home', index, Math.floor((day + index) / accounts[index].lease_days))
  let moved = 0
  for (let day = 0; day < 100; day++)
    for (const { index } of accounts) if (homeOf(index, day) !== homeOf(index, day + 1)) moved++
  expect(moved / 40_000).toBeCloseTo(share, 2)
})

test('without it homes differ, and everything else about people is the same', () => {
  expect(churnOf(['nat', 'v6_only'])).toBeUndefined()
  const [usual, churned] = [undefined, 0.3].map((churn) => buildAccounts(1, 40, 5, 100, churn))
  expect(new Set(usual.map(({ lease_days }) => lease_days)).size).toBeGreaterThan(10)
  const rest = (all: typeof usual): object[] => all.map(({ lease_days: _, ...more }) => more)
  expect(rest(churned)).toEqual(rest(usual))
})
