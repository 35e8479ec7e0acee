import { describe, expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { readRowsOf, type StorageRead } from '../names/read-rows.ts'
import { UnfollowedReads, type UnfollowedSubject } from './unfollowed-reads.ts'

const accounts = 60
const thief = 7
const since = 150

interface Change {
  more?: (day: number) => { reads?: StorageRead[]; rows?: BuiltRow[] }
  rows?: (row: BuiltRow, day: number) => BuiltRow
  host?: (account: number, day: number) => number
}

/** Accounts read on two days of five, by lognormal laws of their own; what leaves after it is a share of that, of some a small one. */
function toldIn(change: Change = {}, { seed = 1, days = 200 } = {}) {
  const random = new Shuffler(seed)
  const uniform = (): number => (random.below(0x40000000) + 0.5) / 0x40000000
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const habits = Array.from({ length: accounts }, () => ({
    bytes: 1e10 * Math.exp(1.5 * normal()),
    kept: uniform() ** 3,
  }))
  const unfollowed = new UnfollowedReads()
  const told: { day: number; subject: UnfollowedSubject }[] = []
  for (let day = 0; day < days; day++) {
    const { reads = [], rows = [] } = change.more?.(day) ?? {}
    for (const [i, { bytes: mean, kept }] of habits.entries()) {
      if (uniform() > 0.4) continue
      const bytes = mean * Math.exp(normal())
      reads.push({ account: i + 1, vault: 1, host: change.host?.(i + 1, day) ?? 1, bytes })
      rows.push({ account: i + 1, peer: 1, bytes_out: bytes * (1 - kept * uniform()) })
    }
    const seen = rows.map((row) => change.rows?.(row, day) ?? row)
    for (const subject of unfollowed.day(dayRowsOf(day, seen), readRowsOf(day, reads))) told.push({ day, subject })
  }
  return told
}

describe('an account that reads five terabytes within three days', () => {
  const read = (day: number): StorageRead[] =>
    day >= since && day < since + 3 ? [{ account: thief, vault: 2, host: 1, bytes: 1.7e12 }] : []

  test('of which nothing leaves, is told after a week', () => {
    const [{ day, subject }] = toldIn({ more: (at) => ({ reads: read(at) }) })
    expect(subject).toMatchObject({ account: thief, since_day: since })
    expect(day - since).toBeLessThanOrEqual(10)
    expect(subject.bytes).toBeGreaterThan(1.6e12)
    expect(subject.bytes).toBeLessThan(5.5e12)
  })

  test('and sends a fourteenth of it a day, is told as well', () => {
    const trickle = (day: number): BuiltRow[] =>
      day > since + 2 && day <= since + 16 ? [{ account: thief, peer: 9, bytes_out: 3.6e11 }] : []
    const [{ day, subject }] = toldIn({ more: (at) => ({ reads: read(at), rows: trickle(at) }) })
    expect(subject.account).toBe(thief)
    expect(day - since).toBeLessThanOrEqual(10)
  })

  test.each([
    [
      'and sends it within the week',
      (day: number) => (day === since + 4 ? [{ account: thief, peer: 9, bytes_out: 5.2e12 }] : []),
    ],
    [
      'and sends it to where it was agreed',
      (day: number) => (day === since + 4 ? [{ account: thief, peer: 9, bytes_out: 5.2e12, unexplained: false }] : []),
    ],
  ] as [string, (day: number) => BuiltRow[]][])('%s, is not', (_, rows) => {
    const found = toldIn({ more: (at) => ({ reads: read(at), rows: rows(at) }) })
    expect(found.filter(({ subject }) => subject.account === thief)).toEqual([])
  })
})

describe('is silent', () => {
  test('in a year in which nothing happens: accounts told of in four sites', () => {
    const told = [1, 2, 3, 4].map(
      (seed) => new Set(toldIn({}, { seed, days: 365 }).map(({ subject }) => subject.account)).size,
    )
    expect(told.reduce((a, b) => a + b)).toBeLessThanOrEqual(4)
  })

  test.each([
    [
      'where flows are missing for three days',
      { rows: (row, day) => (day >= since && day < since + 3 ? { ...row, bytes_out: 0 } : row) },
    ],
    [
      'where an audit is switched on',
      {
        more: (day) => ({
          reads:
            day < since
              ? []
              : Array.from({ length: 20 }, (_, i) => ({ account: i + 1, vault: 3, host: 9, bytes: 2e11 })),
        }),
      },
    ],
  ] as [string, Change][])('%s', (_, change) => {
    const quiet = toldIn({}).length
    expect(toldIn(change).length).toBeLessThanOrEqual(quiet)
  })

  test('of an account that is new', () => {
    const reads = (day: number) =>
      day >= since && day < since + 3 ? [{ account: 999, vault: 2, host: 1, bytes: 1.7e12 }] : []
    expect(toldIn({ more: (day) => ({ reads: reads(day) }) }).filter(({ subject }) => subject.account === 999)).toEqual(
      [],
    )
  })
})
