import { describe, expect, test } from 'vitest'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { readRowsOf } from '../names/read-rows.ts'
import { VaultDays } from './vault-days.ts'

const rows = dayRowsOf(5, [
  { peer: 1, vault: 1, bytes_out: 100 },
  { peer: 1, vault: 1, bytes_out: 30, unexplained: false },
  { peer: 2, vault: 1, bytes_out: 7 },
  { peer: 1, vault: 2, bytes_out: 1000 },
  { peer: 1, bytes_out: 1e9 },
])
const reads = readRowsOf(5, [
  { account: 1, vault: 1, host: 1, bytes: 200 },
  { account: 2, vault: 1, host: 2, bytes: 50 },
  { account: 1, vault: 2, host: 1, bytes: 900 },
])
const taken = ({ peer }: typeof rows, i: number): boolean => peer[i] === 2
const days = new VaultDays((vault) => `v${vault}`)
days.take(rows, reads, taken)

describe('a day of vaults', () => {
  test('what is explained or taken is taken off the reads, and did not leave', () => {
    expect(days.of(1, new Set([1, 2]))).toEqual({ own: { read: 213, left: 100 }, others: { read: 900, left: 1000 } })
  })

  test('only reads on the hosts that are asked for count', () => {
    expect(days.of(1, new Set([2])).own).toEqual({ read: 13, left: 100 })
    expect([...days.auditedHosts]).toEqual([1, 2])
  })

  test('a vault of which nothing is known has nothing, and bytes without a vault are of none', () => {
    expect(days.of(9, new Set([1])).own).toEqual({ read: 0, left: 0 })
    expect(days.total).toEqual({ read: 1150, left: 1137 })
  })
})

test('a vault is watched from the day on which it holds a thousandth of the reads or of what leaves', () => {
  const of = (bytes: number): number[] => {
    const each = new VaultDays((vault) => `v${vault}`)
    const small = readRowsOf(0, [
      { account: 1, vault: 1, host: 1, bytes: 1e6 },
      { account: 1, vault: 2, host: 1, bytes },
    ])
    each.take(dayRowsOf(0, []), small, () => false)
    return [...each.large()]
  }
  expect(of(900)).toEqual([1])
  expect(of(1100)).toEqual([1, 2])
})
