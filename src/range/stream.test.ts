import { expect, test } from 'vitest'
import { hashOf, Stream, Weighted } from './stream.ts'

const many = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('the same seed and name give the same numbers for ever', () => {
  const stream = new Stream(7, 'background', 'web', 3)
  expect(many(4, () => stream.word())).toEqual([3867326975, 3880424706, 2378990502, 1595279313])
  expect(hashOf('home', 3, 2)).toBe(2716917147)
})

test('another name or seed gives others', () => {
  const first = (seed: number, ...name: (string | number)[]): number => new Stream(seed, ...name).word()
  const values = [first(1, 'a', 1), first(2, 'a', 1), first(1, 'b', 1), first(1, 'a', 11), first(1, 'a1')]
  expect(new Set(values).size).toBe(5)
})

test('distributions have the means that they promise', () => {
  const stream = new Stream(1, 'means')
  expect(mean(many(20_000, () => stream.unit()))).toBeCloseTo(0.5, 1)
  expect(mean(many(20_000, () => stream.wait(10)))).toBeCloseTo(10, -0.5)
  expect(mean(many(20_000, () => stream.lognormal(100, 0.8))) / 100).toBeCloseTo(1, 1)
  expect(mean(many(5000, () => stream.poisson(3)))).toBeCloseTo(3, 0.5)
  expect(mean(many(5000, () => stream.poisson(300))) / 300).toBeCloseTo(1, 1)
  expect(stream.poisson(0)).toBe(0)
})

test('weighted draws follow their weights', () => {
  const stream = new Stream(1, 'weights')
  const weighted = new Weighted([1, 0, 3])
  const drawn = many(4000, () => weighted.draw(stream))
  expect(drawn.filter((i) => i === 1)).toHaveLength(0)
  expect(drawn.filter((i) => i === 2).length / 4000).toBeCloseTo(0.75, 1)
})

test('some of many are different ones, and all if there are no more', () => {
  const stream = new Stream(1, 'some')
  expect(new Set(stream.some([1, 2, 3, 4, 5], 3)).size).toBe(3)
  expect(stream.some([1, 2], 9).sort()).toEqual([1, 2])
})
