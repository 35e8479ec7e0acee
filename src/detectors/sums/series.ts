/** One sum (pool × channel × statistic × scale) with the values it was fed, so that it can be replayed without those of a campaign. */
import { tickMs } from '../../model/window.ts'
import { ageUnknownDays } from '../peer-memory.ts'
import {
  type Band,
  bands,
  holdsHosts,
  type Measure,
  type MeasureId,
  measures,
  type Pool,
  pools,
  type ScaleId,
  type Statistic,
  scales,
  statistics,
} from './channels.ts'
import type { HostPast } from './host-past.ts'
import type { SlotValues } from './slot-values.ts'
import { grains, type Stream } from './stream.ts'
import { amountOf, levelOf } from './tally.ts'

export type WatchModule = 'sums' | 'bursts'

export interface Series {
  pool: Pool
  entity: number
  /** Such as `role:service`. */
  pool_name: string
  name: string
  band: Band
  measure: Measure
  statistic: Statistic
  scale: ScaleId
  /** As the tables say, where no more entities of its pool bet than these allow for. */
  weight: number
  /** What of it is left where more do, as of the day's first tick. */
  share: number
  first_day: number
  /** By slot of its scale; by day where that is longer. Sums that differ only from a day on upwards hold the same. */
  values: SlotValues
  /** Of bytes by host: the hosts. */
  hosts: HostPast | undefined
  stream: Stream
}

export type SeriesKind = Pick<Series, 'pool' | 'entity' | 'band' | 'measure' | 'statistic' | 'scale'>

export const measureOf = Object.fromEntries(measures.map((measure) => [measure.id, measure])) as Record<
  MeasureId,
  Measure
>

/** Of sums that are sums already, and of hosts the one that has always been. */
export const plainSum = statistics[0]

/** Whether bytes come by host, so that there are several ways to make one number of them. */
export function isOverHosts(pool: Pool, measure: Measure, scale: ScaleId): boolean {
  return holdsHosts(pool) && measure.id === 'bytes' && grains[scale].slotsPerDay <= 1
}

/** What is judged of the values of a scale: itself, and of days what days and their hosts add up to. */
export function kindsOf(
  pool: Pool,
  band: Band,
  measure: Measure,
  scale: ScaleId,
): Pick<Series, 'statistic' | 'scale'>[] {
  if (scale !== '1 d') return [{ statistic: plainSum, scale }]
  return scales
    .filter(({ id }) => grains[id].slotsPerDay <= 1)
    .filter(({ id }) => [pool, band, measure].every((part) => part.scales.includes(id)))
    .flatMap(({ id }) =>
      statistics
        .filter(
          (each) =>
            each === plainSum ||
            (isOverHosts(pool, measure, id) && each.scales.includes(id) && each.bands.includes(band.id)),
        )
        .map((statistic) => ({ statistic, scale: id })),
    )
}

/** Fixed before any data. */
export function weightOf({ pool, band, measure, statistic, scale }: SeriesKind): number {
  return (
    (pool.weight / pool.entities) *
    band.weight *
    measure.weight *
    (scales.find(({ id }) => id === scale)?.weight ?? 0) *
    (isOverHosts(pool, measure, scale) ? statistic.weight : 1)
  )
}

export function moduleOf({ scale }: Pick<Series, 'scale'>): WatchModule {
  return scale === '10 min' ? 'bursts' : 'sums'
}

/** A number of its own for each; ids of entities have 32 bits. */
export function keyOf({ pool, entity, band, measure, statistic, scale }: SeriesKind): number {
  let kind = pools.indexOf(pool)
  kind = kind * bands.length + bands.indexOf(band)
  kind = kind * measures.length + measures.indexOf(measure)
  kind = kind * statistics.length + statistics.indexOf(statistic)
  kind = kind * scales.length + scaleIds.indexOf(scale)
  return entity * pools.length * bands.length * measures.length * statistics.length * scales.length + kind
}
const scaleIds = scales.map(({ id }) => id)

/** A band is comparable with its own past once it could be full. */
export function usableFrom({ band, first_day }: Pick<Series, 'band' | 'first_day'>, memory_day: number): number {
  const full = band.with_unknown ? memory_day : memory_day + ageUnknownDays + band.to_days
  return Math.max(full, first_day)
}

/** Value and control of a slot of a day at most; what has no row is nothing. */
export function slotOf({ values, measure, band }: Series, day: number, slot: number): [value: number, control: number] {
  if (values.has(day)) return [values.value(day, slot), values.control(day, slot)]
  const nothing = levelOf(measure.id, 0)
  return [nothing, band.with_unknown ? Number.NaN : nothing]
}

/** The same of a block: what its days held together, those that are missing taken to be like the others. */
export function blockOf(series: Series, days: readonly number[], length: number): [value: number, control: number] {
  const { measure } = series
  const sums = [0, 0]
  for (const day of days)
    for (const [i, level] of slotOf(series, day, 0).entries()) sums[i] += amountOf(measure.id, level)
  const [value, control] = sums.map((sum) => levelOf(measure.id, (sum * length) / days.length))
  return [value, control]
}

/** When the evidence began to grow. */
export function sinceOf({ stream, scale }: Series): number {
  return (stream.since() ?? 0) * grains[scale].ticks * tickMs
}
