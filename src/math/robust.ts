/**
 * Location and spread that a few wild values cannot move. Inputs are never changed; NaN is a gap and is left out;
 * nothing left gives NaN: "not measured", not zero.
 */

/** Middle value; the mean of the two middle ones if their number is even. */
export function median(values: ArrayLike<number>): number {
  return quantile(sortedWithoutGaps(values), 0.5)
}

/** Median absolute deviation from `centre`, in the unit of the values. */
export function mad(values: ArrayLike<number>, centre: number): number {
  const deviations = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) deviations[i] = Math.abs(values[i] - centre)
  return median(deviations)
}

/**
 * 1.4826 · MAD: estimates the standard deviation of normal values, and half of them can be anything.
 * 0 if more than half of the values equal `centre`: then it says nothing about the rest.
 */
export function scale(values: ArrayLike<number>, centre: number): number {
  return 1.4826 * mad(values, centre)
}

/**
 * The value below which the share `q` (0…1) of ascending `sorted` lies, linear between neighbours.
 * Source: type 7 of Hyndman & Fan, Sample Quantiles in Statistical Packages (1996).
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = clip(q, 0, 1) * (sorted.length - 1)
  const below = Math.floor(at)
  const low = sorted[below]
  if (at === below) return low
  const high = sorted[below + 1]
  return low === high ? low : low * (below + 1 - at) + high * (at - below)
}

/** `value`, or the end of [low, high] that it is beyond. */
export function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}

function sortedWithoutGaps(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort() // a typed array sorts NaN to its end
  let length = sorted.length
  while (length > 0 && Number.isNaN(sorted[length - 1])) length--
  return sorted.subarray(0, length)
}
