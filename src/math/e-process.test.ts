import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GrowingRank } from '../testing/growing-rank.ts'
import { fitAr, innovation } from './ar.ts'
import { betSizes } from './bet.ts'
import { EProcess, type EProcessOptions } from './e-process.ts'
import { keyedUniform } from './keyed-uniform.ts'
import { normalQuantile } from './normal.ts'

fc.configureGlobal({ seed: 20_260_101 })

const strict: EProcessOptions = { drift: 0, dispersion: 1, yearlyStarts: 365 }
const noise = (...keys: (string | number)[]): number => normalQuantile(keyedUniform(1, ...keys))

/** Straight from the definition: every start of every bet size, on their own. */
function byHand(scores: readonly number[], { drift, dispersion, yearlyStarts }: EProcessOptions) {
  let sum = 0
  let largest = 0
  let began = -1
  for (const size of betSizes) {
    for (let start = 0; start < scores.length; start++) {
      let term = 1 / yearlyStarts
      for (const z of scores.slice(start)) term *= Math.exp(size * (z - drift) - (dispersion * size * size) / 2)
      sum += term / betSizes.length
      if (term > largest) began = start
      largest = Math.max(largest, term)
    }
  }
  return { value: Math.log(sum), began }
}

test('is the mixture over all starts and bet sizes, and names the best start', () => {
  const score = fc.double({ min: -4, max: 4, noNaN: true })
  fc.assert(
    fc.property(fc.array(score, { minLength: 1, maxLength: 30 }), (scores) => {
      const options = { drift: 0.1, dispersion: 1.1, yearlyStarts: 52 }
      const process = new EProcess(options)
      for (const z of scores) process.step(z)
      const expected = byHand(scores, options)
      expect(process.value).toBeCloseTo(expected.value, 9)
      expect(process.startOf()).toBe(expected.began)
    }),
  )
})

test('knows nothing at first, and one tick is one bet on its share of the stake', () => {
  const process = new EProcess(strict)
  expect(process.value).toBe(-Infinity)
  expect(process.startOf()).toBeUndefined()
  const gains = betSizes.map((size) => Math.exp(size * 2 - (size * size) / 2))
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  expect(process.step(2)).toBeCloseTo(Math.log(mean / 365), 12)
  expect(process.startOf()).toBe(0)
})

test('a tick without opinion changes no evidence but counts as time', () => {
  const process = new EProcess(strict)
  process.skip()
  process.skip()
  const value = process.step(3)
  process.skip()
  expect(process.value).toBe(value)
  expect(process.startOf()).toBe(2)
  const other = new EProcess(strict)
  expect(other.step(3)).toBe(value)
})

test('decades of strong evidence stay in range', () => {
  const process = new EProcess(strict)
  for (let t = 0; t < 10_000; t++) process.step(5)
  expect(process.value).toBeGreaterThan(60_000)
  expect(Number.isFinite(process.value)).toBe(true)
  for (let t = 0; t < 20_000; t++) process.step(-5)
  expect(Number.isFinite(process.value)).toBe(true)
})

test('goes on from its state as if it had never stopped; reset forgets', () => {
  const process = new EProcess(strict)
  for (let t = 0; t < 40; t++) process.step(noise('state', t))
  const copy = new EProcess(strict)
  copy.restore(process.state())
  for (let t = 40; t < 60; t++) expect(copy.step(noise('state', t))).toBe(process.step(noise('state', t)))
  expect(copy.startOf()).toBe(process.startOf())
  copy.reset()
  expect(copy.state()).toEqual(new EProcess(strict).state())
  expect(() => copy.restore(new Float64Array(3))).toThrow(RangeError)
})

test('refuses what is no score and no year', () => {
  expect(() => new EProcess(strict).step(Number.NaN)).toThrow(RangeError)
  expect(() => new EProcess(strict).step(Infinity)).toThrow(RangeError)
  expect(() => new EProcess({ ...strict, yearlyStarts: 0 })).toThrow(RangeError)
  expect(() => new EProcess({ ...strict, dispersion: 0 })).toThrow(RangeError)
})

