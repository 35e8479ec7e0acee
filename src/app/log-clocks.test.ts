import { expect, test } from 'vitest'
import type { FoundFile } from './discover.ts'
import { LogClocks } from './log-clocks.ts'

const file = (mtime: string): FoundFile => ({
  ...{ path: '/logs/auth.log', location: '/logs/auth.log', relative: 'logs/auth.log', size_bytes: 1 },
  mtime_ms: Date.parse(mtime),
})

test('the year of a file’s own time is a guess, and told; what dated sources or the user say is none', () => {
  const clocks = new LogClocks({ timezone: 'UTC', sensors: [] })
  expect(clocks.guessedYears).toEqual([])
  const clock = clocks.clockOf(file('2026-03-01T00:00:00Z'))
  expect([clock.yearOf(12, 31), clock.yearOf(1, 1), clocks.guessedYears]).toEqual([2025, 2026, [2025, 2026]])
  clocks.saw(Float64Array.of(Date.UTC(2024, 5, 1)), 1)
  expect(clocks.clockOf(file('2026-03-01T00:00:00Z')).yearOf(1, 1)).toBe(2024)
  expect(clocks.guessedYears).toEqual([])
  const told = new LogClocks({ timezone: 'UTC', sensors: [], assume_year: 2023 })
  expect([told.clockOf(file('2026-03-01T00:00:00Z')).yearOf(1, 1), told.guessedYears]).toEqual([2023, []])
})
