import { expect, test } from 'vitest'
import { BuiltCentre, type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Contacts } from './contacts.ts'
import { memberWeight } from './member-hosts.ts'
import { type Found, membersOf } from './members.ts'

const reference_from_day = 40
const since_day = 68
const until_day = 89
/** Hosts of the transfer role of a built centre, of which a campaign takes some. */
const targets = [200, 201, 202, 203, 204]

interface Planted {
  seed: number
  /** Newcomers on a day that nobody sent. */
  strangers_a_day: number
  members: number
  /** Regular peers of a built centre, which take from few hosts. */
  regular?: number
  /** Each member takes from one target only. */
  loyal?: boolean
}

interface Result {
  found: Found
  /** Peers of weight ½ and more, and newcomers of the pool that nobody planted. */
  chosen: readonly number[]
  newcomers: number
  recall: number
  precision: number
}

/** Members come within the first week and take a little from all targets every other day, without an account. */
function planted({ seed, strangers_a_day, members, regular = 400, loyal = false }: Planted): Result {
  const centre = new BuiltCentre(seed, { regular, strangers_a_day })
  const contacts = new Contacts(reference_from_day)
  const firstSeen = new Map<number, number>()
  const campaign: { peer: number; first: number }[] = []
  for (let day = 0; day < until_day; day++) {
    const rows = centre.day(day)
    if (day >= since_day && day < since_day + 7)
      for (let i = 0; i < members / 7; i++)
        if (campaign.length < members) campaign.push({ peer: centre.newPeer(day), first: day })
    for (const { peer, first } of campaign) {
      if ((day - first) % 2 !== 0) continue
      for (const host of loyal ? [targets[peer % targets.length]] : targets)
        rows.push({
          peer,
          host,
          role: 2,
          tick: centre.below(144),
          bytes_out: Math.round(8e6 * Math.exp(0.5 * centre.normal())),
        })
    }
    for (const { peer } of rows) if (!firstSeen.has(peer)) firstSeen.set(peer, day)
    if (day >= reference_from_day) contacts.add(dayRowsOf(day, rows), (each, i) => each.role[i] === 2)
  }
  const ids = new Set(campaign.map(({ peer }) => peer))
  const found = membersOf(contacts, {
    ...{ since_day, reference_from_day, until_day, withOld: false },
    firstSeen: (peer) => firstSeen.get(peer) as number,
  })
  const chosen = [...found.peers].filter(([, weight]) => weight >= memberWeight).map(([peer]) => peer)
  const right = chosen.filter((peer) => ids.has(peer)).length
  const newcomers = [...contacts.peers()].filter(
    (peer) => !ids.has(peer) && (firstSeen.get(peer) as number) >= since_day,
  ).length
  return { found, chosen, newcomers, recall: right / ids.size, precision: right / chosen.length }
}

const hostsOf = ({ found }: Result): number[] =>
  [...found.hosts]
    .filter(([, weight]) => weight >= memberWeight)
    .map(([host]) => host)
    .sort((a, b) => a - b)

// strangers by day at the whole centre; about a third of them come to the pool
test.each([
  { strangers_a_day: 0, members: 40 },
  { strangers_a_day: 3, members: 100 },
  { strangers_a_day: 15, members: 100 },
  { strangers_a_day: 60, members: 200 },
  { strangers_a_day: 150, members: 200 },
])('$members members among $strangers_a_day strangers a day are told from them', (shape) => {
  for (const seed of [1, 2]) {
    const result = planted({ seed, ...shape })
    expect(result.recall).toBeGreaterThanOrEqual(0.8)
    expect(result.precision).toBeGreaterThanOrEqual(0.8)
    expect(hostsOf(result)).toEqual(targets)
  }
})

test.each([
  { strangers_a_day: 0, members: 40 },
  { strangers_a_day: 15, members: 100 },
  { strangers_a_day: 150, members: 100 },
])('no different if each of $members members keeps to one host among $strangers_a_day strangers a day', (shape) => {
  for (const seed of [1, 2]) {
    const { recall, precision } = planted({ seed, loyal: true, ...shape })
    expect(recall).toBeGreaterThanOrEqual(0.8)
    expect(precision).toBeGreaterThanOrEqual(0.8)
  }
})

