import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { Contacts, habitDays } from './contacts.ts'

const firstDay = 20_500
const everybody = (): boolean => true

const contactsOf = (
  days: readonly (readonly BuiltRow[])[],
  inPool: Parameters<Contacts['add']>[1] = everybody,
): Contacts => {
  const contacts = new Contacts(firstDay)
  for (const [i, rows] of days.entries()) contacts.add(dayRowsOf(firstDay + i, rows), inPool)
  return contacts
}

test('says what a peer was like: hosts, connections, bytes, days, roles, share of named bytes', () => {
  const contacts = contactsOf([
    [
      { peer: 3, host: 1, role: 1, bytes_out: 300, flows: 2, account: 9 },
      { peer: 3, host: 2, role: 4, bytes_out: 100, flows: 1 },
      { peer: 3, host: 1, role: 1, bytes_out: 100, flows: 4, tick: 9 },
    ],
    [],
    [{ peer: 3, host: 1, role: 1, bytes_out: 500, flows: 1, account: 8 }],
  ])
  expect(contacts.habit(3)).toEqual({ hosts: 2, flows: 8, bytes: 1000, days: 2, roles: 2, named: 0.8 })
  expect([...contacts.hostsOf(3)]).toEqual([
    { host: 1, bytes: 900 },
    { host: 2, bytes: 100 },
  ])
  expect(contacts.firstDay(3)).toBe(firstDay)
  expect(contacts.to_day).toBe(firstDay + 3)
  expect(contacts.habit(4)).toBeUndefined()
  expect(contacts.firstDay(4)).toBeNaN()
})

test('habits are of the first ten days alone, contacts of all', () => {
  const days = Array.from({ length: 30 }, (_, i) => [{ peer: 1, host: i, bytes_out: 1000 }])
  const contacts = contactsOf(days)
  expect(contacts.habit(1)).toMatchObject({ hosts: habitDays, bytes: 1000 * habitDays, days: habitDays })
  expect([...contacts.hostsOf(1)]).toHaveLength(30)
  expect(contacts.bytesOf(1, firstDay + 5, firstDay + 25)).toBe(20_000)
})

test('explained bytes are nobody’s; who is in the pool is known with all that it did elsewhere', () => {
  const contacts = contactsOf(
    [
      [
        { peer: 1, host: 1, role: 2, bytes_out: 10 },
        { peer: 1, host: 2, role: 3, bytes_out: 20 },
        { peer: 2, host: 2, role: 3, bytes_out: 40 },
        { peer: 3, host: 1, role: 2, bytes_out: 80, unexplained: false },
      ],
    ],
    (rows, i) => rows.role[i] === 2,
  )
  expect([...contacts.peers()]).toEqual([1])
  expect(contacts.habit(1)?.bytes).toBe(30)
  expect([...contacts.onDay(firstDay)]).toEqual([
    [1, 30],
    [2, 40],
  ])
  expect([...contacts.onDay(firstDay + 1)]).toEqual([])
})

test('what hosts gave and what days brought is the same sum, for every peer', () => {
  const row = fc.record({ peer: fc.nat(20), host: fc.nat(9), bytes_out: fc.integer({ min: 1, max: 2 ** 40 }) })
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 15 }), (days) => {
      const contacts = contactsOf(days)
      for (const peer of contacts.peers()) {
        const expected = days.flat().reduce((sum, each) => sum + (each.peer === peer ? each.bytes_out : 0), 0)
        expect([...contacts.hostsOf(peer)].reduce((sum, { bytes }) => sum + bytes, 0)).toBe(expected)
        expect(contacts.bytesOf(peer, firstDay, firstDay + days.length)).toBe(expected)
        expect(new Set([...contacts.hostsOf(peer)].map(({ host }) => host)).size).toBe(
          [...contacts.hostsOf(peer)].length,
        )
      }
    }),
    { seed: 20_260_101, numRuns: 50 },
  )
})
