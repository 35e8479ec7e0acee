/**
 * Storage reads as the books of a day keep them: by account, vault and host. Only on hosts that people and the world outside reach
 * (login, transfer, portal, service …): what jobs read is a hundred times what leaves, and is what the data is there for.
 */
import { readTable } from '../ledger/tables.ts'
import { Columns } from '../model/columns.ts'
import { type AddressHalves, addressKey, isStated, type ReadRecord } from '../model/context-record.ts'
import { setCount } from '../model/count.ts'
import { hostRoles } from '../model/site.ts'
import { dayOf } from '../model/window.ts'
import type { BookRange } from '../store/store.ts'

interface Places {
  placeOf(address: AddressHalves): { host: string; role: number }
  vaultAt(index: number): { vault: number }
}

/** Nothing keeps an audit from claiming more: beyond, it is cut. */
const mostBytes = 2 ** 60
const inner = new Set(['compute', 'storage'].map((role) => hostRoles.indexOf(role as (typeof hostRoles)[number])))

/** Of a span of days, by the day on which the audit told; undefined where nothing was read. */
export async function readsOfDays(
  reads: readonly ReadRecord[],
  { from_day, to_day }: BookRange,
  places: Places,
  internNames: (texts: readonly string[]) => Promise<Int32Array>,
): Promise<Columns | undefined> {
  const sums = new Map<string, { day: number; account: number; vault: number; host: string; bytes: number }>()
  for (const { host: address, account, vault: index, bytes, end_ms } of reads) {
    const day = dayOf(end_ms)
    if (day < from_day || day >= to_day || account === 0 || index < 0 || !isStated(address)) continue
    const { host, role } = places.placeOf(address)
    if (inner.has(role)) continue
    const { vault } = places.vaultAt(index)
    const key = `${day} ${account} ${vault} ${addressKey(address)}`
    const sum = sums.get(key) ?? { day, account, vault, host, bytes: 0 }
    sum.bytes += bytes
    sums.set(key, sum)
  }
  if (sums.size === 0) return undefined
  const rows = [...sums.values()]
  const hosts = await internNames(rows.map(({ host }) => host))
  const columns = new Columns(readTable, rows.length)
  for (const [i, { day, account, vault, bytes }] of rows.entries()) {
    const row = columns.row()
    columns.data.day[row] = day
    columns.data.account[row] = account
    columns.data.vault[row] = vault
    columns.data.host[row] = hosts[i]
    setCount(columns.data.bytes, row, BigInt(Math.min(mostBytes, Math.round(bytes))))
  }
  return columns as unknown as Columns
}
