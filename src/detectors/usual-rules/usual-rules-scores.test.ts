import { describe, expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import {
  bytesOfLevel,
  cusumAlarms,
  cusumIncrements,
  cusumLine,
  ewmaScores,
  levelOf,
  quotaScores,
} from './usual-rules-scores.ts'

const noise = (days: number, seed: number): Float64Array =>
  Float64Array.from({ length: days }, (_, day) => 10 + normalQuantile(keyedUniform(seed, day)))

test('levels are logarithmic above 1 MB, 0 for nothing, and can be undone', () => {
  expect(levelOf(0)).toBe(0)
  expect(levelOf(1e12) - levelOf(1e11)).toBeCloseTo(Math.log(10), 4)
  expect(bytesOfLevel(levelOf(123_456_789))).toBeCloseTo(123_456_789, 3)
})

test('a quota is measured from the median of the baseline alone', () => {
  const scores = quotaScores(Float64Array.from([1, 2, 3, 50, 60]), 0, 3)
  expect([...scores]).toEqual([-1, 0, 1, 48, 58])
})

describe('z-scores that forget', () => {
  test('say nothing for 14 days, then find a day five sd high', () => {
    const levels = noise(60, 1)
    levels[50] = 15
    const scores = ewmaScores(levels)
    expect(scores.subarray(0, 14).every(Number.isNaN)).toBe(true)
    expect(scores[50]).toBeGreaterThan(3.5)
    expect(scores.subarray(14, 50).every((score) => Math.abs(score) < 3.5)).toBe(true)
  })

  test('learn what stays: after two months of a step the same level is usual', () => {
    const levels = noise(160, 2).map((level, day) => (day < 60 ? level : level + 4))
    const scores = ewmaScores(levels)
    const mean = (from: number, until: number): number =>
      scores.subarray(from, until).reduce((sum, z) => sum + z, 0) / (until - from)
    expect(scores[60]).toBeGreaterThan(2)
    expect(Math.abs(mean(130, 160))).toBeLessThan(0.5)
  })

  test('a host of one size on all days alarms at no few percent', () => {
    const levels = new Float64Array(40).fill(9)
    levels[30] = 9.1
    expect(ewmaScores(levels)[30]).toBeCloseTo(0.4, 6)
  })
})

describe('CUSUM', () => {
  test('increments are clipped z-scores of the baseline less the allowance', () => {
    const increments = cusumIncrements(Float64Array.from([9, 11, 9, 11, 1000, 10]), 0, 4)
    expect(increments[4]).toBe(3.75)
    expect(increments[5]).toBeCloseTo(-0.25, 9)
    expect(increments[1]).toBeCloseTo(1 / Math.sqrt(4 / 3) - 0.25, 9)
  })

  test('starts anew after an alarm', () => {
    const alarms = cusumAlarms(Float64Array.from([1, 1, 1, 1, -5, 1]), 0, 1.5)
    expect(alarms).toEqual([
      { day_index: 1, sum: 2 },
      { day_index: 3, sum: 2 },
    ])
  })

  test('finds a shift of one sd that no single day shows', () => {
    const levels = noise(120, 5).map((level, day) => (day < 60 ? level : level + 1))
    const increments = cusumIncrements(levels, 0, 30)
    const line = cusumLine([increments], 30, 60, 0)
    expect(cusumAlarms(increments, 30, line)[0]?.day_index).toBeGreaterThanOrEqual(60)
    expect(cusumAlarms(increments, 30, line).length).toBeGreaterThan(0)
  })

  test('the line allows what it may, and is the lowest that does', () => {
    for (let allowed = 0; allowed < 4; allowed++) {
      const series = Array.from({ length: 20 }, (_, seed) => cusumIncrements(noise(60, 100 + seed), 0, 30))
      const alarmsAt = (line: number): number =>
        series.reduce((sum, each) => sum + cusumAlarms(each, 30, line).length, 0)
      const line = cusumLine(series, 30, 60, allowed)
      expect(alarmsAt(line)).toBeLessThanOrEqual(allowed)
      expect(alarmsAt(line - 0.002)).toBeGreaterThan(allowed)
    }
  })
})
