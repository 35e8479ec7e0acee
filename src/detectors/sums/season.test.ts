import { expect, test } from 'vitest'
import { median } from '../../math/robust.ts'
import { isWeekend, Season } from './season.ts'

/** 2026-01-05, a Monday, as days since the epoch. */
const monday = Date.UTC(2026, 0, 5) / 86_400_000

test('weekends are Saturdays and Sundays in UTC', () => {
  expect(Array.from({ length: 7 }, (_, i) => isWeekend(monday + i))).toEqual([
    ...[false, false, false, false, false],
    ...[true, true],
  ])
  expect(isWeekend(0)).toBe(false)
})

test('has no opinion on fewer than four values of the same hour and kind of day', () => {
  const season = new Season(24)
  const slot = (day: number): number => (monday + day) * 24 + 9
  for (let day = 0; day < 3; day++) season.add(slot(day), 5)
  season.add(slot(5), 5)
  season.add(slot(3) + 1, 5)
  expect(season.usual(slot(4))).toBeUndefined()
  season.add(slot(3), 5)
  expect(season.usual(slot(4))).toBe(5)
  expect(season.usual(slot(5))).toBeUndefined()
})

test('hours of the day are apart, and so are working days and weekends', () => {
  const season = new Season(24)
  const of = (day: number, hour: number): number => hour + (isWeekend(day) ? 100 : 0)
  for (let day = monday; day < monday + 28; day++)
    for (let hour = 0; hour < 24; hour++) season.add(day * 24 + hour, of(day, hour))
  for (let day = monday + 28; day < monday + 35; day++)
    for (let hour = 0; hour < 24; hour++) expect(season.usual(day * 24 + hour)).toBe(of(day, hour))
})

test('ticks of ten minutes share the bin of their hour; days have two bins', () => {
  const ticks = new Season(144)
  for (let tick = 0; tick < 6; tick++) ticks.add(monday * 144 + 54 + tick, tick)
  expect(ticks.usual((monday + 1) * 144 + 57)).toBe(2.5)
  const days = new Season(1)
  for (let day = monday; day < monday + 14; day++) days.add(day, isWeekend(day) ? 3 : 1)
  expect([days.usual(monday + 14), days.usual(monday + 19)]).toEqual([1, 3])
})

test('is the median of all of the past, in whatever order it came', () => {
  const season = new Season(1)
  const values = [9, -2, 4, 4, 7.5, 0, 31, 4, -8, 1]
  for (const [i, value] of values.entries()) {
    season.add(monday + 7 * i, value)
    const known = Float64Array.from(values.slice(0, i + 1))
    expect(season.usual(monday)).toBe(i < 3 ? undefined : median(known))
  }
})