describe('daily ticks: rank among all earlier, normal score, e-process', () => {
  const worlds = Array.from({ length: 200 }, (_, world) => world)

  interface World {
    seed: string
    /** Reference days before the process begins. */
    before: number
    days: number
    shiftAt: number
  }

  /** The first day of which the evidence is at least log(`gain`), and since when it says so. */
  function crossing(world: number, { seed, before, days, shiftAt }: World, options: EProcessOptions, gain: number) {
    const rank = new GrowingRank(Float64Array.from({ length: before }, (_, t) => noise(seed, world, 'before', t)))
    const process = new EProcess(options)
    for (let t = 0; t < days; t++) {
      const value = noise(seed, world, t) + (t < shiftAt ? 0 : 1)
      const p = rank.upperTail(value, keyedUniform(2, seed, world, t))
      rank.push(value)
      if (process.step(-normalQuantile(p)) >= Math.log(gain)) return { day: t, since: process.startOf() ?? Number.NaN }
    }
    return undefined
  }

  /** Share of worlds that cross within `days` of the shift, not before. */
  function power(world: World, options: EProcessOptions, days: number): number {
    const found = worlds.map((each) => crossing(each, world, options, 20)?.day ?? Infinity)
    return found.filter((day) => day >= world.shiftAt && day < world.shiftAt + days).length / worlds.length
  }

  test('a year in which nothing happens seldom crosses', () => {
    const quiet = { seed: 'quiet', before: 0, days: 365, shiftAt: Infinity }
    const crossed = (gain: number) =>
      worlds.filter((world) => crossing(world, quiet, strict, gain)).length / worlds.length
    expect(crossed(100)).toBeLessThanOrEqual(0.03)
    expect(crossed(20)).toBeLessThanOrEqual(0.05)
  })

  test('drift and dispersion at their tolerated ends do not cross either; the same without tolerance does', () => {
    const tolerant = { drift: 0.25, dispersion: 1.2, yearlyStarts: 365 }
    const crosses = (world: number, options: EProcessOptions): boolean => {
      const process = new EProcess(options)
      let largest = -Infinity
      for (let t = 0; t < 365; t++) {
        largest = Math.max(largest, process.step(0.25 + Math.sqrt(1.2) * noise('drift', world, t)))
      }
      return largest >= Math.log(20)
    }
    expect(worlds.filter((world) => crosses(world, tolerant)).length / worlds.length).toBeLessThanOrEqual(0.05)
    expect(worlds.filter((world) => crosses(world, strict)).length / worlds.length).toBeGreaterThan(0.8)
  })

  test('days that follow their yesterday cross by chance, unless they are whitened first', () => {
    const few = worlds.slice(0, 60)
    const reference = 180
    const crosses = (world: number, whitened: boolean): boolean => {
      const values = new Float64Array(reference + 365)
      for (let t = 0; t < values.length; t++) values[t] = 0.6 * (values[t - 1] ?? 0) + noise('follows', world, t)
      const coefficients = whitened ? fitAr(values.subarray(0, reference), 3) : new Float64Array(0)
      const rank = new GrowingRank()
      const process = new EProcess(strict)
      let largest = -Infinity
      for (let t = 3; t < values.length; t++) {
        const value = innovation(coefficients, values.subarray(0, t), values[t])
        const p = rank.upperTail(value, keyedUniform(2, world, t))
        rank.push(value)
        if (t >= reference) largest = Math.max(largest, process.step(-normalQuantile(p)))
      }
      return largest >= Math.log(100)
    }
    expect(few.filter((world) => crosses(world, false)).length / few.length).toBeGreaterThan(0.4)
    expect(few.filter((world) => crosses(world, true)).length / few.length).toBeLessThanOrEqual(0.05)
  })

  test('a shift of 1 sd is found: the longer the past, the sooner', () => {
    const late = { seed: 'shift', before: 365, days: 120, shiftAt: 60 }
    const early = { ...late, before: 0 }
    expect(power(late, strict, 25)).toBeGreaterThan(0.7)
    expect(power(late, strict, 35)).toBeGreaterThan(0.9)
    expect(power(early, strict, 25)).toBeGreaterThan(0.45)
    expect(power(early, strict, 45)).toBeGreaterThan(0.75)
  })

  test('since when: within three weeks of the shift in nine of ten worlds', () => {
    const shifted = { seed: 'since', before: 365, days: 120, shiftAt: 60 }
    const since = worlds.map((world) => crossing(world, shifted, strict, 20)?.since ?? Infinity)
    expect(since.filter((day) => Math.abs(day - 60) <= 21).length / worlds.length).toBeGreaterThan(0.9)
  })
})
