/**
 * What the usual rules compute of one entity's days: pure functions of a series with one value a day, gaps left out by the caller.
 * `level` is log(1 + bytes / 1 MB), dimensionless: an idle day is 0, and a factor counts alike for small and large hosts.
 */
import { median } from '../../math/robust.ts'

const bytes_per_level_unit = 1e6
/** A host of one size on all days must not alarm at a few percent more. */
const leastSd = 0.25

export function levelOf(bytes: number): number {
  return Math.log1p(bytes / bytes_per_level_unit)
}

export function bytesOfLevel(level: number): number {
  return Math.expm1(level) * bytes_per_level_unit
}

/** Levels above the median of [from, until): of a fixed quota, set as a factor of what is usual for the entity. */
export function quotaScores(levels: Float64Array, from: number, until: number): Float64Array {
  const usual = median(levels.subarray(from, until))
  return levels.map((level) => level - usual)
}

/**
 * z-scores against a mean and variance that forget with the weight 2 / (28 + 1), each before the day is learned; NaN for the first
 * 14 days. Such a baseline learns whatever stays.
 */
export function ewmaScores(levels: Float64Array): Float64Array {
  const weight = 2 / 29
  const warmUpDays = 14
  let mean = 0
  let variance = 0
  return levels.map((level, day) => {
    const z = (level - mean) / Math.max(leastSd, Math.sqrt(variance))
    // the plain mean of the first days, until the weight is the smaller
    const learned = Math.max(weight, 1 / (day + 1))
    const step = level - mean
    mean += learned * step
    variance = (1 - learned) * (variance + learned * step * step)
    return day < warmUpDays ? Number.NaN : z
  })
}

/**
 * Increments of a CUSUM: z-scores against mean and sd of [from, until), less the allowance of 0.25, at most 4 either way, so that
 * one large day does not decide: a kindness to the rule. Source of the allowance: reference/algorithms.md §6.
 */
export function cusumIncrements(levels: Float64Array, from: number, until: number): Float64Array {
  const baseline = levels.subarray(from, until)
  const mean = baseline.reduce((sum, level) => sum + level, 0) / baseline.length
  const variance = baseline.reduce((sum, level) => sum + (level - mean) ** 2, 0) / Math.max(1, baseline.length - 1)
  const sd = Math.max(leastSd, Math.sqrt(variance))
  return levels.map((level) => Math.max(-4, Math.min(4, (level - mean) / sd)) - 0.25)
}

/** Days from `from` on at which the sum of `increments`, never below 0, is above `line`; it starts anew after each. */
export function cusumAlarms(
  increments: Float64Array,
  from: number,
  line: number,
): { day_index: number; sum: number }[] {
  const alarms = []
  let sum = 0
  for (let day_index = from; day_index < increments.length; day_index++) {
    sum = Math.max(0, sum + increments[day_index])
    if (sum <= line) continue
    alarms.push({ day_index, sum })
    sum = 0
  }
  return alarms
}

/**
 * The lowest line, to a thousandth, at which all series together alarm no more than `allowed` times on the days [from, until). A
 * higher line never alarms more often: of two sums the one that started earlier is never the smaller.
 */
export function cusumLine(increments: readonly Float64Array[], from: number, until: number, allowed: number): number {
  const days = increments.map((series) => series.subarray(0, until))
  const alarmsAt = (line: number): number =>
    days.reduce((sum, series) => sum + cusumAlarms(series, from, line).length, 0)
  let low = 0
  let high = 4 * (until - from)
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (alarmsAt(middle) <= allowed) high = middle
    else low = middle
  }
  return high
}
