/**
 * Reads log files into the store: open, recognise, parse in blocks, normalise, stage, accept. Files that tell what
 * others mean (leases, logins, jobs, transfers) need no order here: books are written after everything is accepted.
 */
import picomatch from 'picomatch'
import { type FlowEvents, FlowNormaliser, type SensorCodes } from '../events/normalise-flow.ts'
import { Columns, ObservationBatch, type RejectExample } from '../model/columns.ts'
import { AppError } from '../model/errors.ts'
import { flowEventTable, probeTable } from '../model/flow-event.ts'
import { observationTypes, type RejectReason } from '../model/observation.ts'
import type { Site } from '../model/site.ts'
import type { SourceFormat, SourceParser } from '../model/source.ts'
import { knownLogs, recogniseFormat } from '../sources/index.ts'
import { inputBlocks } from '../sources/input/input-blocks.ts'
import type { LineBlock } from '../sources/input/line-blocks.ts'
import { type Input, openInput } from '../sources/input/open-input.ts'
import { rejectGuarded } from '../sources/text/guarded-lines.ts'
import { textOf } from '../sources/text/text-lines.ts'
import { connKernelProblem } from '../sources/zeek/conn-kernel.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import type { ReadTally } from '../store/store.ts'
import type { CountLimits } from './count-limits.ts'
import { type FoundFile, isMeantBy, reasonOf } from './discover.ts'
import { LogClocks } from './log-clocks.ts'
import type { Progress } from './progress.ts'

/** Rows staged before they are accepted in one transaction. */
const rowsPerAcceptance = 400_000

export interface SourceReport {
  path: string
  format: string
  records_read: number
  accepted: number
  rejected: Record<string, number>
  duplicates: number
  bytes_out: bigint
  bytes_in: bigint
  /** First records of each reason, for `doctor` and for people. */
  examples: RejectExample[]
  /** Set if the file ended in damage: what came before it is in the books. */
  damage?: string
}

export interface ImportResult {
  sources: SourceReport[]
  passed_over: { path: string; reason: string }[]
}

export interface SensorRule {
  id: string
  match: string
  /** Of records that state no zone; the site's if undefined. */
  timezone?: string
}

export interface ImportOptions {
  store: DuckdbStore
  site: Site
  sensorRules: readonly SensorRule[]
  timezone: string
  /** The year of dates that state none; undefined: found from the other sources. */
  assume_year?: number
  /** Between the first and the last of what the state's dated sources told. */
  dated_span?: { from_ms: number; to_ms: number }
  run: number
  /** What the books hold already, towards the most they can hold. */
  booked_bytes: number
  limits: CountLimits
  progress: Progress
  signal?: AbortSignal
}

export class Importer {
  readonly #options: ImportOptions
  readonly #normaliser: FlowNormaliser
  readonly #events: FlowEvents = { flows: new Columns(flowEventTable), probes: new Columns(probeTable) }
  readonly #batch = new ObservationBatch()
  readonly #sensorOfPath: readonly { id: string; timezone?: string; matches: (path: string) => boolean }[]
  readonly #clocks: LogClocks
  readonly #corroborating: ReadonlySet<string>
  readonly #configured: ReadonlySet<string>
  readonly #reports = new Map<number, SourceReport>()
  /** How reading went since the last acceptance, by source. */
  readonly #tallies = new Map<number, Tally>()

  constructor(options: ImportOptions) {
    this.#options = options
    this.#normaliser = new FlowNormaliser(options.site, options.booked_bytes)
    this.#sensorOfPath = options.sensorRules.map((rule) => ({ ...rule, matches: picomatch(rule.match, { dot: true }) }))
    const { timezone, assume_year, dated_span: span } = options
    this.#clocks = new LogClocks({ timezone, assume_year, span, sensors: this.#sensorOfPath })
    this.#corroborating = new Set(options.site.sensors.filter((sensor) => !sensor.accounts).map((sensor) => sensor.id))
    this.#configured = new Set(options.site.sensors.map((sensor) => sensor.id))
  }

