import { describe, expect, test } from 'vitest'
import { BuiltHabits } from '../../testing/built-habits.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { vaultsKind } from '../names/first-kinds.ts'
import { type BreadthSubject, VaultBreadth } from './vault-breadth.ts'

const accounts = 80
const thief = 7
const from_day = 105
/** From a tenth of the year's stake on it is an item of work. */
const leastLogE = Math.log(0.1)
const kind = () => vaultsKind({ isOpen: () => false, projectOf: (vault) => vault, hasProject: () => true })

type More = (day: number) => Partial<BuiltRow>[]

/** Accounts with a vault of their own, and now and then, each by a habit of its own, another one for two weeks. */
function* site(more: More, { days = 140, seed = 3, mean = 0.05 } = {}) {
  const built = new BuiltHabits(seed, { accounts, mean })
  const others: { account: number; vault: number; until: number }[] = []
  let vault = 1000
  for (let day = 0; day < days; day++) {
    const rows: BuiltRow[] = []
    for (const [i, events] of built.day(day).entries()) {
      if (events < 0) continue
      for (let n = 0; n < events; n++) others.push({ account: i + 1, vault: vault++, until: day + 14 })
      rows.push({ peer: i, host: 1, bytes_out: 1e9 * (0.1 + built.uniform()), account: i + 1, vault: i + 1 })
      for (const other of others)
        if (other.account === i + 1 && other.until > day)
          rows.push({ ...rows[rows.length - 1], vault: other.vault, bytes_out: 1e9 * built.uniform() ** 3 })
    }
    yield dayRowsOf(day, [
      ...rows,
      ...more(day).map((row) => ({ peer: 1, host: 1, bytes_out: 2e9, account: thief, ...row })),
    ])
  }
}

function toldOf(more: More, options: Parameters<typeof site>[1] = {}): (BreadthSubject & { day: number })[] {
  const breadth = new VaultBreadth(kind())
  return [...site(more, options)].flatMap((rows) => breadth.day(rows).map((each) => ({ ...each, day: rows.day })))
}
const most = (told: readonly BreadthSubject[]): number => Math.max(...told.map(({ log_e }) => log_e))

/** Six vaults of others a day from `from_day` on. */
const collects: More = (day) =>
  day < from_day ? [] : Array.from({ length: 6 }, (_, n) => ({ vault: 900_001 + n, bytes_out: 2e9 }))

describe('who collects', () => {
  test('from many vaults of others at once is told within two weeks', () => {
    const [first, ...later] = toldOf(collects).filter(({ log_e }) => log_e >= leastLogE)
    expect(first).toMatchObject({ account: thief, most_before: expect.any(Number) })
    expect(first.vaults.size).toBeGreaterThanOrEqual(6)
    expect(first.day).toBeLessThanOrEqual(from_day + 14)
    expect(first.since_day).toBeGreaterThanOrEqual(from_day - 14)
    expect(first.bytes).toBeGreaterThanOrEqual(7 * 6 * 2e9)
    expect(later.every(({ account }) => account === thief)).toBe(true)
  })

  test('after a month they are projects that it draws from, and no news', () => {
    const told = toldOf(collects, { days: 190 }).filter(({ account }) => account === thief)
    expect(Math.max(...told.map(({ day }) => day))).toBeLessThan(from_day + 45)
  })

  test('large, but from one vault, is no breadth', () => {
    const one: More = (day) => (day < from_day ? [] : [{ vault: 900_001, bytes_out: 1e12 }])
    expect(most(toldOf(one))).toBeLessThan(0)
  })

  test('with thirty others who do the same in these weeks is no matter of one', () => {
    const course: More = (day) =>
      day < from_day
        ? []
        : Array.from({ length: 180 }, (_, n) => ({ account: 1 + (n % 30), vault: 900_001 + Math.floor(n / 30) }))
    expect(most(toldOf(course))).toBeLessThan(0)
  })

  test('is not told in the first thirty days of an account', () => {
    const newcomer: More = (day) => collects(day).map((row) => ({ ...row, account: 500 }))
    expect(toldOf(newcomer).filter(({ account }) => account === 500)).toEqual([])
  })
})

test('in five years of centres in which habits differ by a Gamma law, two people are told of, and with little', () => {
  const told = Array.from({ length: 8 }, (_, n) => toldOf(() => [], { days: 240, seed: 40 + n })).flat()
  const honest = told.filter(({ log_e }) => log_e >= leastLogE)
  expect(told.length).toBeGreaterThan(100)
  expect(new Set(honest.map(({ account }) => account)).size).toBeLessThanOrEqual(2)
  expect(most(told)).toBeLessThan(Math.log(10))
})

test('nothing depends on the numbers behind names', () => {
  const other = (day: number) => collects(day).map((row) => ({ ...row, vault: 2_000_000 - (row.vault ?? 0) }))
  expect(toldOf(other).map(({ log_e }) => log_e)).toEqual(toldOf(collects).map(({ log_e }) => log_e))
})
