/** A ledger answer as a Parquet file: sums as BIGINT (a larger one fails rather than lose a digit), names as text. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { LedgerQuery } from '../model/ledger-query.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { storeError } from '../store/duckdb/session.ts'

export async function ledgerParquet(store: DuckdbStore, query: LedgerQuery, file: string): Promise<void> {
  const { columns, rows } = await store.query(query)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const isSum = (name: string): boolean => !query.by.includes(name)
    await connection.run(
      `CREATE TABLE answer (${columns.map((name) => `"${name}" ${isSum(name) ? 'BIGINT' : 'VARCHAR'}`).join(', ')})`,
    )
    const appender = await connection.createAppender('answer')
    for (const row of rows) {
      for (const name of columns) {
        if (isSum(name)) appender.appendBigInt(row[name] as bigint)
        else appender.appendVarchar(String(row[name] ?? ''))
      }
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(`COPY answer TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
  } catch (cause) {
    throw storeError(cause, `writing ${file}`)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
