import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { OwnContacts } from './own-members.ts'

const MB = 1e6
const [thief, honest] = [5, 6]
const [usualVault, newVault] = [1, 2]
const own = (peer: number, host: number, bytes: number, vault = newVault): BuiltRow => ({
  ...{ peer, host, vault, bytes_out: bytes * MB, account: thief },
})
const contactsOf = (...days: [day: number, rows: BuiltRow[]][]): OwnContacts => {
  const contacts = new OwnContacts({
    ...{ since_day: 20, reference_from_day: 10 },
    isOwn: (rows, i) => rows.account[i] === thief,
    isFirst: (rows, i) => rows.vault[i] === newVault,
  })
  for (const [day, rows] of days) contacts.add(dayRowsOf(day, rows))
  return contacts
}

test('peers and hosts through which the account drew since then, all of it where it drew anything new', () => {
  const { peers, hosts } = contactsOf(
    [20, [own(1, 10, 4), own(1, 11, 0.5), own(3, 14, 0.9), { ...own(4, 15, 8), unexplained: false }]],
    [21, [own(1, 11, 0.5), own(1, 12, 6, usualVault), own(5, 16, 6, usualVault)]],
  ).found()
  expect([...peers]).toEqual([[1, 1]])
  expect([...hosts]).toEqual([10, 11, 12].map((host) => [host, 1]))
})

test('a peer that serves others as well weighs its share', () => {
  const { peers, hosts } = contactsOf([
    20,
    [own(2, 12, 3), { peer: 2, host: 13, bytes_out: 6 * MB, account: honest }],
  ]).found()
  expect([...peers]).toEqual([[2, 1 / 3]])
  expect([...hosts]).toEqual([])
})

test('what the account drew through a peer before is usual for as many days', () => {
  const { peers } = contactsOf(
    [15, [own(1, 10, 20, usualVault)]],
    [20, [own(1, 10, 2), own(1, 10, 8, usualVault)]],
    [21, [own(1, 10, 10, usualVault)]],
  ).found()
  // 20 MB in ten days: 4 MB in two
  expect(peers.get(1)).toBeCloseTo((20 - 4) / 20, 12)
})

test('what has no vault any more counts for peers that the account never had to do with', () => {
  const contacts = new OwnContacts({
    ...{ since_day: 20, reference_from_day: 10 },
    isOwn: (rows, i) => rows.account[i] === thief,
    isFirst: (rows, i) => rows.vault[i] === newVault,
    mayBeFirst: (rows, i) => rows.account[i] === thief && rows.vault[i] === 0,
  })
  contacts.add(dayRowsOf(15, [own(1, 10, 20, 0)]))
  contacts.add(dayRowsOf(22, [own(1, 10, 9, 0), own(2, 11, 5, 0), own(3, 12, 0.9, 0), own(4, 13, 6, usualVault)]))
  contacts.add(dayRowsOf(22, [{ peer: 2, host: 11, bytes_out: 5 * MB, account: honest, vault: 0 }]))
  const { peers, hosts } = contacts.found()
  expect([...peers]).toEqual([[2, 0.5]])
  expect([...hosts]).toEqual([[11, 0.5]])
})
