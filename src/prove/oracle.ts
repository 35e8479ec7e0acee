/**
 * How soon a detector would speak that is told which hosts are members, and how the days of each look with and without the
 * campaign: the log-likelihood ratio of a host whose level shifts by d standard deviations grows by d²/2 a day; those of all hosts are
 * added, and it speaks at the logarithm of the days between two false alarms. Hosts and days count as independent and without season:
 * a yardstick, neither a bound nor a promise.
 * Source: Lorden, Procedures for reacting to a change in distribution (Ann. Math. Statist., 1971); algorithms.md §6.
 */

export interface OracleHost {
  /** Bytes or peers by day before and during, without the campaign. */
  clean: Float64Array
  /** The campaign's, from the same first day on. */
  added: Float64Array
}

/** Bytes as logarithms above 1 MB, counts as roots, so that a step means about the same at any level. */
export const oracleLevels = {
  bytes: (bytes: number): number => Math.log1p(bytes / 1e6),
  peers: Math.sqrt,
}

type Level = (value: number) => number
/** Days of one level do not make the smallest change visible. */
const leastSd = 0.25

/** Days from the start on, parts of a day too, as evidence is taken to grow evenly; Infinity if nothing shifts. */
export function oracleDays(hosts: readonly OracleHost[], levelOf: Level, false_alarms_per_year: number): number {
  const first = Math.min(...hosts.map(({ added }) => added.findIndex((bytes) => bytes > 0)).filter((day) => day >= 0))
  if (!Number.isFinite(first)) return Number.POSITIVE_INFINITY
  const nats_per_day = hosts.reduce((sum, host) => sum + shiftOf(host, first, levelOf) ** 2 / 2, 0)
  return Math.log(365 / false_alarms_per_year) / nats_per_day
}

/** Mean shift of the level over its standard deviation. */
function shiftOf({ clean, added }: OracleHost, first: number, levelOf: Level): number {
  const levels = clean.map((value) => levelOf(value))
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
  const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / Math.max(1, levels.length - 1)
  let shift = 0
  for (let day = first; day < clean.length; day++) shift += levelOf(clean[day] + added[day]) - levels[day]
  return shift / (clean.length - first) / Math.max(leastSd, Math.sqrt(variance))
}
