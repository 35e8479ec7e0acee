import { describe, expect, test } from 'vitest'
import { floorShare, poissonBounds, quantileOf, wilson } from './statistics.ts'

describe("Wilson's interval", () => {
  // R: prop.test(x, n, correct = FALSE)$conf.int
  test.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [8, 8, 0.6756, 1],
    [81, 263, 0.2553, 0.3662],
    [2, 2, 0.3424, 1],
  ])('%i of %i', (found, tried, low, high) => {
    const bounds = wilson(found, tried)
    expect(bounds.low).toBeCloseTo(low, 4)
    expect(bounds.high).toBeCloseTo(high, 4)
  })

  test('nothing tried, nothing known', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })
})

test('bounds of a Poisson mean are those of the tables', () => {
  const rounded = [0, 1, 10].map((count) => {
    const { low, high } = poissonBounds(count)
    return [low.toFixed(4), high.toFixed(3)]
  })
  expect(rounded).toEqual([
    ['0.0000', '3.689'],
    ['0.0253', '5.572'],
    ['4.7954', '18.390'],
  ])
})

test('a quantile is a value that was measured; null where it was not reached', () => {
  expect(quantileOf([3, 1, 2, Number.POSITIVE_INFINITY], 0.5)).toBe(2)
  expect(quantileOf([3, 1, 2, Number.POSITIVE_INFINITY], 0.9)).toBeNull()
  expect(quantileOf([], 0.5)).toBeNull()
})

describe('the floor', () => {
  test('lies between two shares, straight in their logarithms', () => {
    const points = [
      { share: 0.1, power: 1 },
      { share: 0.001, power: 0.2 },
      { share: 0.01, power: 0.6 },
    ]
    const floor = floorShare(points)
    expect(floor?.share).toBeCloseTo(0.01 * Math.sqrt(10), 12)
    expect(floor?.is_at_most).toBe(false)
  })

  test('is at most the smallest share, or not reached', () => {
    expect(floorShare([{ share: 0.01, power: 0.8 }])).toEqual({ share: 0.01, is_at_most: true })
    expect(floorShare([{ share: 0.01, power: 0.79 }])).toBeUndefined()
  })
})
