/** What it costs to judge a site's days again, all of them, as each `analyze` does: days in which a theft is found near the end. */

import { defaultConfig } from '../../config/config-schema.ts'
import { decodeDay } from '../../detectors/decode-day.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { ArrivalDays } from '../detect/arrival-days.ts'
import { HostDays } from '../detect/host-days.ts'
import { type Judged, judgeDays } from '../detect/judge-days.ts'
import { entityName } from '../detect/series-words.ts'
import { type Baselines, baselinesOf } from './baselines.ts'
import { firstDay } from './bench-tick.ts'
import { type Cost, difference, largestCost, medianCost, stopwatch, sumOf } from './cost.ts'
import { alpha, vaults } from './detection.ts'
import { SyntheticSite } from './synthetic-site.ts'
import { SyntheticStore } from './synthetic-store.ts'

export interface RescoringOptions {
  seed: number
  entities: number
  pools: number
  days: number
  /** So many times over; medians are told. */
  repeat: number
  onDay: () => void
  signal?: AbortSignal
}

export interface RescoringResult {
  days: number
  repeat: number
  entities: number
  rows: number
  /** Of all days, reading and decoding included, making them left out. */
  total: Cost
  median_day: Cost
  /** One on which something was declared: members are looked for, and all days are replayed without them. */
  slowest_day: Cost
  campaigns: number
  /** Of the last day. */
  baselines: Baselines
}

/** At the end. */
const theftDays = 10

export async function benchRescoring(options: RescoringOptions): Promise<RescoringResult> {
  const { days, entities, repeat } = options
  const last = firstDay + days - 1
  const site = new SyntheticSite({ ...options, first_day: firstDay, theft_from: last + 1 - theftDays })
  const store = new SyntheticStore(site, { days })
  const sizes = await store.arrivalDays()
  const runs: Run[] = []
  for (let n = 0; n < repeat; n++) runs.push(await judgedOnce(store, options))
  const arrivals = site.day(last)
  const rows = await decodeDay(last, [arrivals], new PeerMemory())
  return {
    ...{ days, repeat, entities, rows: [...sizes.values()].reduce((sum, each) => sum + each, 0) },
    total: medianCost(runs.map(({ costs }) => sumOf(...costs))),
    median_day: medianCost(runs.flatMap(({ costs }) => costs)),
    slowest_day: medianCost(runs.map(({ costs }) => largestCost(costs))),
    campaigns: runs[0].judged.campaigns.length,
    baselines: await baselinesOf(rows, arrivals, Math.max(3, repeat)),
  }
}

interface Run {
  judged: Judged
  /** By day. */
  costs: readonly Cost[]
}

async function judgedOnce(
  store: SyntheticStore,
  { seed, onDay, signal }: Pick<RescoringOptions, 'seed' | 'onDay' | 'signal'>,
): Promise<Run> {
  const costs: Cost[] = []
  let [made, stop] = [store.making, stopwatch()]
  const judged = await judgeSynthetic(store, seed, {
    signal,
    onDay: () => {
      costs.push(difference(stop(), difference(store.making, made)))
      onDay()
      made = store.making
      stop = stopwatch()
    },
  })
  return { judged, costs }
}

/** All days of a store through all detectors. */
export async function judgeSynthetic(
  store: SyntheticStore,
  seed: number,
  { onDay, signal }: { onDay: () => void; signal?: AbortSignal },
): Promise<Judged> {
  const memory = new PeerMemory()
  const arrivals = await ArrivalDays.of(store, memory, defaultConfig(), [])
  const hosts = new HostDays()
  return judgeDays({
    ...{ arrivals, memory, seed, alpha, vaults, onDay, signal },
    evenings: { hosts, addressesOf: new Map(), question: { projectOf: () => '', openVaults: new Set() } },
    nameOf: (kind, entity) => entityName(kind, entity, (id) => arrivals.text(id)),
    isQuiet: () => false,
    observers: [hosts],
  })
}
