/**
 * From when on each pool can be judged at each scale: what detection itself asks (grains of its streams, bands of peers by age,
 * days until ages are known, values that a season needs), counted over the hours of the logs. So both tell the same dates. An
 * hour without a record of any sensor is not observed; a day is with half its hours. Dates ahead hold if the logs go on
 * without a gap. What it cannot know: how much of a pool's traffic is left when expectations have explained theirs.
 */

import type { Config } from '../../../config/config-schema.ts'
import { ageUnknownDays } from '../../../detectors/peer-memory.ts'
import { type Band, bands, holdsHosts, type Pool, type PoolKind, pools } from '../../../detectors/sums/channels.ts'
import { HostSum } from '../../../detectors/sums/host-sum.ts'
import { leastHours } from '../../../detectors/sums/observed-hours.ts'
import { Season } from '../../../detectors/sums/season.ts'
import { grains } from '../../../detectors/sums/stream.ts'
import { dayMs } from '../../../model/window.ts'
import type { Census, Level, MaturityRow } from './census-report.ts'

/** What the logs and the configuration give pools to work with. */
export interface PoolSources {
  config: Config
  flows: boolean
  transfers: boolean
}

const hoursPerDay = 24
const scales = ['1 h', '1 d'] as const
/** Logs may leap over years: of a silence longer than this nothing is left to forget. */
const forgottenDays = 60
type CensusScale = (typeof scales)[number]
/** Of the bands the one that holds every peer, and the one in which nobody vouches for anybody and that is full first. */
const channels = { all_peers: 'all', unknown_peers: 'fresh' } as const
type Channel = keyof typeof channels

/** `hours`: those with records, ascending, as whole hours since the epoch. */
export function maturityOf(hours: readonly number[], sources: PoolSources): Census['maturity'] {
  const hoursByDay = new Map<number, number>()
  for (const hour of hours) {
    const day = Math.floor(hour / hoursPerDay)
    hoursByDay.set(day, (hoursByDay.get(day) ?? 0) + 1)
  }
  const fullDays = [...hoursByDay].filter(([, count]) => count >= leastHours).map(([day]) => day)
  const observed = { '1 h': hours, '1 d': fullDays }
  const first_day = Math.floor(hours[0] / hoursPerDay)
  const found = new Map<string, Dates>()
  const dates = (channel: Channel, scale: CensusScale, pool: Pool): Dates => {
    const { slotsPerDay } = grains[scale]
    const next = Math.ceil(((hours[hours.length - 1] + 1) * slotsPerDay) / hoursPerDay)
    const from_day = usableFrom(bandOf(channels[channel]), first_day)
    const sumOfHosts = scale === '1 d' && holdsHosts(pool)
    const key = [channel, scale, sumOfHosts].join(' ')
    const known = found.get(key) ?? datesOf(scale, { observed: observed[scale], first_day, from_day, next, sumOfHosts })
    found.set(key, known)
    return known
  }
  const rows = poolsOf(sources).flatMap(({ pool, lacks }) =>
    scales
      .filter((scale) => pool.scales.includes(scale))
      .flatMap((scale) =>
        (Object.keys(channels) as Channel[]).map((channel): MaturityRow => {
          const blind = lacks ?? (hours.length === 0 ? 'flows' : undefined)
          return {
            ...{ pool: pool.kind, scale, channel },
            ...(blind === undefined
              ? dates(channel, scale, pool)
              : { level: 'blind', ticks: 0, weak_from_ms: null, mature_from_ms: null, lacks: blind }),
          }
        }),
      ),
  )
  return { observed_hours: hours.length, observed_days: hoursByDay.size, rows }
}

function bandOf(id: string): Band {
  return bands.find((band) => band.id === id) as Band
}

/** A band is comparable with its own past once it could be full. */
function usableFrom({ with_unknown, to_days }: Band, first_day: number): number {
  return with_unknown ? first_day : first_day + ageUnknownDays + to_days
}

type Dates = Pick<MaturityRow, 'level' | 'ticks' | 'weak_from_ms' | 'mature_from_ms'>

interface Slots {
  observed: readonly number[]
  first_day: number
  /** First day on which the channel is comparable with later ones. */
  from_day: number
  /** From here on all slots are taken to be observed. */
  next: number
  sumOfHosts: boolean
}

/** Slots count as reference as streams count them: where hosts and season tell what is usual, and not the last few. */
function datesOf(scale: CensusScale, { observed, first_day, from_day, next, sumOfHosts }: Slots): Dates {
  const { slotsPerDay, weak, mature, delay } = grains[scale]
  const season = new Season(slotsPerDay)
  const hosts = sumOfHosts ? new HostSum() : undefined
  const reached: (number | null)[] = [null, null]
  let reference = -delay
  let ticks = 0
  let at = 0
  let last = Number.NEGATIVE_INFINITY
  for (let slot = first_day * slotsPerDay; slot < next || reference < mature; slot++) {
    while (observed[at] < slot) at++
    const isSeen = observed[at] === slot || slot >= next
    if (isSeen) last = slot
    else if (slot - last > forgottenDays * slotsPerDay && at < observed.length) {
      slot = observed[at] - 1
      continue
    }
    const sum = hosts?.step(slot, new Map(isSeen ? [[1, 1]] : []), !isSeen)
    if (isSeen && slot >= from_day * slotsPerDay && !Number.isNaN(sum)) {
      if (season.usual(slot) !== undefined) reference++
      season.add(slot, 0)
      if (reference === weak) reached[0] ??= ((slot + 1) * dayMs) / slotsPerDay
      if (reference === mature) reached[1] ??= ((slot + 1) * dayMs) / slotsPerDay
    }
    if (slot < next) ticks = Math.max(0, reference)
  }
  const level: Level = ticks >= mature ? 'mature' : ticks >= weak ? 'weak' : 'policy_only'
  return { level, ticks, weak_from_ms: reached[0], mature_from_ms: reached[1] }
}

interface CensusPool {
  pool: Pool
  lacks?: string
}

/**
 * Pools that detection sums over, and what they have nothing to work with without. Those of keys (networks, programs, projects, sizes of
 * pieces) and of what nothing is tied to are not among them: which there are, and since when, is known when flows have been joined.
 */
type ForecastKind = Exclude<PoolKind, 'unattributed' | 'peer_asn' | 'client_fp' | 'project' | 'piece_size'>
function poolsOf({ config, flows, transfers }: PoolSources): CensusPool[] {
  const needs: Record<ForecastKind, [has: boolean, lacks: string][]> = {
    site: [[flows, 'flows']],
    role: [[config.hosts.length > 0, 'hosts in weir.yaml']],
    service: [[flows, 'flows']],
    vault: [
      [config.vaults.length > 0, 'vaults in weir.yaml'],
      [transfers, 'transfer logs or file audits'],
    ],
    gateway: [[config.site.vpn_pools.length > 0, 'vpn_pools in weir.yaml']],
  }
  return pools.flatMap((pool) => {
    if (!(pool.kind in needs)) return []
    const missing = needs[pool.kind as ForecastKind].find(([has]) => !has)
    return [{ pool, ...(missing ? { lacks: missing[1] } : {}) }]
  })
}
