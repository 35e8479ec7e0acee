import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permutationTail, Shuffler } from './permutation.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('counts the observation itself, so it is never 0', () => {
  expect(permutationTail(5, [1, 2, 3])).toBe(1 / 4)
  expect(permutationTail(2, [1, 2, 3])).toBe(3 / 4)
  expect(permutationTail(2, [1, Number.NaN, 3])).toBe(3 / 4)
  expect(permutationTail(2, [])).toBe(1)
})

test('the same seed gives the same shuffles for ever, each another one', () => {
  const values = Int32Array.from({ length: 8 }, (_, i) => i)
  const shuffler = new Shuffler(7)
  shuffler.shuffle(values)
  expect([...values]).toEqual([1, 3, 0, 6, 5, 7, 2, 4])
  shuffler.shuffle(values)
  expect([...values]).toEqual([7, 5, 3, 2, 6, 4, 1, 0])
})

test('a shuffle keeps what it was given', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 40 }), (seed, values) => {
      const shuffled = Int32Array.from(values)
      new Shuffler(seed).shuffle(shuffled)
      expect(shuffled.sort()).toEqual(Int32Array.from(values).sort())
    }),
  )
})

test('all orders of four come equally often', () => {
  const shuffler = new Shuffler(1)
  const seen = new Map<string, number>()
  for (let i = 0; i < 24_000; i++) {
    const values = Int32Array.of(0, 1, 2, 3)
    shuffler.shuffle(values)
    const order = values.join('')
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  expect(seen.size).toBe(24)
  const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  expect(chiSquare).toBeLessThan(50) // 23 degrees of freedom: 0.1 % lies beyond 49.7
})

test('p-values of shuffled data are spread evenly', () => {
  const shuffler = new Shuffler(2)
  const group = (values: Int32Array): number => values.subarray(0, 6).reduce((sum, each) => sum + each, 0)
  let below = 0
  for (let world = 0; world < 500; world++) {
    const values = Int32Array.from({ length: 15 }, () => shuffler.below(1000))
    const observed = group(values)
    const others = Array.from({ length: 19 }, () => {
      shuffler.shuffle(values)
      return group(values)
    })
    if (permutationTail(observed, others) <= 0.2) below++
  }
  expect(below / 500).toBeGreaterThan(0.14)
  expect(below / 500).toBeLessThan(0.26)
})
