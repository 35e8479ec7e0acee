import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eBh } from './e-bh.ts'
import { keyedUniform } from './keyed-uniform.ts'
import { normalQuantile } from './normal.ts'

fc.configureGlobal({ seed: 20_260_101 })

const logs = (...values: number[]): number[] => values.map(Math.log)

test('declares as many as bear it together, strongest first', () => {
  // J/α = 40: one alone needs 40, each of two 20, of three 13.3
  expect(eBh(logs(39, 1, 1, 1), 0.1)).toEqual([])
  expect(eBh(logs(1, 41, 1, 1), 0.1)).toEqual([1])
  expect(eBh(logs(21, 1, 21, 1), 0.1)).toEqual([0, 2])
  expect(eBh(logs(14, 19, 1, 14), 0.1)).toEqual([1, 0, 3])
})

test('a weight counts as evidence, at the cost of the others; its unit does not matter', () => {
  expect(eBh(logs(21, 1, 1, 1), 0.1, [3, 1, 0, 0])).toEqual([0])
  expect(eBh(logs(21, 1, 1, 1), 0.1, [300, 100, 0, 0])).toEqual([0])
  expect(eBh(logs(21, 500, 1, 1), 0.1, [3, 0, 1, 0])).toEqual([0])
  expect(() => eBh([1, 2], 0.1, [1])).toThrow(RangeError)
})

test('no opinion is never declared, but counts among the asked', () => {
  expect(eBh([Math.log(15), Number.NaN], 0.1)).toEqual([])
  expect(eBh([Infinity, Number.NaN, -Infinity], 0.1)).toEqual([0])
  expect(eBh([], 0.1)).toEqual([])
})

test('all declared are stronger than all others, and more alpha never declares less', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 12, noNaN: true }), { maxLength: 30 }), (values) => {
      const declared = eBh(values, 0.05)
      const weakest = Math.min(...declared.map((i) => values[i]))
      for (const [i, value] of values.entries()) if (!declared.includes(i)) expect(value).toBeLessThanOrEqual(weakest)
      expect(eBh(values, 0.2).length).toBeGreaterThanOrEqual(declared.length)
    }),
  )
})

test('of the declared at most alpha are false on average, also if all depend on one shock', () => {
  const worlds = 400
  let share = 0
  let found = 0
  for (let world = 0; world < worlds; world++) {
    const shock = normalQuantile(keyedUniform(5, world))
    const logE = Array.from({ length: 50 }, (_, i) => {
      const own = normalQuantile(keyedUniform(5, world, i))
      const z = 0.6 * shock + 0.8 * own + (i < 10 ? 4 : 0)
      return 2 * z - 2
    })
    const declared = eBh(logE, 0.1)
    found += declared.filter((i) => i < 10).length
    share += declared.length === 0 ? 0 : declared.filter((i) => i >= 10).length / declared.length
  }
  expect(share / worlds).toBeLessThan(0.1)
  expect(found / worlds).toBeGreaterThan(5)
})
