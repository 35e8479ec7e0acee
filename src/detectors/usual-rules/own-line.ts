/**
 * The own alarm line of one host, peer or account, in bytes a day: the level above which a rule that watches this entity alone
 * speaks, tuned to at most one false alarm per entity-year. A campaign is silent if no member was ever above its line.
 *
 * Whoever calls gives days before the campaign only: a line that has learned the theft calls everything silent. Where the data are
 * too few for the budget, the line is the lower one that can be defended, so that nothing is called silent for lack of data.
 */

import { unknownAge, vouchedAge } from '../day-rows.ts'

/** Budget of a line, for `groupLine` of hosts or accounts: each entity of the group may alarm once a year. */
export const falseAlarmsPerEntityYear = 1
/**
 * Budget of a line for peers. A peer that is new has no past, and no site gives each of its thousands of peers an alarm a year:
 * the rule it would meet is "any peer of this age above X a day", and that may speak once a month for the whole site.
 */
export const falseAlarmsPerSiteYear = 12

const leastDays = 30
const days_per_year = 365
/** Of the days, the largest tell how the tail goes on: a fifth, at least five. */
const shareOfTail = 0.2
const leastTail = 5
/** Of a tail that falls slower, no mean exists: more is an artefact of few days, or of two habits in one host. */
const steepest = 1

/**
 * Line from the entity's own past: one value for each observed day, 0 where nothing left. Its largest day, which so far came once in
 * all its days, carried on to once a year by its own tail: times (365 / days) to the power of Hill's index of the largest fifth, at
 * most 1. From the second year on, the day that was reached once in each full year takes the place of the largest.
 *
 * A bulk of days tells nothing of the rare ones: hosts have many idle days and few large ones, and no common distribution for both.
 * Alarms a year where the tail is lognormal or Pareto's: about 1 from two months on; at 30 days 1.2 to 2.5, a line too low.
 * Undefined with fewer than 30 days, or six on which anything left: then the line of its group counts.
 * Source: B. M. Hill, A simple general approach to inference about the tail of a distribution (1975).
 */
export function ownLine(past_bytes_per_day: Float64Array): number | undefined {
  const days = past_bytes_per_day.length
  const active = past_bytes_per_day.filter((bytes) => bytes > 0).sort()
  if (days < leastDays || active.length <= leastTail) return undefined
  const tail = Math.min(active.length - 1, Math.max(leastTail, Math.ceil(shareOfTail * days)))
  const years = Math.max(1, Math.floor(days / days_per_year))
  return ranked(active, years - 1) * ((years * days_per_year) / days) ** Math.min(steepest, tailIndex(active, tail))
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

/** Hill's index of the `count` largest of ascending values: mean excess of their logarithms over the next. */
function tailIndex(sorted: Float64Array, count: number): number {
  const base = Math.log(sorted[sorted.length - 1 - count])
  let sum = 0
  for (let i = sorted.length - count; i < sorted.length; i++) sum += Math.log(sorted[i]) - base
  return sum / count
}

/** The value that `above` values are larger than, or the smallest. */
function ranked(values: Float64Array, above: number): number {
  const sorted = values.slice().sort()
  return sorted[Math.max(0, sorted.length - 1 - above)]
}
