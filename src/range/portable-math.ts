/**
 * Exponential, logarithm and normal quantile from the four operations and comparisons alone, which IEEE 754 fixes to the bit:
 * Math.exp and Math.log may differ in the last digit between engines, and a generated log must not.
 * Relative error below 1e-13 (quantile: 1.2e-9) over the ranges that the range uses.
 */
const ln2 = Math.LN2

/** e^x for |x| ≤ 700; beyond that the nearest of both ends. */
export function exp(x: number): number {
  const bounded = x > 700 ? 700 : x < -700 ? -700 : x
  const halvings = Math.round(bounded / ln2)
  const rest = bounded - halvings * ln2
  let sum = 1
  let term = 1
  for (let n = 1; n <= 18; n++) {
    term = (term * rest) / n
    sum += term
  }
  for (let n = 0; n < halvings; n++) sum *= 2
  for (let n = 0; n > halvings; n--) sum /= 2
  return sum
}

/** Natural logarithm of x > 0. */
export function ln(x: number): number {
  if (!(x > 0)) throw new RangeError(`no logarithm of ${x}`)
  let mantissa = x
  let doublings = 0
  for (; mantissa > Math.SQRT2; doublings++) mantissa /= 2
  for (; mantissa < Math.SQRT1_2; doublings--) mantissa *= 2
  const s = (mantissa - 1) / (mantissa + 1)
  const square = s * s
  let sum = 0
  for (let n = 33; n >= 1; n -= 2) sum = sum * square + 1 / n
  return doublings * ln2 + 2 * s * sum
}

/**
 * The x below which a standard normal variable falls with probability `p`, 0 < p < 1.
 * Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003).
 */
export function normalQuantile(p: number): number {
  if (p < 0.02425) return tail(Math.sqrt(-2 * ln(p)))
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * ln(1 - p)))
  const q = p - 0.5
  const r = q * q
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1
  return (above * q) / below
}

function tail(q: number): number {
  const above =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783
  const below =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1
  return above / below
}
