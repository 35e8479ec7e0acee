/**
 * The usual rules for single hosts and for the site's total on the same days and bytes. The first half of the days before the start
 * is each rule's baseline; on the second half its line is set as low as Weir's own budget of false incidents allows. On days so few
 * that is a low line, and a rule may well alarm without any campaign: then its alarms are not credited, as Weir's are not.
 */
import {
  cusumAlarms,
  cusumIncrements,
  cusumLine,
  ewmaScores,
  levelOf,
  quotaScores,
} from '../../detectors/usual-rules/usual-rules-scores.ts'
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

export interface UsualOutcome {
  rule: UsualRuleId
  /** Days from the start to the end of the day of the first alarm on a member host, or on the site; null: none. */
  delay_days: number | null
  /** It alarms within the same days without the campaign. */
  twin_alarms: boolean
}

type Series = readonly Float64Array[]

/** Of those rules for whose baseline there are enough days. */
export function usualOutcomes({ background, added, ...options }: UsualOptions): UsualOutcome[] {
  const { series } = background
  const [start, end] = [options.start_day - series.first_day, options.end_day - series.first_day]
  const outcomes: UsualOutcome[] = []
  for (const feed of ['all', 'fresh'] as const) {
    const from = feed === 'all' ? 0 : HostSeries.freshFrom
    const half = Math.floor((from + start) / 2)
    if (half - from < leastBaselineDays) continue
    const allowed = Math.floor((options.false_alarms_per_year * (start - half)) / 365)
    const levels = (own: DaySeries, more?: DaySeries): Float64Array =>
      Float64Array.from(own[feed].subarray(0, end), (bytes, day) => levelOf(bytes + (more?.[feed][day] ?? 0)))
    const hosts = [...series.hosts]
    const clean = hosts.map(([, each]) => levels(each))
    const members = hosts.flatMap(([host, each]) => {
      const more = added.hosts.get(host)
      return more ? [levels(each, more)] : []
    })
    const tell = (rule: string, firstOf: (of: Series) => number, twins: Series, placed: Series): void => {
      const first = firstOf(placed)
      outcomes.push({
        rule: (feed === 'all' ? rule : `${rule}_new`) as UsualRuleId,
        delay_days: Number.isFinite(first) ? first - start + 1 : null,
        twin_alarms: Number.isFinite(firstOf(twins)),
      })
    }
    for (const [rule, score] of [
      ['host_quota', (each: Float64Array) => quotaScores(each, from, half)],
      ['host_ewma', ewmaScores],
    ] as const) {
      const line = lineOver(clean.map(score), half, start, allowed)
      tell(rule, (of) => firstAbove(of.map(score), line, start), clean, members)
    }
    const cusum = (rule: string, twins: Series, placed: Series): void => {
      const increments = (each: Float64Array): Float64Array => cusumIncrements(each, from, half)
      const line = cusumLine(twins.map(increments), half, start, allowed)
      const firstOf = (of: Series): number => {
        const alarms = of.flatMap((each) => cusumAlarms(increments(each), half, line))
        return Math.min(
          ...alarms.map(({ day_index }) => day_index).filter((day) => day >= start),
          Number.POSITIVE_INFINITY,
        )
      }
      tell(rule, firstOf, twins, placed)
    }
    cusum('host_cusum', clean, members)
    cusum('site_cusum', [levels(series.site)], [levels(series.site, added.site)])
  }
  return outcomes
}

/** The lowest line with no more than `allowed` scores above it on the days [from, until). */
function lineOver(scores: Series, from: number, until: number, allowed: number): number {
  const all = scores.flatMap((each) => [...each.subarray(from, until)].filter((score) => !Number.isNaN(score)))
  return all.sort((a, b) => b - a)[allowed] ?? Number.POSITIVE_INFINITY
}

function firstAbove(scores: Series, line: number, start: number): number {
  let first = Number.POSITIVE_INFINITY
  for (const each of scores) {
    const found = each.findIndex((score, day) => day >= start && score > line)
    if (found >= 0) first = Math.min(first, found)
  }
  return first
}
