import { median, scale } from './robust.ts'

/** Rows a fit needs per coefficient. */
const rowsPerCoefficient = 8
/** Sum of |φ| up to which a process is taken as fitted: below 1 it is stationary, and an innovation stays bounded. */
const largestSum = 0.95
/** Deviations of the residual beyond which a row loses weight: 95 % efficient under normal noise (Huber 1964). */
const residualBend = 1.345
/** Deviations of the past beyond which a row loses weight: a single burst must not set the slope by its leverage. */
const pastBend = 3
const rounds = 10
/** Coefficients that move less are settled. */
const settled = 1e-4
const ridge = 1e-3

/**
 * Coefficients φ₁…φ_order of x_t − c ≈ Σ φ_k (x_{t−k} − c), c the median: Huber-weighted least squares, iterated, on
 * the values (any unit, equal steps, oldest first). NaN is a gap; a row with a gap in its value or past is left out.
 * Zeros, that is no whitening, for fewer than 8·order rows or values without spread. Coefficients are shrunk together
 * until Σ|φ_k| ≤ 0.95, and a small ridge keeps them finite when past values are collinear.
 * Source: Huber & Ronchetti, Robust Statistics (2009) §7; reference/algorithms.md §1.7. It cannot follow a φ that
 * changes, and what it does not explain (seasons, holidays) stays in the innovations.
 */
export function fitAr(values: Float64Array, order: number): Float64Array {
  const coefficients = new Float64Array(order)
  const centre = median(values)
  const spread = spreadOf(values, centre)
  const rows = fullRows(values, order)
  if (!(spread > 0) || order === 0 || rows.length < rowsPerCoefficient * order) return coefficients
  const x = new Float64Array(values.length)
  for (let t = 0; t < x.length; t++) x[t] = (values[t] - centre) / spread
  const trust = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) trust[i] = pastWeight(x, rows[i], order)
  const weights = trust.slice()
  const residuals = new Float64Array(rows.length)
  for (let round = 0; round < rounds; round++) {
    const next = solveWeighted(x, rows, weights, order)
    const moved = next.reduce((most, value, k) => Math.max(most, Math.abs(value - coefficients[k])), 0)
    coefficients.set(next)
    if (moved < settled) break
    for (let i = 0; i < rows.length; i++) residuals[i] = innovationAt(coefficients, x, rows[i])
    const noise = spreadOf(residuals, 0)
    if (!(noise > 0)) break
    for (let i = 0; i < rows.length; i++) weights[i] = trust[i] * bent(residualBend * noise, Math.abs(residuals[i]))
  }
  const sum = coefficients.reduce((total, each) => total + Math.abs(each), 0)
  return sum > largestSum ? coefficients.map((each) => (each * largestSum) / sum) : coefficients
}

/**
 * What `value` adds to what its past foretold: value − Σ φ_k · past[end − k], `past` oldest first and at least as long
 * as the coefficients reach. In the unit of the values; around c·(1 − Σφ), not 0, for values around c.
 * NaN if the value or a past value with a coefficient other than 0 is a gap: no opinion.
 */
export function innovation(coefficients: ArrayLike<number>, past: ArrayLike<number>, value: number): number {
  let rest = value
  for (let k = 0; k < coefficients.length; k++) {
    if (coefficients[k] === 0) continue
    const at = past.length - 1 - k
    if (at < 0) return Number.NaN
    rest -= coefficients[k] * past[at]
  }
  return rest
}

/** `innovation` of the value at `t`, whose past is there. */
function innovationAt(coefficients: Float64Array, x: Float64Array, t: number): number {
  let rest = x[t]
  for (let k = 0; k < coefficients.length; k++) if (coefficients[k] !== 0) rest -= coefficients[k] * x[t - 1 - k]
  return rest
}

/** Indexes of values that are there with all of their past. */
function fullRows(values: Float64Array, order: number): Int32Array {
  const rows = new Int32Array(values.length)
  let length = 0
  let run = 0
  for (let t = 0; t < values.length; t++) {
    run = Number.isNaN(values[t]) ? 0 : run + 1
    if (run > order) rows[length++] = t
  }
  return rows.subarray(0, length)
}

function pastWeight(x: Float64Array, t: number, order: number): number {
  let largest = 0
  for (let k = 1; k <= order; k++) largest = Math.max(largest, Math.abs(x[t - k]))
  return bent(pastBend, largest)
}

/** Huber's weight: 1 up to the bend, falling as 1/size beyond. */
function bent(bend: number, size: number): number {
  return size <= bend ? 1 : bend / size
}

/** Robust deviation; if most values equal the centre, that of their mean distance, so that a few others still count. */
function spreadOf(values: Float64Array, centre: number): number {
  const robust = scale(values, centre)
  if (robust > 0) return robust
  const there = values.filter((value) => !Number.isNaN(value))
  return (1.2533 * there.reduce((sum, value) => sum + Math.abs(value - centre), 0)) / there.length
}

/** Normal equations Σ w·past·pastᵀ · φ = Σ w·past·x, by Cholesky; the ridge makes them positive definite. */
function solveWeighted(x: Float64Array, rows: Int32Array, weights: Float64Array, order: number): Float64Array {
  const matrix = Array.from({ length: order }, () => new Float64Array(order))
  const solution = new Float64Array(order)
  for (let i = 0; i < rows.length; i++) {
    const t = rows[i]
    for (let k = 0; k < order; k++) {
      const weighted = weights[i] * x[t - 1 - k]
      solution[k] += weighted * x[t]
      for (let l = 0; l <= k; l++) matrix[k][l] += weighted * x[t - 1 - l]
    }
  }
  for (let k = 0; k < order; k++) {
    matrix[k][k] += ridge * (matrix[k][k] + 1)
    for (let l = 0; l <= k; l++) {
      let sum = matrix[k][l]
      for (let m = 0; m < l; m++) sum -= matrix[k][m] * matrix[l][m]
      matrix[k][l] = k === l ? Math.sqrt(sum) : sum / matrix[l][l]
    }
  }
  for (let k = 0; k < order; k++) {
    for (let l = 0; l < k; l++) solution[k] -= matrix[k][l] * solution[l]
    solution[k] /= matrix[k][k]
  }
  for (let k = order - 1; k >= 0; k--) {
    for (let l = k + 1; l < order; l++) solution[k] -= matrix[l][k] * solution[l]
    solution[k] /= matrix[k][k]
  }
  return solution
}
