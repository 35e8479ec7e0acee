import { describe, expect, test } from 'vitest'
import { alphaOf } from '../../detectors/budget.ts'
import { vaultsKind } from '../../detectors/names/first-kinds.ts'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { FirstAccessWatch } from './first-access-watch.ts'
import type { Told } from './told.ts'

const names = { text: (id: number) => `a${id}`, peer: (id: number) => `192.0.2.${id}` }
const kind = vaultsKind({ isOpen: () => false, projectOf: (vault) => vault, hasProject: () => true })
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

describe('twenty accounts, each of which looks at something new every fourth day', () => {
  const watch = new FirstAccessWatch({ kind, names, alpha: alphaOf('first_access', 1) })
  let told: Told | undefined
  let day = 0
  for (; told === undefined && day < 130; day++) told = watch.day(rowsOf(day), () => false).told
  const rows = rowsOf(day)
  const own = Array.from({ length: rows.length }, (_, i) => i).filter((i) => told?.isOwn?.(rows, i))

  test('are told together within two weeks, none of them alone', () => {
    expect(day - quietDays).toBeLessThan(14)
    expect(told?.leading[0]).toMatchObject({ detector: 'crowd_access', subject: 'site', unit: 'accounts' })
    expect(told).toMatchObject({ detector: 'first_access', since_day: quietDays })
  })

  test('its rows are all that these accounts do, and what it was declared for is what was new to them', () => {
    expect(new Set(own.map((i) => rows.account[i]))).toEqual(new Set(Array.from({ length: 20 }, (_, i) => i + 1)))
    const past = rowsOf(quietDays)
    const firsts = Array.from({ length: past.length }, (_, i) => i).filter((i) => told?.inPool(past, i))
    expect(firsts.map((i) => [past.peer[i], past.host[i]])).toEqual(Array.from({ length: 5 }, () => [2, 2]))
  })

  test('their evidence is spent: the next day tells nothing', () => {
    expect(watch.day(rowsOf(day), () => false).told).toBeUndefined()
  })
})

test('it is work before it is an incident, in words', () => {
  const watch = new FirstAccessWatch({ kind, names, alpha: alphaOf('first_access', 1) })
  const texts: string[] = []
  for (let day = 0; day < quietDays + 3; day++)
    texts.push(
      ...watch
        .day(rowsOf(day), () => false)
        .drafts.filter(({ subject }) => subject === 'site')
        .map(({ text }) => text),
    )
  expect(texts.at(-1)).toMatch(
    /^\d+ accounts drew or read for the first time from vaults of \d+ projects, within \d days?$/,
  )
})
