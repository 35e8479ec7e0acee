/**
 * Staging and acceptance: rows are appended to temporary tables as they come, then accepted in one transaction that
 * drops what the books already hold. A record is the same as another if all that identifies it is equal, whichever
 * file it came in; so any split, order or repetition of the input gives the same books.
 */
import type { Columns } from '../../model/columns.ts'
import type { NameTable } from '../../model/name-table.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { dayMs } from '../../model/window.ts'
import type { Accepted, ContextType, ReadTally } from '../store.ts'
import { longestCounterMs } from './border-hours.ts'
import { columnDefinitions, columnList, physicalColumns, quoted } from './column-io.ts'
import type { Names } from './names.ts'
import { PendingRows } from './pending-rows.ts'
import { finalExpressions, stagedTables } from './schema.ts'
import type { Session } from './session.ts'
import { clockedTimes, resolveParts, sessionsBeside } from './session-parts.ts'
import { keepCounts, keepReads } from './source-tallies.ts'
import { rememberTouched } from './touched.ts'

/** What tells one flow record from another, beside its hash. */
const flowIdentity =
  'conn, start_ms, end_ms, corroborates, inside_hi, inside_lo, peer_hi, peer_lo, inside_port, peer_port, proto, bytes_out, bytes_in'

export class Acceptance {
  readonly #session: Session
  readonly #names: Names
  readonly #pending = new Map(stagedTables.map(({ staged, table }) => [staged, new PendingRows(staged, table)]))
  #staged = 0

  constructor(session: Session, names: Names) {
    this.#session = session
    this.#names = names
  }

  /** Rows waiting for acceptance. */
  get staged(): number {
    return this.#staged
  }

  async createStaging(): Promise<void> {
    for (const { staged, table } of stagedTables) await this.#createStaged(staged, table)
  }

