import { expect, test } from 'vitest'
import type { readTable } from '../ledger/tables.ts'
import type { Columns } from '../model/columns.ts'
import type { ReadRecord } from '../model/context-record.ts'
import { hostRoles } from '../model/site.ts'
import { dayMs } from '../model/window.ts'
import { plainRows } from '../testing/rows.ts'
import { readsOfDays } from './reads-of-days.ts'

const day = 20_000
const roleOf: Record<string, string> = { '1': 'login', '2': 'compute', '3': 'storage', '4': 'dtn' }
const places = {
  placeOf: ({ lo }: { lo: bigint }) => ({
    host: `host${lo}`,
    role: hostRoles.indexOf(roleOf[String(lo)] as (typeof hostRoles)[number]),
  }),
  vaultAt: (index: number) => ({ vault: 100 + index }),
}
const names: string[] = ['']
const internNames = async (texts: readonly string[]): Promise<Int32Array> =>
  Int32Array.from(texts, (text) => (names.includes(text) ? names.indexOf(text) : names.push(text) - 1))

const read = (host: bigint, more: Partial<ReadRecord> = {}): ReadRecord => ({
  ...{ host: { hi: 0n, lo: host }, account: 7, vault: 0, bytes: 1000, start_ms: day * dayMs, end_ms: day * dayMs + 5 },
  ...more,
})

async function told(reads: readonly ReadRecord[], days = 1): Promise<(string | number)[][]> {
  const columns = await readsOfDays(reads, { from_day: day, to_day: day + days, additive: false }, places, internNames)
  if (!columns) return []
  return plainRows(columns as unknown as Columns<typeof readTable>).map((row) => [
    ...[Number(row.day) - day, Number(row.account), Number(row.vault), names[Number(row.host)], Number(row.bytes)],
  ])
}

test('are added up by day, account, vault and host', async () => {
  const late = { end_ms: (day + 1) * dayMs }
  expect(await told([read(1n), read(1n, { bytes: 5 }), read(4n), read(1n, { vault: 1 }), read(1n, late)], 2)).toEqual([
    [0, 7, 100, 'host1', 1005],
    [0, 7, 100, 'host4', 1000],
    [0, 7, 101, 'host1', 1000],
    [1, 7, 100, 'host1', 1000],
  ])
})

test('what jobs and storage servers read, what is of no vault, of no account or of no known host is left out', async () => {
  const nobody = read(1n, { account: 0 })
  expect(await told([read(2n), read(3n), read(1n, { vault: -1 }), nobody, read(0n)])).toEqual([])
})

test('a day is told when the audit tells of it, and belongs to one span alone', async () => {
  const over = read(1n, { start_ms: (day - 1) * dayMs, end_ms: day * dayMs + 1 })
  expect(await told([over, read(1n, { end_ms: day * dayMs - 1 }), read(1n, { end_ms: (day + 1) * dayMs })])).toEqual([
    [0, 7, 100, 'host1', 1000],
  ])
})

test('what nobody can have read is cut to what the books can hold', async () => {
  const forged = read(1n, { bytes: 2 ** 63 })
  expect(await told([forged, forged, forged])).toEqual([[0, 7, 100, 'host1', 2 ** 60]])
})
