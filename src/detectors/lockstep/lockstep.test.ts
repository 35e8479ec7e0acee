import { expect, test } from 'vitest'
import { type BuiltRow, builtNames, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import { unknownAge } from '../day-rows.ts'
import { keyGraph } from './key-graph.ts'
import { Lockstep, type LockstepBlock } from './lockstep.ts'
import { NovelPairs } from './novel-pairs.ts'

const names = builtNames((peer) => peer >> 4)
const none = (): boolean => false

interface WorldOptions {
  seed: number
  days: number
  /** Newcomers a day. */
  newcomers?: number
  /** From this day on, so many new peers a day draw from some of 20 hosts each. */
  theft?: { from: number; peers: number; hosts_each: number; also?: number }
}

/**
 * 80 hosts, of which 8 stand behind a load balancer that gives each of its newcomers 4 of them; other newcomers draw from 1 or 2 hosts,
 * some hosts far more often.
 */
function* world({ seed, days, newcomers = 60, theft }: WorldOptions): Generator<{ day: number; rows: BuiltRow[] }> {
  const draw = new Shuffler(seed)
  let next = 0
  for (let day = 0; day < days; day++) {
    const rows: BuiltRow[] = []
    const age_days = day < 30 ? unknownAge : 0
    const come = (ofHosts: readonly number[]): void => {
      const peer = next++
      for (const host of ofHosts)
        rows.push({
          peer,
          host: 1 + host,
          age_days,
          bytes_out: 5e6,
          tick: draw.below(144),
          client_fp: 1 + draw.below(40),
        })
    }
    // newcomers vary from day to day as counts do and more
    const today = Math.round(newcomers * (0.7 + (0.6 * draw.below(1000)) / 1000))
    for (let n = 0; n < today; n++) {
      if (draw.below(4) === 0) come([0, 1, 2, 3].map(() => draw.below(8)))
      else come(Array.from({ length: 1 + draw.below(2) }, () => 8 + Math.floor((draw.below(72) * draw.below(72)) / 72)))
    }
    if (theft && day >= theft.from)
      for (let n = 0; n < theft.peers; n++)
        come([
          ...Array.from({ length: theft.hosts_each }, () => 40 + draw.below(20)),
          ...Array.from({ length: theft.also ?? 0 }, () => draw.below(8)),
        ])
    yield { day, rows }
  }
}

function found(
  options: WorldOptions,
  isTaken: (rows: { peer: Int32Array }, i: number) => boolean = none,
): Map<number, LockstepBlock[]> {
  const lockstep = new Lockstep({ seed: 1, names })
  const byDay = new Map<number, LockstepBlock[]>()
  for (const { day, rows } of world(options)) {
    const blocks = lockstep.day(dayRowsOf(day, rows), isTaken)
    if (blocks.length > 0) byDay.set(day, blocks)
  }
  return byDay
}

const thieves = { from: 150, peers: 12, hosts_each: 5 }

test('hosts that newcomers share as never before are told within days, and are those of the theft', () => {
  const byDay = found({ seed: 1, days: 160, theft: thieves })
  const [first] = byDay.keys()
  expect(first).toBeGreaterThanOrEqual(150)
  expect(first).toBeLessThan(158)
  const blocks = [...byDay.values()].flat().filter(({ kind }) => kind === 'peer')
  const { host_ids, peer_indexes, rank, density, bytes_out } = blocks.at(-1) as LockstepBlock
  const own = host_ids.filter((host) => host > 40 && host <= 60).length
  expect(own).toBe(20)
  expect(host_ids.length).toBeLessThan(30)
  expect(peer_indexes.length).toBeGreaterThan(30)
  expect(density).toBeGreaterThan(rank.largest)
  expect(bytes_out).toBeGreaterThan(1e8)
})

test('drawing from what everybody draws from hides nothing', () => {
  const byDay = found({ seed: 1, days: 160, theft: { ...thieves, also: 4 } })
  const blocks = [...byDay.values()].flat().filter(({ kind }) => kind === 'peer')
  const { host_ids } = blocks.at(-1) as LockstepBlock
  expect(host_ids.filter((host) => host > 40 && host <= 60).length).toBe(20)
})

test('what an open incident has taken is left out', () => {
  const isThief = (rows: { host?: Int32Array; peer: Int32Array }, i: number): boolean => {
    const host = rows.host?.[i] ?? 0
    return host > 40 && host <= 60
  }
  expect(found({ seed: 1, days: 160, theft: thieves }, isThief).size).toBe(0)
})

test('years in which nothing changes: an item in a site-year at most', () => {
  let items = 0
  const years = 2
  for (let seed = 0; seed < years; seed++) {
    const weeks = new Set<string>()
    for (const [day, blocks] of found({ seed: 100 + seed, days: 365, newcomers: 30 }))
      for (const { kind, window_days } of blocks) weeks.add(`${Math.floor((day + 3) / 7)} ${kind} ${window_days}`)
    items += weeks.size
  }
  expect(items / years).toBeLessThanOrEqual(1)
}, 120_000)

test('the order and size of ids decide nothing', () => {
  const blocksOf = (of: (id: number) => number, isPlain: boolean): unknown[] => {
    const lockstep = new Lockstep({ seed: 1, names: { peer: (index) => names.peer(index) } })
    const blocks: LockstepBlock[] = []
    for (const { day, rows } of world({ seed: 1, days: 158, theft: thieves })) {
      const renamed = rows.map((row) => ({
        ...row,
        host: of(row.host as number),
        client_fp: of(row.client_fp as number),
      }))
      blocks.push(...lockstep.day(dayRowsOf(day, renamed), none))
    }
    // `of` is its own inverse
    return blocks.map(({ host_ids, ...rest }) => ({
      ...rest,
      hosts: [...host_ids].map((id) => (isPlain ? id : of(id))),
    }))
  }
  expect(blocksOf((id) => 1000 - id, false)).toEqual(blocksOf((id) => id, true))
})

test('answers to scans, explained bytes and vouched peers are no pairs, nor is who came in the first days', () => {
  const pairs = new NovelPairs()
  pairs.day(dayRowsOf(0, [{ peer: 0, host: 1, bytes_out: 5e6 }]), none)
  for (let day = 1; day <= 7; day++) pairs.day(dayRowsOf(day, []), none)
  pairs.day(
    dayRowsOf(8, [
      { peer: 0, host: 1, bytes_out: 5e6 },
      { peer: 1, host: 1, bytes_out: 6e5, tick: 3 },
      { peer: 1, host: 1, bytes_out: 6e5, tick: 5 },
      { peer: 2, host: 1, bytes_out: 9e5 },
      { peer: 3, host: 1, bytes_out: 5e6, unexplained: false },
      { peer: 4, host: 1, bytes_out: 5e6, age_days: 65_534 },
      { peer: 5, host: 1, bytes_out: 5e6, age_days: 12 },
      { peer: 6, host: 1, bytes_out: 5e6, age_days: 40 },
    ]),
    none,
  )
  const [last] = pairs.since(8)
  expect([...last.peer]).toEqual([5, 1])
  expect([...last.first_day]).toEqual([-4, 8])
  expect([...last.token_pair]).toEqual([0, 1, 1])
})

test('what finds no room is counted', () => {
  const pairs = new NovelPairs(2)
  pairs.day(dayRowsOf(0, []), none)
  for (const day of [8, 9, 39])
    pairs.day(
      dayRowsOf(
        day,
        [0, 1, 2].map((n) => ({ peer: day * 3 + n, host: 1, bytes_out: 5e6 })),
      ),
      none,
    )
  expect(pairs.left_out).toBe(1)
  expect(pairs.since(0).map(({ day, length }) => [day, length])).toEqual([[39, 2]])

  const days = [
    { ...emptyPairs(), length: 6, host: Int32Array.of(1, 2, 1, 2, 3, 1), peer: Int32Array.of(0, 0, 1, 1, 1, 2) },
  ]
  const source = { days, from_day: 0, networkOf: (peer: number) => peer, isTaken: () => false }
  expect(keyGraph('peer', source)).toMatchObject({ cols: 2, left_out: 0 })
  const small = keyGraph('peer', source, 4)
  expect(small).toMatchObject({ cols: 1, left_out: 2 })
  expect([...small.edges.row]).toEqual([0, 1, 2])
  expect(small.edges.weight[0]).toBeCloseTo(1 / Math.log(8), 12)
})

const emptyPairs = () => ({
  ...{ day: 8, first_day: new Int32Array(6), peer_asn: new Uint32Array(6), client_fp: new Int32Array(6) },
  ...{ size_bin: new Int32Array(6), bytes_out: new Float64Array(6) },
  ...{ token_pair: new Int32Array(0), token: new Int32Array(0) },
})
