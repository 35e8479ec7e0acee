const shares: readonly number[] = [0.1, 0.03, 0.01]
const shifts: readonly number[] = [1, 2, 3]

/**
 * Log likelihood ratio, in nats, of "a few of the members are shifted up" against "none is", for normal scores z (shape
 * [n]): Σ log(1 + ε·(exp(λz − λ²/2) − 1)), maximised over shares ε of {.1, .03, .01} and shifts λ of {1, 2, 3} sd.
 * Negative if even the best mixture fits worse than none. NaN is a gap and adds nothing; no scores give 0.
 * Only a statistic: members depend on each other, and the maximum is no likelihood. Its own past has to calibrate it.
 * Source: Xie & Siegmund, arXiv 1207.2386; reference/algorithms.md §2.2.
 */
export function sparseMixture(z: Float64Array): number {
  let largest = -Infinity
  for (const share of shares) {
    for (const shift of shifts) {
      let sum = 0
      for (const score of z) if (!Number.isNaN(score)) sum += logTerm(share, shift * score - (shift * shift) / 2)
      largest = Math.max(largest, sum)
    }
  }
  return largest
}

/** log(1 + share·(exp(gain) − 1)); beyond e^700 the rest does not matter, and a double would end. */
function logTerm(share: number, gain: number): number {
  return gain > 700 ? Math.log(share) + gain : Math.log1p(share * Math.expm1(gain))
}
