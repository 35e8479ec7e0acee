import { expect, test } from 'vitest'
import { alphaOf } from '../../detectors/budget.ts'
import { vaultsKind } from '../../detectors/names/first-kinds.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { dayMs } from '../../model/window.ts'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { FirstAccessWatch } from './first-access-watch.ts'

const names = { text: (id: number) => `a${id}`, peer: (id: number) => `192.0.2.${id}` }
const newWatch = (): FirstAccessWatch => {
  const kind = vaultsKind({ isOpen: () => false, projectOf: (vault) => vault, hasProject: () => true })
  return new FirstAccessWatch({ kind, names, alpha: alphaOf('first_access', 1) })
}
const accounts = 80
const quietDays = 90

/** Everybody draws from a vault of his own; the first twenty, from day 90 on, one in four days from another one. */
const rowsOf = (day: number) =>
  dayRowsOf(day, [
    ...Array.from({ length: accounts }, (_, i) => ({ peer: 1, host: 1, account: i + 1, vault: i + 1, bytes_out: 1e6 })),
    ...Array.from({ length: day < quietDays ? 0 : 20 }, (_, i) => i)
      .filter((i) => (i + day) % 4 === 0)
      .map((i) => ({ peer: 2, host: 2, account: i + 1, vault: 200 + ((day * 7 + i) % 60), bytes_out: 5e8 })),
  ])

test('twenty accounts, each of which looks at something new every fourth day, are work together', () => {
  const watch = newWatch()
  const items: WorkDraft[] = []
  for (let day = 0; day < quietDays + 10; day++) {
    const { told, drafts } = watch.day(rowsOf(day), () => false)
    expect(told).toBeUndefined()
    items.push(...drafts.filter(({ subject }) => subject === 'site'))
  }
  const last = items.at(-1)
  expect(last).toMatchObject({ detector: 'crowd_access', facts: { accounts: 20 } })
  expect(last?.text).toMatch(
    /^20 accounts drew or read for the first time from vaults of \d+ projects, within 10 days$/,
  )
  expect(last?.log10_e).toBeGreaterThan(2)
  expect(items[0].at_ms).toBeGreaterThanOrEqual(quietDays * dayMs)
})

test('an account that was told of and turned out to be part of something else is judged on', () => {
  /** Days on which account 5 is told of, which draws from six new vaults a day. */
  const toldOn = (isReleased: boolean): number[] => {
    const watch = newWatch()
    const days: number[] = []
    for (let day = 0; day < quietDays + 10; day++) {
      const usual = Array.from({ length: accounts }, (_, i) => ({
        peer: 1,
        account: i + 1,
        vault: i + 1,
        bytes_out: 1e6,
      }))
      const more = Array.from({ length: day < quietDays ? 0 : 6 }, (_, n) => ({
        ...{ peer: 2, account: 5, vault: 1000 + 10 * day + n, bytes_out: 5e8 },
      }))
      const { told } = watch.day(dayRowsOf(day, [...usual, ...more]), () => false)
      if (told === undefined) continue
      days.push(day)
      if (isReleased) told.release?.()
    }
    return days
  }
  expect(toldOn(false)).toHaveLength(1)
  expect(toldOn(true).length).toBeGreaterThan(1)
})
