import { describe, expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalCdf, normalQuantile } from '../../math/normal.ts'
import { unknownAge, vouchedAge } from '../day-rows.ts'
import { groupLine, ownLine, peerAgeBand, peerAgeBands } from './own-line.ts'

/** Lognormal days of median e^20 and sd 1.2, a share of them active. */
function days(count: number, seed: number, active = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, day) =>
    keyedUniform(seed, day, 'active') < active
      ? Math.exp(20 + 1.2 * normalQuantile(keyedUniform(seed, day, 'bytes')))
      : 0,
  )
}

/** Mean false alarms a year, exact by the known distribution, over many entities. */
function falseAlarmsPerYear(count: number, active: number): number {
  const entities = 400
  let sum = 0
  for (let seed = 1; seed <= entities; seed++) {
    const line = ownLine(days(count, seed, active)) ?? Number.POSITIVE_INFINITY
    sum += 365 * active * (1 - normalCdf((Math.log(line) - 20) / 1.2))
  }
  return sum / entities
}

describe('the line from an own past', () => {
  test('has no opinion on 29 days, nor on five active ones', () => {
    expect(ownLine(new Float64Array(29).fill(1e9))).toBeUndefined()
    const rarely = new Float64Array(365).fill(1e9, 0, 5)
    expect(ownLine(rarely)).toBeUndefined()
    rarely[5] = 1e9
    expect(ownLine(rarely)).toBe(1e9)
  })

  test('an entity that always sends the same has that as its line', () => {
    expect(ownLine(new Float64Array(60).fill(5e6))).toBe(5e6)
  })

  test('carries the largest of 73 days on to once in five times as long, by the tail of the largest 15', () => {
    const past = new Float64Array(73).fill(1e6)
    for (let i = 0; i < 15; i++) past[4 * i] = 1e6 * Math.exp(0.1 * (i + 1))
    // mean excess of the logarithms: 0.1 · (1 + … + 15) / 15
    expect(ownLine(past)).toBeCloseTo(1e6 * Math.exp(1.5) * 5 ** 0.8, 0)
  })

  test('of a host with two habits, idle and large, the line stays near what it did', () => {
    const past = Float64Array.from({ length: 73 }, (_, day) => (day % 10 === 0 ? 1e9 + day * 1e7 : 5e4))
    expect(ownLine(past)).toBeLessThanOrEqual(5 * 1.7e9 + 1)
  })

  test.each([
    [60, 1],
    [60, 0.6],
    [180, 1],
    [400, 1],
    [800, 1],
  ])('of %i days of which a share of %f is active it allows about one false alarm a year', (count, active) => {
    const rate = falseAlarmsPerYear(count, active)
    expect(rate).toBeLessThan(1.15)
    // a line that never speaks would call every campaign silent
    expect(rate).toBeGreaterThan(0.5)
  })

  test('is never below a day of the first year; a day that came once in more than a year may be above', () => {
    for (let seed = 1; seed < 50; seed++) {
      const past = days(30 + 6 * seed, seed)
      expect(ownLine(past)).toBeGreaterThanOrEqual(Math.max(...past))
    }
    const long = days(800, 3)
    long[50] = 1e15
    expect(ownLine(long)).toBeLessThan(1e12)
  })

  test('scales with the unit, knows no order, and changes no input', () => {
    const past = days(90, 11)
    const line = ownLine(past) ?? 0
    expect((ownLine(past.map((bytes) => bytes * 1000)) ?? 0) / line).toBeCloseTo(1000, 6)
    expect(ownLine(past.slice().reverse())).toBe(line)
    const before = past.slice()
    ownLine(past)
    expect(past).toEqual(before)
  })
})

describe('the line of a group', () => {
  const daily = Float64Array.from([5, 9, 1, 7, 3, 0, 8, 2, 6, 4])

  test('is above all days but those that the budget allows', () => {
    expect(groupLine(daily, 1, 0)).toBe(9)
    expect(groupLine(daily, 1, 1.9)).toBe(8)
    expect(groupLine(daily, 1, 3)).toBe(6)
    expect(groupLine(daily, 12, 60 / 365)).toBe(8)
  })

  test('a budget for every day gives the smallest, no days none', () => {
    expect(groupLine(daily, 1, 1000)).toBe(0)
    expect(groupLine(new Float64Array(0), 1, 10)).toBeUndefined()
  })

  test('keeps the budget and wastes none of it, whatever the values', () => {
    for (let seed = 1; seed < 40; seed++) {
      const values = days(50 + seed, seed)
      const allowed = seed % 9
      const line = groupLine(values, 1, allowed + 0.5) ?? 0
      expect(values.filter((bytes) => bytes > line)).toHaveLength(allowed)
    }
  })

  test('a product that is a whole number but for rounding allows the whole number', () => {
    expect(0.1 * 3 * 10).toBeGreaterThan(3)
    expect((1 - 0.9) * 10).toBeLessThan(1)
    expect(groupLine(daily, 1 - 0.9, 10)).toBe(8)
  })
})

test('ages of peers fall into bands', () => {
  const ages = [0, 1, 6, 7, 29, 30, 4000, unknownAge, vouchedAge]
  expect(ages.map((age) => peerAgeBands[peerAgeBand(age)])).toEqual([
    'first day',
    'first week',
    'first week',
    'first month',
    'first month',
    'later',
    'later',
    'age unknown',
    'vouched for',
  ])
})
