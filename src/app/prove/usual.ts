/**
 * The usual rules for single hosts and for the site's total on the same days and bytes, each with its line as low as the clean twin
 * lets it be: with no more alarms on the days that are compared than Weir's own budget of false incidents allows. In life nobody
 * can set a line on those days: a kindness to the rules.
 */
import {
  cusumAlarms,
  cusumIncrements,
  cusumLine,
  ewmaScores,
  levelOf,
  quotaScores,
} from '../../detectors/usual-rules-scores.ts'
import type { Background } from '../../prove/background.ts'
import { type DaySeries, HostSeries } from '../../prove/host-series.ts'

export const usualRuleIds = [
  'host_quota',
  'host_ewma',
  'host_cusum',
  'site_cusum',
  'host_quota_new',
  'host_ewma_new',
  'host_cusum_new',
  'site_cusum_new',
] as const
export type UsualRuleId = (typeof usualRuleIds)[number]

/** Fewer days than this are no baseline. */
export const leastBaselineDays = 14

export interface UsualOptions {
  background: Background
  /** The campaign's bytes by day, counted from the background's first, for each host and for the site. */
  added: { hosts: ReadonlyMap<number, DaySeries>; site: DaySeries }
  start_day: number
  end_day: number
  false_alarms_per_year: number
}

/** Days from the start to the end of the day of the first alarm that the twin does not have; null: none; undefined: no baseline. */
export function usualDelays(options: UsualOptions): Partial<Record<UsualRuleId, number | null>> {
  const { background, added, start_day, end_day } = options
  const { series } = background
  const [start, end] = [start_day - series.first_day, Math.min(series.length, end_day - series.first_day)]
  const allowed = Math.floor((options.false_alarms_per_year * (end - start)) / 365)
  const delays: Partial<Record<UsualRuleId, number | null>> = {}
  for (const feed of ['all', 'fresh'] as const) {
    const from = feed === 'all' ? 0 : HostSeries.freshFrom
    if (start - from < leastBaselineDays) continue
    const suffix = feed === 'all' ? '' : '_new'
    const levels = (of: DaySeries): Float64Array => Float64Array.from(of[feed].subarray(0, end), levelOf)
    const sums = (own: DaySeries, more: DaySeries | undefined): Float64Array =>
      Float64Array.from(own[feed].subarray(0, end), (bytes, day) => levelOf(bytes + (more?.[feed][day] ?? 0)))
    const hosts = [...series.hosts]
    const clean = hosts.map(([, each]) => levels(each))
    const members = hosts.flatMap(([host, each]) => {
      const more = added.hosts.get(host)
      return more ? [sums(each, more)] : []
    })
    const tell = (rule: string, day: number): void => {
      delays[`${rule}${suffix}` as UsualRuleId] = Number.isFinite(day) ? day - start + 1 : null
    }
    for (const [rule, scores] of [
      ['host_quota', (each: Float64Array) => quotaScores(each, from, start)],
      ['host_ewma', ewmaScores],
    ] as const)
      tell(rule, firstAbove(members.map(scores), lineOver(clean.map(scores), start, end, allowed), start))
    const cusum = (rule: string, twins: readonly Float64Array[], placed: readonly Float64Array[]): void => {
      const increments = (each: Float64Array): Float64Array => cusumIncrements(each, from, start)
      const line = cusumLine(twins.map(increments), start, end, allowed)
      const alarms = placed.flatMap((each) => cusumAlarms(increments(each), start, line))
      tell(rule, Math.min(...alarms.map(({ day_index }) => day_index), Number.POSITIVE_INFINITY))
    }
    cusum('host_cusum', clean, members)
    cusum('site_cusum', [levels(series.site)], [sums(series.site, added.site)])
  }
  return delays
}

/** The lowest line with no more than `allowed` scores above it on the days [start, end). */
function lineOver(scores: readonly Float64Array[], start: number, end: number, allowed: number): number {
  const all = scores.flatMap((each) => [...each.subarray(start, end)].filter((score) => !Number.isNaN(score)))
  return all.sort((a, b) => b - a)[allowed] ?? Number.POSITIVE_INFINITY
}

function firstAbove(scores: readonly Float64Array[], line: number, start: number): number {
  let first = Number.POSITIVE_INFINITY
  for (const each of scores) {
    const found = each.findIndex((score, day) => day >= start && score > line)
    if (found >= 0) first = Math.min(first, found)
  }
  return first
}
