/**
 * From entries to the books of a span of days, in one transaction: measured rows, postings, arrivals, peers and their
 * classes, pair-days, cubes, day totals. All work is grouping inside the engine, which spills to disk where memory ends.
 */
import type { Columns } from '../../model/columns.ts'
import { AppError } from '../../model/errors.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { BookRange, BookRules } from '../store.ts'
import { beginArrivals, endArrivals, noteArrivals } from './arrivals.ts'
import { applyCaps } from './caps.ts'
import { appendColumns, columnDefinitions, columnList, physicalColumns } from './column-io.ts'
import { writeCubeDays, writeCubes } from './cubes.ts'
import { Labels } from './labels.ts'
import { beginPeers, classifyPeers, endPeers, seePeers } from './peers.ts'
import type { LedgerTables } from './schema.ts'
import type { Session } from './session.ts'
import { anySum, sumList } from './sums.ts'

/** Entries that are grouped at once, unless told otherwise: what bounds the memory of booking. */
const usualRowsPerPart = 300_000

/** A half-open run of ticks. */
interface Part {
  from_tick: number
  to_tick: number
}

export class Book {
  readonly #session: Session
  readonly #ledger: LedgerTables
  readonly #entryTable: ColumnTable
  readonly #labels: Labels
  readonly #rowsPerPart: number

  constructor(session: Session, ledger: LedgerTables, entryTable: ColumnTable, rowsPerPart = usualRowsPerPart) {
    this.#session = session
    this.#rowsPerPart = rowsPerPart
    this.#ledger = ledger
    this.#entryTable = entryTable
    this.#labels = new Labels(session, ledger.labelTable)
  }

  async createStaging(): Promise<void> {
    await this.#createEntries()
    await this.#labels.createStaging()
  }

