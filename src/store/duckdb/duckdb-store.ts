/**
 * The store of a single machine: one DuckDB file in a state directory (DESIGN §9, size S).
 * Everything that changes the books happens in transactions; after a kill the file opens as of the last one.
 */
import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { arrivalTable } from '../../model/arrival.ts'
import type { Columns } from '../../model/columns.ts'
import type { AddressHalves } from '../../model/context-record.ts'
import { AppError } from '../../model/errors.ts'
import type { LedgerAnswer, LedgerQuery } from '../../model/ledger-query.ts'
import type { NameTable } from '../../model/name-table.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { dayMs } from '../../model/window.ts'
import type {
  Accepted,
  BookExtras,
  BookRange,
  BookRules,
  BorderHour,
  ClockOffset,
  ContextRow,
  ContextType,
  HostOf,
  ReadOfDay,
  ReadTally,
  StagedType,
  Store,
} from '../store.ts'
import { Acceptance } from './accept.ts'
import { Addresses } from './addresses.ts'
import { arrivalDays, readArrivals } from './arrivals.ts'
import { Book } from './book.ts'
import { readBorderHours, writeBorderHours } from './border-hours.ts'
import { findClockOffsets, keepClockOffsets } from './clock-offsets.ts'
import { appendColumns } from './column-io.ts'
import { Names } from './names.ts'
import { answerQuery } from './query.ts'
import { crossingInsides, flowCoverage, readContext, readCrossingContext, readFlows, sourceBytes } from './read.ts'
import { clearReadDays, readReadDays } from './read-days.ts'
import { type LedgerTables, schemaStatements, schemaVersion } from './schema.ts'
import { dropDetail, dropHistory, foldDays } from './seal.ts'
import { Session } from './session.ts'
import { settleTouched } from './touched.ts'

export interface DuckdbStoreOptions {
  directory: string
  ledger: LedgerTables
  /** Columns of the entries that `book` is given, and the words behind coded columns. */
  entryTable: ColumnTable
  peerClasses: readonly string[]
  roles: readonly string[]
  explanations: readonly string[]
  methods: readonly string[]
  read_only?: boolean
  memory_limit_mb?: number
  /** Rows that are booked at once; changes memory and speed, never a result. */
  rows_per_part?: number
  threads?: number
}

const dayNumber = (value: unknown): number => Number(value)

/** Beside the books; for questions to books that nobody may write, where the system keeps temporary files. */
function spillDirectory({ directory, read_only }: DuckdbStoreOptions): string {
  try {
    if (read_only) accessSync(directory, constants.W_OK)
    return join(directory, 'spill')
  } catch {
    return join(tmpdir(), `weir-spill-${process.pid}`)
  }
}

export class DuckdbStore implements Store {
  readonly #session: Session
  readonly #options: DuckdbStoreOptions
  readonly #names: Names
  readonly #addresses: Addresses
  readonly #acceptance: Acceptance
  readonly #book: Book

  private constructor(session: Session, options: DuckdbStoreOptions) {
    this.#session = session
    this.#options = options
    this.#names = new Names(session)
    this.#addresses = new Addresses(session, this.#names)
    this.#acceptance = new Acceptance(session, this.#names)
    this.#book = new Book(session, options.ledger, options.entryTable, options.rows_per_part)
  }

  static async open(options: DuckdbStoreOptions): Promise<DuckdbStore> {
    const session = await Session.open({
      path: join(options.directory, 'weir.duckdb'),
      read_only: options.read_only,
      memory_limit_mb: options.memory_limit_mb ?? (options.read_only ? 1000 : 320),
      threads: options.threads ?? 2,
      temp_directory: spillDirectory(options),
    })
    const store = new DuckdbStore(session, options)
    try {
      await store.#prepare()
    } catch (error) {
      session.close()
      throw error
    }
    return store
  }

