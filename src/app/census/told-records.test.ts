/** The store's own rules decide (store/duckdb/session-parts.ts): what memory puts together is what the store does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Columns } from '../../model/columns.ts'
import { NameTable } from '../../model/name-table.ts'
import { type ColumnTable, observationTables, sessionParts } from '../../model/observation.ts'
import { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import type { Store } from '../../store/store.ts'
import { addRow, type RowValues } from '../../testing/rows.ts'
import { storeVocabulary } from '../../testing/store-suite.ts'
import { asStore, MemoryStore } from './memory-store.ts'

const day = 86_400_000
const hour = 3_600_000
const t0 = 20_000 * day
const { whole, opened, closed } = sessionParts

type Session = RowValues<typeof observationTables.session>
type Transfer = RowValues<typeof observationTables.transfer>

async function stage<T extends ColumnTable>(
  store: Store,
  type: 'session' | 'transfer',
  table: T,
  rows: readonly RowValues<T>[],
): Promise<void> {
  const names = new NameTable()
  const columns = new Columns(table)
  for (const [i, row] of rows.entries()) addRow(columns, { offset: i, ...row } as RowValues<T>, names)
  await store.stage(type, columns as unknown as Columns, names, await store.sourceId('login.log', 'syslog'))
}

async function told(store: Store): Promise<unknown[]> {
  const text = async (id: number): Promise<string | undefined> => (await store.nameTexts([id])).get(id)
  const shown: string[] = []
  for (const type of ['session', 'transfer'] as const) {
    for (const row of await store.readContext(type, 0, t0 + 1000 * day, day)) {
      const times = ['start_ms', 'end_ms'].map((name) => (row.time(name) - t0) / hour)
      const bytes = type === 'session' ? row.count('bytes_out') : row.count('bytes')
      shown.push([type, await text(row.number('account')), row.address('peer').lo, ...times, bytes].join(' '))
    }
  }
  return shown.sort()
}

test('sessions in parts, and transfers that name nobody, are told as the store tells them', async () => {
  const sid = fc.integer({ min: 0, max: 60 }).map(BigInt)
  const session = fc
    .record({
      sid,
      part: fc.constantFrom(whole, opened, closed),
      at: fc.nat(12),
      seconds: fc.constantFrom(0, 0, 1, 2, 3),
      lasts: fc.constantFrom(Number.NaN, 0, 1, 3),
      bytes: fc.constantFrom(0, 0, 10, 20),
      account: fc.constantFrom('alice', 'bob'),
      assigned: fc.constantFrom(undefined, '10.200.0.5'),
    })
    .map(({ at, seconds, lasts, bytes, part, ...rest }): Session => {
      const start_ms = t0 + at * hour + seconds * 1000
      const end_ms = part === opened ? Number.NaN : part === closed ? start_ms : start_ms + lasts * hour
      const bytes_out = part === closed ? 0 : bytes
      return { ...rest, kind: 'ssh', part, peer: '198.51.100.7', peer_port: 5, start_ms, end_ms, bytes_out }
    })
  const transfer = fc
    .record({ sid, at: fc.nat(12), account: fc.constantFrom(undefined, 'carol'), bytes: fc.nat(1000) })
    .map(({ at, ...rest }): Transfer => {
      const time = t0 + at * hour
      return { ...rest, tool: 'sftp', direction: 'out', path: '/p', start_ms: time, end_ms: time }
    })
  const many = { minLength: 300, maxLength: 300 }
  const [[sessions, transfers]] = fc.sample(fc.tuple(fc.array(session, many), fc.array(transfer, many)), {
    seed: 20_260_101,
    numRuns: 1,
  })
  const directory = mkdtempSync(join(tmpdir(), 'weir-told-'))
  const books = await DuckdbStore.open({ directory, ...storeVocabulary })
  const memory = asStore(new MemoryStore())
  try {
    for (const store of [books, memory]) {
      await stage(store, 'session', observationTables.session, sessions)
      await stage(store, 'transfer', observationTables.transfer, transfers)
      await store.accept(await store.newRun())
    }
    const [here, there] = [await told(memory), await told(books)]
    expect(here.filter((row) => !there.includes(row))).toEqual([])
    expect(here).toEqual(there)
    expect(here.length).toBeGreaterThan(400)
  } finally {
    await books.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
