import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { ScorePast } from './score-past.ts'

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)

test('rank within the past; no score is no evidence', () => {
  const past = new ScorePast()
  past.push([...zeros(96), 1, 2, 3])
  expect(past.upperTail(0)).toBe(1)
  expect(past.upperTail(2)).toBe(3 / 100)
  expect(past.upperTail(3)).toBe(2 / 100)
  expect(past.upperTail(3.1)).toBeLessThanOrEqual(1 / 100)
})

test('where all were 0, or there is no past, a small score is no wonder', () => {
  const past = new ScorePast()
  expect(past.upperTail(1)).toBeGreaterThan(0.5)
  past.push(zeros(1000))
  expect(past.upperTail(2)).toBeGreaterThan(1e-4)
  expect(past.upperTail(40)).toBeLessThan(1e-8)
})

test('of scores that follow their model, as many exceed the line as it says', () => {
  const draw = new Shuffler(5)
  const score = (): number => {
    const u = (draw.below(0x40000000) + 0.5) / 0x40000000
    // three of a hundred pairs have a score, exponential as −log p is
    return u < 0.03 ? -Math.log(u / 0.03) : 0
  }
  let told = 0
  let trials = 0
  for (let site = 0; site < 40; site++) {
    const past = new ScorePast()
    for (let week = 0; week < 20; week++) {
      const scores = Array.from({ length: 500 }, score)
      if (week >= 2) {
        told += scores.filter((each) => past.upperTail(each) <= 1e-3).length
        trials += scores.length
      }
      past.push(scores)
    }
  }
  expect(told / trials).toBeLessThan(1.2e-3)
  expect(told / trials).toBeGreaterThan(2e-4)
})
