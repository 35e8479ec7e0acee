import { describe, expect, test } from 'vitest'
import { hostRoles } from '../../model/site.ts'
import { BuiltHabits } from '../../testing/built-habits.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { NetworkHabits } from './network-habits.ts'

const names = { peer: (peer: number) => `10.${peer >> 8}.${peer & 255}.9` }
const accounts = 80
const thief = 7
const since = 120
const login = hostRoles.indexOf('login')
const usualRow = { peer: 0, role: login, bytes_out: 1e8, client_fp: 1 }

type More = (day: number) => Partial<BuiltRow>[]

/** Everybody is at home (an autonomous system of his own) from 9 to 17, and goes to a phone's network within the hour by habit. */
function run(more: More, { seed = 3, days = 170, from = since } = {}) {
  const built = new BuiltHabits(seed, { accounts, mean: 0.1 })
  const networks = new NetworkHabits(names)
  let [delay, most, identities] = [Number.NaN, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let day = 0; day < days; day++) {
    const rows: BuiltRow[] = built.day(day).flatMap((events, i) => {
      if (events < 0) return []
      const home = Array.from({ length: 3 }, (_, n) => ({
        ...usualRow,
        account: i + 1,
        tick: 54 + 21 * n,
        peer_asn: 100 + i,
      }))
      const away = { ...usualRow, account: i + 1, tick: 98, peer_asn: 1000 + i }
      return events > 0 ? [...home, away] : home
    })
    const added = more(day).map((row) => ({ ...usualRow, account: thief, ...row }))
    networks.day(dayRowsOf(day, [...rows, ...added]))
    const [strongest] = networks.strongest(1)
    identities = Math.max(identities, networks.identities(day)?.log_e ?? identities)
    if (!strongest || day < from) continue
    most = Math.max(most, strongest.log_e)
    if (strongest.account === thief && strongest.log_e >= 0 && Number.isNaN(delay)) delay = day - from + 1
  }
  return { delay, most, identities }
}

const while_ =
  (row: Partial<BuiltRow>, count = 1): More =>
  (day) =>
    day >= since ? Array.from({ length: count }, (_, n) => ({ tick: 60 + 6 * n, ...row })) : []

describe('is told within three weeks', () => {
  test('an account that somebody else uses at the same time, every day', () => {
    expect(
      run((day) =>
        day >= since
          ? [
              { tick: 60, peer_asn: 4000 },
              { tick: 60, peer_asn: 100 + thief - 1 },
            ]
          : [],
      ).delay,
    ).toBeLessThanOrEqual(21)
  })

  test('an account that somebody else takes over within the hour, by subnets where systems are unknown', () => {
    expect(
      run((day) =>
        day >= since
          ? [
              { tick: 96, peer_asn: 100 + thief - 1 },
              { tick: 100, peer: 700 },
            ]
          : [],
      ).delay,
    ).toBeLessThanOrEqual(21)
  })
})

describe('is silent', () => {
  test('in a year in which people have their habits: of two sites one tells of somebody at most', () => {
    const most = [1, 2].map((seed) => run(() => [], { seed, days: 365, from: 0 }))
    expect(most.filter((each) => each.most >= 0).length).toBeLessThanOrEqual(1)
    expect(Math.max(...most.map(({ identities }) => identities))).toBeLessThan(0)
  })

  test.each([
    ['a journey: other networks, hours apart', while_({ tick: 130, peer_asn: 5000 })],
    ['what is explained', while_({ tick: 97, peer_asn: 5000, unexplained: false })],
    ['transfers between machines', while_({ tick: 60, peer_asn: 5000, role: hostRoles.indexOf('dtn') }, 6)],
    ['somebody who knocks', while_({ tick: 60, peer_asn: 5000, bytes_out: 1000 }, 6)],
  ])('%s', (_, more) => {
    expect(run(more).most).toBeLessThan(0)
  })
})

describe('identities', () => {
  /** Five accounts a day that were never there, with a client that they never had. */
  const moved =
    (client_fp: number): More =>
    (day) =>
      day < since
        ? []
        : Array.from({ length: 5 }, (_, n) => ({
            account: 1 + ((day * 5 + n) % accounts),
            tick: 5,
            peer_asn: 6000 + ((day * 5 + n) % 40),
            client_fp: client_fp + ((day * 5 + n) % 40),
          }))

  test('accounts that become somebody else are told together', () => {
    expect(run(moved(500), { days: since + 12 }).identities).toBeGreaterThan(0)
  })

  test('a new program at home, and an old one elsewhere, are none', () => {
    const rollOut: More = (day) =>
      day < since
        ? []
        : Array.from({ length: accounts }, (_, i) => ({ account: i + 1, tick: 5, peer_asn: 100 + i, client_fp: 2 }))
    const journeys: More = (day) => moved(0)(day).map((row) => ({ ...row, client_fp: 1 }))
    expect(run(rollOut).identities).toBeLessThan(0)
    expect(run(journeys).identities).toBeLessThan(0)
  })
})
