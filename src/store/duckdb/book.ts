/**
 * From entries to the books of a span of days, in one transaction: measured rows, postings, peers and their classes,
 * pair-days, cubes, day totals. Entries come in portions and are added up at once, so that memory does not follow the
 * number of flows.
 */
import type { Columns } from '../../model/columns.ts'
import { AppError } from '../../model/errors.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { BookRange, BookRules } from '../store.ts'
import { appendColumns, columnDefinitions, columnList, physicalColumns, quoted } from './column-io.ts'
import { cubeStatements } from './cubes.ts'
import type { LedgerTables } from './schema.ts'
import type { Session } from './session.ts'

export class Book {
  readonly #session: Session
  readonly #ledger: LedgerTables
  readonly #entryTable: ColumnTable

  constructor(session: Session, ledger: LedgerTables, entryTable: ColumnTable) {
    this.#session = session
    this.#ledger = ledger
    this.#entryTable = entryTable
  }

  async createStaging(): Promise<void> {
    const { measuredKeys, postingKeys, sums } = this.#ledger
    for (const [name, table] of [
      ['entries', this.#entryTable],
      ['measured_part', { ...measuredKeys, accounts: 'u8', ...sums }],
      ['postings_part', { ...postingKeys, ...sums }],
    ] as [string, ColumnTable][])
      await this.#session.run(`CREATE TEMP TABLE ${name} (${columnDefinitions(table)})`)
  }

  /** Adds a portion of entries to the span that is being booked. */
  async add(entries: Columns): Promise<void> {
    if (entries.length === 0) return
    appendColumns(this.#session.connection, 'entries', entries)
    const { measuredKeys, postingKeys, sums } = this.#ledger
    const measured = columnList(measuredKeys)
    await this.#session.run(`INSERT INTO measured_part SELECT ${measured}, accounts, ${sumList(sums)}
      FROM entries WHERE posting_only = 0 GROUP BY ${measured}, accounts`)
    const leased = '(outer_hi <> 0 OR outer_lo <> 0)'
    const keys = physicalColumns(postingKeys).map(({ name }) => {
      const half = name.slice(-2)
      if (name.startsWith('peer_') && name !== 'peer_asn')
        return `CASE WHEN ${leased} THEN outer_${half} ELSE peer_${half} END AS ${name}`
      if (name.startsWith('leased_')) return `CASE WHEN ${leased} THEN peer_${half} ELSE 0 END AS ${name}`
      return quoted(name)
    })
    await this.#session.run(`INSERT INTO postings_part SELECT ${columnList(postingKeys)}, ${sumList(sums)}
      FROM (SELECT ${keys.join(', ')}, ${columnList(sums)} FROM entries WHERE accounts = 1 AND place = 0) e GROUP BY ${columnList(postingKeys)}`)
    await this.#session.run('DELETE FROM entries')
  }

  /** Writes the span from all portions added; to be called in the transaction that added them. */
  async close(range: BookRange, rules: BookRules): Promise<void> {
    const session = this.#session
    const { measuredKeys, postingKeys, pairDayKeys, sums } = this.#ledger
    const { from_day, to_day } = range
    const tickSpan = `tick >= ${from_day * ticksPerDay} AND tick < ${to_day * ticksPerDay}`
    const daySpan = `day >= ${from_day} AND day < ${to_day}`
    const measured = columnList(measuredKeys)
    const posting = columnList(postingKeys)
    const anySum = Object.keys(sums)
      .map((name) => `sum(${name}) <> 0`)
      .join(' OR ')

    await session.run(
      `CREATE TEMP TABLE posted AS SELECT ${posting}, ${sumList(sums)} FROM postings_part GROUP BY ${posting} HAVING ${anySum}`,
    )
    await this.#applyCaps(rules)
    await this.#checkBalance()
    if (!range.additive) {
      for (const table of ['measured', 'postings', 'cubes']) await session.run(`DELETE FROM ${table} WHERE ${tickSpan}`)
      for (const table of ['pair_days', 'day_totals', 'sealed_days'])
        await session.run(`DELETE FROM ${table} WHERE ${daySpan}`)
      await session.run(
        `INSERT INTO measured SELECT ${measured}, ${sumList(sums)} FROM measured_part GROUP BY ${measured}`,
      )
      await session.run(`INSERT INTO postings SELECT * FROM posted`)
    }
    await session.run(`INSERT INTO day_totals SELECT tick // ${ticksPerDay}, sensor, place, accounts, ${sumList(sums)}
      FROM measured_part GROUP BY ALL`)
    await this.#updatePeers()
    await this.#classify(rules)

    const pairKeys = pairDayKeys as ColumnTable
    const keys = physicalColumns(pairKeys).map(({ name, sql }) => `CAST(${quoted(name)} AS ${sql}) AS ${quoted(name)}`)
    await session.run(`CREATE TEMP TABLE classed AS SELECT p.*, p.tick // ${ticksPerDay} AS day,
        CASE WHEN p.peer_hi = 0 THEN 128 ELSE 64 END AS peer_bits,
        CASE WHEN p.explanation <> 0 THEN 0 ELSE c.peer_class END AS peer_class,
        CASE WHEN p.explanation <> 0 THEN 0 ELSE c.cohort END AS cohort
      FROM posted p JOIN peer_classes c ON c.day = p.tick // ${ticksPerDay} AND c.peer_hi = p.peer_hi AND c.peer_lo = p.peer_lo`)
    await session.run(`INSERT INTO pair_days SELECT ${columnList(pairKeys)}, ${sumList(sums)}
      FROM (SELECT ${keys.join(', ')}, ${columnList(sums)} FROM classed) c GROUP BY ${columnList(pairKeys)} HAVING ${anySum}`)
    for (const statement of cubeStatements(this.#ledger.cubeDimensions, this.#ledger.cubeSums))
      await session.run(statement)
    for (const table of ['posted', 'classed', 'peer_classes']) await session.run(`DROP TABLE ${table}`)
    for (const table of ['measured_part', 'postings_part']) await session.run(`DELETE FROM ${table}`)
    if (!range.additive) await session.run(`DELETE FROM dirty_days WHERE ${daySpan}`)
  }

  /** Both layers must agree to the byte before anything is written; if not, this program is wrong. */
  async #checkBalance(): Promise<void> {
    const totals = (where: string): string =>
      Object.keys(this.#ledger.sums)
        .map((name) => `coalesce(sum(${name}), 0) AS ${name}`)
        .join(', ') + ` FROM ${where}`
    const facts = await this.#session.one(`SELECT ${totals('measured_part WHERE accounts = 1 AND place = 0')}`)
    const opinions = await this.#session.one(`SELECT ${totals('posted')}`)
    for (const name of Object.keys(this.#ledger.sums)) {
      if (facts[name] !== opinions[name])
        throw new AppError(
          'store_unavailable',
          `the books do not balance: ${name} measured ${facts[name]}, posted ${opinions[name]}`,
        )
    }
  }

  /**
   * What an expectation explains beyond its cap of a day is not explained: in order of time, the bytes past the cap are
   * reversed and posted again as unexplained (the expectation stays named, so that the overrun can be seen).
   */
  async #applyCaps(rules: BookRules): Promise<void> {
    if (rules.caps.length === 0) return
    const session = this.#session
    const values = rules.caps
      .map(({ explanation, max_bytes_per_day }) => `(${explanation}, ${max_bytes_per_day})`)
      .join(', ')
    const keys = physicalColumns(this.#ledger.postingKeys).map(({ name }) => quoted(name))
    const stable = keys.filter((key) => key !== '"known_tick"')
    const moved = ['bytes_out', 'bytes_out_lo', 'bytes_out_hi']
    await session.run(`CREATE TEMP TABLE over_cap AS
      SELECT * EXCLUDE (running, cap), least(bytes_out, running - cap) AS over FROM (
        SELECT n.*, c.cap, sum(n.bytes_out) OVER (PARTITION BY n.explanation, n.tick // ${ticksPerDay}
          ORDER BY ${stable.map((key) => `n.${key}`).join(', ')} ROWS UNBOUNDED PRECEDING) AS running
        FROM (
          SELECT ${stable.join(', ')}, max(known_tick) AS known_tick, ${sumList(moved)} FROM posted
          WHERE explained = 2 GROUP BY ${stable.join(', ')} HAVING sum(bytes_out) > 0
        ) n JOIN (VALUES ${values}) c(explanation, cap) ON c.explanation = n.explanation
      ) r WHERE running > cap`)
    for (const sign of [-1, 1]) {
      const columns = physicalColumns({ ...this.#ledger.postingKeys, ...this.#ledger.sums }).map(({ name, sql }) => {
        if (name === 'explained') return sign < 0 ? 'explained' : '0'
        if (moved.includes(name)) return `CAST(${sign} * (CAST(${name} AS HUGEINT) * over // bytes_out) AS BIGINT)`
        return name in this.#ledger.sums ? '0' : `CAST(${quoted(name)} AS ${sql})`
      })
      await session.run(`INSERT INTO posted SELECT ${columns.join(', ')} FROM over_cap`)
    }
    await session.run('DROP TABLE over_cap')
  }

  /** First day of every peer, and of every account (else role) at every peer. */
  async #updatePeers(): Promise<void> {
    const session = this.#session
    await session.run(`CREATE TEMP TABLE seen AS SELECT peer_hi, peer_lo, CASE WHEN account <> 0 THEN account ELSE -1 - role END AS who,
      CAST(min(tick) // ${ticksPerDay} AS INTEGER) AS first_day FROM posted GROUP BY ALL`)
    await this.#lowerFirstDays(
      'peers',
      'peer_hi, peer_lo',
      'SELECT peer_hi, peer_lo, min(first_day) AS first_day FROM seen GROUP BY ALL',
    )
    await this.#lowerFirstDays('peer_users', 'peer_hi, peer_lo, who', 'SELECT * FROM seen')
    await session.run('DROP TABLE seen')
  }

  async #lowerFirstDays(table: string, keys: string, fresh: string): Promise<void> {
    const same = keys
      .split(', ')
      .map((key) => `t.${key} = n.${key}`)
      .join(' AND ')
    await this.#session.run(`CREATE TEMP TABLE newer AS ${fresh}`)
    if (table === 'peers') {
      /* a peer turns out to be older: the days it was seen on, and not booked just now, are classed anew */
      await this.#session.run(`INSERT INTO dirty_days SELECT DISTINCT p.day FROM pair_days p
        JOIN (SELECT n.peer_hi, n.peer_lo FROM newer n JOIN peers t ON ${same} WHERE n.first_day < t.first_day) o
          ON o.peer_hi = p.peer_hi AND o.peer_lo = p.peer_lo
        WHERE p.day NOT IN (SELECT day FROM dirty_days)`)
    }
    await this.#session.run(
      `UPDATE ${table} t SET first_day = n.first_day FROM newer n WHERE ${same} AND n.first_day < t.first_day`,
    )
    await this.#session.run(
      `INSERT INTO ${table} SELECT ${keys}, first_day FROM newer n WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE ${same})`,
    )
    await this.#session.run('DROP TABLE newer')
  }

  /**
   * Class and cohort of every peer on every day of the span, from what was known by the end of that day.
   * Codes follow the ledger's `peerClasses`: 0 declared, 1 known, 2 common, 3 rare, 4 novel, 5 age_unknown.
   */
  async #classify(rules: BookRules): Promise<void> {
    const anchored = rules.anchor_day === undefined ? 'false' : `first_day < ${rules.anchor_day}`
    const settled = `memory_day + ${rules.age_unknown_days}`
    await this.#session.run(`CREATE TEMP TABLE peer_classes AS
      SELECT day, peer_hi, peer_lo,
        CASE WHEN ${anchored} THEN 1
          WHEN day < ${settled} OR first_day < ${settled} THEN 5
          WHEN accounts >= ${rules.common_accounts} OR (accounts = 0 AND roles >= ${rules.common_roles}) THEN 2
          WHEN day - first_day < ${rules.novel_days} THEN 4 ELSE 3 END AS peer_class,
        CASE WHEN ${anchored} OR first_day < ${settled} THEN 0
          ELSE year(DATE '1970-01-01' + CAST(first_day AS INTEGER)) * 100 + month(DATE '1970-01-01' + CAST(first_day AS INTEGER)) END AS cohort
      FROM (
        SELECT d.day AS day, d.peer_hi AS peer_hi, d.peer_lo AS peer_lo, any_value(p.first_day) AS first_day,
          (SELECT min(day) FROM day_totals) AS memory_day,
          count(*) FILTER (WHERE u.who > 0) AS accounts, count(*) FILTER (WHERE u.who < 0) AS roles
        FROM (SELECT DISTINCT tick // ${ticksPerDay} AS day, peer_hi, peer_lo FROM posted) d
        JOIN peers p ON p.peer_hi = d.peer_hi AND p.peer_lo = d.peer_lo
        JOIN peer_users u ON u.peer_hi = d.peer_hi AND u.peer_lo = d.peer_lo AND u.first_day <= d.day
        GROUP BY d.day, d.peer_hi, d.peer_lo
      ) q`)
  }
}

export function sumList(sums: ColumnTable | readonly string[]): string {
  const names = Array.isArray(sums) ? (sums as readonly string[]) : Object.keys(sums)
  return names.map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`).join(', ')
}