  /** Made anew rather than emptied: deleted rows of a temporary table give no memory back. */
  async #createEntries(): Promise<void> {
    await this.#session.run(`CREATE OR REPLACE TEMP TABLE entries (${columnDefinitions(this.#entryTable)})`)
  }

  /** Adds a portion of entries to the span that is being booked; their label codes are places in `labels`. */
  async add(entries: Columns, labels: Columns): Promise<void> {
    if (entries.length === 0) return
    const ids = await this.#labels.intern(labels)
    const codes = entries.data.label as Int32Array
    for (let row = 0; row < entries.length; row++) codes[row] = ids[codes[row]]
    appendColumns(this.#session.connection, 'entries', entries)
  }

  /**
   * Writes the span from all portions added; to be called in the transaction that added them. In parts of so many rows,
   * so that a busy day needs no more memory than a quiet one: first all postings, as a peer's class rests on the whole
   * day, then what is made from them.
   */
  async close(range: BookRange, rules: BookRules): Promise<void> {
    const session = this.#session
    const { sums, postingKeys } = this.#ledger
    const parts = await this.#parts()
    if (!range.additive) await this.#clear(range)
    await session.run(`INSERT INTO day_totals SELECT tick // ${ticksPerDay}, sensor, place, accounts, ${sumList(sums)}
      FROM entries WHERE posting_only = 0 GROUP BY ALL`)
    /* of days whose detail is gone, postings are only on their way to the pair-days */
    const postings = range.additive ? 'late_postings' : 'postings'
    if (range.additive)
      await session.run(`CREATE TEMP TABLE late_postings (${columnDefinitions({ ...postingKeys, ...sums })})`)
    await beginPeers(session)
    /* evidence that was given of days whose detail is gone is not rewritten */
    if (!range.additive) await beginArrivals(session)
    for (const part of parts) await this.#writePostings(part, postings, range, rules)
    if (!range.additive) await endArrivals(session)
    await endPeers(session, range, rules)
    await this.#createEntries()
    for (const part of parts) {
      await session.run(`CREATE TEMP TABLE posted AS SELECT * FROM ${postings} WHERE ${ticksOf(part)}`)
      await classifyPeers(session, rules)
      await this.#writePairDays()
      await writeCubes(session, this.#ledger)
      for (const table of ['posted', 'range_peers', 'peer_classes', 'classed']) await session.run(`DROP TABLE ${table}`)
    }
    const days = `SELECT DISTINCT tick // ${ticksPerDay} FROM ${postings} WHERE ${spanOf(range)}`
    await writeCubeDays(session, this.#ledger, days, spanOf(range))
    if (range.additive) {
      await session.run(`DELETE FROM sealed_days WHERE day IN (${days})`)
      await session.run('DROP TABLE late_postings')
    } else await session.run(`DELETE FROM dirty_days WHERE day >= ${range.from_day} AND day < ${range.to_day}`)
  }

  /** Cuts the entries into runs of whole ticks with about so many rows each. */
  async #parts(): Promise<Part[]> {
    const rows = await this.#session.rows<{ tick: number; n: bigint }>(
      'SELECT tick, count(*) AS n FROM entries GROUP BY tick ORDER BY tick',
    )
    const parts: Part[] = []
    let held = 0
    for (const { tick, n } of rows) {
      const last = parts.at(-1)
      if (last && held + Number(n) <= this.#rowsPerPart) {
        last.to_tick = tick + 1
        held += Number(n)
      } else {
        parts.push({ from_tick: tick, to_tick: tick + 1 })
        held = Number(n)
      }
    }
    return parts
  }

  /** What the books say of a span that is written anew. */
  async #clear(range: BookRange): Promise<void> {
    for (const table of ['measured', 'postings', 'cubes'])
      await this.#session.run(`DELETE FROM ${table} WHERE ${spanOf(range)}`)
    for (const table of ['pair_days', 'cube_days', 'day_totals', 'sealed_days', 'arrivals'])
      await this.#session.run(`DELETE FROM ${table} WHERE day >= ${range.from_day} AND day < ${range.to_day}`)
  }

  /** Measured rows and postings of a part: rows with equal keys added up, the peer of a posting as it really is. */
  async #writePostings(part: Part, postings: string, range: BookRange, rules: BookRules): Promise<void> {
    const session = this.#session
    const { measuredKeys, postingKeys, sums } = this.#ledger
    const keys = columnList(postingKeys)
    const real = ['peer_hi', 'peer_lo'].map(
      (name) =>
        `CASE WHEN outer_hi <> 0 OR outer_lo <> 0 THEN ${name.replace('peer', 'outer')} ELSE ${name} END AS ${name}`,
    )
    const opinions = `SELECT * REPLACE (${real.join(', ')}) FROM entries WHERE accounts = 1 AND place = 0 AND ${ticksOf(part)}`
    await session.run(`CREATE TEMP TABLE posted AS SELECT ${keys}, ${sumList(sums)}
      FROM (${opinions}) e
      GROUP BY ${keys} HAVING ${anySum(sums)}`)
    await applyCaps(
      session,
      this.#ledger,
      this.#labels,
      rules.caps,
      range.additive ? [postings, 'pair_days'] : [postings],
    )
    await this.#checkBalance(part)
    if (!range.additive) {
      const facts = columnList(measuredKeys)
      await session.run(`INSERT INTO measured SELECT ${facts}, ${sumList(sums)} FROM entries
        WHERE posting_only = 0 AND ${ticksOf(part)} GROUP BY ${facts}`)
      await noteArrivals(session, opinions)
    }
    await session.run(`INSERT INTO ${postings} SELECT * FROM posted`)
    await seePeers(session)
    await session.run('DROP TABLE posted')
  }

  /** Both layers must agree to the byte before anything is written; if not, this program is wrong. */
  async #checkBalance(part: Part): Promise<void> {
    const names = Object.keys(this.#ledger.sums)
    const totals = names.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ')
    const facts = await this.#session.one(
      `SELECT ${totals} FROM entries WHERE posting_only = 0 AND accounts = 1 AND place = 0 AND ${ticksOf(part)}`,
    )
    const opinions = await this.#session.one(`SELECT ${totals} FROM posted`)
    const wrong = names.filter((name) => facts[name] !== opinions[name])
    if (wrong.length === 0) return
    const parts = wrong.map((name) => `${name} measured ${facts[name]}, posted ${opinions[name]}`)
    throw new AppError('store_unavailable', `the books do not balance: ${parts.join('; ')}`)
  }

  /** `classed`: the postings with class and cohort of their peer, the peer as a number of this span. */
  async #writePairDays(): Promise<void> {
    const session = this.#session
    const { pairDayKeys, sums } = this.#ledger
    await session.run(`CREATE TEMP TABLE classed AS SELECT p.tick AS tick, c.day AS day, p.sensor AS sensor,
        p.inside AS inside, c.peer_no AS peer_no, p.leased AS leased, p.service AS service, p.label AS label,
        CAST(CASE WHEN l.explanation <> 0 THEN 0 ELSE c.peer_class END AS UTINYINT) AS peer_class,
        CAST(CASE WHEN l.explanation <> 0 THEN 0 ELSE c.cohort END AS UINTEGER) AS cohort,
        ${Object.keys(sums)
          .map((name) => `p.${name} AS ${name}`)
          .join(', ')}
      FROM posted p JOIN labels l ON l.id = p.label
      JOIN peer_classes c ON c.peer_hi = p.peer_hi AND c.peer_lo = p.peer_lo AND c.day = p.tick // ${ticksPerDay}`)
    const keys = 'day, sensor, inside, peer_no, leased, service, label, peer_class, cohort'
    const columns = physicalColumns({ ...pairDayKeys, ...sums }).map(({ name, sql }) => {
      if (name === 'peer_bits') return 'CAST(CASE WHEN r.peer_hi = 0 THEN 128 ELSE 64 END AS UTINYINT)'
      return name === 'peer_hi' || name === 'peer_lo' ? `r.${name}` : `CAST(g.${name} AS ${sql})`
    })
    await session.run(`INSERT INTO pair_days SELECT ${columns.join(', ')}
      FROM (SELECT ${keys}, ${sumList(sums)} FROM classed GROUP BY ${keys} HAVING ${anySum(sums)}) g
      JOIN range_peers r ON r.peer_no = g.peer_no`)
  }
}

function ticksOf(part: Part): string {
  return `tick >= ${part.from_tick} AND tick < ${part.to_tick}`
}

function spanOf(range: BookRange): string {
  return ticksOf({ from_tick: range.from_day * ticksPerDay, to_tick: range.to_day * ticksPerDay })
}
