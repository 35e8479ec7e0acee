/**
 * What it costs to read a log on this machine, from the bytes of the file to closed and judged books, beside programs that do less,
 * on the same file in the same minutes. Every way must count what was written: its records, lines or bytes; the books also what left.
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
import { parseAll, parseJsonLines, type Reading, readBytes } from './reading.ts'
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
  /** What was counted of what there is, records unless it counts something else: both must be the same. */
  counted: number
  of: number
  peak_bytes?: number
}

/** Takes the medians of a few runs, and refuses any that counted something else than there is. */
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
      if (run.counted !== run.of) throw new Error(`${id} counted ${run.counted} of ${run.of}`)
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

async function withoutWeir(measure: Measure, { tsv, log }: Logs, rows: number): Promise<void> {
  const { signal } = measure
  const grouped = async (run: ReturnType<typeof groupedByMawk>): Promise<Once | undefined> => {
    const found = await run
    return found && { cost: found.cost, counted: found.rows, of: rows }
  }
  await measure.of('wc', rows, async () => {
    const found = await countedLines(tsv, signal)
    return found && { cost: found.cost, counted: found.lines, of: log.lines }
  })
  await measure.of('mawk', rows, () => grouped(groupedByMawk(tsv, signal)), 1)
  for (const threads of [1, 2] as const)
    if (threads <= availableParallelism())
      await measure.of(`duckdb_${threads}`, rows, () => grouped(groupedByDuckdb(tsv, threads)))
}

async function oneCore(measure: Measure, { tsv, log, gz, ndjson, json }: Logs, rows: number): Promise<void> {
  const { signal } = measure
  const bytesOf = async (path: string): Promise<Once> => {
    const { cost, bytes } = await readBytes(path, signal)
    return { cost, counted: bytes, of: log.bytes }
  }
  const recordsOf = async (reading: Promise<Reading>, of: number): Promise<Once> => {
    const { cost, records } = await reading
    return { cost, counted: records, of }
  }
  await measure.of('bytes', rows, () => bytesOf(tsv))
  await measure.of('parse', rows, () => recordsOf(parseAll(tsv, signal), rows))
  await measure.of('inflate', rows, () => bytesOf(gz))
  await measure.of('parse_gz', rows, () => recordsOf(parseAll(gz, signal), rows))
  await measure.of('json_parse', json.rows, () => recordsOf(parseJsonLines(ndjson, signal), json.rows))
  await measure.of('parse_json', json.rows, () => recordsOf(parseAll(ndjson, signal), json.rows))
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
    return ran && { cost: ran.cost, peak_bytes: ran.peak_bytes, counted: ledger.flows, of: rows }
  }
  await measure.of('census', rows, () => run(['census', tsv]), 1)
  await measure.of('analyze', rows, () => run(['analyze', tsv, '--state', state]), 1)
}
