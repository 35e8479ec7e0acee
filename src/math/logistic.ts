/**
 * Ridge logistic regression by iteratively reweighted least squares: scores that tell two groups of rows apart.
 * `features` row by row (rows × columns, any units: they are standardised here); `labels` 0 or 1; both groups weigh the same,
 * however many rows they have. Returns the log odds of each row, constant term included. Deterministic.
 * Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning §4.4. With fewer than 2 rows in a group all scores are 0.
 */
const rounds = 25
const enough = 1e-8

export function logisticScores(
  features: Float64Array,
  columns: number,
  labels: ArrayLike<number>,
  ridge = 1,
): Float64Array {
  const rows = labels.length
  const scores = new Float64Array(rows)
  const x = standardised(features, rows, columns)
  let ones = 0
  for (let i = 0; i < rows; i++) ones += labels[i]
  if (ones < 2 || rows - ones < 2) return scores
  const size = columns + 1
  const weightOf = [rows / (2 * (rows - ones)), rows / (2 * ones)]
  let beta = new Float64Array(size)
  for (let round = 0; round < rounds; round++) {
    const hessian = Array.from({ length: size }, () => new Float64Array(size))
    const gradient = new Float64Array(size)
    for (let i = 0; i < rows; i++) {
      let eta = beta[columns]
      for (let c = 0; c < columns; c++) eta += beta[c] * x[i * columns + c]
      const p = 1 / (1 + Math.exp(-eta))
      const w = weightOf[labels[i]]
      const curvature = Math.max(w * p * (1 - p), 1e-9)
      const rest = w * (labels[i] - p)
      for (let a = 0; a < size; a++) {
        const xa = a < columns ? x[i * columns + a] : 1
        gradient[a] += rest * xa
        for (let b = 0; b <= a; b++) hessian[a][b] += curvature * xa * (b < columns ? x[i * columns + b] : 1)
      }
    }
    for (let a = 0; a < columns; a++) {
      hessian[a][a] += ridge
      gradient[a] -= ridge * beta[a]
    }
    hessian[columns][columns] += 1e-9
    const step = solve(hessian, gradient)
    let moved = 0
    beta = beta.map((value, a) => {
      moved = Math.max(moved, Math.abs(step[a]))
      return value + step[a]
    })
    if (moved < enough) break
  }
  for (let i = 0; i < rows; i++) {
    let eta = beta[columns]
    for (let c = 0; c < columns; c++) eta += beta[c] * x[i * columns + c]
    scores[i] = eta
  }
  return scores
}

function standardised(features: Float64Array, rows: number, columns: number): Float64Array {
  const x = Float64Array.from(features)
  for (let c = 0; c < columns; c++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < rows; i++) sum += x[i * columns + c]
    const mean = rows === 0 ? 0 : sum / rows
    for (let i = 0; i < rows; i++) squares += (x[i * columns + c] - mean) ** 2
    const deviation = Math.sqrt(squares / Math.max(1, rows))
    for (let i = 0; i < rows; i++) x[i * columns + c] = deviation > 0 ? (x[i * columns + c] - mean) / deviation : 0
  }
  return x
}

/** Lower triangle of a positive definite matrix, by Cholesky. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const result = Float64Array.from(right)
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a][b]
      for (let k = 0; k < b; k++) sum -= matrix[a][k] * matrix[b][k]
      matrix[a][b] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[b][b]
    }
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) result[a] -= matrix[a][b] * result[b]
    result[a] /= matrix[a][a]
  }
  for (let a = size - 1; a >= 0; a--) {
    for (let b = a + 1; b < size; b++) result[a] -= matrix[b][a] * result[b]
    result[a] /= matrix[a][a]
  }
  return result
}
