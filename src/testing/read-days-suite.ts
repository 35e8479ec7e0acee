/** What every store promises of storage reads: kept with a day's books, replaced with them, told in the order of texts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { novelty, readTable } from '../ledger/tables.ts'
import { Columns } from '../model/columns.ts'
import { NameTable } from '../model/name-table.ts'
import { type ColumnTable, observationTables } from '../model/observation.ts'
import { dayMs } from '../model/window.ts'
import type { Store } from '../store/store.ts'
import { addRow, type RowValues } from './rows.ts'

const day = 20_000

export function readDaysSuite(engine: string, open: () => Promise<{ store: Store; close: () => Promise<void> }>): void {
  describe(`${engine} keeps what was read on a day`, () => {
    let store: Store
    let close: () => Promise<void>

    beforeEach(async () => {
      ;({ store, close } = await open())
    })
    afterEach(() => close())

    async function book(reads: readonly [string, string, string, number][], days = 1): Promise<void> {
      const range = { from_day: day, to_day: day + days, additive: false }
      const columns = new Columns(readTable)
      for (const [account, vault, host, bytes] of reads) {
        const ids = await store.internNames([account, vault, host])
        addRow(columns, { day, account: ids[0], vault: ids[1], host: ids[2], bytes })
      }
      await store.book(range, { ...novelty, caps: [] }, async () => ({ reads: columns as unknown as Columns }))
    }

    async function told(of = day): Promise<[string, string, string, number][]> {
      const rows = await store.readsOfDay(of)
      const texts = await store.nameTexts(rows.flatMap(({ account, vault, host }) => [account, vault, host]))
      const text = (id: number): string => texts.get(id) ?? ''
      return rows.map(({ account, vault, host, bytes }) => [text(account), text(vault), text(host), bytes])
    }

    test('in the order of texts, whatever came first, equal keys added up', async () => {
      await book([
        ['zoe', 'b', 'login1', 5],
        ['ann', 'b', 'login1', 2 ** 40],
        ['ann', 'a', 'login2', 7],
        ['zoe', 'b', 'login1', 6],
      ])
      expect(await told()).toEqual([
        ['ann', 'a', 'login2', 7],
        ['ann', 'b', 'login1', 2 ** 40],
        ['zoe', 'b', 'login1', 11],
      ])
      expect(await told(day + 1)).toEqual([])
    })

    test('a day that is booked anew has its new reads alone', async () => {
      await book([['zoe', 'b', 'login1', 5]])
      await book([['ann', 'b', 'login1', 5]])
      expect(await told()).toEqual([['ann', 'b', 'login1', 5]])
      await book([])
      expect(await told()).toEqual([])
    })

    test('a read that comes later has its day booked anew', async () => {
      const names = new NameTable()
      const columns = new Columns(observationTables.storage_read as ColumnTable)
      const end_ms = day * dayMs + 5
      const read: RowValues<typeof observationTables.storage_read> = { account: 'ann', path: '/proj/x', bytes: 1 }
      addRow(columns, { ...read, start_ms: end_ms, end_ms, offset: 0 } as RowValues<ColumnTable>, names)
      await store.stage('storage_read', columns as unknown as Columns, names, 1)
      await store.accept(await store.newRun())
      expect(await store.dirtyDays()).toEqual([day])
    })
  })
}
