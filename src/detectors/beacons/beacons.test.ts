import { expect, test } from 'vitest'
import { type BuiltRow, builtNames, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Shuffler } from '../../testing/permutation.ts'
import type { DayRows } from '../day-rows.ts'
import { type Beacon, Beacons } from './beacons.ts'

const names = builtNames()
const none = (_rows: DayRows, _i: number): boolean => false
/** A Monday. */
const monday = 20_458

interface Called {
  peer: number
  host: number
  /** Ticks of the day. */
  ticks: (day: number, draw: Shuffler) => number[]
  from?: number
  peer_asn?: number
  unexplained?: boolean
}

/** 40 hosts of two roles with 12 pairs each, of which a third come anew every two weeks; calls at random, most in office hours. */
function* world(
  seed: number,
  days: number,
  called: readonly Called[] = [],
): Generator<{ day: number; rows: BuiltRow[] }> {
  const draw = new Shuffler(seed)
  for (let n = 0; n < days; n++) {
    const rows: BuiltRow[] = []
    for (let pair = 0; pair < 480; pair++) {
      const generation = pair % 3 === 0 ? Math.floor((n + pair) / 14) : 0
      const calls = draw.below(1 + (pair % 7) * (n % 7 < 5 ? 2 : 1))
      for (let call = 0; call < calls; call++) {
        const tick = draw.below(3) > 0 ? 48 + draw.below(60) : draw.below(144)
        rows.push({ peer: 1000 * generation + pair, host: 1 + (pair % 40), role: pair % 2, tick, bytes_out: 200 })
      }
    }
    for (const { peer, host, ticks, from = 0, ...more } of called)
      if (n >= from)
        for (const tick of ticks(n, draw)) rows.push({ peer, host, role: host % 2, tick, bytes_out: 90, ...more })
    yield { day: monday + n, rows }
  }
}

function found(
  seed: number,
  days: number,
  called: readonly Called[] = [],
  isTaken = none,
): { day: number; beacon: Beacon }[] {
  const beacons = new Beacons({ names })
  return [...world(seed, days, called)].flatMap(({ day, rows }) =>
    beacons.day(dayRowsOf(day, rows), isTaken).map((beacon) => ({ day: day - monday, beacon })),
  )
}

/** About every 90 minutes, up to a quarter more or less, in 90 bytes. */
const jittered = (_: number, draw: Shuffler): number[] =>
  Array.from({ length: 16 }, (_, n) => 9 * n + draw.below(4)).filter((tick) => tick < 144)
const hourly = (): number[] => Array.from({ length: 24 }, (_, n) => 6 * n + 2)
/** Four runs, one after the other. */
const nightly = (): number[] => [13, 14, 17, 21, 25]

test('a beacon with jitter is told once, with its period and pair, however few bytes it takes', () => {
  const items = found(1, 120, [{ peer: 77_000, host: 9, ticks: jittered, from: 70 }])
  expect(items.length).toBe(1)
  const [{ day, beacon }] = items
  expect(day).toBeLessThanOrEqual(84)
  expect(beacon).toMatchObject({ host: 9, peers: '60.200.44.0/24' })
  expect(beacon.period_ticks).toBeGreaterThan(8)
  expect(beacon.period_ticks).toBeLessThan(10)
  expect(beacon.p).toBeLessThan(1e-4)
})

test('whoever changes addresses within a system is told as the system', () => {
  const moving = Array.from({ length: 40 }, (_, n) => ({
    ...{ peer: 80_000 + 300 * n, host: 9, from: 70, peer_asn: 64_500 },
    ticks: (day: number, draw: Shuffler) => jittered(day, draw).filter((_, call) => (call + day * 7) % 40 === n),
  }))
  const items = found(2, 100, moving)
  expect(items.map(({ beacon: { host, peers } }) => ({ host, peers }))).toEqual([{ host: 9, peers: 'AS64500' }])
})

test('what was regular in the first weeks is no news, neither elsewhere; nor is what is explained, taken, or nightly', () => {
  const mirror = { peer: 90_000, ticks: hourly }
  expect(
    found(3, 120, [
      { ...mirror, host: 3 },
      { ...mirror, host: 5, from: 80 },
    ]),
  ).toEqual([])
  expect(found(3, 120, [{ ...mirror, host: 3, from: 70, unexplained: false }])).toEqual([])
  expect(found(3, 120, [{ ...mirror, host: 3, from: 70, ticks: nightly }])).toEqual([])
  const isMirror = (rows: DayRows, i: number): boolean => rows.peer[i] === mirror.peer
  expect(found(3, 120, [{ ...mirror, host: 3, from: 70 }], isMirror)).toEqual([])
  expect(found(3, 120, [{ ...mirror, host: 3, from: 70 }]).length).toBe(1)
})

test('a site where nothing changes: an item in a year at most', () => {
  expect(found(10, 365).length).toBeLessThanOrEqual(1)
}, 60_000)
