import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyedUniform } from './keyed-uniform.ts'
import { logSum } from './log-sum.ts'
import { normalQuantile } from './normal.ts'
import { SparseMixture } from './sparse-mixture.ts'

fc.configureGlobal({ seed: 20_260_101 })

const shares = [0.1, 0.01, 0.001]
const shifts = [0.1, 0.2, 0.4, 0.8]
const draw = (...keys: number[]): number => normalQuantile(keyedUniform(3, ...keys))
const scores = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 200 })

/** Log of the mean over all mixtures of Π (1 + ε (exp(λ Σz − λ² days / 2) − 1)): the ratio of all days at once. */
function ratioOf(days: readonly (readonly number[])[]): number {
  const members = days[0].map((_, i) => days.reduce((sum, day) => sum + day[i], 0))
  const logs = shifts.flatMap((shift) =>
    shares.map((share) =>
      members.reduce(
        (sum, total) => sum + Math.log1p(share * Math.expm1(shift * total - (shift * shift * days.length) / 2)),
        0,
      ),
    ),
  )
  return logSum(logs) - Math.log(logs.length)
}

const stepsOf = (days: readonly (readonly number[])[], memory_days: number): number[] => {
  const mixture = new SparseMixture(memory_days)
  return days.map((day) => mixture.step(Float64Array.from(day)))
}

test('by hand: one score of 4 on the first day', () => {
  expect(stepsOf([[4]], 28)[0]).toBeCloseTo(ratioOf([[4]]), 12)
  expect(stepsOf([[]], 28)[0]).toBe(0)
})

test('without forgetting, what the days add up to is the ratio of all days at once', () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 6 }), (first, count) => {
      const days = Array.from({ length: count }, (_, day) => first.map((z, i) => (z * ((i + day) % 5)) / 4))
      const told = stepsOf(days, Number.POSITIVE_INFINITY).reduce((sum, each) => sum + each, 0)
      expect(told).toBeCloseTo(ratioOf(days), 8)
    }),
  )
})

test('members may come in any order, and gaps add nothing', () => {
  fc.assert(
    fc.property(scores, (day) => {
      const days = [day, day.map((z) => -z / 2), day.map((z) => z / 3)]
      const [there, back] = [
        stepsOf(days, 28),
        stepsOf(
          days.map((each) => [...each].reverse()),
          28,
        ),
      ]
      for (const [i, told] of there.entries()) expect(back[i]).toBeCloseTo(told, 9)
      const gap = stepsOf(
        days.map((each) => [...each, Number.NaN]),
        28,
      )
      expect(gap).toEqual(there)
    }),
  )
})

test('of independent members the ratio has mean 1 on every day, whatever went before', () => {
  const worlds = 4000
  const means = [0, 0, 0]
  for (let world = 0; world < worlds; world++) {
    const days = means.map((_, day) => Array.from({ length: 12 }, (_, i) => draw(world, day, i)))
    for (const [day, told] of stepsOf(days, 28).entries()) means[day] += Math.exp(told) / worlds
  }
  for (const mean of means) expect(mean).toBeCloseTo(1, 1)
})

test('the same ten of three hundred a deviation up: told ever more clearly, where others every day are not', () => {
  const meanOf = (isMember: (day: number, i: number) => boolean): number => {
    let sum = 0
    for (let world = 0; world < 10; world++) {
      const days = Array.from({ length: 40 }, (_, day) =>
        Array.from({ length: 300 }, (_, i) => draw(world, day, i) + (isMember(day, i) ? 1 : 0)),
      )
      sum +=
        stepsOf(days, 28)
          .slice(30)
          .reduce((total, each) => total + each, 0) / 100
    }
    return sum
  }
  expect(meanOf((_, i) => i < 10)).toBeGreaterThan(2)
  expect(meanOf((day, i) => (i + 7 * day) % 300 < 10)).toBeLessThan(0.5)
})

test('a member that is up for years does not leave the range of a double', () => {
  const told = stepsOf(
    Array.from({ length: 1500 }, () => Array.from({ length: 100 }, () => 4)),
    28,
  )
  expect(told.every(Number.isFinite)).toBe(true)
})
