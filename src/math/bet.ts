/**
 * Bets against "nothing but tolerated drift": gains that nobody expects to exceed 1 while that holds.
 * Source: reference/algorithms.md §1.3; the sub-Gaussian e-detector of Shin, Ramdas & Rinaldo, arXiv 2203.03532.
 */

/** Sizes λ in bets per standard deviation: a mixture of all five costs at most log 5 = 1.6 nats against the best. */
export const betSizes: readonly number[] = [0.1, 0.2, 0.4, 0.8, 1.6]

/**
 * Log gain in nats of a bet of size `lambda` > 0 that z is high: λ·(z − drift) − dispersion·λ²/2.
 * Its exponential has expectation ≤ 1 whenever z, given the past, has mean ≤ `drift` and is `dispersion`-sub-Gaussian
 * (normal: variance ≤ `dispersion`). `drift` is in standard deviations of z, `dispersion` in their square.
 */
export function logBet(z: number, lambda: number, drift: number, dispersion: number): number {
  return lambda * (z - drift) - (dispersion * lambda * lambda) / 2
}
