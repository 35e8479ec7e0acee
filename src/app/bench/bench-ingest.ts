/**
 * What it costs to read a log on this machine, from the bytes of the file to closed and judged books, beside programs that do less,
 * on the same file in the same minutes. Every way must count the same records, and the books the bytes that were written.
 */
import { createReadStream, createWriteStream, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Progress } from '../progress.ts'
import { version } from '../version.ts'
import { type WrittenLog, writeConnLog } from './conn-log.ts'
import { type Cost, medianCost } from './cost.ts'
import { countedLines, groupedByDuckdb, groupedByMawk } from './grouped-log.ts'
import { type LogBenchOptions, onLog } from './log-bench.ts'
import { type Machine, machineNow } from './machine.ts'
import { runProgram } from './program.ts'
import { parseAll, parseJsonLines, readBytes } from './reading.ts'
import { stopIfAborted } from './stop.ts'

export const ingestSizes = {
  small: { rows: 200_000, days: 1, repeat: 3 },
  full: { rows: 10_000_000, days: 3, repeat: 3 },
} as const

/** In JSON a record is three times as long: so many fewer are written. */
const jsonShare = 5

export const ingestIds = [
  ...(['wc', 'mawk', 'duckdb_1', 'duckdb_2', 'bytes', 'parse', 'inflate', 'parse_gz'] as const),
  ...(['json_parse', 'parse_json', 'census', 'analyze'] as const),
] as const
export type IngestId = (typeof ingestIds)[number]

export interface IngestCost {
  id: IngestId
  cost: Cost
  rows: number
  /** Of processes of their own. */
  peak_bytes?: number
}

export interface IngestBench {
  weir: string
  bench: 'ingest'
  size: keyof typeof ingestSizes
  seed: number
  repeat: number
  machine: Machine
  log: { rows: number; days: number; bytes: number; gz_bytes: number; json_rows: number; json_bytes: number }
  costs: IngestCost[]
  /** Programs that are not on this machine. */
  missing: IngestId[]
}

export function benchIngest(options: LogBenchOptions): Promise<IngestBench> {
  return onLog(options, ingestSizes, async ({ size, seed, rows, days, repeat, program, folder, progress, signal }) => {
    const machine = machineNow()
    const files = await writeLogs(folder, { rows, days, seed, progress })
    const measure = new Measure(repeat, progress, signal)
    await withoutWeir(measure, files, rows)
    await oneCore(measure, files, rows)
    await wholeRuns(measure, { ...files, folder, program, rows })
    const { log, json, gz_bytes } = files
    return {
      ...{ weir: version, bench: 'ingest', size, seed, repeat, machine },
      log: { rows, days, bytes: log.bytes, gz_bytes, json_rows: json.rows, json_bytes: json.bytes },
      ...{ costs: measure.costs, missing: measure.missing },
    }
  })
}

interface Logs {
  tsv: string
  log: WrittenLog
  gz: string
  gz_bytes: number
  ndjson: string
  json: WrittenLog
}

async function writeLogs(
  folder: string,
  { rows, days, seed, progress }: { rows: number; days: number; seed: number; progress: Progress },
): Promise<Logs> {
  const [tsv, gz, ndjson] = ['conn.log', 'conn.log.gz', 'conn.json.log'].map((name) => join(folder, name))
  const json_rows = Math.ceil(rows / jsonShare)
  progress.phase('writing logs', rows + json_rows, 'flows')
  const onRows = (count: number): void => progress.advance(count)
  const log = writeConnLog(tsv, { rows, days, seed, onRows })
  const json = writeConnLog(ndjson, { rows: json_rows, days, seed, onRows, form: 'json' })
  const packed = createWriteStream(gz)
  await pipeline(createReadStream(tsv), createGzip(), packed)
  return { tsv, log, gz, gz_bytes: packed.bytesWritten, ndjson, json }
}

interface Once {
  cost: Cost
  records: number
  peak_bytes?: number
}

