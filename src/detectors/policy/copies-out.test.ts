import { expect, test } from 'vitest'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { vouchedAge } from '../day-rows.ts'
import { CopiesOut } from './copies-out.ts'

const vaults = [
  { vault_id: 7, name: 'cfd', size_bytes: 1000n },
  { vault_id: 8, name: 'bio', size_bytes: 9_007_199_254_740_993n },
]

test('speaks when more than half a copy is out, and at every doubling', () => {
  const copies = new CopiesOut({ vaults })
  const told = [500, 1, 498, 2, 999, 1].map((bytes, day) =>
    copies
      .day(dayRowsOf(day, [{ peer: 1, vault: 7, bytes_out: bytes, tick: 3 }]))
      .notices.map(({ id, at_ms, facts }) => [id, at_ms, facts?.bytes_out]),
  )
  expect(told).toEqual([
    [],
    [['copies_out:cfd:0.5:1970-01-02', 86_400_000 + 2_400_000, 501n]],
    [],
    [['copies_out:cfd:1:1970-01-04', 3 * 86_400_000 + 2_400_000, 1001n]],
    [],
    [['copies_out:cfd:2:1970-01-06', 5 * 86_400_000 + 2_400_000, 2001n]],
  ])
})

test('several levels passed in one tick are one notice, of the highest; a later tick has its own', () => {
  const copies = new CopiesOut({ vaults })
  const { notices } = copies.day(
    dayRowsOf(0, [
      { peer: 1, vault: 7, bytes_out: 600, tick: 5 },
      { peer: 2, vault: 7, bytes_out: 2000, tick: 5 },
      { peer: 2, vault: 7, bytes_out: 2000, tick: 6 },
    ]),
  )
  expect(notices.map(({ facts, at_ms }) => [facts?.level_copies, at_ms])).toEqual([
    [2, 3_600_000],
    [4, 4_200_000],
  ])
  expect(notices[0].text).toBe(
    "2.60 kB of vault 'cfd' (1.00 kB) have left without an explanation since the books began: 2.60 copies, more than 2",
  )
})

test('explained bytes, vouched peers and vaults without a size do not count', () => {
  const copies = new CopiesOut({ vaults })
  const { notices, state } = copies.day(
    dayRowsOf(0, [
      { peer: 1, vault: 7, bytes_out: 900, unexplained: false },
      { peer: 2, vault: 7, bytes_out: 900, age_days: vouchedAge },
      { peer: 3, vault: 9, bytes_out: 900 },
      { peer: 3, bytes_out: 900 },
    ]),
  )
  expect(notices).toEqual([])
  expect(state.map(({ bytes_out, last_ms }) => [bytes_out, last_ms])).toEqual([
    [0n, undefined],
    [0n, undefined],
  ])
})

test('sums stay exact past 2^53', () => {
  const copies = new CopiesOut({ vaults })
  for (let day = 0; day < 3; day++) copies.day(dayRowsOf(day, [{ peer: 1, vault: 8, bytes_out: 2 ** 52 + 1 }]))
  expect(copies.perVault()[1]).toMatchObject({ bytes_out: 13_510_798_882_111_491n, copies: 1.5 })
})
