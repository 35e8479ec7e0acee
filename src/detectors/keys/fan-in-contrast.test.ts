import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { Contrast, logBinomialBet, toleratedRatio } from './fan-in-contrast.ts'

function contrastOf(units: readonly [key: number, role: number, isMarked: boolean, count: number][]): Contrast {
  const contrast = new Contrast(4)
  for (const [key, role, isMarked, count] of units) for (let i = 0; i < count; i++) contrast.add(key, role, isMarked)
  return contrast
}

test('a bet on a binomial count has mean 1 at the tolerated share and less below it', () => {
  const mean = (share: number, r: number, theta: number): number => {
    let sum = 0
    let weight = (1 - share) ** 20
    for (let a = 0; a <= 20; a++) {
      sum += weight * Math.exp(logBinomialBet(a, 20 - a, r, theta))
      weight *= ((20 - a) / (a + 1)) * (share / (1 - share))
    }
    return sum
  }
  for (const theta of [2, 8, 64]) {
    expect(mean(0.3, 0.3, theta)).toBeCloseTo(1, 9)
    expect(mean(0.2, 0.3, theta)).toBeLessThan(1)
  }
})

test('the mean of e stays below 1 for keys ten times as common among the marked, rare or not', () => {
  const random = new Shuffler(1)
  for (const share of [0.002, 0.02, 0.09]) {
    let sum = 0
    const worlds = 2000
    for (let world = 0; world < worlds; world++) {
      const contrast = new Contrast(2)
      for (let i = 0; i < 400; i++) {
        const isMarked = i < 60
        const isOfKey = random.below(1_000_000) < 1e6 * share * (isMarked ? toleratedRatio : 1)
        contrast.add(isOfKey ? 1 : 2, i % 2, isMarked)
      }
      sum += Math.exp(contrast.logE(1, 2))
    }
    expect(sum / worlds).toBeLessThan(1.05)
  }
})

test('a key that only the marked have is evidence, by the number of them', () => {
  const log_e = (bots: number) =>
    contrastOf([
      [5, 1, true, bots],
      [1, 1, true, 20],
      [1, 1, false, 800],
    ]).logE(5, 64)
  expect(log_e(5)).toBeCloseTo(logBinomialBet(5, 0, 250 / 1050, 64), 9)
  expect(log_e(60)).toBeGreaterThan(40)
})

test('a key that everybody has, and one within the tolerance, are none', () => {
  const contrast = contrastOf([
    [1, 1, true, 300],
    [1, 1, false, 300],
    [2, 1, true, 30],
    [2, 1, false, 9],
    [3, 1, true, 10],
    [3, 1, false, 300],
  ])
  for (const key of [1, 2, 3]) for (const theta of [2, 8, 64]) expect(contrast.logE(key, theta)).toBeLessThan(0)
})

test('where nobody is ordinary nothing is evidence', () => {
  expect(contrastOf([[5, 1, true, 500]]).logE(5, 64)).toBeCloseTo(0, 9)
})

test('neither a role full of newcomers nor a program known in another role is evidence', () => {
  const newRole = contrastOf([
    [5, 3, true, 200],
    [1, 1, false, 2000],
  ])
  expect(newRole.logE(5, 64)).toBeLessThanOrEqual(1e-9)
  const knownElsewhere = contrastOf([
    [5, 1, true, 40],
    [1, 1, true, 10],
    [1, 1, false, 500],
    [5, 2, false, 500],
  ])
  expect(knownElsewhere.logE(5, 8)).toBeLessThan(0)
})
