import { describe, expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { alphaOf } from '../budget.ts'
import { CrowdAccess, type First } from './crowd-access.ts'

const logStake = Math.log(0.25 / 365)
const threshold = -Math.log(alphaOf('first_access', 1))

/** Accounts 1 to 24, each of which looks into a project of its own on one day in four. */
const thieves = (day: number): First[] =>
  Array.from({ length: 24 }, (_, i) => ({
    account: i + 1,
    item: 1000 + day * 24 + i,
    group: 1 + ((day * 7 + i) % 60),
  })).filter(({ account }) => (account + day) % 4 === 0)

/** Evidence at the end of each day. */
function evidenceOf(
  firstsOf: (day: number) => First[],
  days: number,
  active = 50,
): { log_e: number[]; crowd: CrowdAccess } {
  const crowd = new CrowdAccess()
  const log_e = Array.from({ length: days }, (_, day) => {
    crowd.day(day, firstsOf(day), active, logStake)
    return crowd.log_e
  })
  return { log_e, crowd }
}

describe('many accounts, each of which draws from something new now and then', () => {
  const begins = 60
  const { log_e, crowd } = evidenceOf((day) => (day < begins ? [] : thieves(day)), begins + 10)

  test('are told within days, all of them, with what was new to each and since when', () => {
    expect(log_e.findIndex((each) => each >= threshold)).toBeLessThan(begins + 6)
    const found = crowd.crowd(begins + 9)
    expect(found).toMatchObject({ since_day: begins, per_day: 6, rate: 1 })
    expect([...(found?.accounts.keys() ?? [])].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, i) => i + 1),
    )
    expect(found?.accounts.get(1)?.size).toBe(2)
  })
})

test('of thieves among people with habits, those are named who look at more than people do', () => {
  const random = new Shuffler(3)
  const people = (): First[] =>
    Array.from({ length: 1000 }, (_, i) => i + 100)
      .filter(() => random.below(500) === 0)
      .map((account) => ({ account, item: random.below(1e6), group: 1 + random.below(200) }))
  const { crowd } = evidenceOf(
    (day) => [...people(), ...(day < 120 ? [] : thieves(day).concat(thieves(day + 1)))],
    140,
    1000,
  )
  const named = [...(crowd.crowd(139)?.accounts.keys() ?? [])]
  expect(named.filter((account) => account < 100)).toHaveLength(24)
  expect(named.filter((account) => account >= 100).length).toBeLessThan(3)
})

describe('is one event', () => {
  const largest = (firstsOf: (day: number) => First[]): number => Math.max(...evidenceOf(firstsOf, 90).log_e)

  test('a project that everybody is let into', () => {
    expect(
      largest((day) =>
        day < 60 ? [] : Array.from({ length: 40 }, (_, i) => ({ account: i, item: 1000 + 40 * day + i, group: 7 })),
      ),
    ).toBeLessThan(0)
  })

  test('an account that is let into everything', () => {
    expect(
      largest((day) =>
        day < 60 ? [] : Array.from({ length: 40 }, (_, i) => ({ account: 5, item: 1000 + 40 * day + i, group: i + 1 })),
      ),
    ).toBeLessThan(0)
  })

  test('one vault of no project that all draw from', () => {
    expect(
      largest((day) => (day < 60 ? [] : Array.from({ length: 40 }, (_, i) => ({ account: i, item: 9, group: 0 })))),
    ).toBeLessThan(0)
  })
})

test('a year of people whose firsts come in bunches stays silent: of 20 sites none is told of', () => {
  let told = 0
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Shuffler(seed)
    // two in a hundred a day; on one day in ten, when courses and allocations begin, four times as many
    const { log_e } = evidenceOf(
      () => {
        const often = random.below(10) === 0 ? 4 : 1
        return Array.from({ length: 200 }, (_, account) => account)
          .filter(() => random.below(1000) < 20 * often)
          .map((account) => ({ account, item: random.below(1e6), group: 1 + random.below(80) }))
      },
      365,
      200,
    )
    if (Math.max(...log_e) >= threshold) told++
  }
  expect(told).toBe(0)
})
