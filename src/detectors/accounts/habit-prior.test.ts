import { describe, expect, test } from 'vitest'
import { BuiltHabits } from '../../testing/built-habits.ts'
import { Fortnights, HabitPrior, noSums } from './habit-prior.ts'

/** What a year of such accounts tells of a newcomer. */
function priorOf(options: ConstructorParameters<typeof BuiltHabits>[1], least_rate = 0.001) {
  const built = new BuiltHabits(1, options)
  const accounts = Array.from({ length: options?.accounts ?? 100 }, () => ({
    fortnights: new Fortnights(),
    sums: noSums,
  }))
  const prior = new HabitPrior(least_rate)
  for (let day = 0; day < 365; day++) {
    for (const [i, events] of built.day(day).entries()) {
      const account = accounts[i]
      if (account.fortnights.close(day)) account.sums = prior.change(account.sums, account.fortnights)
      if (events >= 0) account.fortnights.add(day, events, 1)
    }
  }
  return prior.without(noSums)
}

describe('the prior of habits', () => {
  test('finds mean and shape of a Gamma law, and no dispersion where there is none', () => {
    const prior = priorOf({ accounts: 2000, mean: 0.1 })
    expect((prior?.shape ?? 0) / (prior?.exposure ?? 1)).toBeCloseTo(0.1, 2)
    expect(prior?.shape).toBeGreaterThan(0.35)
    expect(prior?.shape).toBeLessThan(0.65)
    expect(prior?.dispersion).toBeLessThan(1.1)
  })

  test('finds that fortnights of one account vary', () => {
    expect(priorOf({ accounts: 500, mean: 0.3, phases: true })?.dispersion).toBeGreaterThan(1.5)
  })

  test('is never narrower than an exponential law, nor below the rate that is nobody’s concern', () => {
    const prior = priorOf({ accounts: 500, mean: 1e-4 }, 0.02)
    expect(prior?.shape).toBeLessThanOrEqual(1)
    expect((prior?.shape ?? 0) / (prior?.exposure ?? 1)).toBeCloseTo(0.02, 5)
  })

  test('has no opinion on a few days', () => {
    const [prior, fortnights] = [new HabitPrior(0.02), new Fortnights()]
    for (let day = 0; day < 100; day++) fortnights.add(day, 1, 1)
    fortnights.close(200)
    prior.change(noSums, fortnights)
    expect(prior.without(noSums)).toBeUndefined()
  })
})

test('a fortnight counts when it and the next are over, and what an account added is left out of what it is held against', () => {
  const [prior, fortnights] = [new HabitPrior(0.02), new Fortnights()]
  for (let day = 0; day < 14; day++) fortnights.add(day, 20, 20)
  expect(fortnights.close(27)).toBe(false)
  expect(fortnights.close(28)).toBe(true)
  const sums = prior.change(noSums, fortnights)
  expect(sums).toMatchObject({ n: 280, d: 280 })
  expect(prior.without(noSums)).toBeDefined()
  expect(prior.without(sums)).toBeUndefined()
})
