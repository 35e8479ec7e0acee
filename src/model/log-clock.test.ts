import { describe, expect, test } from 'vitest'
import { logClock, utcClock } from './log-clock.ts'

const at = (text: string): number => Date.parse(`${text}Z`)
const utc = (timezone: string, wall: string): string => new Date(logClock({ timezone }).utcOf(at(wall))).toISOString()

describe('a wall time', () => {
  test('is UTC unless a zone is stated', () => {
    expect(utcClock.utcOf(123)).toBe(123)
    expect(utc('Etc/UTC', '2026-07-01T12:00:00')).toBe('2026-07-01T12:00:00.000Z')
  })

  test('is read in its zone, summer and winter, before 1970 and with odd offsets', () => {
    expect(utc('Europe/Zurich', '2026-01-15T12:00:00.250')).toBe('2026-01-15T11:00:00.250Z')
    expect(utc('Europe/Zurich', '2026-07-15T12:00:00')).toBe('2026-07-15T10:00:00.000Z')
    expect(utc('Asia/Kathmandu', '2026-07-15T12:00:00')).toBe('2026-07-15T06:15:00.000Z')
    expect(utc('America/St_Johns', '2026-01-15T12:00:00')).toBe('2026-01-15T15:30:00.000Z')
    expect(utc('Asia/Kolkata', '2026-01-15T05:00:00')).toBe('2026-01-14T23:30:00.000Z')
    expect(utc('Pacific/Kiritimati', '2026-01-01T10:00:00')).toBe('2025-12-31T20:00:00.000Z')
  })

  test('that occurs twice is the first of the two, one that never was is read as before the gap', () => {
    expect(utc('Europe/Zurich', '2026-10-25T02:30:00')).toBe('2026-10-25T00:30:00.000Z')
    expect(utc('Europe/Zurich', '2026-10-25T03:00:00')).toBe('2026-10-25T02:00:00.000Z')
    expect(utc('Europe/Zurich', '2026-10-25T01:59:59')).toBe('2026-10-24T23:59:59.000Z')
    expect(utc('Europe/Zurich', '2026-03-29T02:30:00')).toBe('2026-03-29T01:30:00.000Z')
    expect(utc('Europe/Zurich', '2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00.000Z')
    expect(utc('America/New_York', '2026-11-01T01:30:00')).toBe('2026-11-01T05:30:00.000Z')
  })
})

describe('the year of a date without one', () => {
  const year = (month: number, day: number, from: string, to: string): number =>
    logClock({ span: { from_ms: from ? at(from) : Number.NEGATIVE_INFINITY, to_ms: at(to) } }).yearOf(month, day)

  test('is that of the dated sources, over the turn of the year too', () => {
    expect(year(3, 27, '2026-03-01T00:00', '2026-03-30T00:00')).toBe(2026)
    expect(year(12, 30, '2026-01-01T00:00', '2026-01-20T00:00')).toBe(2025)
    expect(year(1, 2, '2025-12-01T00:00', '2025-12-31T00:00')).toBe(2026)
    expect(year(6, 30, '2020-01-01T00:00', '2020-02-01T00:00')).toBe(2020)
  })

  test('is the latest one if the span holds several', () => {
    expect(year(5, 5, '2023-01-01T00:00', '2025-12-31T00:00')).toBe(2025)
    expect(year(5, 5, '2023-01-01T00:00', '2025-03-31T00:00')).toBe(2024)
  })

  test('is the last one not after the file, if that is all there is', () => {
    expect(year(12, 31, '', '2026-01-02T10:00')).toBe(2025)
    expect(year(1, 2, '', '2026-01-02T10:00')).toBe(2026)
    expect(year(1, 3, '', '2026-01-02T10:00')).toBe(2025)
  })

  test('of a leap day is a leap year', () => {
    expect(year(2, 29, '2026-03-01T00:00', '2026-03-30T00:00')).toBe(2024)
    expect(year(2, 29, '', '2023-03-30T00:00')).toBe(2020)
  })
})
