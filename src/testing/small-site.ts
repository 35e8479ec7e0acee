/** A small site as rows of arrivals: 30 regular peers, strangers that stay a week, all at any hour; and newcomers who take. */
import { unknownAge } from '../detectors/day-rows.ts'
import { ageUnknownDays } from '../detectors/peer-memory.ts'
import { keyedUniform } from '../math/keyed-uniform.ts'
import { normalQuantile } from '../math/normal.ts'
import { ticksPerDay } from '../model/window.ts'
import type { BuiltRow } from './day-rows-builder.ts'

export interface SmallSite {
  seed: number
  /** Ticks between two at which somebody may come, and the chances that a regular peer and a stranger do. */
  every: number
  regular: number
  stranger: number
  /** New strangers of a day, at most `most`. */
  strangers: (day: number) => number
  most: number
}

const regulars = 30
const firstStranger = 1000
const stay = 6

/** `day`: from 0, the first day of memory. Peers are numbers: regular ones below 30, strangers from 1,000. */
export function smallSiteRows(day: number, { seed, every, regular, stranger, strangers, most }: SmallSite): BuiltRow[] {
  const uniform = (...keys: (string | number)[]): number => keyedUniform(seed, ...keys)
  const rows: BuiltRow[] = []
  const visit = (peer: number, first: number, tick: number): void => {
    rows.push({
      ...{ peer, tick, host: 1 + (peer % 3), role: 2, vault: 1, service: 1 },
      age_days: first < ageUnknownDays ? unknownAge : day - first,
      bytes_out: Math.round(2e7 * Math.exp(normalQuantile(uniform('bytes', day, peer, tick)))),
    })
  }
  for (let tick = 0; tick < ticksPerDay; tick += every) {
    for (let peer = 0; peer < regulars; peer++) if (uniform('comes', day, peer, tick) < regular) visit(peer, 0, tick)
    for (let first = Math.max(0, day - stay); first <= day; first++)
      for (let i = 0; i < strangers(first); i++)
        if (uniform('stranger', day, first, i, tick) < stranger) visit(firstStranger + most * first + i, first, tick)
  }
  return rows
}

export interface Takers {
  /** Newcomers of each day. */
  count: number
  bytes_an_hour: number
  vault?: number
  /** Where the taker of this number takes from; default: host 1. */
  hostOf?: (taker: number) => number
}

/** Numbers of takers begin here. */
export const firstTaker = 1_000_000

/** Newcomers of one day who take in each of its hours. */
export function takersRows(day: number, { count, bytes_an_hour, vault = 1, hostOf = () => 1 }: Takers): BuiltRow[] {
  return Array.from({ length: count }, (_, i) => count * day + i).flatMap((taker, i) =>
    Array.from({ length: 24 }, (_, hour) => ({
      ...{ peer: firstTaker + taker, tick: 6 * hour + (i % 6), host: hostOf(taker), role: 2, age_days: 0 },
      ...{ vault, service: 1, bytes_out: bytes_an_hour },
    })),
  )
}
