/**
 * A p-value as an e-value: the mixture of all power bets k·p^(k−1), 0 < k < 1, in nats. Its expectation is 1 where p is uniform,
 * and at most 1 where p is larger than uniform: ∫₀¹ (1 − p + p·ln p) / (p·ln² p) dp = 1. log ½ at p = 1; about −log p − 2·log(−log p)
 * for small p, which is what not knowing beforehand how small it would be costs. `p` in (0, 1].
 * Source: Vovk & Wang, E-values: calibration, combination and applications (2021), equation 3; reference/algorithms.md §1.3.
 */
export function logCalibrated(p: number): number {
  if (!(p > 0 && p <= 1)) throw new RangeError(`${p} is no p-value`)
  const l = Math.log(p)
  // the series of (1 − p + p·ln p) / ln² p about p = 1, where both vanish
  if (l > -1e-3) return Math.log(0.5 + l / 3) - l
  return Math.log((1 - p + p * l) / (l * l)) - l
}

/**
 * Which of independent or positively dependent p-values are told at a false discovery rate of `rate`: the largest k with
 * p₍ₖ₎ ≤ rate·k/n, as the line that p must not exceed; 0 = none.
 * Source: Benjamini & Hochberg, Controlling the False Discovery Rate (1995). Ranks among one common reference are positively
 * dependent in the sense that it takes: Bates et al., Testing for outliers with conformal p-values (2023).
 */
export function discoveryLine(p: Float64Array, rate: number): number {
  const sorted = p.slice().sort()
  for (let k = sorted.length; k > 0; k--) if (sorted[k - 1] <= (rate * k) / sorted.length) return sorted[k - 1]
  return 0
}
