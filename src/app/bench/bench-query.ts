/**
 * What questions to the books cost on this machine, beside the same sums by DuckDB over the rows of the log as they are. Both have
 * the same memory and threads, and must add up to the same bytes.
 */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { LedgerQuery } from '../../model/ledger-query.ts'
import { storeError } from '../../store/duckdb/session.ts'
import { readState } from '../state.ts'
import { version } from '../version.ts'
import { writeConnLog } from './conn-log.ts'
import { type Cost, medianCost, stopwatch } from './cost.ts'
import { readCsv } from './grouped-log.ts'
import { type LogBenchOptions, onLog } from './log-bench.ts'
import { type Machine, machineNow } from './machine.ts'
import { runProgram } from './program.ts'
import { stopIfAborted } from './stop.ts'

export const querySizes = {
  small: { rows: 200_000, days: 3, repeat: 5 },
  full: { rows: 10_000_000, days: 3, repeat: 5 },
} as const

const [memory_limit_mb, threads] = [512, 2]

/** Each with the columns of the log that it takes; of the log's `host`, `peer` and `day` see `rawTable`. */
export const questions = [
  { id: 'service', by: ['service'] },
  { id: 'top_hosts', by: ['host'], top: 20 },
  { id: 'timeline', by: ['day'], where: [{ column: 'host', value: '10.0.0.0' }] },
  { id: 'top_pairs', by: ['host', 'peer'], top: 20 },
  { id: 'five_keys', by: ['day', 'host', 'peer', 'service', 'peer_class'], top: 20 },
] as const satisfies readonly (Omit<LedgerQuery, 'where'> & Partial<Pick<LedgerQuery, 'where'>> & { id: string })[]
export type QuestionId = (typeof questions)[number]['id']

export interface QuestionCost {
  id: QuestionId
  by: readonly string[]
  top?: number
  ledger: Cost
  duckdb: Cost
}

export interface QueryBench {
  weir: string
  bench: 'query'
  size: keyof typeof querySizes
  seed: number
  repeat: number
  machine: Machine
  memory_limit_mb: number
  rows: number
  days: number
  /** Making the books, which is no part of the questions. */
  analyzed: Cost
  questions: QuestionCost[]
  /** One question as a process of its own, from its start to its end. */
  process: { cost: Cost; peak_bytes?: number }
}

export function benchQuery(options: LogBenchOptions): Promise<QueryBench> {
  return onLog(options, querySizes, async ({ size, seed, rows, days, repeat, program, folder, progress, signal }) => {
    const machine = machineNow()
    const [log, state] = [join(folder, 'conn.log'), join(folder, 'state')]
    progress.phase('writing a log', rows, 'flows')
    const written = writeConnLog(log, { rows, days, seed, onRows: (count) => progress.advance(count) })
    progress.phase('making the books', rows, 'flows')
    const analyze = ['analyze', log, '--state', state, '--json', join(folder, 'answer.json'), '--no-progress', '-q']
    const analyzed = await ranWeir(program, analyze, signal)
    progress.phase('asking', 2 * repeat * questions.length, 'questions')
    const onAnswer = (): void => {
      stopIfAborted(signal)
      progress.advance(1)
    }
    const [books, raw] = [await askBooks(state, repeat, onAnswer), await askRaw(log, folder, repeat, onAnswer)]
    for (const [i, { id, bytes_out }] of books.entries()) {
      // of one host nobody else knows the sum
      const all = id === 'timeline' ? [bytes_out, raw[i].bytes_out] : [written.bytes_out, bytes_out, raw[i].bytes_out]
      if (new Set(all).size > 1) throw new Error(`${id}: bytes out differ: ${all.join(', ')}`)
    }
    const asked = ['ledger', '--state', state, '--by', 'host', '--top', '20', '--json', '-']
    const { cost, peak_bytes } = await ranWeir(program, asked, signal)
    return {
      ...{ weir: version, bench: 'query', size, seed, repeat, machine, memory_limit_mb, rows, days },
      analyzed: analyzed.cost,
      questions: questions.map(({ id, by, ...rest }, i) => ({
        ...{ id, by, ledger: books[i].cost, duckdb: raw[i].cost },
        ...('top' in rest ? { top: rest.top } : {}),
      })),
      process: { cost, peak_bytes },
    }
  })
}

async function ranWeir(program: string, args: readonly string[], signal: AbortSignal | undefined) {
  const ran = await runProgram(process.execPath, [program, ...args], { signal })
  if (!ran) throw new Error(`${process.execPath} is not there`)
  return ran
}

interface Answered {
  id: QuestionId
  cost: Cost
  bytes_out: bigint
}

async function askBooks(state: string, repeat: number, onAnswer: () => void): Promise<Answered[]> {
  const store = await readState(state, { memory_limit_mb, threads })
  try {
    return await answersOf(repeat, onAnswer, async ({ id: _, ...query }) => {
      const { total } = await store.query({ where: [], ...query })
      return total.bytes_out
    })
  } finally {
    await store.close()
  }
}

/** Medians, after one that warms up. */
async function answersOf(
  repeat: number,
  onAnswer: () => void,
  ask: (question: (typeof questions)[number]) => Promise<bigint>,
): Promise<Answered[]> {
  const answers: Answered[] = []
  for (const question of questions) {
    let bytes_out = await ask(question)
    const costs: Cost[] = []
    for (let n = 0; n < repeat; n++) {
      const stop = stopwatch()
      bytes_out = await ask(question)
      costs.push(stop())
      onAnswer()
    }
    answers.push({ id: question.id, cost: medianCost(costs), bytes_out })
  }
  return answers
}

/** The log's rows as a table in a file: who is inside, who is the peer, and what left. */
const rawTable = (log: string): string =>
  `CREATE TABLE conns AS SELECT CASE WHEN inner_orig THEN orig_h ELSE resp_h END AS host,
    CASE WHEN inner_orig THEN resp_h ELSE orig_h END AS peer, service, day, 'new' AS peer_class,
    CASE WHEN inner_orig THEN orig_bytes ELSE resp_bytes END AS bytes_out
  FROM (SELECT *, orig_h LIKE '10.%' AS inner_orig, CAST(ts // 86400 AS INTEGER) AS day FROM ${readCsv(log)})`

async function askRaw(log: string, folder: string, repeat: number, onAnswer: () => void): Promise<Answered[]> {
  const instance = await DuckDBInstance.create(join(folder, 'raw.duckdb'), {
    ...{ memory_limit: `${memory_limit_mb}MB`, threads: String(threads), temp_directory: join(folder, 'spill') },
  })
  const connection = await instance.connect()
  try {
    await connection.run(rawTable(log))
    return await answersOf(repeat, onAnswer, async ({ by, ...rest }) => {
      const hosts = 'where' in rest ? `WHERE host = '${rest.where[0].value}'` : ''
      const top = 'top' in rest ? `ORDER BY bytes_out DESC LIMIT ${rest.top}` : ''
      const groups = `SELECT ${by.join(', ')}, CAST(sum(bytes_out) AS BIGINT) AS bytes_out FROM conns ${hosts} GROUP BY ALL`
      // the ledger tells the total with every answer
      const result = await connection.runAndReadAll(
        `WITH g AS (${groups}) SELECT *, (SELECT CAST(sum(bytes_out) AS BIGINT) FROM g) AS total FROM g ${top}`,
      )
      return result.getRows()[0].at(-1) as bigint
    })
  } catch (cause) {
    throw storeError(cause, 'measuring a baseline')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
