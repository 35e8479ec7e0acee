import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { PlainHostDays } from '../../testing/plain-host-days.ts'
import { HostDays } from './host-days.ts'

const day = 20_500
const row: fc.Arbitrary<BuiltRow> = fc.record({
  peer: fc.constant(0),
  bytes_out: fc.oneof(fc.double({ min: 0.1, max: 1e12, noNaN: true }), fc.constantFrom(4e15, 9e15)),
  tick: fc.nat(143),
  host: fc.oneof(fc.nat(9), fc.integer({ min: 0, max: 400 })),
  role: fc.nat(4),
  vault: fc.nat(3),
})

test('equals a Map for each day: what hosts sent, their roles, vaults, hours and the site', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 150, size: 'max' }), { maxLength: 4 }), fc.nat(2), (days, gap) => {
      const [columns, plain] = [new HostDays(), new PlainHostDays()]
      for (const [n, rows] of days.entries()) {
        const of = dayRowsOf(day + n * (1 + gap), rows)
        columns.day(of)
        plain.day(of)
      }
      const end = day + 12
      expect([...columns.hosts()]).toEqual([...plain.hosts()])
      expect([...columns.vaults]).toEqual([...plain.vaults])
      expect(columns.last_tick).toBe(plain.last_tick)
      expect(columns.site(day, end)).toBe(plain.site(day, end))
      expect(columns.hours(day, end)).toEqual(plain.hours(day, end))
      for (const host of [...plain.hosts(), 401, 9_000]) {
        expect(columns.role(host)).toBe(plain.role(host))
        expect(columns.past(host, day - 2, end)).toEqual(plain.past(host, day - 2, end))
        for (let at = day - 1; at < end; at++) expect(columns.on(host, at)).toBe(plain.on(host, at))
      }
    }),
    { seed: 20_260_103, numRuns: 60 },
  )
})

test('the site by hours: all that left in those that a time touches', () => {
  const hosts = new HostDays()
  hosts.day(
    dayRowsOf(
      day,
      [0, 6, 143].map((tick) => ({ peer: 1, bytes_out: 10 ** tick.toString().length, tick })),
    ),
  )
  const at = (hour: number): number => (day * 24 + hour) * 3_600_000
  expect(hosts.siteHours(at(0), at(1))).toBe(10n)
  expect(hosts.siteHours(at(0.9), at(1.1))).toBe(20n)
  expect(hosts.siteHours(at(-5), at(30))).toBe(1020n)
})

test('a host that was never seen has sent nothing, on any day', () => {
  const hosts = new HostDays()
  expect([hosts.on(7, day), hosts.role(7), hosts.site(day, day + 1)]).toEqual([0, 0, 0n])
  hosts.day(dayRowsOf(day, [{ peer: 1, host: 3, bytes_out: 5 }]))
  expect([...hosts.past(7, day - 1, day + 2)]).toEqual([0])
  expect([...hosts.past(3, day - 1, day + 2)]).toEqual([5])
})