  /** Made anew rather than emptied: deleted rows of a temporary table give no memory back. */
  async #createStaged(staged: string, table: ColumnTable): Promise<void> {
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE ${staged} (${columnDefinitions(table)}, source INTEGER NOT NULL)`,
    )
  }

  async stage(staged: string, columns: Columns, names: NameTable, source: number): Promise<void> {
    if (columns.length === 0) return
    const nameIds = await this.#names.idsOf(names)
    const pending = this.#pending.get(staged)
    if (!pending) throw new TypeError(`${staged} is no staging table`)
    pending.add(this.#session.connection, columns, nameIds, source)
    this.#staged += columns.length
  }

  /** To be called inside a transaction. `openFrom_ms`: the books keep flow detail from here on. */
  async accept(run: number, openFrom_ms: number, tallies: readonly ReadTally[] = []): Promise<Accepted[]> {
    if (this.#staged === 0 && tallies.length === 0) return []
    for (const pending of this.#pending.values()) pending.flush(this.#session.connection)
    const perSource = new Map<number, Accepted>()
    for (const { staged, final, table } of stagedTables) {
      const count = await this.#session.one<{ n: bigint }>(`SELECT count(*) AS n FROM ${staged}`)
      if (count.n === 0n) continue
      if (final === 'flows') await this.#acceptFlows(run, openFrom_ms)
      else if (final === 'probes') await this.#acceptProbes(openFrom_ms)
      else
        await this.#acceptContext(
          staged,
          final,
          physicalColumns(table).map((column) => column.name),
        )
      await this.#countSources(staged, perSource)
      await keepCounts(this.#session, staged.slice('staged_'.length), table)
      await this.#createStaged(staged, table)
      await this.#session.run('DROP TABLE fresh')
    }
    if (tallies.length > 0) await keepReads(this.#session, run, tallies, perSource)
    this.#staged = 0
    return [...perSource.values()]
  }

  async #acceptFlows(run: number, openFrom_ms: number): Promise<void> {
    const session = this.#session
    const table = stagedTables[0].table
    await session.run(
      `CREATE TEMP TABLE incoming AS SELECT ${finalExpressions(table, 's')}, s.source FROM staged_flow s`,
    )
    /* whole seconds, as records of one connection agree in no more than that */
    const { low, high } = await session.one<{ low: bigint; high: bigint }>(
      'SELECT min(start_ms) // 1000 * 1000 AS low, max(start_ms) // 1000 * 1000 + 999 AS high FROM incoming',
    )
    const inBounds = `start_ms BETWEEN ${low} AND ${high}`
    const columns = `${columnList(table)}, source`
    /* what the books hold of the same connections: usually nothing, so that the exact comparison is over few rows */
    await session.run(`CREATE TEMP TABLE held AS
      SELECT ${flowIdentity}, uid FROM flows WHERE ${inBounds} AND conn IN (SELECT conn FROM incoming)`)
    await session.run(
      `CREATE TEMP TABLE held_keys AS SELECT * FROM flow_keys WHERE conn IN (SELECT conn FROM incoming)`,
    )
    await session.run(`CREATE TEMP TABLE repeated AS SELECT conn FROM incoming GROUP BY conn HAVING count(*) > 1`)
    await session.run(`CREATE TEMP TABLE fresh AS
      SELECT ${columns} FROM incoming WHERE conn NOT IN (SELECT conn FROM held)
        AND conn NOT IN (SELECT conn FROM held_keys) AND conn NOT IN (SELECT conn FROM repeated)
      UNION ALL
      SELECT ${columns} FROM (
        SELECT *, row_number() OVER (PARTITION BY ${flowIdentity} ORDER BY source, "offset") AS nth FROM incoming
        WHERE conn IN (SELECT conn FROM held UNION SELECT conn FROM held_keys UNION SELECT conn FROM repeated)
      ) i
      WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM held h WHERE ${equalColumns(flowIdentity, 'h', 'i')})
        AND NOT EXISTS (SELECT 1 FROM held_keys k WHERE ${equalColumns('conn, start_ms, end_ms, corroborates, bytes_out, bytes_in', 'k', 'i')})`)
    await session.run(`INSERT INTO flows SELECT ${columns}, ${run}, 0, ${lateRun(run, openFrom_ms)} FROM fresh f`)
    await session.run(`INSERT INTO long_conns
      SELECT conn FROM (
        SELECT conn FROM fresh WHERE uid <> 0
          AND conn IN (SELECT conn FROM held UNION SELECT conn FROM held_keys UNION SELECT conn FROM repeated)
        UNION ALL SELECT conn FROM held WHERE uid <> 0
        UNION ALL SELECT conn FROM held_keys WHERE uid <> 0
      ) c
      WHERE conn NOT IN (SELECT conn FROM long_conns)
      GROUP BY conn HAVING count(*) > 1`)
    for (const name of ['incoming', 'held', 'held_keys', 'repeated']) await session.run(`DROP TABLE ${name}`)
    /* a record between two others of its connection changes what the later one adds, and so the days of that one too */
    await this.#markSpans(`SELECT * FROM (
        SELECT start_ms, end_ms FROM fresh
        UNION ALL SELECT start_ms, end_ms FROM flows
        WHERE ${inBounds} AND conn IN (SELECT conn FROM fresh WHERE conn IN (SELECT conn FROM long_conns))
      ) a WHERE end_ms >= ${openFrom_ms}`)
  }

  /**
   * Probes of days whose detail is gone cannot be told from those that were counted then: they are taken as known, so
   * that reading a file again, or after a kill, never counts them twice.
   */
  async #acceptProbes(openFrom_ms: number): Promise<void> {
    const session = this.#session
    const table = stagedTables[1].table
    await session.run(`CREATE TEMP TABLE fresh AS
      SELECT DISTINCT ON (conn, start_ms) * FROM (SELECT ${finalExpressions(table, 's')}, s.source FROM staged_probe s) i
      WHERE i.start_ms >= ${openFrom_ms} AND NOT EXISTS (SELECT 1 FROM probes p WHERE p.conn = i.conn AND p.start_ms = i.start_ms)
      ORDER BY conn, start_ms, source, "offset"`)
    await session.run(`INSERT INTO probes SELECT ${columnList(table)}, source FROM fresh`)
  }

  async #acceptContext(staged: string, final: string, names: readonly string[]): Promise<void> {
    const session = this.#session
    const { table } = stagedTables.find((entry) => entry.staged === staged) as (typeof stagedTables)[number]
    const identity = names
      .filter((name) => name !== 'offset')
      .map(quoted)
      .join(', ')
    await session.run(`CREATE TEMP TABLE fresh AS
      SELECT ${names.map(quoted).join(', ')}, source FROM (
        SELECT *, row_number() OVER (PARTITION BY ${identity} ORDER BY source, "offset") AS nth
        FROM (SELECT ${finalExpressions(table, 's')}, s.source FROM ${staged} s)
      ) i
      WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM ${final} f WHERE ${equalColumns(identity, 'f', 'i')})`)
    await session.run(`INSERT INTO ${final} BY NAME SELECT * FROM fresh`)
    const { start, end } = clockedTimes('fresh')
    const own = `${start} AS start_ms, greatest(${start}, ${end}) AS end_ms`
    if (final === 'fingerprints') {
      await this.#markDays(`SELECT DISTINCT f.start_ms // ${dayMs} AS first, f.end_ms // ${dayMs} AS last
        FROM flows f WHERE f.uid IN (SELECT uid FROM fresh WHERE uid <> 0 AND client_fp <> 0)`)
    } else if (final === 'transfers') {
      /* a session's own bytes count less what transfers with its peer say of its time */
      await this.#markSpans(`SELECT ${own} FROM fresh UNION ALL ${sessionsBeside('SELECT * FROM fresh')}`)
    } else if (final === 'sessions') await this.#markSpans(`SELECT ${own} FROM fresh WHERE bytes_out > 0`)
    else if (final === 'counters')
      await this.#markSpans(
        `SELECT start_ms, end_ms - 1 AS end_ms FROM fresh WHERE end_ms - start_ms BETWEEN 1 AND ${longestCounterMs}`,
      )
    else if (final === 'storage_reads')
      await this.#markSpans('SELECT end_ms AS start_ms, end_ms FROM fresh WHERE end_ms >= 0')
    const type = staged.slice('staged_'.length) as ContextType
    await rememberTouched(session, type)
    await resolveParts(session, type, (spans) => this.#markSpans(spans))
  }

  #markSpans(spans: string): Promise<void> {
    return this.#markDays(`SELECT DISTINCT start_ms // ${dayMs} AS first, end_ms // ${dayMs} AS last FROM (${spans}) r`)
  }

  /** Days that must be booked anew; kept in the state, so that a killed run's work is taken up by the next. */
  async #markDays(spans: string): Promise<void> {
    await this.#session.run(`INSERT INTO dirty_days
      SELECT DISTINCT day FROM (SELECT unnest(range(first, last + 1)) AS day FROM (${spans}) s) d
      WHERE day NOT IN (SELECT day FROM dirty_days)`)
  }

  /** A record may be several rows (a job's nodes): records are told apart by their place in the file. */
  async #countSources(staged: string, perSource: Map<number, Accepted>): Promise<void> {
    const rows = await this.#session.rows<{ source: number; all_records: bigint; new_records: bigint }>(`
      SELECT s.source AS source, s.n AS all_records, coalesce(f.n, 0) AS new_records
      FROM (SELECT source, count(DISTINCT "offset") AS n FROM ${staged} GROUP BY source) s
      LEFT JOIN (SELECT source, count(DISTINCT "offset") AS n FROM fresh GROUP BY source) f ON f.source = s.source`)
    for (const { source, all_records, new_records } of rows) {
      const entry = perSource.get(source) ?? { source, accepted: 0, duplicates: 0 }
      entry.accepted += Number(new_records)
      entry.duplicates += Number(all_records - new_records)
      perSource.set(source, entry)
    }
  }
}

/**
 * The run for a record that came too late to stand in its place: its connection has a later record, and what that one
 * adds begins in days that are booked for good. Such a record goes to the end of the queue and adds only what is more.
 */
function lateRun(run: number, openFrom_ms: number): string {
  if (openFrom_ms === 0) return '0'
  const ofConn = 'h.conn = f.conn AND h.corroborates = f.corroborates'
  const size = (alias: string): string =>
    `(${alias}.end_ms, ${alias}.bytes_out + ${alias}.bytes_in, ${alias}.bytes_out)`
  const known = (columns: string): string => `SELECT ${columns} FROM held UNION ALL SELECT ${columns} FROM held_keys`
  const columns = 'conn, corroborates, end_ms, bytes_out, bytes_in'
  return `CASE WHEN f.uid <> 0 AND f.start_ms < ${openFrom_ms}
    AND EXISTS (SELECT 1 FROM (${known(columns)}) h WHERE ${ofConn} AND ${size('h')} > ${size('f')})
    AND coalesce((SELECT max(h.end_ms) FROM (${known(columns)}) h WHERE ${ofConn} AND ${size('h')} <= ${size('f')}), 0) < ${openFrom_ms}
    THEN ${run} ELSE 0 END`
}

function equalColumns(list: string, a: string, b: string): string {
  return list
    .split(', ')
    .map((name) => `${a}.${name} = ${b}.${name}`)
    .join(' AND ')
}
