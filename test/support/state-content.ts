/**
 * What a state directory holds, said in a way that does not depend on how it came about: ids are replaced by what they
 * stand for, rows have no order, what belongs to single runs is left out. Two states with equal content give equal
 * answers to every question, now and after anything that is added to both.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** Interned lists, whose ids the rows refer to, and what only tells of runs. */
const notCompared = new Set(['names', 'addresses', 'labels', 'sources', 'runs', 'source_reads', 'source_rejects'])
const nameColumns = new Set([
  ...['sensor', 'corroborates', 'service', 'client_fp', 'kind', 'account', 'host_name', 'gateway', 'key_fp', 'tool'],
  ...['bucket', 'direction', 'project', 'node', 'vault', 'link', 'client_org', 'explanation', 'host'],
])
/** Dimensions of the cubes whose entity is a number and no name, by place: site, role, peer_asn, cohort. */
const numberedDimensions = [0, 3, 10, 13]

/** By table: how many rows, and two sums of their hashes. */
export type StateContent = Record<string, string>

export async function contentOf(directory: string): Promise<StateContent> {
  return withStates([directory], async (connection, [state]) => {
    const content: StateContent = {}
    for (const table of await tablesOf(connection, state)) {
      const rows = await canonical(connection, state, table)
      const [row] = await all(
        connection,
        `SELECT count(*) AS n, coalesce(sum(CAST(hash(r) AS HUGEINT)), 0) AS s, coalesce(bit_xor(hash(r)), 0) AS x FROM (${rows}) r`,
      )
      content[table] = `${row.n} rows, ${row.s} ${row.x}`
    }
    return content
  })
}

/** For people: a few rows of each table that one of the two states has and the other has not. */
export function differences(one: string, other: string): Promise<string[]> {
  return withStates([one, other], async (connection, states) => {
    const lines: string[] = []
    for (const table of await tablesOf(connection, states[0])) {
      const [a, b] = [await canonical(connection, states[0], table), await canonical(connection, states[1], table)]
      for (const [label, sql] of [
        ['only in the first', `${a} EXCEPT ALL ${b}`],
        ['only in the second', `${b} EXCEPT ALL ${a}`],
      ]) {
        const [{ n }] = await all(connection, `SELECT count(*) AS n FROM (${sql}) d`)
        if (n === 0n) continue
        lines.push(`${table}: ${n} rows ${label}`)
        for (const row of await all(connection, `SELECT * FROM (${sql}) d LIMIT 3`))
          lines.push(`  ${Object.values(row).join(' | ')}`)
      }
    }
    return lines
  })
}

/** How far a run had come, told by what its state holds. */
export interface Progress {
  flows: number
  dirty: number
  booked: number
  sealed: number
  horizon: number
}

export function progressOf(directory: string): Promise<Progress> {
  return withStates([directory], async (connection, [state]) => {
    const one = async (sql: string): Promise<number> => Number((await all(connection, sql))[0].n)
    return {
      flows: await one(`SELECT (SELECT count(*) FROM ${state}.flows) + (SELECT count(*) FROM ${state}.flow_keys) AS n`),
      dirty: await one(`SELECT count(DISTINCT day) AS n FROM ${state}.dirty_days`),
      booked: await one(`SELECT count(DISTINCT day) AS n FROM ${state}.day_totals`),
      sealed: await one(`SELECT count(DISTINCT day) AS n FROM ${state}.sealed_days`),
      horizon: await one(
        `SELECT coalesce(max(CAST(value AS INTEGER)), 0) AS n FROM ${state}.meta WHERE key = 'horizon_day'`,
      ),
    }
  })
}

async function withStates<T>(
  directories: readonly string[],
  work: (connection: DuckDBConnection, states: string[]) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const states = directories.map((_, i) => `state${i}`)
    for (const [i, directory] of directories.entries())
      await connection.run(`ATTACH '${directory.replaceAll("'", "''")}/weir.duckdb' AS ${states[i]} (READ_ONLY)`)
    return await work(connection, states)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function all(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects() as Record<string, unknown>[]
}

async function tablesOf(connection: DuckDBConnection, state: string): Promise<string[]> {
  const rows = await all(
    connection,
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = '${state}' ORDER BY name`,
  )
  return rows.map(({ name }) => String(name)).filter((name) => !notCompared.has(name))
}

/** A SELECT of the table's rows with ids resolved. */
async function canonical(connection: DuckDBConnection, state: string, table: string): Promise<string> {
  const columns = await all(
    connection,
    `SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE database_name = '${state}' AND table_name = '${table}' ORDER BY column_index`,
  )
  const name = (id: string): string => `(SELECT n.text FROM ${state}.names n WHERE n.id = ${id})`
  const values = columns.flatMap(({ name: column, type }): string[] => {
    const value = `t."${column}"`
    if (column === 'run') return []
    // the number of a run, of which only the order counts
    if (column === 'late') return [`${value} > 0`]
    if (column === 'entity')
      return [`CASE WHEN t.dimension IN (${numberedDimensions}) THEN CAST(${value} AS VARCHAR) ELSE ${name(value)} END`]
    if (table === 'peer_users' && column === 'who')
      return [`CASE WHEN ${value} > 0 THEN ${name(value)} ELSE CAST(${value} AS VARCHAR) END`]
    if (type !== 'INTEGER') return [value]
    if (column === 'source') return [`(SELECT s.path || s.format FROM ${state}.sources s WHERE s.id = ${value})`]
    if (column === 'label') {
      const parts = ['account', 'project', 'vault', 'client_org', 'gateway', 'client_fp', 'explanation'].map((part) =>
        name(`l.${part}`),
      )
      const rest = ['peer_asn', 'explained', 'method', 'confidence'].map((part) => `l.${part}`)
      return [`(SELECT concat_ws('/', ${[...parts, ...rest].join(', ')}) FROM ${state}.labels l WHERE l.id = ${value})`]
    }
    if (column === 'inside' || column === 'leased')
      return [
        `(SELECT concat_ws('/', a.hi, a.lo, ${name('a.host')}, a.role) FROM ${state}.addresses a WHERE a.id = ${value})`,
      ]
    return [nameColumns.has(String(column)) ? name(value) : value]
  })
  return `SELECT ${values.map((value, i) => `${value} AS c${i}`).join(', ')} FROM ${state}.${table} t`
}
