/** The raw way in and out against the row API of the same library, for every kind of column. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Columns } from '../../model/columns.ts'
import type { ColumnKind } from '../../model/observation.ts'
import { addRow, plainRows, type RowValues } from '../../testing/rows.ts'
import { appendColumns, columnDefinitions, columnList, physicalColumns, readColumns } from './column-io.ts'
import { PendingRows } from './pending-rows.ts'

const table = {
  at: 'time',
  offset: 'offset',
  from: 'address',
  bytes: 'count',
  id: 'hash',
  n: 'u32',
  port: 'port',
  flags: 'u8',
  who: 'name',
  path: 'text',
} as const satisfies Record<string, ColumnKind>
const kinds: readonly ColumnKind[] = ['time', 'offset', 'address', 'count', 'port', 'u8', 'u32', 'hash', 'name', 'text']

type Row = RowValues<typeof table>

const texts = [
  '',
  'a',
  'twelve bytes',
  'thirteen byte',
  'x'.repeat(5000),
  'é',
  '漢字テキスト',
  '😀'.repeat(40),
  "it's; DROP TABLE --",
  '\\x00\t\n',
]

/** Rows that no two of which are alike, with the ends of every range. */
function rowOf(i: number): Row {
  const edge = i % 3 === 0
  return {
    at: edge ? [Number.NaN, -1, 0, 4_102_444_800_000 - 1, 0.5][i % 5] : i + 0.25,
    offset: i * 1e9,
    from: edge
      ? ['::', '255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '8000::1'][i % 4]
      : `2001:db8::${(i % 65_536).toString(16)}`,
    bytes: edge ? [0n, 2n ** 63n - 1n, 2n ** 53n + 1n, -1n, -(2n ** 63n)][i % 5] : BigInt(i) * 0x1_0000_0001n,
    id: edge ? [0n, 2n ** 64n - 1n, 2n ** 63n][i % 3] : BigInt(i) << 31n,
    n: edge ? [0, 0xffffffff][i % 2] : i,
    port: edge ? [0, 65_535][i % 2] : i % 65_536,
    flags: i % 256,
    who: i % 7,
    path: texts[i % texts.length],
  }
}

function columnsOf(count: number): Columns<typeof table> {
  const columns = new Columns(table)
  for (let i = 0; i < count; i++) addRow(columns, rowOf(i))
  return columns
}

/** A row of ours as the row API gives it. */
function asRowApi(row: Record<string, unknown>): Record<string, unknown> {
  const { hi, lo } = halvesOf(String(row.from))
  const { from, ...rest } = row
  return { ...rest, from_hi: hi, from_lo: lo }
}

function halvesOf(address: string): { hi: bigint; lo: bigint } {
  const column = new Columns({ address: 'address' } as const)
  addRow(column, { address })
  const { hi, lo } = column.data.address
  return { hi: (BigInt(hi[1]) << 32n) | BigInt(hi[0]), lo: (BigInt(lo[1]) << 32n) | BigInt(lo[0]) }
}

let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})
beforeEach(() => connection.run(`CREATE OR REPLACE TABLE t (${columnDefinitions(table)})`))

async function rowApi(sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects()
}

async function read<T extends Record<string, ColumnKind>>(sql: string, of: T): Promise<Record<keyof T, unknown>[]> {
  const rows: Record<keyof T, unknown>[] = []
  for await (const columns of readColumns(connection, sql, of)) rows.push(...plainRows(columns))
  return rows
}

test('every kind of column is in this test', () => {
  expect(Object.values(table).sort()).toEqual([...kinds].sort())
})

describe('written raw', () => {
  test.each([1, 2047, 2048, 2049, 5000])('%i rows are what the row API reads', async (count) => {
    const columns = columnsOf(count)
    appendColumns(connection, 't', columns as unknown as Columns)
    const rows = await rowApi('SELECT * FROM t')
    expect(rows).toEqual(plainRows(columns).map(asRowApi))
  })

  test('nothing is written of no rows, nor of what a larger batch left behind', async () => {
    const columns = columnsOf(3000)
    columns.reset()
    appendColumns(connection, 't', columns as unknown as Columns)
    expect(await rowApi('SELECT * FROM t')).toEqual([])
    addRow(columns, rowOf(1))
    appendColumns(connection, 't', columns as unknown as Columns)
    expect(await rowApi('SELECT * FROM t')).toEqual([asRowApi(plainRows(columns)[0])])
  })

  test('pending rows of several batches come together, names translated, each with its source', async () => {
    await connection.run(`CREATE OR REPLACE TABLE t (${columnDefinitions(table)}, source INTEGER)`)
    const pending = new PendingRows('t', table)
    const batches = [4100, 1, 20_000].map((count) => columnsOf(count))
    const nameIds = [Int32Array.of(0, 100, 200, 300, 400, 500, -600), Int32Array.of(0, 1, 2, 3, 4, 5, 6)]
    for (const [i, columns] of batches.entries())
      pending.add(connection, columns as unknown as Columns, nameIds[i % 2], 7 + i)
    pending.flush(connection)
    pending.flush(connection)
    const expected = batches.flatMap((columns, i) =>
      plainRows(columns).map((row) => ({ ...asRowApi(row), who: nameIds[i % 2][Number(row.who)], source: 7 + i })),
    )
    expect(await rowApi('SELECT * FROM t')).toEqual(expected)
  })

  test('belongs to the transaction around it', async () => {
    await connection.run('BEGIN TRANSACTION')
    appendColumns(connection, 't', columnsOf(10) as unknown as Columns)
    await connection.run('ROLLBACK')
    expect(await rowApi('SELECT * FROM t')).toEqual([])
  })
})

