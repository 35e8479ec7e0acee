/**
 * Location and spread that a few wild values cannot move. Inputs are never changed; NaN is a gap and is left out;
 * nothing left gives NaN: "not measured", not zero.
 */

/** Middle value; the mean of the two middle ones if their number is even. */
export function median(values: ArrayLike<number>): number {
  return middle(withoutGaps(new Float64Array(values)))
}

/** Median absolute deviation from `centre`, in the unit of the values. */
export function mad(values: ArrayLike<number>, centre: number): number {
  const deviations = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) deviations[i] = Math.abs(values[i] - centre)
  return middle(withoutGaps(deviations))
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

/** Moves what is there to the front: a view of it. */
function withoutGaps(values: Float64Array): Float64Array {
  let length = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isNaN(value)) values[length++] = value
  }
  return values.subarray(0, length)
}

/** The median, in the time that a look at each takes; reorders the values. To the last bit that of sorted ones. */
function middle(values: Float64Array): number {
  const n = values.length
  if (n === 0) return Number.NaN
  const below = (n - 1) >> 1
  partition(values, below)
  const low = values[below]
  let high = low
  if (n % 2 === 0) {
    high = values[below + 1]
    for (let i = below + 2; i < n; i++) if (values[i] < high) high = values[i]
  }
  // 0 and −0 are equal here, and told apart by sorting alone
  if (low === 0 || high === 0) return quantile(values.sort(), 0.5)
  return low === high ? low : low * 0.5 + high * 0.5
}

/** Puts the k-th smallest in its place, nothing larger before it and nothing smaller after it (Hoare 1961). */
function partition(values: Float64Array, k: number): void {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = middleOfThree(values[left], values[(left + right) >> 1], values[right])
    let i = left
    let j = right
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const value = values[i]
      values[i++] = values[j]
      values[j--] = value
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else return
  }
}

function middleOfThree(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : a < c ? c : a
  return a < c ? a : b < c ? c : b
}
