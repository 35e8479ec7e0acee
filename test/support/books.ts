/**
 * Books under test: log files into a folder of their own, `analyze` in this process, and all that the books answer as
 * plain text that can be compared. What holds for any books (every level adds up to every other) is checked on the way.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type AnalyzedRun, analyze } from '../../src/app/analyze.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { openState, readState, type StoreTuning } from '../../src/app/state.ts'
import { type Config, configSchema, resolveConfig } from '../../src/config/config-schema.ts'
import { cubeDimensions } from '../../src/ledger/tables.ts'
import type { LedgerQuery } from '../../src/model/ledger-query.ts'
import { queryColumns } from '../../src/model/ledger-query.ts'
import { dayMs, tickMs } from '../../src/model/window.ts'
import type { DuckdbStore } from '../../src/store/duckdb/duckdb-store.ts'

export const sums = ['bytes_out', 'bytes_out_lo', 'bytes_out_hi', 'bytes_in', 'flows'] as const
export type Sums = Record<(typeof sums)[number], bigint>
/** A row of an answer, values as text in the order of the columns asked for, then what was summed. */
export type AnswerRow = { key: string[]; sums: Sums }

const timeColumns = ['window', 'hour', 'day', 'month']
/** Known by day only. */
const dayColumns = ['peer_class', 'cohort']
const others = queryColumns.filter((column) => !timeColumns.includes(column) && !dayColumns.includes(column))
export const byDay = ['day', ...others, ...dayColumns]
export const byWindow = ['window', ...others]

export type ConfigText = Parameters<typeof configSchema.parse>[0]

export function configOf(text: ConfigText): Config {
  return resolveConfig(configSchema.parse(text))
}

/** Objects as lines of JSON, bigints as whole numbers. */
export function ndjson(records: readonly object[]): string {
  return records
    .map((record) => {
      const pairs = Object.entries(record).filter(([, value]) => value !== undefined)
      const shown = pairs.map(([key, value]) => {
        const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value)
        return `${JSON.stringify(key)}:${text}`
      })
      return `{${shown.join(',')}}\n`
    })
    .join('')
}

const booksFile = 'weir.duckdb'

/** Empty books, made once and copied for each state: making them takes longer than most runs of a test. */
let empty: Promise<string> | undefined

async function makeEmpty(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-empty-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  await (await openState(directory)).close()
  return join(directory, booksFile)
}

export class Books {
  readonly directory = mkdtempSync(join(tmpdir(), 'weir-books-'))
  readonly #config: Config
  readonly #tuning: StoreTuning
  #runs = 0

