/**
 * What ticks of a day cost after some history: the day's sums, the step of each tick, and the end of the day, at which streams of
 * days, all other detectors and the members of an open campaign are judged as well.
 */
import { setImmediate } from 'node:timers/promises'
import type { DayRows } from '../../detectors/day-rows.ts'
import { decodeDay } from '../../detectors/decode-day.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { pools } from '../../detectors/sums/channels.ts'
import { ticksPerDay } from '../../model/window.ts'
import { type Baselines, baselinesOf } from './baselines.ts'
import { type Cost, divided, medianCost, sumOf } from './cost.ts'
import { type DayCosts, Detection } from './detection.ts'
import type { Memory } from './memory.ts'
import { stopIfAborted } from './stop.ts'
import { SyntheticSite } from './synthetic-site.ts'
import { namesOf } from './synthetic-store.ts'

export interface TickOptions {
  seed: number
  entities: number
  pools: number
  history_days: number
  /** Days that are measured, after the history. */
  repeat: number
  onDay: () => void
  signal?: AbortSignal
}

export interface TickResult {
  history_days: number
  /** Of the day that the baselines read. */
  active_pairs: number
  /** Of the pools that `pools` asks for: sums of keys (networks, clients, projects, sizes) come on top. */
  pool_entities: number
  rows: number
  largest_tick_rows: number
  /** Streams that bet. */
  streams: number
  /** Medians over the measured days, of a whole day each. */
  day: DayCosts
  /** A day's sums and steps by its ticks. */
  mean_tick: Cost
  /** As if the day were handed in at its end: its sums, the last step, other detectors, members. */
  last_tick: Cost
  /** What detection holds, without the rows. */
  state: { sums: Memory; other_detectors: Memory; campaign: Memory }
  /** Of the whole process. */
  rss_bytes: number
  baselines: Baselines
}

export const firstDay = 20_003
/** The campaign whose members are found anew began so many days before the last. */
const campaignDays = 10

export async function benchTick(options: TickOptions): Promise<TickResult> {
  const { seed, history_days, repeat } = options
  const site = new SyntheticSite({ ...options, first_day: firstDay })
  const memory = new PeerMemory()
  const end = firstDay + history_days + repeat
  const detection = new Detection({ seed, memory, names: namesOf(site, memory), campaign_day: end - campaignDays })
  const costs: DayCosts[] = []
  for (let day = firstDay; day < end - 1; day++) {
    // signals and timers have their turn
    await setImmediate()
    stopIfAborted(options.signal)
    const cost = detection.day(await decodeDay(day, [site.day(day)], memory))
    if (day >= firstDay + history_days) costs.push(cost)
    options.onDay()
  }
  const arrivals = site.day(end - 1)
  const rows = await decodeDay(end - 1, [arrivals], memory)
  costs.push(detection.day(rows))
  options.onDay()
  const median = (part: keyof DayCosts): Cost => medianCost(costs.map((each) => each[part]))
  const day: DayCosts = {
    ...{ sums: median('sums'), steps: median('steps'), last_step: median('last_step') },
    ...{ other_detectors: median('other_detectors'), members: median('members'), all: median('all') },
  }
  const { streams } = detection
  const rss_bytes = process.memoryUsage.rss()
  return {
    ...{ history_days, streams, day, rss_bytes, rows: rows.length },
    ...countsOf(rows),
    mean_tick: divided(sumOf(day.sums, day.steps), ticksPerDay),
    last_tick: sumOf(day.sums, day.last_step, day.other_detectors, day.members),
    baselines: await baselinesOf(rows, arrivals, Math.max(3, repeat)),
    state: detection.end(),
  }
}

/** Pools whose entities belong to the site; keys come with whoever takes the data. */
const sitePools = pools.filter(({ weak }) => weak === undefined)

function countsOf(rows: DayRows): Pick<TickResult, 'active_pairs' | 'pool_entities' | 'largest_tick_rows'> {
  const pairs = new Set<number>()
  const ticks = new Int32Array(ticksPerDay)
  const entities = sitePools.map(() => new Set<number>())
  for (let i = 0; i < rows.length; i++) {
    pairs.add(rows.host[i] * 0x40000000 + rows.peer[i])
    ticks[rows.tick[i] % ticksPerDay]++
    for (const [p, { entityOf }] of sitePools.entries()) entities[p].add(entityOf(rows, i))
  }
  return {
    active_pairs: pairs.size,
    pool_entities: entities.reduce((sum, each) => sum + each.size - (each.has(0) ? 1 : 0), 0),
    largest_tick_rows: Math.max(...ticks),
  }
}
