/** 90 % intervals of what is computed from an interval. */
import type { Interval } from '../model/incident.ts'

/** `value` with the relative width of `like`; of an interval around nothing, everything up to the value is possible. */
export function withWidthOf(value: bigint, like: Interval): Interval {
  if (like.best <= 0n) return { low: 0n, best: value, high: value }
  return { low: (value * like.low) / like.best, best: value, high: (value * like.high) / like.best }
}

/** Each end divided by `whole` > 0, as numbers. */
export function shareOf(interval: Interval, whole: bigint): { low: number; value: number; high: number } {
  const share = (part: bigint): number => Number((part * 1_000_000_000n) / whole) / 1e9
  return { low: share(interval.low), value: share(interval.best), high: share(interval.high) }
}

export function dividedBy(interval: Interval, divisor: bigint): Interval {
  return { low: interval.low / divisor, best: interval.best / divisor, high: interval.high / divisor }
}