  constructor(config: ConfigText, tuning: StoreTuning = {}) {
    this.#config = configOf(config)
    this.#tuning = tuning
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  get state(): string {
    return join(this.directory, 'state')
  }

  /** Analyses the files (by name below the folder given to `analyze`, lines of JSON if they are records) in one run. */
  run(files: Readonly<Record<string, string | readonly object[]>>, now_ms = Date.now()): Promise<AnalyzedRun> {
    const folder = join(this.directory, `run-${++this.#runs}`)
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, typeof content === 'string' ? content : ndjson(content))
    }
    return this.analyze([folder], now_ms)
  }

  async analyze(paths: readonly string[], now_ms = Date.now()): Promise<AnalyzedRun> {
    if (!existsSync(this.state)) {
      empty ??= makeEmpty()
      mkdirSync(this.state)
      copyFileSync(await empty, join(this.state, booksFile))
    }
    const options = {
      paths,
      config: this.#config,
      configured: true,
      state: this.state,
      progress: silentProgress,
      now_ms,
      tuning: this.#tuning,
    }
    return analyze(options)
  }

  async ask<T>(question: (store: DuckdbStore) => Promise<T>): Promise<T> {
    const store = await readState(this.state)
    try {
      return await question(store)
    } finally {
      await store.close()
    }
  }

  /** An answer by these columns, in a fixed order of rows. */
  answer(by: readonly string[], rest: Partial<LedgerQuery> = {}): Promise<AnswerRow[]> {
    return this.ask((store) => answerOf(store, by, rest))
  }

  /** bytes_out by the text of one or several columns, where there are any. */
  async bytesOut(...by: string[]): Promise<Record<string, bigint>> {
    const rows = (await this.answer(by)).filter(({ sums }) => sums.bytes_out !== 0n)
    return Object.fromEntries(rows.map(({ key, sums }) => [key.join(' '), sums.bytes_out]))
  }

  /**
   * All that can be asked, by every column at once: days, 10-minute windows as far back as they are kept, and the cubes;
   * after checking that they add up to each other.
   */
  snapshot(): Promise<Record<string, string[]>> {
    return this.ask(async (store) => {
      const days = await answerOf(store, byDay)
      const from_ms = (await store.horizonDay()) * dayMs
      const kept = { windows: await answerOf(store, byWindow, { from_ms }), from: new Date(from_ms).toISOString() }
      const snapshot: Record<string, string[]> = { by_day: shown(days), by_window: shown(kept.windows) }
      for (const dimension of cubeDimensions) {
        const by = dimension === 'site' ? ['window', 'peer_class'] : ['window', dimension, 'peer_class']
        const cube = await answerOf(store, by)
        snapshot[`by_${dimension}`] = shown(cube)
        checkCube(by, cube, days, kept)
      }
      const keptDays = days.filter(({ key }) => key[0] >= kept.from.slice(0, 10))
      expect(added(kept.windows, dayOfWindow)).toEqual(added(keptDays, ({ key }) => key[0]))
      await checkBalance(store, this.#config, from_ms)
      return snapshot
    })
  }
}

async function answerOf(
  store: DuckdbStore,
  by: readonly string[],
  rest: Partial<LedgerQuery> = {},
): Promise<AnswerRow[]> {
  const { rows, total } = await store.query({ by, where: [], ...rest })
  const answer = rows.map((row) => ({
    key: by.map((column) => String(row[column])),
    sums: Object.fromEntries(sums.map((name) => [name, row[name] as bigint])) as Sums,
  }))
  for (const name of sums) expect(answer.reduce((sum, row) => sum + row.sums[name], 0n)).toBe(total[name])
  return answer.sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1))
}

function shown(rows: readonly AnswerRow[]): string[] {
  return rows.map(({ key, sums: { bytes_out, bytes_out_lo, bytes_out_hi, bytes_in, flows } }) => {
    return `${key.join(' | ')} → out ${bytes_out} (${bytes_out_lo}…${bytes_out_hi}), in ${bytes_in}, flows ${flows}`
  })
}

/** The first rows that two snapshots do not share, for people: what is missing, and what is there instead. */
export function differences(actual: Record<string, string[]>, expected: Record<string, string[]>): string[] {
  return Object.keys(expected).flatMap((name) => {
    const [here, there] = [new Set(actual[name]), new Set(expected[name])]
    const missing = expected[name].filter((row) => !here.has(row)).slice(0, 4)
    const instead = actual[name].filter((row) => !there.has(row)).slice(0, 4)
    return [...missing.map((row) => `${name}: not ${row}`), ...instead.map((row) => `${name}: but ${row}`)]
  })
}

const dayOfWindow = ({ key }: AnswerRow): string => key[0].slice(0, 10)

/** Rows with equal names added up, empty sums left out. */
function added(rows: readonly AnswerRow[], nameOf: (row: AnswerRow) => string): Record<string, string> {
  const totals = new Map<string, bigint[]>()
  for (const row of rows) {
    const total = totals.get(nameOf(row)) ?? sums.map(() => 0n)
    totals.set(
      nameOf(row),
      sums.map((name, i) => total[i] + row.sums[name]),
    )
  }
  return Object.fromEntries(
    [...totals].filter(([, total]) => total.some((sum) => sum !== 0n)).map(([name, total]) => [name, total.join()]),
  )
}

