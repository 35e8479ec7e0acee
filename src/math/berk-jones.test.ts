import fc from 'fast-check'
import { expect, test } from 'vitest'
import { berkJones } from './berk-jones.ts'
import { keyedUniform } from './keyed-uniform.ts'

fc.configureGlobal({ seed: 20_260_101 })

const eight = [0.9, 0.02, 0.01, 0.8, 0.7, 0.6, 0.5, 0.95]

test('by hand: the second of eight is the most surprising', () => {
  const divergence = 0.25 * Math.log(0.25 / 0.02) + 0.75 * Math.log(0.75 / 0.98)
  expect(berkJones(Float64Array.from(eight))).toBeCloseTo(8 * divergence, 12)
})

test('0 if no small p-value is too small, or too few are there to tell', () => {
  expect(berkJones(Float64Array.of(0.3, 0.6, 0.9, 0.95))).toBe(0)
  expect(berkJones(Float64Array.of(0.001, 0.001, 0.001))).toBe(0)
  expect(berkJones(new Float64Array(0))).toBe(0)
})

test('gaps are left out, order does not matter, and the input keeps its own', () => {
  const p = Float64Array.of(...eight, Number.NaN)
  expect(berkJones(p)).toBe(berkJones(Float64Array.from([...eight].reverse())))
  expect(p).toEqual(Float64Array.of(...eight, Number.NaN))
})

test('a smaller p-value never lowers it', () => {
  const p = fc.double({ min: 1e-6, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(p, { minLength: 2, maxLength: 40 }),
      fc.nat(),
      fc.double({ min: 0.01, max: 1 }),
      (all, at, by) => {
        const lower = [...all]
        lower[at % all.length] *= by
        const before = berkJones(Float64Array.from(all))
        expect(berkJones(Float64Array.from(lower))).toBeGreaterThanOrEqual(before - 1e-9)
      },
    ),
  )
})

test('a few members with somewhat small p-values stand out from uniform ones', () => {
  const world = (seed: number, small: number): number =>
    berkJones(Float64Array.from({ length: 1000 }, (_, i) => keyedUniform(seed, i) * (i < small ? 0.01 : 1)))
  const without = Array.from({ length: 100 }, (_, seed) => world(seed, 0)).sort((a, b) => a - b)
  const above = Array.from({ length: 100 }, (_, seed) => world(1000 + seed, 20)).filter((each) => each > without[94])
  expect(above.length).toBeGreaterThan(90)
})
