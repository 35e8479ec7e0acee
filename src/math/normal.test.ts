import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from './normal.ts'

fc.configureGlobal({ seed: 20_260_101 })

/** Of another implementation, in all of its digits. */
const quantiles: readonly [number, number][] = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-9, -5.9978070150076865],
  [0.001, -3.090232306167813],
  [0.02425, -1.972961051311885],
  [0.07, -1.4757910281791706],
  [0.3, -0.5244005127080409],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.999999, 4.753424308817087],
]
const probabilities: readonly [number, number][] = [
  [-20, 2.7536241186061556e-89],
  [-8, 6.22096057427174e-16],
  [-7.0711, 7.68551579534833e-13],
  [-5, 2.866515718791933e-7],
  [-1, 0.15865525393145707],
  [-0.3, 0.3820885778110474],
  [0.5, 0.6914624612740131],
  [2, 0.9772498680518208],
  [6, 0.9999999990134123],
]

test.each(quantiles)('the quantile of %d', (p, z) => {
  expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-13)
})

test.each(probabilities)('the probability below %d', (z, p) => {
  expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-12)
})

test('ends and middle', () => {
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity])
  expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect([-Infinity, 0, Infinity].map(normalCdf)).toEqual([0, expect.closeTo(0.5, 14), 1])
})

test('each undoes the other, and both rise', () => {
  fc.assert(
    fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (z) => {
      expect(Math.abs(normalQuantile(normalCdf(z)) - z)).toBeLessThan(1e-9)
      expect(normalCdf(z + 0.001)).toBeGreaterThan(normalCdf(z))
    }),
  )
})