/** A cube holds the same as the days, and as the windows that are kept, added up. */
function checkCube(
  by: string[],
  cube: AnswerRow[],
  days: AnswerRow[],
  { windows, from }: { windows: AnswerRow[]; from: string },
): void {
  const picked = by.filter((column) => column !== 'window')
  const keyIn = (columns: readonly string[], wanted: readonly string[]) => {
    const places = wanted.map((column) => columns.indexOf(column))
    return ({ key }: AnswerRow) => places.map((place) => key[place]).join(' | ')
  }
  const [cubeKey, dayKey] = [keyIn(by, picked), keyIn(byDay, picked)]
  const asDays = added(cube, (row) => `${dayOfWindow(row)} ${cubeKey(row)}`)
  expect(asDays).toEqual(added(days, (row) => `${row.key[0]} ${dayKey(row)}`))
  if (picked.includes('cohort')) return
  const known = picked.filter((column) => column !== 'peer_class')
  const [cubeRest, windowRest] = [keyIn(by, known), keyIn(byWindow, known)]
  const late = cube.filter(({ key }) => key[0] >= from)
  expect(added(late, (row) => `${row.key[0]} ${cubeRest(row)}`)).toEqual(
    added(windows, (row) => `${row.key[0]} ${windowRest(row)}`),
  )
}

const allSums = ['bytes_out', 'bytes_in', 'bytes_out_lo', 'bytes_out_hi', 'packets_out', 'packets_in', 'flows']

/**
 * Both layers agree to the byte: for every measured row of egress the postings add up to it, and the days' totals as
 * measured are those of the pair-days as posted. No sum of the pair-days is negative.
 */
async function checkBalance(store: DuckdbStore, config: Config, from_ms: number): Promise<void> {
  const silent = config.sensors.filter((sensor) => !sensor.accounts).map((sensor) => `'${sensor.id}'`)
  const accounting =
    silent.length === 0 ? 'true' : `sensor NOT IN (SELECT id FROM names WHERE text IN (${silent.join(', ')}))`
  const total = allSums.map((name) => `sum(${name}) AS ${name}`).join(', ')
  const differ = allSums.map((name) => `coalesce(m.${name}, 0) <> coalesce(p.${name}, 0)`).join(' OR ')
  const isV4 = 'a.hi = 0 AND a.lo // 4294967296 = 65535'
  const unbalanced = await store.rows(`
    WITH m AS (SELECT tick, sensor, inside, peer_hi, peer_lo, service, ${total} FROM measured
      WHERE place = 0 AND ${accounting} AND tick >= ${from_ms / tickMs} GROUP BY ALL),
    p AS (
      SELECT tick, sensor, inside, wire_hi AS peer_hi, wire_lo AS peer_lo, service, ${total} FROM (
        SELECT p.*, CASE WHEN p.leased = 0 THEN p.peer_hi ELSE a.hi END AS wire_hi,
          CASE WHEN p.leased = 0 THEN p.peer_lo WHEN ${isV4} THEN a.lo ELSE 0 END AS wire_lo
        FROM postings p JOIN addresses a ON a.id = p.leased
      ) w GROUP BY ALL
    )
    SELECT * FROM m FULL JOIN p USING (tick, sensor, inside, peer_hi, peer_lo, service) WHERE ${differ}`)
  expect(unbalanced).toEqual([])
  const days = await store.rows(`
    WITH m AS (SELECT day, sensor, ${total} FROM day_totals WHERE place = 0 AND accounts = 1 GROUP BY ALL),
    p AS (SELECT day, sensor, ${total} FROM pair_days GROUP BY ALL)
    SELECT * FROM m FULL JOIN p USING (day, sensor) WHERE ${differ}`)
  expect(days).toEqual([])
  const negative = await store.rows(
    `SELECT * FROM pair_days WHERE ${allSums.map((name) => `${name} < 0`).join(' OR ')}`,
  )
  expect(negative).toEqual([])
}
