import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../testing/day-rows-builder.ts'
import { AccountContacts } from './account-members.ts'

const MB = 1e6
const [thief, honest] = [5, 6]
const own = (peer: number, host: number, bytes_out: number): BuiltRow => ({ peer, host, bytes_out, account: thief })

test('peers and hosts of the account’s rows since then; a peer that serves others as well weighs its share', () => {
  const contacts = new AccountContacts(20)
  const isOfThief = (rows: { account: Int32Array }, i: number): boolean => rows.account[i] === thief
  contacts.add(dayRowsOf(19, [own(9, 90, 50 * MB)]), isOfThief)
  contacts.add(
    dayRowsOf(20, [
      own(1, 10, 4 * MB),
      own(1, 11, 0.5 * MB),
      own(2, 12, 3 * MB),
      { peer: 2, host: 13, bytes_out: 6 * MB, account: honest },
      { ...own(3, 14, 0.9 * MB) },
      { ...own(4, 15, 8 * MB), unexplained: false },
    ]),
    isOfThief,
  )
  contacts.add(dayRowsOf(21, [own(1, 11, 0.5 * MB)]), isOfThief)
  const { peers, hosts } = contacts.found()
  expect([...peers]).toEqual([
    [1, 1],
    [2, 1 / 3],
  ])
  expect([...hosts]).toEqual([
    [10, 1],
    [11, 1],
  ])
})