  async #prepare(): Promise<void> {
    const session = this.#session
    const [{ n }] = await session.rows<{ n: bigint }>(
      "SELECT count(*) AS n FROM information_schema.tables WHERE table_name = 'meta'",
    )
    if (n === 0n) {
      if (this.#options.read_only) throw new AppError('state_unusable', `${this.#options.directory} holds no books yet`)
      await session.transaction(async () => {
        for (const statement of schemaStatements(this.#options.ledger)) await session.run(statement, 'making the books')
        await session.run(`INSERT INTO meta VALUES ('schema_version', '${schemaVersion}')`)
      })
    }
    const version = (await this.meta()).get('schema_version')
    if (version !== String(schemaVersion))
      throw new AppError(
        'state_unusable',
        `${this.#options.directory} has books of version ${version}; this program reads version ${schemaVersion}`,
      )
    if (this.#options.read_only) return
    await this.#acceptance.createStaging()
    await this.#book.createStaging()
  }

  async meta(): Promise<Map<string, string>> {
    const rows = await this.#session.rows<{ key: string; value: string }>('SELECT key, value FROM meta')
    return new Map(rows.map(({ key, value }) => [key, value]))
  }

  async setMeta(key: string, value: string): Promise<void> {
    await this.#session.transaction(() => this.#setMeta(key, value))
  }

  async #setMeta(key: string, value: string): Promise<void> {
    await this.#session.rows('DELETE FROM meta WHERE key = ?', [key])
    await this.#session.rows('INSERT INTO meta VALUES (?, ?)', [key, value])
  }

  internNames(texts: readonly string[]): Promise<Int32Array> {
    return this.#names.intern(texts)
  }

  nameTexts(ids: Iterable<number>): Promise<Map<number, string>> {
    return this.#names.texts(ids)
  }

  internAddresses(addresses: readonly AddressHalves[], hostOf: HostOf): Promise<Int32Array> {
    return this.#addresses.intern(addresses, hostOf)
  }

  async renameAddresses(hostOf: HostOf): Promise<void> {
    await this.#session.transaction(() => this.#addresses.renameAll(hostOf))
  }

  async sourceId(path: string, format: string): Promise<number> {
    const known = await this.#session.rows<{ id: number }>('SELECT id FROM sources WHERE path = ? AND format = ?', [
      path,
      format,
    ])
    if (known.length > 0) return known[0].id
    const { next } = await this.#session.one<{ next: number }>('SELECT coalesce(max(id), 0) + 1 AS next FROM sources')
    await this.#session.rows(`INSERT INTO sources VALUES (${Number(next)}, ?, ?)`, [path, format])
    return Number(next)
  }

  async newRun(): Promise<number> {
    const { next } = await this.#session.one<{ next: number }>('SELECT coalesce(max(id), 0) + 1 AS next FROM runs')
    await this.#session.run(`INSERT INTO runs VALUES (${Number(next)}, 0, 0)`)
    return Number(next)
  }

  async stage(type: StagedType, columns: Columns, names: NameTable, source: number): Promise<void> {
    await this.#acceptance.stage(`staged_${type}`, columns, names, source)
  }

  get staged(): number {
    return this.#acceptance.staged
  }

  async accept(run: number, tallies: readonly ReadTally[] = []): Promise<Accepted[]> {
    const horizon_day = await this.horizonDay()
    return this.#session.transaction(() => this.#acceptance.accept(run, horizon_day * dayMs, tallies))
  }

  /** Days before this one have no flow detail any more; 0 while all detail is there. */
  async horizonDay(): Promise<number> {
    return Number((await this.meta()).get('horizon_day') ?? 0)
  }

  /** Days before this one are in no table but the day totals; 0 while everything is kept. */
  async historyDay(): Promise<number> {
    return Number((await this.meta()).get('history_day') ?? 0)
  }

