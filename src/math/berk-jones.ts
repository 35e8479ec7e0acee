/**
 * Berk–Jones statistic of p-values (shape [n]): how much too many small ones there are, in nats: the maximum over
 * i ≤ n/4 with p₍ᵢ₎ < i/n of n·KL(i/n ‖ p₍ᵢ₎), KL the divergence of two Bernoulli laws; 0 if there is none.
 * NaN is a gap and is left out. A p of 0 gives ∞. The input keeps its order.
 * Only a statistic: its law under dependent p-values is unknown, and its own past has to calibrate it.
 * Source: Berk & Jones (1979); reference/algorithms.md §2.2.
 */
export function berkJones(p: Float64Array): number {
  const sorted = p.filter((each) => !Number.isNaN(each)).sort()
  const count = sorted.length
  let largest = 0
  for (let i = 1; i <= count / 4; i++) {
    const share = i / count
    if (sorted[i - 1] < share) largest = Math.max(largest, count * bernoulliDivergence(share, sorted[i - 1]))
  }
  return largest
}

/** KL(share ‖ p) in nats, for a share inside (0, 1). */
function bernoulliDivergence(share: number, p: number): number {
  return share * Math.log(share / p) + (1 - share) * (Math.log1p(-share) - Math.log1p(-p))
}
