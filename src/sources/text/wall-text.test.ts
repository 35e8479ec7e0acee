import { expect, test } from 'vitest'
import { logClock, utcClock } from '../../model/log-clock.ts'
import { ctimeMs, epochTextMs, isoTextMs, monthNamed, wallMs } from './wall-text.ts'

test('ctime is the wall time of its clock', () => {
  expect(ctimeMs('Thu Mar 16 17:09:03 2017', utcClock)).toBe(Date.UTC(2017, 2, 16, 17, 9, 3))
  expect(ctimeMs('Jan  1 00:00:00 2026', utcClock)).toBe(Date.UTC(2026, 0, 1))
  expect(ctimeMs('Thu Jul 16 17:09:03 2020', logClock({ timezone: 'Europe/Berlin' }))).toBe(
    Date.UTC(2020, 6, 16, 15, 9, 3),
  )
  for (const text of [
    '',
    'Thu Mar 16 17:09:03',
    'Thu Xxx 16 17:09:03 2017',
    'Thu Feb 30 17:09:03 2017',
    'x'.repeat(99),
  ])
    expect(ctimeMs(text, utcClock)).toBeNaN()
})

test('days and hours must exist', () => {
  expect(wallMs(2024, 2, 29, 23, 59, 60, 5)).toBe(Date.UTC(2024, 2, 1, 0, 0, 0, 5))
  expect(wallMs(2023, 2, 29, 0, 0, 0)).toBeNaN()
  expect(wallMs(2023, 2, 1, 24, 0, 0)).toBeNaN()
  expect(wallMs(2023, Number.NaN, 1, 0, 0, 0)).toBeNaN()
  expect([monthNamed('Dec'), monthNamed('anF'), monthNamed('January')]).toEqual([12, Number.NaN, Number.NaN])
})

test('ISO and epoch', () => {
  expect(isoTextMs('2026-01-01T00:00:00.5+01:00', utcClock)).toBe(Date.UTC(2025, 11, 31, 23, 0, 0, 500))
  expect(isoTextMs(`2026-01-01T00:00:00.${'5'.repeat(99)}`, utcClock)).toBeNaN()
  expect(isoTextMs('ü', utcClock)).toBeNaN()
  expect([epochTextMs('1767225600'), epochTextMs('1767225600.25')]).toEqual([1767225600000, 1767225600250])
  expect([epochTextMs('-1'), epochTextMs('1e9'), epochTextMs('')]).toEqual([Number.NaN, Number.NaN, Number.NaN])
})