  async dirtyDays(): Promise<number[]> {
    const rows = await this.#session.rows<{ day: number }>(
      `SELECT DISTINCT day FROM dirty_days WHERE day >= ${await this.horizonDay()} ORDER BY day`,
    )
    return rows.map(({ day }) => dayNumber(day))
  }

  async markDirty(from_day: number, to_day: number): Promise<void> {
    await this.#session.run(`INSERT INTO dirty_days SELECT day FROM (SELECT unnest(range(${from_day}, ${to_day})) AS day) d
      WHERE day NOT IN (SELECT day FROM dirty_days)`)
  }

  /** Every day whose detail is still kept is to be written anew. */
  async markAllDirty(): Promise<void> {
    await this.#session.run(`INSERT INTO dirty_days SELECT DISTINCT day FROM day_totals
      WHERE day >= ${await this.horizonDay()} AND day NOT IN (SELECT day FROM dirty_days)`)
  }

  async flowsPerDay(days: readonly number[]): Promise<Map<number, number>> {
    if (days.length === 0) return new Map()
    const rows = await this.#session.rows<{
      day: bigint
      n: bigint
    }>(`SELECT start_ms // ${dayMs} AS day, count(*) AS n FROM flows
      WHERE start_ms >= ${days[0] * dayMs} AND start_ms < ${(days[days.length - 1] + 1) * dayMs} GROUP BY day`)
    return new Map(rows.map(({ day, n }) => [dayNumber(day), Number(n)]))
  }

  /** Flows that touch days whose detail is gone and that those days' books do not hold yet. */
  async lateFlows(): Promise<number> {
    const horizon_ms = (await this.horizonDay()) * dayMs
    const { n } = await this.#session.one<{ n: bigint }>(
      `SELECT count(*) AS n FROM flows WHERE start_ms < ${horizon_ms} AND booked_before_ms < ${horizon_ms}`,
    )
    return Number(n)
  }

  readFlows<T extends ColumnTable>(
    table: T,
    from_ms: number,
    to_ms: number,
    unbookedOnly: boolean,
  ): AsyncGenerator<Columns<T>> {
    return readFlows(this.#session, table, from_ms, to_ms, unbookedOnly ? `f.booked_before_ms < ${to_ms}` : 'true')
  }

  readContext(type: ContextType, from_ms: number, to_ms: number, open_ms: number): Promise<ContextRow[]> {
    return readContext(this.#session, type, from_ms, to_ms, open_ms)
  }

  readCrossingContext(
    type: 'session' | 'lease' | 'nat' | 'job',
    from_ms: number,
    to_ms: number,
  ): Promise<ContextRow[]> {
    return readCrossingContext(this.#session, type, from_ms, to_ms)
  }

  crossingInsides(from_ms: number, to_ms: number): Promise<AddressHalves[]> {
    return crossingInsides(this.#session, from_ms, to_ms)
  }

  alignClocks(): Promise<ClockOffset[]> {
    return this.#session.transaction(async () => {
      const offsets = await findClockOffsets(this.#session)
      if (await keepClockOffsets(this.#session, offsets)) await this.markAllDirty()
      return offsets
    })
  }

  async settle(): Promise<void> {
    const horizon_day = await this.horizonDay()
    await this.#session.transaction(() => settleTouched(this.#session, horizon_day))
  }

  flowCoverage(from_ms: number, to_ms: number): Promise<{ sensor: number; from_ms: number; to_ms: number }[]> {
    return flowCoverage(this.#session, from_ms, to_ms)
  }

  async book(
    range: BookRange,
    rules: BookRules,
    fill: (add: (entries: Columns, labels: Columns) => Promise<void>) => Promise<BookExtras>,
  ): Promise<void> {
    await this.#session.transaction(async () => {
      const { claims, reads } = await fill((entries, labels) => this.#book.add(entries, labels))
      await this.#book.close(range, rules)
      if (!range.additive) {
        await this.#session.run(`DELETE FROM claims WHERE day >= ${range.from_day} AND day < ${range.to_day}`)
        await clearReadDays(this.#session, range)
        await writeBorderHours(this.#session, range)
      }
      if (claims) appendColumns(this.#session.connection, 'claims', claims)
      if (reads) appendColumns(this.#session.connection, 'read_days', reads)
      if (range.additive) await dropDetail(this.#session, range.to_day)
    })
  }

  fold(
    before_day: number,
    below_bytes: number,
    told: (days_done: number, days: number) => void = () => {},
  ): Promise<number> {
    return foldDays(this.#session, this.#options.ledger, before_day, below_bytes, told)
  }

  async dropDetail(horizon_day: number): Promise<void> {
    await this.#session.transaction(async () => {
      await dropDetail(this.#session, horizon_day)
      await this.#setMeta('horizon_day', String(horizon_day))
    })
  }

  async dropHistory(before_day: number): Promise<void> {
    const isNews = before_day > (await this.historyDay())
    await this.#session.transaction(async () => {
      await dropHistory(this.#session, before_day)
      if (isNews) await this.#setMeta('history_day', String(before_day))
    })
  }

  readArrivals(from_tick: number, to_tick: number): AsyncGenerator<Columns<typeof arrivalTable>> {
    return readArrivals(this.#session, from_tick, to_tick)
  }

  arrivalDays(): Promise<Map<number, number>> {
    return arrivalDays(this.#session)
  }

  borderHours(): Promise<BorderHour[]> {
    return readBorderHours(this.#session)
  }

  readsOfDay(day: number): Promise<ReadOfDay[]> {
    return readReadDays(this.#session, day)
  }

  async query(query: LedgerQuery): Promise<LedgerAnswer> {
    const { ledger, peerClasses, roles, explanations, methods } = this.#options
    const horizon_day = await this.horizonDay()
    return answerQuery(this.#session, query, {
      cubeDimensions: ledger.cubeDimensions,
      peerClasses,
      roles,
      explanations,
      methods,
      detail_day: ((await this.memoryDay()) ?? horizon_day) < horizon_day ? horizon_day : 0,
      idsOfText: async (text) => {
        const rows = await this.#session.rows<{ id: number }>('SELECT id FROM names WHERE text = ?', [text])
        return rows.length > 0 ? rows[0].id : -1
      },
      textsOf: (ids) => this.#names.texts(ids),
    })
  }

  sourceBytes(run: number): Promise<{ source: number; bytes_out: bigint; bytes_in: bigint }[]> {
    return sourceBytes(this.#session, run)
  }

  /** Flows with payload per day, as measured. */
  async flowsByDay(): Promise<Map<number, number>> {
    const rows = await this.#session.rows<{ day: number; n: bigint }>(
      'SELECT day, CAST(sum(flows) AS BIGINT) AS n FROM day_totals GROUP BY day',
    )
    return new Map(rows.map(({ day, n }) => [dayNumber(day), Number(n)]))
  }

  /** The first day that the books know of. */
  async memoryDay(): Promise<number | undefined> {
    const { day } = await this.#session.one<{ day: number | null }>('SELECT min(day) AS day FROM day_totals')
    return day === null ? undefined : dayNumber(day)
  }

  /** All bytes that were ever measured, of every place and sensor. */
  async bookedBytes(): Promise<number> {
    const { n } = await this.#session.one<{ n: bigint }>(
      'SELECT CAST(coalesce(sum(bytes_out) + sum(bytes_in), 0) AS HUGEINT) AS n FROM day_totals',
    )
    return Number(n)
  }

  /** For reports and checks: rows of any SELECT over the state's own tables. */
  rows<R = Record<string, unknown>>(sql: string): Promise<R[]> {
    return this.#session.rows<R>(sql)
  }

  /** Until something is written again, half of the memory is enough: what was judged is not yet given back by the engine. */
  async checkpoint(): Promise<void> {
    await this.#session.run('CHECKPOINT', 'closing the books')
    await this.#session.leaveRoom()
  }

  async close(): Promise<void> {
    this.#session.close()
  }
}
