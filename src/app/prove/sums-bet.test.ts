import { expect, test } from 'vitest'
import type { Maturity } from '../../model/incident.ts'
import { sumsBetDays } from './sums-bet.ts'

const sum = (scale: Maturity['scale'], ticks: number): Maturity => ({
  ...{ pool: 'site', channel: 'all', scale, ticks, level: 'weak', mature_from_ms: null },
})

test('sums bet from two weeks of hours or four of days on, and no longer than was judged', () => {
  expect(sumsBetDays([], 35)).toBe(0)
  expect(sumsBetDays([sum('1 h', 14 * 24), sum('1 d', 28)], 35)).toBe(0)
  expect(sumsBetDays([sum('1 h', 20 * 24), sum('1 d', 3)], 35)).toBe(6)
  expect(sumsBetDays([sum('10 min', 100 * 144)], 35)).toBe(35)
})
