import { expect, test } from 'vitest'
import { keyedUniform } from './keyed-uniform.ts'
import { logisticScores } from './logistic.ts'
import { normalQuantile } from './normal.ts'

interface Drawn {
  features: Float64Array
  labels: Uint8Array
}

/** Two columns: one that tells the groups apart by `shift` deviations, one that says nothing. */
function drawn(zeros: number, ones: number, shift: number, scale = 1, offset = 0): Drawn {
  const labels = Uint8Array.from({ length: zeros + ones }, (_, i) => Number(i >= zeros))
  const features = new Float64Array(2 * labels.length)
  for (let i = 0; i < labels.length; i++) {
    const noise = [0, 1].map((column) => normalQuantile(keyedUniform(1, i, column)))
    features[2 * i] = offset + scale * (noise[0] + shift * labels[i])
    features[2 * i + 1] = noise[1]
  }
  return { features, labels }
}

/** Probability that a row of the second group has the higher score. */
function auc(scores: Float64Array, labels: Uint8Array): number {
  let [wins, pairs] = [0, 0]
  for (let i = 0; i < labels.length; i++)
    for (let j = 0; j < labels.length; j++)
      if (labels[i] === 1 && labels[j] === 0) {
        pairs++
        wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0
      }
  return wins / pairs
}

test('finds the column that tells two groups apart, as well as that column can', () => {
  const { features, labels } = drawn(300, 300, 2)
  const scores = logisticScores(features, 2, labels)
  // two normals two deviations apart: Φ(2/√2)
  expect(auc(scores, labels)).toBeGreaterThan(0.921 - 0.02)
  expect(auc(logisticScores(drawn(300, 300, 0).features, 2, labels), labels)).toBeLessThan(0.57)
})

test('log odds have the slope of two normals that far apart', () => {
  const { features, labels } = drawn(3000, 3000, 2)
  const scores = logisticScores(features, 2, labels)
  // d²: between both means the log odds differ by shift² / sd²
  const mean = (label: number): number => {
    const own = [...scores].filter((_, i) => labels[i] === label)
    return own.reduce((sum, each) => sum + each, 0) / own.length
  }
  expect(mean(1) - mean(0)).toBeGreaterThan(3.6)
  expect(mean(1) - mean(0)).toBeLessThan(4.4)
})

test('units do not matter', () => {
  const { features, labels } = drawn(60, 40, 1)
  const other = drawn(60, 40, 1, 1e9, -5e9).features
  const [scores, same] = [logisticScores(features, 2, labels), logisticScores(other, 2, labels)]
  for (let i = 0; i < scores.length; i++) expect(same[i]).toBeCloseTo(scores[i], 5)
})

test('both groups weigh the same: a tenth as many rows of one do not move the border', () => {
  const { features, labels } = drawn(2000, 200, 2)
  const scores = logisticScores(features, 2, labels)
  const above = (label: number): number => {
    const own = [...scores].filter((_, i) => labels[i] === label)
    return own.filter((score) => score > 0).length / own.length
  }
  // the border halfway between both: Φ(1) on each side
  expect(above(1)).toBeGreaterThan(0.78)
  expect(above(0)).toBeLessThan(0.22)
})

test('groups that never overlap, constant columns and equal rows stay finite', () => {
  const labels = Uint8Array.from([0, 0, 0, 1, 1, 1])
  const apart = Float64Array.from([1, 7, 2, 7, 3, 7, 11, 7, 12, 7, 13, 7])
  const scores = logisticScores(apart, 2, labels)
  expect(scores.every(Number.isFinite)).toBe(true)
  expect(auc(scores, labels)).toBe(1)
  const equal = logisticScores(new Float64Array(12).fill(3), 2, labels)
  for (const score of equal) expect(score).toBeCloseTo(0, 6)
})

test('a group of one row tells nothing', () => {
  expect([...logisticScores(Float64Array.from([1, 2, 3, 9]), 1, [0, 0, 0, 1])]).toEqual([0, 0, 0, 0])
  expect([...logisticScores(new Float64Array(0), 3, [])]).toEqual([])
})
