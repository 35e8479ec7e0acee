/**
 * The non-decreasing sequence nearest to `values` in weighted least squares (pool adjacent violators; Barlow et al. 1972).
 * Weights are positive; both have the same length.
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const level: number[] = []
  const weight: number[] = []
  const count: number[] = []
  for (let i = 0; i < values.length; i++) {
    level.push(values[i])
    weight.push(weights[i])
    count.push(1)
    while (level.length > 1 && level[level.length - 2] >= level[level.length - 1]) {
      const [b, wb, nb] = [level.pop() as number, weight.pop() as number, count.pop() as number]
      const last = level.length - 1
      level[last] = (level[last] * weight[last] + b * wb) / (weight[last] + wb)
      weight[last] += wb
      count[last] += nb
    }
  }
  const result = new Float64Array(values.length)
  let at = 0
  for (let k = 0; k < level.length; k++) {
    result.fill(level[k], at, at + count[k])
    at += count[k]
  }
  return result
}
