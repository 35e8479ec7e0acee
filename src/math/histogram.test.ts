import { describe, expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

const of = (values: readonly number[]): Histogram => {
  const histogram = new Histogram(8)
  for (const value of values) histogram.add(value)
  return histogram
}
const thousand = Array.from({ length: 1000 }, (_, i) => -Math.log((i + 0.5) / 1000))

describe('the upper tail', () => {
  test('is the rank among all, and never 0', () => {
    expect(of([1, 2, 3]).upperTail(2)).toBe(3 / 4)
    expect(of([1, 2, 3]).upperTail(10)).toBe(1 / 4)
  })

  test('of an exponential law goes on beyond the largest value, at the cautious end', () => {
    const tail = of(thousand).upperTail(12)
    expect(tail).toBeGreaterThan(Math.exp(-12))
    expect(tail).toBeLessThan(1e-3)
    expect(of(thousand).upperTail(1)).toBeCloseTo(Math.exp(-1), 1)
  })

  test('is no lighter than it is told to be, where all values are alike', () => {
    const alike = of(Array.from({ length: 1000 }, () => 0))
    expect(alike.upperTail(3)).toBeLessThan(1e-6)
    expect(alike.upperTail(3, 1)).toBeCloseTo(1 / 1001, 4)
    expect(alike.upperTail(9, 1)).toBeCloseTo(Math.exp(-9 + 1 / 8), 5)
  })

  test('never rises with the value', () => {
    const histogram = of(thousand)
    const tails = Array.from({ length: 100 }, (_, i) => histogram.upperTail(i / 8))
    expect(tails.every((tail, i) => i === 0 || tail <= tails[i - 1])).toBe(true)
  })
})

test('a quantile is the lower end of its bin, and of nothing there is none', () => {
  expect(of([0, 1, 2, 3, 100]).quantile(0.5)).toBe(2)
  expect(of([1e9, -1e9]).quantile(1)).toBe(64 - 1 / 8)
  expect(of([]).quantile(0.5)).toBeNaN()
  expect(() => of([Number.NaN])).toThrow(RangeError)
})
