import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { DensityPast, leastSpans } from './density-past.ts'

/** In (0, 1). */
const uniform = (draw: Shuffler): number => (draw.below(0x40000000) + 0.5) / 0x40000000

test('the last window is no past, and fewer than four spans are none', () => {
  const past = new DensityPast(7)
  const ranks = Array.from({ length: 40 }, (_, day) => past.next(day))
  expect(ranks[6].spans).toBe(0)
  expect(ranks[13]).toMatchObject({ spans: 1, largest: 6, p: 1 })
  expect(ranks.findIndex(({ p }) => p < 1)).toBe(leastSpans * 7 + 6)
  // what the last week held is not among what the day is compared with
  expect(ranks[39]).toMatchObject({ spans: 4, largest: 32 })
})

test('within its past a value has its rank; beyond, the further the rarer', () => {
  const past = new DensityPast(1)
  for (const value of [1, 5, 2, 4, 3, 1, 4, 2, 3]) past.next(value)
  const rankOf = (value: number): number => {
    const copy = new DensityPast(1)
    for (const each of [1, 5, 2, 4, 3, 1, 4, 2, 3]) copy.next(each)
    return copy.next(value).p
  }
  expect(rankOf(4)).toBe(4 / 10)
  expect(rankOf(5)).toBe(2 / 10)
  expect(rankOf(5.5)).toBeLessThanOrEqual(1 / 10)
  expect(rankOf(12)).toBeLessThan(rankOf(9))
  expect(rankOf(9)).toBeLessThan(0.1)
})

test('spans that are all alike tell nothing of what lies beyond', () => {
  const past = new DensityPast(1)
  for (let day = 0; day < 10; day++) past.next(0)
  expect(past.next(3).p).toBe(1 / 11)
})

test.each(['normal', 'exponential'])('records of weeks that are alike are rarer than the p-value says (%s)', (law) => {
  const draw = new Shuffler(7)
  const line = 7 / (365 * 9)
  // by spans of past: few, and more
  const weeks = [0, 0]
  const told = [0, 0]
  for (let site = 0; site < 200; site++) {
    const past = new DensityPast(7)
    // a moving mean of a week: days have six sevenths in common with the next
    const news = Array.from({ length: 300 }, () => {
      const u = uniform(draw)
      return law === 'exponential' ? -Math.log(u) : Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * uniform(draw))
    })
    for (let week = 1; week < 40; week++) {
      let isTold = false
      for (let day = 7 * week; day < 7 * week + 7; day++) {
        const value = news.slice(day - 6, day + 1).reduce((sum, each) => sum + each, 0)
        isTold = past.next(10 + value).p <= line || isTold
      }
      const age = Number(week >= 12)
      weeks[age]++
      if (isTold) told[age]++
    }
  }
  expect(told[0] / weeks[0]).toBeLessThan(line)
  expect(told[1] / weeks[1]).toBeLessThan(line)
})