test('without newcomers of its own a pool’s every newcomer is a member, in full', () => {
  const { found, recall } = planted({ seed: 3, strangers_a_day: 0, members: 70 })
  expect(recall).toBe(1)
  expect(new Set(found.peers.values())).toEqual(new Set([1]))
})

test('where nobody was planted few of many newcomers are taken for members', () => {
  let [chosen, newcomers] = [0, 0]
  for (const strangers_a_day of [15, 60, 150]) {
    for (const seed of [1, 2]) {
      const result = planted({ seed, strangers_a_day, members: 0 })
      chosen += result.chosen.length
      newcomers += result.newcomers
    }
  }
  expect(newcomers).toBeGreaterThan(2000)
  expect(chosen / newcomers).toBeLessThan(0.05)
})

test('weights add up to about as many as there are beyond expectation', () => {
  for (const strangers_a_day of [3, 15, 60]) {
    const { found, newcomers } = planted({ seed: 4, strangers_a_day, members: 200 })
    const sum = [...found.peers.values()].reduce((total, weight) => total + weight, 0)
    // the number of newcomers itself varies by chance, and so does what a score picks up of it
    expect(Math.abs(sum - 200)).toBeLessThan(30 + 4 * Math.sqrt(newcomers))
    for (const weight of found.peers.values()) {
      expect(weight).toBeGreaterThan(0)
      expect(weight).toBeLessThanOrEqual(1)
    }
  }
})

/** Peers 0 … 9 take from host 1 all the time, each about 1 GB a day; from day 50 on some take `factor` times as much. */
function grown(factor: number, withOld: boolean, who = (peer: number) => peer < 4): Found {
  const contacts = new Contacts(0)
  for (let day = 0; day < 70; day++) {
    const rows = Array.from({ length: 10 }, (_, peer) => ({
      ...{ peer, host: 1 + (peer % 2), role: 2, tick: 60 },
      bytes_out: 1e9 * (0.8 + 0.04 * ((peer * 7 + day * 3) % 10)) * (day >= 50 && who(peer) ? factor : 1),
    }))
    contacts.add(dayRowsOf(day, rows), () => true)
  }
  return membersOf(contacts, {
    ...{ since_day: 50, reference_from_day: 22, until_day: 70, withOld },
    firstSeen: () => 0,
  })
}

test('peers that were there before belong to it by what they draw beyond their own past', () => {
  const { peers } = grown(10, true)
  expect([...peers.keys()].sort()).toEqual([0, 1, 2, 3])
  for (const weight of peers.values()) expect(weight).toBeCloseTo(0.9, 1)
  expect(grown(2, true).peers.size).toBe(0)
  expect(grown(10, false).peers.size).toBe(0)
})

test('of a campaign of newcomers nobody old is accused', () => {
  const contacts = new Contacts(0)
  for (let day = 0; day < 70; day++) {
    const rows: BuiltRow[] = [{ peer: 0, host: 9, bytes_out: day < 50 ? 1e7 : 1e10 }]
    if (day >= 50) for (let peer = 1; peer <= 30; peer++) rows.push({ peer, host: 1, bytes_out: 2e7 })
    contacts.add(dayRowsOf(day, rows), () => true)
  }
  const { peers, hosts } = membersOf(contacts, {
    ...{ since_day: 50, reference_from_day: 22, until_day: 70, withOld: true },
    firstSeen: (peer) => (peer === 0 ? 0 : 50),
  })
  expect(peers.size).toBe(30)
  expect(peers.has(0)).toBe(false)
  expect([...hosts]).toEqual([[1, 1]])
})

test('nobody came, nobody belongs to it', () => {
  const found = membersOf(new Contacts(0), {
    ...{ since_day: 50, reference_from_day: 22, until_day: 70, withOld: true },
    firstSeen: () => 0,
  })
  expect([found.peers.size, found.hosts.size]).toEqual([0, 0])
})
