/**
 * Columns of `model` in and out of DuckDB without a JavaScript object per row: typed arrays are copied into data
 * chunks, and result vectors are read back as typed arrays.
 * This is the one place that uses the raw bindings; their version is pinned, and `column-io.test.ts` compares every
 * kind with the row API.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { Columns, type DataOf } from '../../model/columns.ts'
import type { ColumnKind, ColumnTable } from '../../model/observation.ts'

const vectorRows = 2048

interface Physical {
  name: string
  sql: string
  type: number
  bytes: number
}

/** The SQL columns that one column of ours becomes: addresses are two. */
export function physicalColumns(table: ColumnTable): Physical[] {
  return Object.entries(table).flatMap(([name, kind]) => physicalOf(name, kind))
}

function physicalOf(name: string, kind: ColumnKind): Physical[] {
  switch (kind) {
    case 'time':
    case 'offset':
      return [{ name, sql: 'DOUBLE', type: duckdb.Type.DOUBLE, bytes: 8 }]
    case 'address':
      return ['hi', 'lo'].flatMap((half) => physicalOf(`${name}_${half}`, 'hash'))
    case 'count':
      return [{ name, sql: 'BIGINT', type: duckdb.Type.BIGINT, bytes: 8 }]
    case 'hash':
      return [{ name, sql: 'UBIGINT', type: duckdb.Type.UBIGINT, bytes: 8 }]
    case 'port':
      return [{ name, sql: 'USMALLINT', type: duckdb.Type.USMALLINT, bytes: 2 }]
    case 'u8':
      return [{ name, sql: 'UTINYINT', type: duckdb.Type.UTINYINT, bytes: 1 }]
    case 'u32':
      return [{ name, sql: 'UINTEGER', type: duckdb.Type.UINTEGER, bytes: 4 }]
    case 'name':
      return [{ name, sql: 'INTEGER', type: duckdb.Type.INTEGER, bytes: 4 }]
    case 'text':
      return [{ name, sql: 'VARCHAR', type: duckdb.Type.VARCHAR, bytes: 0 }]
  }
}

/** Some of our names are words of SQL (`offset`). */
export function quoted(name: string): string {
  return `"${name}"`
}

export function columnList(table: ColumnTable): string {
  return physicalColumns(table)
    .map((column) => quoted(column.name))
    .join(', ')
}

export function columnDefinitions(table: ColumnTable): string {
  return physicalColumns(table)
    .map((column) => `${quoted(column.name)} ${column.sql} NOT NULL`)
    .join(', ')
}

/**
 * Appends all rows to `target` inside the connection's transaction. The SQL table must have exactly the physical
 * columns, in order; codes of `name` columns are written as they are.
 */
export function appendColumns(connection: DuckDBConnection, target: string, columns: Columns): void {
  if (columns.length === 0) return
  const physical = physicalColumns(columns.table)
  const types = physical.map((column) => duckdb.create_logical_type(column.type))
  const appender = duckdb.appender_create(rawConnection(connection), null, target)
  for (let first = 0; first < columns.length; first += vectorRows) {
    const rows = Math.min(vectorRows, columns.length - first)
    const chunk = duckdb.create_data_chunk(types)
    duckdb.data_chunk_set_size(chunk, rows)
    let index = 0
    for (const [name, kind] of Object.entries(columns.table)) {
      const data = columns.data[name] as DataOf<ColumnKind>
      if (kind === 'address') {
        const { hi, lo } = data as DataOf<'address'>
        copyInto(chunk, index++, hi, first * 2, rows * 8)
        copyInto(chunk, index++, lo, first * 2, rows * 8)
      } else if (kind === 'text') {
        const vector = duckdb.data_chunk_get_vector(chunk, index++)
        for (let i = 0; i < rows; i++) duckdb.vector_assign_string_element(vector, i, (data as string[])[first + i])
      } else {
        const width = kind === 'count' || kind === 'hash' ? 2 : 1
        copyInto(chunk, index, data as Uint32Array, first * width, rows * physical[index].bytes)
        index++
      }
    }
    duckdb.append_data_chunk(appender, chunk)
  }
  duckdb.appender_close_sync(appender)
}

/** The bindings' own connection, which the typed API keeps private. */
function rawConnection(connection: DuckDBConnection): Parameters<typeof duckdb.appender_create>[0] {
  return (connection as unknown as { connection: Parameters<typeof duckdb.appender_create>[0] }).connection
}

function copyInto(
  chunk: ReturnType<typeof duckdb.create_data_chunk>,
  index: number,
  array: Uint32Array | Int32Array | Float64Array | Uint16Array | Uint8Array,
  from: number,
  bytes: number,
): void {
  const vector = duckdb.data_chunk_get_vector(chunk, index)
  duckdb.copy_data_to_vector(
    vector,
    0,
    array.buffer as ArrayBuffer,
    array.byteOffset + from * array.BYTES_PER_ELEMENT,
    bytes,
  )
}

/**
 * Streams a SELECT whose columns are exactly the physical columns of `table`, none NULL, as column chunks of up to
 * 2,048 rows. The chunk object is used again for the next chunk: take what you need before asking for it.
 * `text` columns are not for hot paths: they are read through the row API.
 */
export async function* readColumns<T extends ColumnTable>(
  connection: DuckDBConnection,
  sql: string,
  table: T,
): AsyncGenerator<Columns<T>> {
  const result = await connection.stream(sql)
  const columns = new Columns(table, vectorRows)
  const physical = physicalColumns(table)
  const expected = physical.map((column) => column.type)
  for (let i = 0; i < expected.length; i++) {
    if (result.columnTypeId(i) !== expected[i]) {
      throw new TypeError(`column ${physical[i].name} of a read: type ${result.columnTypeId(i)}, not ${expected[i]}`)
    }
  }
  for (;;) {
    const chunk = await result.fetchChunk()
    const rows = chunk?.rowCount ?? 0
    if (!chunk || rows === 0) return
    columns.length = rows
    let index = 0
    for (const [name, kind] of Object.entries(table)) {
      const data = columns.data[name as keyof T] as DataOf<ColumnKind>
      if (kind === 'address') {
        const { hi, lo } = data as DataOf<'address'>
        copyOut(chunk.chunk, index++, hi, rows * 8)
        copyOut(chunk.chunk, index++, lo, rows * 8)
      } else if (kind === 'text') {
        const values = chunk.getColumnValues(index++)
        for (let i = 0; i < rows; i++) (data as string[])[i] = String(values[i])
      } else {
        copyOut(chunk.chunk, index, data as Uint32Array, rows * physical[index].bytes)
        index++
      }
    }
    yield columns
  }
}

function copyOut(
  chunk: ReturnType<typeof duckdb.create_data_chunk>,
  index: number,
  array: Uint32Array | Int32Array | Float64Array | Uint16Array | Uint8Array,
  bytes: number,
): void {
  const source = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, index), bytes)
  new Uint8Array(array.buffer, array.byteOffset, bytes).set(source)
}
