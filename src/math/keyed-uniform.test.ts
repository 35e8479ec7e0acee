import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyedDraws, keyedUniform } from './keyed-uniform.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('the same seed and keys give the same number for ever', () => {
  expect(keyedUniform(7, 'site', 42)).toBe(0.11366368932926185)
  expect(keyedUniform(7)).toBe(0.830327644811094)
  expect(keyedUniform(0, '')).toBe(0.7667585536085769)
})

test('order, kind and borders of keys count', () => {
  const drawn = [
    keyedUniform(1, 'a', 'b'),
    keyedUniform(1, 'b', 'a'),
    keyedUniform(1, 'ab'),
    keyedUniform(1, 'ab', ''),
    keyedUniform(1, 1),
    keyedUniform(1, '1'),
    keyedUniform(1, 1.5),
    keyedUniform(1, -1),
    keyedUniform(2, 1),
    keyedUniform(1),
  ]
  expect(new Set(drawn).size).toBe(drawn.length)
  expect(keyedUniform(1, -0)).toBe(keyedUniform(1, 0))
})

test('refuses keys that have no one form', () => {
  expect(() => keyedUniform(1, Number.NaN)).toThrow(RangeError)
  expect(() => keyedUniform(Infinity)).toThrow(RangeError)
})

test('always inside (0, 1)', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.string(),
      fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
      (seed, text, number) => {
        const drawn = keyedUniform(seed, text, number)
        expect(drawn > 0 && drawn < 1).toBe(true)
      },
    ),
  )
})

test('neighbouring keys give even and unrelated numbers', () => {
  const count = 20_000
  const drawn = Array.from({ length: count }, (_, i) => keyedUniform(1, 'pool', i))
  const cells = new Int32Array(100)
  for (let i = 1; i < count; i++) cells[Math.floor(drawn[i] * 10) * 10 + Math.floor(drawn[i - 1] * 10)]++
  const expected = (count - 1) / 100
  const chiSquare = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0)
  // 99 degrees of freedom: mean 99, deviation 14
  expect(chiSquare).toBeGreaterThan(50)
  expect(chiSquare).toBeLessThan(155)
})

test('draws of many last keys are those of all keys together', () => {
  const draws = new KeyedDraws(7, 'site', 3)
  for (const last of [42, 0, -1.5, 42]) expect(draws.uniform(last)).toBe(keyedUniform(7, 'site', 3, last))
  expect(() => draws.uniform(Number.NaN)).toThrow(RangeError)
})
