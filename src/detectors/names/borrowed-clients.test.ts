import { describe, expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { alphaOf } from '../budget.ts'
import { BorrowedClients } from './borrowed-clients.ts'

const threshold = -Math.log(alphaOf('borrowed_clients', 1))
const accounts = 200
const clients = 20

/** Peers are numbers whose hundreds are their network; each has a /24 of its own, but those of network 99 share one. */
const names = {
  text: String,
  peer: (peer: number) => `10.${Math.floor(peer / 100)}.${Math.floor(peer / 100) === 99 ? 0 : peer % 100}.1`,
}

interface Login {
  account: number
  client: number
  network: number
}

const rowsOf = (logins: readonly Login[]): BuiltRow[] =>
  logins.map(({ account, client, network }) => ({
    ...{ account, client_fp: client, peer: 100 * network + (account % 100), bytes_out: 5e6 },
  }))

/** Accounts that work every day from one of ten networks with one of twenty clients. */
class Site {
  readonly borrowed = new BorrowedClients({ names })
  day = 0

  next(more: readonly Login[] = []): number {
    const usual = Array.from({ length: accounts }, (_, i) => ({
      ...{ account: i + 1, client: 1 + (i % clients), network: 1 + (i % 10) },
    }))
    return this.borrowed.day(dayRowsOf(this.day++, rowsOf([...usual, ...more])))
  }

  quietDays(count: number): this {
    for (let i = 0; i < count; i++) this.next()
    return this
  }
}

const people = (from: number, count: number, client: number, network: (i: number) => number): Login[] =>
  Array.from({ length: count }, (_, i) => ({ account: from + i, client, network: network(i) }))

describe('one client in the hands of many', () => {
  const site = new Site().quietDays(50)
  const log_e = site.next(people(1, 10, 77, () => 50))
  const [strongest] = site.borrowed.strongest(3)

  test('from networks new to them, is told on the first day', () => {
    expect(log_e).toBeGreaterThan(threshold)
    expect(strongest).toMatchObject({ client_fp: 77, since_day: 50, rate: 0.05 })
    expect([...strongest.accounts]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('its evidence is spent once it is taken', () => {
    site.borrowed.take(77)
    expect(site.next(people(11, 10, 77, () => 50))).toBeLessThan(0)
    expect(site.borrowed.strongest(3)).toEqual([])
  })
})

describe('is no evidence', () => {
  const largest = (more: (day: number) => Login[]): number => {
    const site = new Site().quietDays(50)
    return Math.max(...Array.from({ length: 30 }, (_, i) => site.next(more(i))))
  }
  const home = (i: number): number => 1 + (i % 10)

  test('a new version of a program, adopted where people always work', () => {
    expect(largest((day) => people(1 + 20 * (day % 10), 20, 88, (i) => home(20 * (day % 10) + i)))).toBeLessThan(0)
  })

  test('also if every tenth of them happens to be elsewhere', () => {
    const rollOut = (day: number): Login[] =>
      people(1 + 20 * (day % 10), 20, 88, (i) => (i % 10 === 0 ? 60 : home(20 * (day % 10) + i)))
    expect(largest(rollOut)).toBeLessThan(0)
  })

  test('people who travel with the clients that they have', () => {
    expect(
      largest((day) =>
        day === 3
          ? people(1, 60, 0, () => 50).map((each) => ({ ...each, client: 1 + ((each.account - 1) % clients) }))
          : [],
      ),
    ).toBeLessThan(0)
  })

  test('many new accounts with one client', () => {
    expect(largest((day) => (day < 30 ? people(1000, 50, 77, () => 50) : []))).toBeLessThan(0)
  })
})

test('a room of guests behind one /24 is not told, whatever its evidence', () => {
  const site = new Site().quietDays(50)
  expect(site.next(people(1, 10, 77, () => 99))).toBeGreaterThan(threshold)
  expect(site.borrowed.strongest(3)).toEqual([])
})

test('a year of people who travel, and change programs by popularity, stays silent: of 8 sites none is told of', () => {
  const told = new Set<number>()
  for (let seed = 1; seed <= 8; seed++) {
    const random = new Shuffler(seed)
    const uniform = (): number => (random.below(0x40000000) + 0.5) / 0x40000000
    const popular = (): number => 1 + Math.floor(30 ** uniform())
    const own = Array.from({ length: 80 }, popular)
    const borrowed = new BorrowedClients({ names })
    for (let day = 0; day < 365; day++) {
      const logins = own.flatMap((client, i): Login[] => {
        if (uniform() < 0.3) return []
        // new programs come out all the time, most people take what others have; client 1 is a traveller's
        if (uniform() < 0.01) own[i] = uniform() < 0.2 ? 100 + day : popular()
        const isAway = uniform() < 0.03
        return [
          {
            account: i + 1,
            client: isAway && uniform() < 0.5 ? 1 : client,
            network: isAway ? 20 + random.below(70) : 1 + (i % 10),
          },
        ]
      })
      if (borrowed.day(dayRowsOf(day, rowsOf(logins))) >= threshold && borrowed.strongest(1).length > 0) told.add(seed)
    }
  }
  expect([...told]).toEqual([])
})
