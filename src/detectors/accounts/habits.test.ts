import { describe, expect, test } from 'vitest'
import { BuiltHabits } from '../../testing/built-habits.ts'
import { Habits } from './habits.ts'

const accounts = 100
const thief = 7

/** A year, and how strong it ever became for an honest account and for the thief: the first day of each line. */
function yearOf(seed: number, options: { mean: number; phases: boolean }, thiefFrom = Number.POSITIVE_INFINITY) {
  const built = new BuiltHabits(seed, { accounts, ...options })
  const habits = new Habits({ least_rate: 0.02 })
  const told = new Set<number>()
  let delay = Number.NaN
  for (let day = 0; day < 365; day++) {
    const counts = built.day(day).flatMap((events, i) => {
      habits.see(i + 1, day)
      const more = i + 1 === thief && day >= thiefFrom && day < thiefFrom + 30 ? 1 : 0
      return events < 0 && more === 0 ? [] : [{ account: i + 1, count: Math.min(2, Math.max(0, events) + more) }]
    })
    habits.day(day, counts)
    for (const { account, log_e } of habits.strongest(5)) {
      if (log_e < 0) continue
      if (account !== thief || thiefFrom === Number.POSITIVE_INFINITY) told.add(account)
      else if (day >= thiefFrom && Number.isNaN(delay)) delay = day - thiefFrom + 1
    }
  }
  return { told: told.size, delay }
}

const seeds = [1, 2, 3, 4, 5, 6]
const toldIn = (options: { mean: number; phases: boolean }): number =>
  seeds.reduce((sum, seed) => sum + yearOf(seed, options).told, 0)

describe('nobody steals: whose evidence ever exceeds the stake of a year, in six years of a hundred accounts', () => {
  // Markov allows for one a year
  test.each([0.03, 0.1, 0.3])('habits of %d a day in the mean, the same on all days: two at most', (mean) => {
    expect(toldIn({ mean, phases: false })).toBeLessThanOrEqual(2)
  })

  test.each([0.05, 0.1, 0.3])(
    'habits of %d a day that change from fortnight to fortnight: less than one a year',
    (mean) => {
      expect(toldIn({ mean, phases: true })).toBeLessThan(seeds.length)
    },
  )
})

test('one more a day, of an account among others who do that once in ten days, is told within three weeks', () => {
  const delays = seeds.map((seed) => yearOf(seed, { mean: 0.1, phases: false }, 120).delay)
  const found = delays.filter((delay) => delay <= 21)
  expect(found.length).toBeGreaterThanOrEqual(4)
  expect([...found].sort((a, b) => a - b)[Math.floor(found.length / 2)]).toBeLessThanOrEqual(12)
})

test('what happens to all is no matter of one', () => {
  const habits = new Habits({ least_rate: 0.02 })
  const all = Array.from({ length: accounts }, (_, i) => i + 1)
  for (let day = 0; day < 120; day++) {
    for (const account of all) habits.see(account, day)
    // from day 100 on everybody has two new ones a day
    habits.day(
      day,
      all.map((account) => ({ account, count: day >= 100 ? 2 : Number((account * 37 + day * 11) % 40 === 0) })),
    )
    for (const { log_e } of habits.strongest(1)) expect(log_e).toBeLessThan(0)
  }
})

test('the numbers of accounts decide nothing', () => {
  const [a, b] = [(account: number) => account, (account: number) => 5000 - 7 * account].map((idOf) => {
    const built = new BuiltHabits(3, { accounts })
    const habits = new Habits({ least_rate: 0.02 })
    for (let day = 0; day < 150; day++) {
      const counts = built.day(day).flatMap((count, i) => {
        habits.see(idOf(i + 1), day)
        return count < 0 ? [] : [{ account: idOf(i + 1), count, items: [i] }]
      })
      habits.day(day, counts)
    }
    return habits.strongest(20).map(({ account: _, ...rest }) => rest)
  })
  expect(a.length).toBeGreaterThan(5)
  expect(a).toEqual(b)
})