  async importAll(files: readonly FoundFile[]): Promise<ImportResult> {
    const { progress, signal } = this.#options
    const result: ImportResult = { sources: [], passed_over: [] }
    progress.phase(
      'reading',
      files.reduce((sum, file) => sum + file.size_bytes, 0),
      'bytes',
    )
    const undated: FoundFile[] = []
    for (const round of [files, undated]) {
      for (const file of round) {
        if (!signal?.aborted) await this.#importFile(file, result, round === files ? undated : undefined)
        // what waits for acceptance is left out: to take it in would keep the person waiting, and the next run reads it
        if (signal?.aborted) throw new AppError('interrupted', 'stopped while reading; the next run goes on from there')
        if (this.#options.store.staged >= rowsPerAcceptance) await this.#accept()
      }
    }
    await this.#accept()
    const slow = connKernelProblem()
    if (slow !== undefined)
      progress.note(`Zeek's conn.log was read more slowly than it can be, with the same result: ${slow}`)
    const years = this.#clocks.guessedYears
    if (years.length > 0) progress.note(guessedYearsText(years))
    return result
  }

  /** Reads the file, or puts it on the list of those that need to know the span of the others first. */
  async #importFile(file: FoundFile, result: ImportResult, undated: FoundFile[] | undefined): Promise<void> {
    const { progress } = this.#options
    let input: Input
    try {
      // a name that is no text is bytes, which the system takes as well
      input = await openInput(file.location as string)
    } catch (cause) {
      result.passed_over.push({ path: file.path, reason: reasonOf(cause) })
      progress.advance(file.size_bytes)
      return
    }
    let later = false
    try {
      if (input.head.length === 0) {
        result.passed_over.push({ path: file.path, reason: input.end?.reason || 'empty' })
        return
      }
      const context = { path: file.path, clock: this.#clocks.clockOf(file), mtime_ms: file.mtime_ms }
      const { format } = recogniseFormat(input.head, context)
      if (!format) {
        const damage = input.end && input.end.state !== 'complete' ? `${input.end.state}: ${input.end.reason}; ` : ''
        result.passed_over.push({
          path: file.path,
          reason: `${damage}no known format (looked for ${knownLogs.join('; ')})`,
        })
        return
      }
      later = format.undated === true && undated !== undefined
      if (later) undated?.push(file)
      else result.sources.push(await this.#read(file, input, format, format.open(context)))
    } finally {
      await input.close()
      if (!later) progress.advance(file.size_bytes - input.consumed_bytes)
    }
  }

  async #read(file: FoundFile, input: Input, format: SourceFormat, parser: SourceParser): Promise<SourceReport> {
    const { store, limits, signal } = this.#options
    const batch = this.#batch
    const source = await store.sourceId(file.path, parser.format)
    const report: SourceReport = this.#reports.get(source) ?? emptyReport(file.path)
    this.#reports.set(source, report)
    const brokeOff = (): boolean =>
      signal?.aborted === true || (input.end !== undefined && input.end.state !== 'complete')
    const stage = async (block: LineBlock): Promise<void> => {
      limits.refuse(batch, block)
      if (!format.undated) this.#noteSpan()
      await this.#stage(source, file, parser.format, report)
    }
    const chunks = this.#chunks(input)
    let last: LineBlock = { reason: undefined, bytes: new Uint8Array(0), start: 0, end: 0, offset: 0 }
    for await (const block of inputBlocks(format, chunks, { broke_off: brokeOff })) {
      if (block.reason) {
        batch.records_read++
        // no parser saw this piece, and it may hold what the parser of its format would not show
        const piece = format.unshown ? '(not shown)' : textOf(block.bytes, block.start, block.end)
        rejectGuarded(batch, block.reason, block.offset, piece)
      } else parser.parse(block.bytes, block.start, block.end, block.offset, batch)
      await stage(block)
      last = block
      if (signal?.aborted) break
      if (store.staged >= rowsPerAcceptance) await this.#accept()
    }
    if (parser.finish && !signal?.aborted) {
      parser.finish(batch, brokeOff())
      await stage({ ...last, start: last.end })
    }
    report.format = parser.format
    if (input.end && input.end.state !== 'complete') report.damage = `${input.end.state}: ${input.end.reason}`
    Object.assign(this.#tallyOf(source), { format: report.format, damage: report.damage ?? '' })
    return report
  }

  /** What dated records span, for the year of those that state none. */
  #noteSpan(): void {
    for (const type of observationTypes) {
      const { data, length } = this.#batch.of(type)
      this.#clocks.saw(data.start_ms as Float64Array, length)
    }
  }

  /** The input until it ends or somebody stops it, which a line of many gigabytes must not put off. */
  async *#chunks(input: Input): AsyncGenerator<Uint8Array> {
    const { progress, signal } = this.#options
    let consumed = 0
    for await (const chunk of input.chunks()) {
      progress.advance(input.consumed_bytes - consumed)
      consumed = input.consumed_bytes
      if (signal?.aborted) return
      yield chunk
    }
  }

