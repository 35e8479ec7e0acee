import { describe, expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { alphaOf } from '../budget.ts'
import { FirstAccess, knownAfterDays } from './first-access.ts'
import { firstPlaces, firstVaults, placesKind, vaultsKind } from './first-kinds.ts'
import { readRowsOf } from './read-rows.ts'

const usualVault = 1
const openVault = 7
const threshold = -Math.log(alphaOf('first_access', 1))

/** Vaults from 500 to 599 and the usual one are of one project, those from 600 to 699 of another, all others of one each. */
const projectOf = (vault: number): number =>
  Math.floor(vault / 100) === 5 ? usualVault : Math.floor(vault / 100) === 6 ? 600 : vault

interface Draw {
  account: number
  vaults: readonly number[]
  unexplained?: boolean
}

const rowsOf = (draws: readonly Draw[]): BuiltRow[] =>
  draws.flatMap(({ account, vaults, unexplained = true }) =>
    vaults.map((vault) => ({ peer: 0, bytes_out: 1000, account, vault, unexplained })),
  )

/** Accounts that draw from the same vault every day. */
class Site {
  readonly access = new FirstAccess(
    vaultsKind({ isOpen: (vault) => vault === openVault, projectOf, hasProject: () => true }),
  )
  readonly #accounts: number
  day = 0
  log_e = Number.NEGATIVE_INFINITY

  constructor(accounts: number) {
    this.#accounts = accounts
  }

  next(more: readonly Draw[] = [], read: readonly Draw[] = []): number {
    const usual = Array.from({ length: this.#accounts }, (_, i) => ({ account: i + 1, vaults: [usualVault] }))
    const reads = read.flatMap(({ account, vaults }) =>
      vaults.map((vault) => ({ account, vault, host: 3, bytes: 1000 })),
    )
    const rows = dayRowsOf(this.day, rowsOf([...usual, ...more]))
    this.log_e = this.access.day(rows, () => false, readRowsOf(this.day++, reads))
    return this.log_e
  }

  quietDays(count: number): this {
    for (let i = 0; i < count; i++) this.next()
    return this
  }
}

describe('an account that draws from ever new vaults', () => {
  const site = new Site(200).quietDays(60)
  let days = 0
  for (let vault = 100; site.next([{ account: 5, vaults: [vault++] }]) < threshold && days < 30; days++);
  const [strongest] = site.access.strongest(3)

  test('is told within two weeks, with its vaults and since when', () => {
    expect(days).toBeLessThan(14)
    expect(strongest).toMatchObject({ account: 5, since_day: 60, active_days: days + 1, rate: 0.02 })
    expect([...strongest.firsts]).toEqual(Array.from({ length: days + 1 }, (_, i) => 100 + i))
  })

  test('its evidence is spent once it is taken, and it is not judged again', () => {
    site.access.take(5)
    expect(site.next([{ account: 5, vaults: [900, 901] }])).toBeLessThan(0)
    expect(site.access.strongest(200).map(({ account }) => account)).not.toContain(5)
  })
})

test('an account that draws from vaults of many projects on one day, and of more on the next, is told', () => {
  const site = new Site(200).quietDays(60)
  const evidence = [0, 1].map((day) =>
    site.next([{ account: 5, vaults: Array.from({ length: 7 }, (_, n) => 100 + 10 * day + n) }]),
  )
  expect(firstVaults.most_per_day).toBe(6)
  expect(evidence[0]).toBeGreaterThan(0)
  expect(evidence[1]).toBeGreaterThan(threshold)
})

describe('an account that reads from ever new vaults, of which nothing leaves', () => {
  test('is told as well, and that it was read', () => {
    const site = new Site(200).quietDays(60)
    let days = 0
    for (let vault = 100; site.next([], [{ account: 5, vaults: [vault++] }]) < threshold && days < 30; days++);
    expect(days).toBeLessThan(14)
    const [strongest] = site.access.strongest(1)
    expect(strongest).toMatchObject({ account: 5, since_day: 60 })
    expect([...strongest.read]).toEqual([...strongest.firsts])
  })

  test('what leaves of it on the same day was drawn, and what was read before is no news when it leaves', () => {
    const site = new Site(20).quietDays(40)
    site.next([{ account: 5, vaults: [100] }], [{ account: 5, vaults: [100, 101] }])
    site.next([{ account: 5, vaults: [101] }])
    const strongest = site.access.strongest(1)[0]
    expect([[...strongest.firsts], [...strongest.read]]).toEqual([[100, 101], [101]])
  })
})

describe('is no evidence', () => {
  /** Over forty days, after sixty quiet ones. */
  const largest = (more: (day: number) => Draw[]): number => {
    const site = new Site(200).quietDays(60)
    return Math.max(...Array.from({ length: 40 }, (_, i) => site.next(more(i))))
  }

  test('the same new vault over and over', () => {
    expect(largest(() => [{ account: 5, vaults: [100] }])).toBeLessThan(0)
  })

  test('a project of many vaults, let into on one day', () => {
    expect(firstVaults.most_per_group).toBe(2)
    expect(
      largest((i) => (i === 0 ? [{ account: 5, vaults: Array.from({ length: 50 }, (_, n) => 600 + n) }] : [])),
    ).toBeLessThan(0)
  })

  test('as many of no known project, on one day', () => {
    const access = new FirstAccess(vaultsKind({ isOpen: () => false, projectOf, hasProject: () => false }))
    const all = Array.from({ length: 60 }, (_, day) =>
      access.day(
        dayRowsOf(
          day,
          rowsOf([{ account: 5, vaults: day === 45 ? Array.from({ length: 50 }, (_, n) => 100 + n) : [usualVault] }]),
        ),
      ),
    )
    expect(Math.max(...all)).toBeLessThan(threshold)
  })

  test('what is explained, or anybody may have', () => {
    expect(largest((i) => [{ account: 5, vaults: [100 + i], unexplained: false }])).toBeLessThan(0)
    expect(largest(() => [{ account: 5, vaults: [openVault] }])).toBeLessThan(0)
  })

  test('the other vaults of its own project', () => {
    expect(largest((i) => [{ account: 5, vaults: [500 + i] }])).toBeLessThan(0)
  })

  test('what an open incident has taken', () => {
    const access = new FirstAccess(vaultsKind({ isOpen: () => false, projectOf, hasProject: () => true }))
    const days = Array.from({ length: 80 }, (_, day) =>
      access.day(
        dayRowsOf(day, rowsOf([{ account: 5, vaults: [usualVault, 100 + day] }])),
        ({ vault }, i) => vault[i] >= 100,
      ),
    )
    expect(Math.max(...days)).toBeLessThan(0)
  })

  test('an account that is new itself', () => {
    expect(largest((i) => (i < knownAfterDays ? [{ account: 999, vaults: [100 + i] }] : []))).toBeLessThan(0)
  })

  test('somebody who always did so: a bucket for each run, from the first day on', () => {
    const site = new Site(200)
    const all = Array.from({ length: 200 }, (_, day) => site.next([{ account: 5, vaults: [1000 + day] }]))
    expect(Math.max(...all)).toBeLessThan(0)
  })
})

/**
 * Habits differ between people by a Gamma law of shape ½, the same mean on all days: many never draw from anything new, a few do so
 * every other week.
 */
test('a year of people with different habits stays silent: of 15 sites none is told of', () => {
  let told = 0
  for (let seed = 1; seed <= 15; seed++) {
    const random = new Shuffler(seed)
    const uniform = (): number => (random.below(0x40000000) + 0.5) / 0x40000000
    // χ² with one degree of freedom is Gamma(½, 2): mean 1
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
    const accounts = 60
    const rates = Array.from({ length: accounts }, () => 0.01 * normal() ** 2)
    const access = new FirstAccess(vaultsKind({ isOpen: () => false, projectOf, hasProject: () => true }))
    let vault = 100
    let most = Number.NEGATIVE_INFINITY
    for (let day = 0; day < 365; day++) {
      const draws = rates.map((rate, i) => ({
        account: i + 1,
        vaults: uniform() < rate ? [usualVault, vault++] : [usualVault],
      }))
      most = Math.max(most, access.day(dayRowsOf(day, rowsOf(draws))))
    }
    if (most >= threshold) told++
  }
  expect(told).toBe(0)
})

describe('an account that is used from ever new subnets', () => {
  const names = { peer: (peer: number) => `10.${peer >> 8}.${peer & 255}.9` }
  const days = 60
  /** 100 accounts at home; account 5 is used from `places` new subnets on each of the last five days. */
  const evidenceWith = (places: number, bytes_out = 5e6, asnOf = (_: number) => 0) => {
    const access = new FirstAccess(placesKind(names))
    let log_e = Number.NEGATIVE_INFINITY
    for (let day = 0; day < days; day++) {
      const home = Array.from({ length: 100 }, (_, i) => ({ peer: i, account: i + 1, bytes_out: 5e6 }))
      const away = Array.from({ length: day < days - 5 ? 0 : places }, (_, i) => ({
        ...{ peer: 1000 + day * 50 + i, account: 5, bytes_out, peer_asn: asnOf(i) },
      }))
      log_e = access.day(dayRowsOf(day, [...home, ...away]))
    }
    return { log_e, strongest: access.strongest(1)[0] }
  }
  const line = -Math.log(alphaOf('first_places', 1))

  test('is told within days', () => {
    const { log_e, strongest } = evidenceWith(40)
    expect(log_e).toBeGreaterThan(line)
    expect(strongest).toMatchObject({ account: 5, since_day: days - 5, active_days: 5, rate: firstPlaces.least_rate })
    expect(strongest.firsts.size).toBe(200)
  })

  test('not so one who moves a little more than others, or is merely knocked at', () => {
    expect(evidenceWith(4).log_e).toBeLessThan(0)
    expect(evidenceWith(40, 1000).log_e).toBeLessThan(0)
  })

  test('not so the machines of one cloud, each in a subnet of its own; of many providers as without a map of them', () => {
    expect(evidenceWith(40, 5e6, () => 64_500).log_e).toBeLessThan(0)
    expect(evidenceWith(40, 5e6, (i) => 64_500 + i).log_e).toBe(evidenceWith(40).log_e)
  })
})
