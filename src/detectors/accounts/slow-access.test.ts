import { describe, expect, test } from 'vitest'
import { BuiltHabits } from '../../testing/built-habits.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { alphaOf } from '../budget.ts'
import { FirstAccess } from '../names/first-access.ts'
import { vaultsKind } from '../names/first-kinds.ts'
import { readRowsOf } from '../names/read-rows.ts'
import { SlowAccess } from './slow-access.ts'

const accounts = 80
const thief = 7
const from_day = 100
/** Vaults from 5000 on are of projects of twenty, all others of one each. */
const projectOf = (vault: number): number => (vault >= 5000 ? 100_000 + Math.floor(vault / 20) : vault)
const kind = () => vaultsKind({ isOpen: () => false, projectOf, hasProject: () => true })

type More = (day: number) => Partial<BuiltRow>[]

/** Accounts with vaults of their own and new ones by habit; what `more` adds is of the thief, where nothing else is said. */
function* site(more: More, { mean = 0.1, days = 140, seed = 3 } = {}) {
  const built = new BuiltHabits(seed, { accounts, mean })
  let vault = 1000
  for (let day = 0; day < days; day++) {
    const usual = built
      .day(day)
      .flatMap((events, i) => Array.from({ length: 1 + events }, (_, n) => ({ i, vault: n === 0 ? i + 1 : vault++ })))
    const rows = usual.map(({ i, vault: drawn }) => ({
      peer: 0,
      host: 1,
      bytes_out: 1e9,
      account: i + 1,
      vault: drawn,
    }))
    yield dayRowsOf(day, [
      ...rows,
      ...more(day).map((row) => ({ peer: 1, host: 1, bytes_out: 1e9, account: thief, ...row })),
    ])
  }
}

function strongestOf(more: More, options: Parameters<typeof site>[1] = {}) {
  const access = new SlowAccess(kind())
  let [delay, most] = [Number.NaN, Number.NEGATIVE_INFINITY]
  for (const rows of site(more, options)) {
    access.day(rows)
    const [strongest] = access.strongest(1)
    if (!strongest || rows.day < from_day) continue
    most = Math.max(most, strongest.log_e)
    if (strongest.account === thief && strongest.log_e >= 0 && Number.isNaN(delay)) delay = rows.day - from_day + 1
  }
  return { delay, most, access }
}

const oneADay: More = (day) => (day >= from_day ? [{ vault: 90_000 + 20 * day }] : [])

describe('one new vault a day of an account that is used to some', () => {
  test('is no incident by ten times what others are used to, and is told by its own habit', () => {
    const first = new FirstAccess(kind())
    let log_e = Number.NEGATIVE_INFINITY
    for (const rows of site(oneADay)) log_e = Math.max(log_e, first.day(rows))
    expect(log_e).toBeLessThan(-Math.log(alphaOf('first_access', 1)))
    expect(strongestOf(oneADay).delay).toBeLessThanOrEqual(14)
  })

  test('is named with its vaults and since when', () => {
    const [subject] = strongestOf(oneADay, { days: from_day + 20 }).access.strongest(1)
    expect(subject.account).toBe(thief)
    expect(Math.abs(subject.since_day - from_day)).toBeLessThanOrEqual(3)
    expect(subject.items.size).toBeGreaterThanOrEqual(18)
    expect(subject.habit).toBeLessThan(0.5)
  })
})

describe('is silent', () => {
  test.each([
    ['what is explained', (day: number) => oneADay(day).map((row) => ({ ...row, unexplained: false }))],
    // a new collaboration
    [
      'a project of twenty, one vault after the other',
      (day: number) => (day >= from_day ? [{ vault: 5000 + ((day - from_day) % 20) }] : []),
    ],
    // a reorganised project
    [
      'a project that is split for everybody',
      (day: number) =>
        day < from_day
          ? []
          : Array.from({ length: accounts }, (_, i) => ({
              account: i + 1,
              vault: 6000 + 20 * (i % 20) + ((day - from_day) % 20),
            })),
    ],
    [
      'a source of names that is switched on',
      (day: number) =>
        (day >= from_day ? [{ host: 2, vault: 90_000 + 20 * day }] : []).slice(0, day < from_day + 25 ? 1 : 0),
    ],
  ] as [string, More][])('%s', (_, more) => {
    expect(strongestOf(more).most).toBeLessThan(0)
  })

  test('an audit that is switched on, and shows what always was', () => {
    const access = new SlowAccess(kind())
    let most = Number.NEGATIVE_INFINITY
    for (const rows of site(() => [])) {
      const reads = Array.from({ length: rows.day < from_day ? 0 : accounts / 2 }, (_, i) => ({
        ...{ account: i + 1, host: 9, bytes: 1e9, vault: 20_000 + 40 * i + ((rows.day * 7) % 25) },
      }))
      access.day(rows, () => false, readRowsOf(rows.day, reads))
      if (rows.day >= from_day) most = Math.max(most, access.strongest(1)[0]?.log_e ?? most)
    }
    expect(most).toBeLessThan(0)
  })
})
