/** All files of a census, context first and flows second, into the memory store. */
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import type { Site } from '../../model/site.ts'
import type { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import { Attributor } from '../attributor.ts'
import { CountLimits } from '../count-limits.ts'
import type { FoundFile } from '../discover.ts'
import type { Enrichment } from '../enrich/enrichment.ts'
import { Importer, type ImportResult, type SourceReport } from '../import-files.ts'
import type { Progress } from '../progress.ts'
import type { SiteNames } from '../site-names.ts'
import { FlowIntake } from './flow-intake.ts'
import type { MemoryStore } from './memory-store.ts'
import { asStore } from './memory-store.ts'
import { planReading } from './reading-plan.ts'

export interface ReadLogsOptions {
  store: MemoryStore
  names: SiteNames
  site: Site
  config: Config
  files: readonly FoundFile[]
  progress: Progress
  signal?: AbortSignal
  assume_year?: number
  enrichment: Enrichment
}

export interface LogsRead extends ImportResult {
  intake: FlowIntake
}

/** All of time. */
const [from_ms, to_ms] = [0, 2 ** 43]

export async function readLogs(options: ReadLogsOptions): Promise<LogsRead> {
  const { store, names, files, signal, enrichment } = options
  try {
    const plan = await planReading(files, signal)
    const context = await importer(options, plan.dated_span).importAll(plan.context)
    const attributor = await Attributor.load(asStore(store), names, from_ms, to_ms, enrichment.identities)
    const intake = await FlowIntake.of({ store, names, attributor, enrichment })
    store.taker = intake
    const paths = store.sourcePaths()
    const mixed = new Set([...store.withFlows].map((source) => paths[source]))
    const again = plan.context.filter(({ path }) => mixed.has(path))
    const flows = await importer(options, plan.dated_span).importAll([...plan.flows, ...again])
    return {
      intake,
      sources: [...context.sources.filter(({ path }) => !mixed.has(path)), ...flows.sources].sort(byPath),
      passed_over: [...context.passed_over, ...flows.passed_over],
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'interrupted') throw interrupted()
    throw error
  }
}

export function interrupted(): AppError {
  return new AppError('interrupted', 'stopped; a census keeps nothing, so the next one begins anew')
}

function importer(
  { store, site, config, progress, signal, assume_year }: ReadLogsOptions,
  dated_span?: { from_ms: number; to_ms: number },
): Importer {
  return new Importer({
    // reads, stages and accepts: no more of the store is asked for
    store: store as unknown as DuckdbStore,
    site,
    sensorRules: config.sensors,
    timezone: config.site.timezone,
    assume_year,
    dated_span,
    run: 1,
    booked_bytes: 0,
    limits: new CountLimits(),
    progress,
    signal,
  })
}

function byPath(a: SourceReport, b: SourceReport): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