describe('read raw', () => {
  test.each([0, 1, 2048, 5000])('%i rows are what the row API wrote', async (count) => {
    const columns = columnsOf(count)
    const appender = await connection.createAppender('t')
    for (const row of plainRows(columns)) {
      const { hi, lo } = halvesOf(String(row.from))
      appender.appendDouble(row.at as number)
      appender.appendDouble(row.offset as number)
      appender.appendUBigInt(hi)
      appender.appendUBigInt(lo)
      appender.appendBigInt(row.bytes as bigint)
      appender.appendUBigInt(row.id as bigint)
      appender.appendUInteger(row.n as number)
      appender.appendUSmallInt(row.port as number)
      appender.appendUTinyInt(row.flags as number)
      appender.appendInteger(row.who as number)
      appender.appendVarchar(row.path as string)
      appender.endRow()
    }
    appender.closeSync()
    expect(await read(`SELECT ${columnList(table)} FROM t`, table)).toEqual(plainRows(columns))
  })

  test('what was written raw', async () => {
    const columns = columnsOf(5000)
    appendColumns(connection, 't', columns as unknown as Columns)
    expect(await read('SELECT * FROM t', table)).toEqual(plainRows(columns))
  })

  test('columns that the engine keeps as one value, as a sequence or by dictionary come out row by row', async () => {
    const numbers = { n: 'u32', bytes: 'count', at: 'time', who: 'name', port: 'port', flags: 'u8' } as const
    const constant = await read(
      `SELECT 7::UINTEGER AS n, 9007199254740993::BIGINT AS bytes, 0.5::DOUBLE AS at, -3::INTEGER AS who,
        65535::USMALLINT AS port, 255::UTINYINT AS flags FROM range(3000)`,
      numbers,
    )
    const one = { n: 7, bytes: 9007199254740993n, at: 0.5, who: -3, port: 65535, flags: 255 }
    expect(constant).toEqual(Array.from({ length: 3000 }, () => one))
    const sequence = await read('SELECT range::BIGINT AS bytes FROM range(3000)', { bytes: 'count' } as const)
    expect(sequence).toEqual(Array.from({ length: 3000 }, (_, i) => ({ bytes: BigInt(i) })))
    const picked = await read(
      `SELECT r.n AS n, s.text AS path FROM (SELECT (range % 5)::UINTEGER AS n, range AS i FROM range(6000)) r
        JOIN (VALUES (0, ''), (1, 'one'), (3, 'a text of more than twelve bytes'), (4, '漢')) s(n, text) ON s.n = r.n
        WHERE r.i % 2 = 1 ORDER BY r.i`,
      { n: 'u32', path: 'text' } as const,
    )
    const odd = Array.from({ length: 6000 }, (_, i) => i).filter((i) => i % 2 === 1 && i % 5 !== 2)
    const words = ['', 'one', '', 'a text of more than twelve bytes', '漢']
    expect(picked).toEqual(odd.map((i) => ({ n: i % 5, path: words[i % 5] })))
  })

  test('a sum comes out exact past 2^53', async () => {
    const rows = await read('SELECT CAST(sum(9007199254740993) AS BIGINT) AS bytes FROM range(1000)', {
      bytes: 'count',
    } as const)
    expect(rows).toEqual([{ bytes: 9007199254740993000n }])
  })

  test('refuses columns of another type rather than read rubbish', async () => {
    await expect(read('SELECT 1 AS n', { n: 'u32' } as const)).rejects.toThrow('column n of a read')
  })
})

test('every column of ours is so many of the engine', () => {
  const columns = physicalColumns(table).map(({ name, sql }) => `${name} ${sql}`)
  expect(columns).toEqual([
    'at DOUBLE',
    'offset DOUBLE',
    'from_hi UBIGINT',
    'from_lo UBIGINT',
    'bytes BIGINT',
    'id UBIGINT',
    'n UINTEGER',
    'port USMALLINT',
    'flags UTINYINT',
    'who INTEGER',
    'path VARCHAR',
  ])
})
