/**
 * Rows on their way to a staging table: small files leave a handful each, and handing over so few costs as much as handing
 * over thousands. Names stand as the state's ids; the source is a column of its own.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { AddressColumn } from '../../model/address.ts'
import { Columns } from '../../model/columns.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { appendColumns } from './column-io.ts'

/** Rows that are worth handing over. */
const enough = 16_384

export class PendingRows {
  readonly #target: string
  readonly #table: ColumnTable
  #rows: Columns

  constructor(target: string, table: ColumnTable) {
    this.#target = target
    this.#table = table
    this.#rows = new Columns({ ...table, source: 'name' })
  }

  add(connection: DuckDBConnection, columns: Columns, nameIds: Int32Array, source: number): void {
    const first = this.#rows.length
    for (let i = 0; i < columns.length; i++) this.#rows.row()
    const to = this.#rows.data as Record<string, unknown>
    for (const [name, kind] of Object.entries(this.#table))
      copyColumn(kind, columns.data[name], to[name], first, columns.length, nameIds)
    ;(to.source as Int32Array).fill(source, first, first + columns.length)
    if (this.#rows.length >= enough) this.flush(connection)
  }

  /** Hands over what waits. */
  flush(connection: DuckDBConnection): void {
    if (this.#rows.length === 0) return
    appendColumns(connection, this.#target, this.#rows)
    this.#rows = new Columns({ ...this.#table, source: 'name' })
  }
}

function copyColumn(
  kind: ColumnTable[string],
  from: unknown,
  to: unknown,
  first: number,
  rows: number,
  nameIds: Int32Array,
): void {
  switch (kind) {
    case 'address': {
      const [a, b] = [from, to] as AddressColumn[]
      b.hi.set(a.hi.subarray(0, 2 * rows), 2 * first)
      b.lo.set(a.lo.subarray(0, 2 * rows), 2 * first)
      return
    }
    case 'text':
      for (let i = 0; i < rows; i++) (to as string[])[first + i] = (from as string[])[i]
      return
    case 'name':
      for (let i = 0; i < rows; i++) (to as Int32Array)[first + i] = nameIds[(from as Int32Array)[i]]
      return
    case 'count':
    case 'hash':
      ;(to as Uint32Array).set((from as Uint32Array).subarray(0, 2 * rows), 2 * first)
      return
    default:
      ;(to as Float64Array).set((from as Float64Array).subarray(0, rows), first)
  }
}
