/** Sums of numbers that are only known by their logarithms (nats), without leaving the range of a double. */

/** log Σ exp(vᵢ); −∞ for no values, ∞ as soon as one of them is. */
export function logSum(values: ArrayLike<number>): number {
  let largest = -Infinity
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i])
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - largest)
  return largest + Math.log(sum)
}

/**
 * log Σ wᵢ·exp(lᵢ) for weights ≥ 0, which the caller makes sum to 1 for a mean. A weight of 0 silences its value,
 * even ∞.
 * With weights fixed beforehand the mean of e-values is an e-value, however they depend on each other.
 * Source: Vovk & Wang, E-values: Calibration, combination and applications (2021).
 */
export function logMean(weights: ArrayLike<number>, logs: ArrayLike<number>): number {
  if (weights.length !== logs.length) throw new RangeError(`${weights.length} weights for ${logs.length} values`)
  const terms = new Float64Array(logs.length)
  for (let i = 0; i < logs.length; i++) terms[i] = weights[i] === 0 ? -Infinity : Math.log(weights[i]) + logs[i]
  return logSum(terms)
}

/** log(exp(a) + exp(b)). */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b)
  if (!Number.isFinite(high)) return high
  return high + Math.log1p(Math.exp((a < b ? a : b) - high))
}
