import { describe, expect, test } from 'vitest'
import { trustedDay } from './trusted-day.ts'

const days = (from: number, count: number, flows = 100): [number, number][] =>
  Array.from({ length: count }, (_, i) => [from + i, flows])

describe('the day up to which the books are trusted', () => {
  test('is the last of many, and nothing where there is none', () => {
    expect(trustedDay(new Map(days(20_000, 40)))).toBe(20_039)
    expect(trustedDay(new Map())).toBeUndefined()
    expect(trustedDay(new Map([[20_000, 0]]))).toBeUndefined()
  })

  test('is not one that a forged record of the year 2099 made, however quiet the site', () => {
    for (const flows of [1, 3, 100, 1_000_000]) {
      expect(trustedDay(new Map([...days(20_000, 9, flows), [47_117, 1]]))).toBe(20_008)
      expect(trustedDay(new Map([...days(20_000, 1, flows), [47_117, 1]]))).toBe(20_000)
    }
  })

  test('is not one of a few strays in a row with hardly a flow', () => {
    expect(trustedDay(new Map([...days(20_000, 9, 1000), ...days(47_000, 5, 9)]))).toBe(20_008)
  })

  test('follows a site that comes back after years, once a few days are there', () => {
    expect(trustedDay(new Map([...days(20_000, 9), ...days(21_000, 2)]))).toBe(20_008)
    expect(trustedDay(new Map([...days(20_000, 9), ...days(21_000, 3)]))).toBe(21_002)
  })

  test('follows single days of a month each', () => {
    expect(trustedDay(new Map([20_000, 20_031, 20_059, 20_090].map((day) => [day, 50])))).toBe(20_090)
  })

  test('is not held back by a record of 1990', () => {
    expect(trustedDay(new Map([[7_305, 1], ...days(20_000, 9)]))).toBe(20_008)
  })
})