  async #stage(source: number, file: FoundFile, format: string, report: SourceReport): Promise<void> {
    const { store } = this.#options
    const batch = this.#batch
    const rejectedByRoom = this.#normaliser.normalise(batch, this.#sensorCodes(file, format), this.#events)
    report.records_read += batch.records_read
    this.#addTally(source, format, rejectedByRoom)
    for (const [reason, count] of batch.rejected) report.rejected[reason] = (report.rejected[reason] ?? 0) + count
    if (rejectedByRoom > 0)
      report.rejected.count_out_of_range = (report.rejected.count_out_of_range ?? 0) + rejectedByRoom
    for (const example of batch.examples) if (report.examples.length < 20) report.examples.push(example)
    await store.stage('flow', this.#events.flows as unknown as Columns, batch.names, source)
    await store.stage('probe', this.#events.probes as unknown as Columns, batch.names, source)
    this.#events.flows.reset()
    this.#events.probes.reset()
    for (const type of observationTypes) {
      if (type !== 'flow') await store.stage(type, batch.of(type), batch.names, source)
    }
    batch.reset()
  }

  /**
   * A record's own sensor name counts if it is configured or if nothing else names the file; else the configured sensor
   * whose glob matches the path; else the kind of log. Sensors that nobody configured account: better counted than unseen.
   */
  #sensorCodes(file: FoundFile, format: string): (code: number) => SensorCodes {
    const { names } = this.#batch
    const matched = this.#sensorOfPath.find(({ matches }) => isMeantBy(matches, file))?.id
    const fallback = matched ?? (format.startsWith('zeek') ? 'zeek' : 'flows')
    const known = new Map<number, SensorCodes>()
    return (code) => {
      let codes = known.get(code)
      if (!codes) {
        const own = names.texts[code]
        const id = own !== '' && (this.#configured.has(own) || matched === undefined) ? own : fallback
        const sensor = names.codeOf(id)
        codes = { sensor, corroborates: this.#corroborating.has(id) ? sensor : 0 }
        known.set(code, codes)
      }
      return codes
    }
  }

  #tallyOf(source: number): Tally {
    let tally = this.#tallies.get(source)
    if (!tally) {
      tally = { source, format: '', records_read: 0, rejected: new Map(), examples: [], damage: '' }
      this.#tallies.set(source, tally)
    }
    return tally
  }

  #addTally(source: number, format: string, rejectedByRoom: number): void {
    const { records_read, rejected, examples } = this.#batch
    const tally = this.#tallyOf(source)
    tally.format = format
    tally.records_read += records_read
    for (const [reason, count] of rejected) tally.rejected.set(reason, (tally.rejected.get(reason) ?? 0) + count)
    if (rejectedByRoom > 0) {
      const count = tally.rejected.get('count_out_of_range') ?? 0
      tally.rejected.set('count_out_of_range', count + rejectedByRoom)
    }
    for (const example of examples)
      if (!tally.examples.some(({ reason }) => reason === example.reason)) tally.examples.push(example)
  }

  async #accept(): Promise<void> {
    const { store, run } = this.#options
    const accepted = await store.accept(run, [...this.#tallies.values()])
    this.#tallies.clear()
    for (const { source, accepted: fresh, duplicates } of accepted) {
      const report = this.#reports.get(source)
      if (!report) continue
      report.accepted += fresh
      report.duplicates += duplicates
    }
  }

  /** Fills in what each source brought to the border, once all is accepted. */
  async addBytes(): Promise<void> {
    for (const { source, bytes_out, bytes_in } of await this.#options.store.sourceBytes(this.#options.run)) {
      const report = this.#reports.get(source)
      if (report) Object.assign(report, { bytes_out, bytes_in })
    }
  }
}

interface Tally extends ReadTally {
  rejected: Map<RejectReason, number>
  examples: RejectExample[]
}

function guessedYearsText(years: readonly number[]): string {
  return `no source states a year: dates without one are read as of ${years.join(' and ')}, by the time of their file; --assume-year decides otherwise`
}

function emptyReport(path: string): SourceReport {
  return {
    path,
    format: '',
    records_read: 0,
    accepted: 0,
    rejected: {},
    duplicates: 0,
    bytes_out: 0n,
    bytes_in: 0n,
    examples: [],
  }
}
