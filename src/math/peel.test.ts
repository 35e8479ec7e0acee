import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Shuffler } from '../testing/permutation.ts'
import { columnWeights, type Edges, peel } from './peel.ts'

fc.configureGlobal({ seed: 20_260_101 })

function edgesOf(pairs: Iterable<readonly [number, number]>, weigh?: (col: Int32Array) => Float64Array): Edges {
  const all = [...pairs]
  const col = Int32Array.from(all, (pair) => pair[1])
  return {
    row: Int32Array.from(all, (pair) => pair[0]),
    col,
    weight: weigh?.(col) ?? new Float64Array(all.length).fill(1),
  }
}

/** 3000 rows that visit 6000 columns, some columns far more often; 30 rows share 400 columns, `fanIn` of them each. */
function world(seed: number, fanIn: number): Edges {
  const draw = new Shuffler(seed)
  const pairs = new Map<number, readonly [number, number]>()
  const add = (row: number, col: number) => pairs.set(row * 6000 + col, [row, col])
  for (let i = 0; i < 20_000; i++) add(draw.below(3000), Math.floor((draw.below(6000) * draw.below(6000)) / 6000))
  for (let col = 5600; col < 6000; col++) for (let i = 0; i < fanIn; i++) add(draw.below(30), col)
  return edgesOf(pairs.values(), (col) => columnWeights(col, 6000))
}

const densityOf = ({ row, col, weight }: Edges, rows: ReadonlySet<number>, cols: ReadonlySet<number>): number =>
  weight.reduce((sum, each, i) => sum + (rows.has(row[i]) && cols.has(col[i]) ? each : 0), 0) /
  Math.max(1, rows.size + cols.size)

test('a full block beside single edges', () => {
  const block = [1, 2, 3].flatMap((row) => [0, 2, 3].map((col) => [row, col] as const))
  const found = peel(edgesOf([[0, 1], [4, 4], ...block, [1, 1]]), 6, 6)
  expect([...found.rows]).toEqual([1, 2, 3])
  expect([...found.cols]).toEqual([0, 2, 3])
  expect(found.density).toBe(9 / 6)
})

test('weights decide between blocks of one shape', () => {
  const pairs = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 2],
    [2, 3],
    [3, 2],
    [3, 3],
  ] as const
  const edges = edgesOf(pairs)
  edges.weight.fill(2, 4)
  expect(peel(edges, 4, 4)).toEqual({ rows: Int32Array.of(2, 3), cols: Int32Array.of(2, 3), density: 2 })
})

test('nothing without edges', () => {
  const nothing = { rows: new Int32Array(0), cols: new Int32Array(0), density: 0 }
  expect(peel(edgesOf([]), 3, 2)).toEqual(nothing)
  expect(peel(edgesOf([]), 0, 0)).toEqual(nothing)
})

test('a column counts the less the more visit it', () => {
  const weights = columnWeights(Int32Array.of(0, 2, 2, 2), 3)
  expect([...weights]).toEqual([1 / Math.log(6), 1 / Math.log(8), 1 / Math.log(8), 1 / Math.log(8)])
})

test('at least half as dense as the best of all blocks, and as dense as it says', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.nat(4), fc.nat(4)), {
    selector: ([row, col]) => 5 * row + col,
    maxLength: 25,
  })
  const membersOf = (bits: number): Set<number> => new Set([0, 1, 2, 3, 4].filter((i) => bits & (1 << i)))
  fc.assert(
    fc.property(pairs, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (chosen, weights) => {
      const edges = edgesOf(chosen)
      for (let i = 0; i < chosen.length; i++) edges.weight[i] = weights.next().value
      const found = peel(edges, 5, 5)
      let best = 0
      for (let bits = 0; bits < 1024; bits++) {
        best = Math.max(best, densityOf(edges, membersOf(bits & 31), membersOf(bits >> 5)))
      }
      expect(found.density).toBeCloseTo(densityOf(edges, new Set(found.rows), new Set(found.cols)), 12)
      expect(found.density).toBeGreaterThanOrEqual(best / 2 - 1e-12)
      expect(found.density).toBeLessThanOrEqual(best + 1e-12)
    }),
    { numRuns: 40 },
  )
})

test.each([1, 2])('finds 30 rows that share 400 columns among random edges (seed %d)', (seed) => {
  const found = peel(world(seed, 5), 3000, 6000)
  expect([...found.rows]).toEqual(Array.from({ length: 30 }, (_, row) => row))
  expect(found.cols.length).toBeGreaterThan(250)
  expect(found.cols.every((col) => col >= 5600)).toBe(true)
  expect(found.density).toBeGreaterThan(1.25 * peel(world(seed, 0), 3000, 6000).density)
})

test('does not see them where two rows share a column', () => {
  const found = peel(world(1, 2), 3000, 6000)
  expect(found.rows.length).toBeGreaterThan(1000)
  expect(found.density).toBeLessThan(1.05 * peel(world(1, 0), 3000, 6000).density)
})
