import { expect, test } from 'vitest'
import { keyedUniform } from './keyed-uniform.ts'
import { normalQuantile } from './normal.ts'
import { sparseMixture } from './sparse-mixture.ts'

/** 1000 seeded scores of which the first `few` are shifted by 2 sd. */
const world = (seed: number, few: number): Float64Array =>
  Float64Array.from({ length: 1000 }, (_, i) => normalQuantile(keyedUniform(seed, i)) + (i < few ? 2 : 0))

test('by hand: one score of 4 fits best a tenth shifted by 3', () => {
  expect(sparseMixture(Float64Array.of(4))).toBeCloseTo(Math.log(1 + 0.1 * (Math.exp(7.5) - 1)), 12)
  expect(sparseMixture(Float64Array.of(0))).toBeCloseTo(Math.log(1 + 0.01 * (Math.exp(-0.5) - 1)), 12)
})

test('gaps add nothing, and no scores say nothing', () => {
  expect(sparseMixture(Float64Array.of(4, Number.NaN))).toBe(sparseMixture(Float64Array.of(4)))
  expect(sparseMixture(new Float64Array(0))).toBe(0)
})

test('scores beyond the range of exp stay finite', () => {
  expect(sparseMixture(Float64Array.of(1e6))).toBeCloseTo(Math.log(0.1) + 3e6 - 4.5, 3)
  expect(sparseMixture(Float64Array.of(-1e6))).toBeCloseTo(Math.log(0.99), 12)
})

test('thirty of a thousand shifted by 2 sd stand out where their sum hardly does', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed)
  const sum = (z: Float64Array): number => z.reduce((total, each) => total + each, 0)
  const found = (statistic: (z: Float64Array) => number): number => {
    const without = seeds.map((seed) => statistic(world(seed, 0))).sort((a, b) => a - b)
    return seeds.filter((seed) => statistic(world(100 + seed, 30)) > without[56]).length / seeds.length
  }
  expect(found(sparseMixture)).toBeGreaterThan(0.8)
  expect(found(sparseMixture)).toBeGreaterThan(found(sum))
})
