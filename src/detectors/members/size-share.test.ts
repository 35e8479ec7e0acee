import { expect, test } from 'vitest'
import { sizeShare } from './size-share.ts'

const GB = 1e9
const shares = (found: readonly number[], past: readonly number[], times: number): number[] => [
  ...sizeShare(Float64Array.from(found), Float64Array.from(past), times),
]

test('by hand: of four of about a size, where the past had one that would come half as often, and perhaps half a one more', () => {
  expect(shares([2, 2.5, 3, 3.9], [2.2], 0.5)).toEqual(Array.from({ length: 4 }, () => 1 - (0.5 * 1 + 0.5 * 0.5) / 4))
})

test('one that is alone with its size is doubtful, and none of them if the past had its like', () => {
  const crowd = Array.from({ length: 50 }, (_, i) => (1 + i / 50) * GB)
  expect(shares([...crowd, 100 * GB], [], 0.8).at(-1)).toBeCloseTo(1 - 0.4, 12)
  expect(shares([...crowd, 100 * GB], [90 * GB], 0.8).at(-1)).toBe(0)
  expect(Math.min(...shares([...crowd, 100 * GB], [90 * GB], 0.8).slice(0, -1))).toBeGreaterThan(0.95)
})

test('twice as large is about the same, more is not', () => {
  expect(shares([1], [2], 1)[0]).toBe(0)
  expect(shares([1], [2.01], 1)[0]).toBe(0.5)
  expect(shares([1], [0.5], 1)[0]).toBe(0)
  expect(shares([1], [0.49], 1)[0]).toBe(0.5)
})

test('one that is alone with its size stays a member, however long it lasts', () => {
  expect(shares([100], [], 4)[0]).toBe(0.5)
})

test('nobody found is nobody’s share', () => {
  expect(shares([], [1, 2], 1)).toEqual([])
})
