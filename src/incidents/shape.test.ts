import { describe, expect, test } from 'vitest'
import { dayMs } from '../model/window.ts'
import { type CaseParts, caseOf, caseStart, evenHours, hoursFrom } from '../testing/case-builder.ts'
import { isWeb, shapeOf } from './shape.ts'

const of = (parts: CaseParts) => shapeOf(caseOf(parts))

test('days are those of the calendar, UTC, that the activity touches', () => {
  const midnight = Date.UTC(2026, 2, 24)
  const days = (first_activity_ms: number, last_activity_ms: number) => of({ first_activity_ms, last_activity_ms }).days
  expect(days(midnight, midnight)).toBe(1)
  expect(days(midnight, midnight + dayMs)).toBe(1)
  expect(days(midnight, midnight + dayMs + 1)).toBe(2)
  expect(days(midnight - 1, midnight + 1)).toBe(2)
})

describe('hours of the day', () => {
  test.each([
    [23, 3],
    [1, 4],
    [22, 5],
    [8, 6],
  ])('the peak begins with the bytes: from %i:00 for %i h', (start, count) => {
    const { peak, hours_apart } = of({ hours: { members: hoursFrom(start, count), site: evenHours } })
    expect(peak?.start).toBe(start)
    expect(peak?.members).toBeCloseTo(1, 9)
    expect(peak?.site).toBeCloseTo(0.25, 9)
    expect(hours_apart).toBeCloseTo(1 - count / 24, 9)
  })

  test('less than a week has no rhythm, and neither have unknown hours', () => {
    const hours = { members: hoursFrom(1, 4), site: evenHours }
    expect(of({ hours, last_activity_ms: caseStart + 5 * dayMs })).toMatchObject({ peak: null, hours_apart: null })
    expect(of({ hours: { members: [], site: evenHours } })).toMatchObject({ peak: null, hours_apart: null })
  })
})

test('shares are of the whole, never above it, and more than nothing where there is something', () => {
  const named = (account: bigint) =>
    of({ gross_bytes_out: 10n ** 12n, named_bytes: { account, vault: 0n } }).account_share
  expect([0n, 1n, 25n * 10n ** 10n, 2n * 10n ** 12n].map(named)).toEqual([0, 1e-6, 0.25, 1])
  expect(of({ gross_bytes_out: 0n }).account_share).toBe(0)
})

test('the largest service, and how much of all is web', () => {
  const services = ['ssh', 'ssl', 'tcp/8443'].map((service, i) => ({ service, bytes_out: BigInt([50, 30, 20][i]) }))
  expect(of({ services })).toMatchObject({ top_service: { service: 'ssh', share: 0.5 }, web_share: 0.5 })
  expect(of({ services: [] })).toMatchObject({ top_service: null, web_share: 0 })
  expect(['https', 'quic', 'udp/443', 'ssh', 'gridftp', 'tcp/4430'].map(isWeb)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
