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

/** Log of the mean over all mixtures of Π (1 + ε·(exp(λz − λ²/2) − 1)), of each the largest factor left out. */
function ratioOf(day: readonly number[]): number {
  const logs = shifts.flatMap((shift) =>
    shares.map((share) => {
      const factors = day.map((z) => 1 + share * Math.expm1(shift * z - (shift * shift) / 2))
      return factors.reduce((sum, each) => sum + Math.log(each), -Math.log(Math.max(1, ...factors)))
    }),
  )
  return logSum(logs) - Math.log(logs.length)
}

const stepsOf = (days: readonly (readonly number[])[], memory_days: number): number[] => {
  const mixture = new SparseMixture(memory_days)
  return days.map((day) => mixture.step(Float64Array.from(day)))
}

test('by hand: the first day, on which nothing went before', () => {
  expect(stepsOf([[4]], 28)[0]).toBe(0)
  expect(stepsOf([[]], 28)[0]).toBe(0)
  fc.assert(
    fc.property(scores, (day) => {
      expect(stepsOf([day], 28)[0]).toBeCloseTo(ratioOf(day), 9)
    }),
  )
})

test('by hand: the second of two days, of which one mixture is told by the first', () => {
  const days = [
    [2, 3, -1],
    [1, 2, 0],
  ]
  const gains = shifts.flatMap((shift) =>
    shares.map((share) => {
      const logsOf = (day: readonly number[], chances: readonly number[]): number => {
        const factors = day.map((z, i) => 1 + chances[i] * Math.expm1(shift * z - (shift * shift) / 2))
        return Math.log(factors.reduce((product, each) => product * each, 1) / Math.max(1, ...factors))
      }
      const chances = days[0].map((z) => {
        const odds = share * Math.exp(shift * z - (shift * shift) / 2)
        return odds / (1 - share + odds)
      })
      return [
        logsOf(
          days[0],
          days[0].map(() => share),
        ),
        logsOf(days[1], chances),
      ]
    }),
  )
  const told = logSum(gains.map(([first, second]) => first + second)) - logSum(gains.map(([first]) => first))
  expect(stepsOf(days, Number.POSITIVE_INFINITY)[1]).toBeCloseTo(told, 12)
})

test('one member alone says nothing, however far and long it is up', () => {
  const alone = Array.from({ length: 60 }, () => [4, ...Array.from({ length: 30 }, () => 0)])
  for (const told of stepsOf(alone, 28)) expect(told).toBeLessThanOrEqual(0)
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

test('of independent members the ratio has a mean of at most 1 on every day, whatever went before', () => {
  const worlds = 4000
  const means = [0, 0, 0]
  for (let world = 0; world < worlds; world++) {
    const days = means.map((_, day) => Array.from({ length: 12 }, (_, i) => draw(world, day, i)))
    for (const [day, told] of stepsOf(days, 28).entries()) means[day] += Math.exp(told) / worlds
  }
  for (const mean of means) {
    expect(mean).toBeLessThan(1.05)
    expect(mean).toBeGreaterThan(0.7)
  }
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
