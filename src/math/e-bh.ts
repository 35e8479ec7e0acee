/**
 * Which of many hypotheses to declare: e-BH. Of the declared ones the expected share of false ones is at most `alpha`,
 * however the e-values depend on each other: the most k for which k of them have E ≥ J/(α·k), J their number.
 * With `weights` ≥ 0, fixed before looking and scaled here to mean 1, each E counts times its weight.
 * `logE` is in nats, NaN meaning no opinion, never declared but counted in J. Use current values of e-processes, not
 * their running maxima. Returns indices, strongest first, ties by index.
 * Source: Wang & Ramdas, False discovery rate control with e-values, arXiv 2009.02824; reference/algorithms.md §2.4.
 */
export function eBh(logE: ArrayLike<number>, alpha: number, weights?: ArrayLike<number>): number[] {
  const count = logE.length
  if (weights && weights.length !== count) throw new RangeError(`${weights.length} weights for ${count} e-values`)
  const total = weights ? Array.from(weights).reduce((sum, weight) => sum + weight, 0) : count
  const weighted = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const weight = weights ? (weights[i] * count) / total : 1
    weighted[i] = weight > 0 && !Number.isNaN(logE[i]) ? logE[i] + Math.log(weight) : -Infinity
  }
  const order = Array.from(weighted.keys()).sort((a, b) => compareFalling(weighted[a], weighted[b]) || a - b)
  let declared = 0
  for (let k = 1; k <= count; k++) {
    if (weighted[order[k - 1]] >= Math.log(count) - Math.log(alpha) - Math.log(k)) declared = k
  }
  return order.slice(0, declared)
}

function compareFalling(a: number, b: number): number {
  return a > b ? -1 : a < b ? 1 : 0
}