/** Takes the medians of a few runs, and refuses any that counted other records. */
class Measure {
  readonly costs: IngestCost[] = []
  readonly missing: IngestId[] = []
  readonly #repeat: number
  readonly #progress: Progress
  readonly #signal: AbortSignal | undefined

  constructor(repeat: number, progress: Progress, signal: AbortSignal | undefined) {
    this.#repeat = repeat
    this.#progress = progress
    this.#signal = signal
  }

  get signal(): AbortSignal | undefined {
    return this.#signal
  }

  async of(id: IngestId, rows: number, once: () => Promise<Once | undefined>, repeat = this.#repeat): Promise<void> {
    this.#progress.phase(id.replaceAll('_', ' '), rows * repeat, 'flows')
    const runs: Once[] = []
    for (let n = 0; n < repeat; n++) {
      stopIfAborted(this.#signal)
      const run = await once()
      if (!run) {
        this.missing.push(id)
        return
      }
      if (run.records !== rows) throw new Error(`${id} counted ${run.records} records of ${rows}`)
      runs.push(run)
      this.#progress.advance(rows)
    }
    const peaks = runs.flatMap(({ peak_bytes }) => peak_bytes ?? [])
    this.costs.push({
      ...{ id, rows, cost: medianCost(runs.map(({ cost }) => cost)) },
      ...(peaks.length > 0 ? { peak_bytes: Math.max(...peaks) } : {}),
    })
  }
}

async function withoutWeir(measure: Measure, { tsv }: Logs, rows: number): Promise<void> {
  const { signal } = measure
  const grouped = async (run: ReturnType<typeof groupedByMawk>): Promise<Once | undefined> => {
    const found = await run
    return found && { cost: found.cost, records: found.rows }
  }
  await measure.of('wc', rows, async () => {
    const cost = await countedLines(tsv, signal)
    return cost && { cost, records: rows }
  })
  await measure.of('mawk', rows, () => grouped(groupedByMawk(tsv, signal)), 1)
  for (const threads of [1, 2] as const)
    if (threads <= availableParallelism())
      await measure.of(`duckdb_${threads}`, rows, () => grouped(groupedByDuckdb(tsv, threads)))
}

async function oneCore(measure: Measure, { tsv, gz, ndjson, json }: Logs, rows: number): Promise<void> {
  const { signal } = measure
  await measure.of('bytes', rows, async () => ({ cost: await readBytes(tsv, signal), records: rows }))
  await measure.of('parse', rows, () => parseAll(tsv, signal))
  await measure.of('inflate', rows, async () => ({ cost: await readBytes(gz, signal), records: rows }))
  await measure.of('parse_gz', rows, () => parseAll(gz, signal))
  await measure.of('json_parse', json.rows, () => parseJsonLines(ndjson, signal))
  await measure.of('parse_json', json.rows, () => parseAll(ndjson, signal))
}

/** Processes of their own, so that their memory is theirs. */
async function wholeRuns(
  measure: Measure,
  { tsv, log, folder, program, rows }: Logs & { folder: string; program: string; rows: number },
): Promise<void> {
  const [state, answer] = [join(folder, 'state'), join(folder, 'answer.json')]
  const run = async (args: readonly string[]): Promise<Once | undefined> => {
    rmSync(state, { recursive: true, force: true })
    const ran = await runProgram(process.execPath, [program, ...args, '--json', answer, '--no-progress', '-q'], {
      signal: measure.signal,
    })
    const { ledger } = JSON.parse(readFileSync(answer, 'utf8')) as {
      ledger: { bytes_out: number | string; flows: number }
    }
    if (BigInt(ledger.bytes_out) !== log.bytes_out)
      throw new Error(`${args[0]} tells of ${ledger.bytes_out} bytes out, ${log.bytes_out} were written`)
    return ran && { cost: ran.cost, peak_bytes: ran.peak_bytes, records: ledger.flows }
  }
  await measure.of('census', rows, () => run(['census', tsv]), 1)
  await measure.of('analyze', rows, () => run(['analyze', tsv, '--state', state]), 1)
}
