/**
 * The own alarm line of one host, peer or account, in bytes a day: the level above which a rule that watches this entity alone
 * speaks, tuned to at most one false alarm per entity-year. A campaign is silent if no member was ever above its line.
 *
 * Whoever calls gives days before the campaign only: a line that has learned the theft calls everything silent. Where the data are
 * too few for the budget, the line is the lower one that can be defended, so that nothing is called silent for lack of data.
 */

import { normalQuantile } from '../math/normal.ts'
import { quantile, scale } from '../math/robust.ts'
import { unknownAge, vouchedAge } from './day-rows.ts'

/** Budget of a line, for `groupLine` of hosts or accounts: each entity of the group may alarm once a year. */
export const falseAlarmsPerEntityYear = 1
/**
 * Budget of a line for peers. A peer that is new has no past, and no site gives each of its thousands of peers an alarm a year:
 * the rule it would meet is "any peer of this age above X a day", and that may speak once a month for the whole site.
 */
export const falseAlarmsPerSiteYear = 12

const leastDays = 30
/** A spread cannot be told from fewer days on which anything left. */
const leastActiveDays = 15
const days_per_year = 365
/** How much a median and a MAD learn from a day of normal values, beside mean and variance (Huber, Robust Statistics, 1981). */
const efficiencyOfMad = 0.37
const varianceOfMedian = Math.PI / 2

/**
 * Line from the entity's own past: one value for each observed day, 0 where nothing left. The largest of
 * - the level that lognormal bytes with the median and MAD of its active days exceed once a year; the quantile is Student's, for
 *   the uncertainty of both (degrees of freedom: the efficiency of the MAD times the days), by Fisher's expansion,
 * - the level that no more of the past days were above than one for each full year of it: in the first year its maximum.
 *
 * Undefined with fewer than 30 days, or 15 on which anything left: then the line of its group counts.
 */
export function ownLine(past_bytes_per_day: Float64Array): number | undefined {
  const days = past_bytes_per_day.length
  const active = past_bytes_per_day.filter((bytes) => bytes > 0)
  if (days < leastDays || active.length < leastActiveDays) return undefined
  const logs = active.map((bytes) => Math.log(bytes)).sort()
  const centre = quantile(logs, 0.5)
  // once a year of all days is more often than that of the active ones
  const tail = Math.min(0.5, days / active.length / days_per_year)
  const freedom = efficiencyOfMad * (active.length - 1)
  const reach = studentReach(-normalQuantile(tail), freedom) * Math.sqrt(1 + varianceOfMedian / active.length)
  const extrapolated = Math.exp(centre + reach * scale(logs, centre))
  return Math.max(extrapolated, ranked(active, Math.floor(days / days_per_year)))
}

/**
 * Line from a group: the lowest level that its days exceed no more often than `false_alarms_per_year` in each of `entity_years`,
 * the time that the days cover (for a rule of the site: years of the site). The days may leave out those on which nothing left.
 * A group whose days are too few for a single false alarm gives their maximum; one that might alarm on every day, their minimum.
 * Undefined without days.
 */
export function groupLine(
  daily_bytes: Float64Array,
  false_alarms_per_year: number,
  entity_years: number,
): number | undefined {
  if (daily_bytes.length === 0) return undefined
  // a rounding error of the product must not cost an alarm
  return ranked(daily_bytes, Math.floor(false_alarms_per_year * entity_years + 1e-9))
}

/** Peers whose ages are in the same band are a group. */
export const peerAgeBands = ['first day', 'first week', 'first month', 'later', 'age unknown', 'vouched for'] as const

/** Index into `peerAgeBands` of an `age_days` of `DayRows`. */
export function peerAgeBand(age_days: number): number {
  if (age_days === vouchedAge) return 5
  if (age_days === unknownAge) return 4
  return age_days < 1 ? 0 : age_days < 7 ? 1 : age_days < 30 ? 2 : 3
}

/** The value that `above` values are larger than, or the smallest. */
function ranked(values: Float64Array, above: number): number {
  const sorted = values.slice().sort()
  return sorted[Math.max(0, sorted.length - 1 - above)]
}

/** Student's quantile from the normal one. Source: Abramowitz & Stegun 26.7.5, to the second order. */
function studentReach(z: number, freedom: number): number {
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  return z + first / freedom + second / freedom ** 2
}
