/**
 * `analyze`: files → books → what the books say. The order of the pipeline is readable here: discover, import, book,
 * move on, report. Only this station writes to the store.
 */
import type { Config } from '../config/config-schema.ts'
import { networksFingerprint } from '../config/networks-fingerprint.ts'
import { dayMs } from '../model/window.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { interruptSessions } from '../store/duckdb/session.ts'
import { bookDirtyDays } from './book-days.ts'
import { CountLimits } from './count-limits.ts'
import { discover } from './discover.ts'
import { loadEnrichment } from './enrich/enrichment.ts'
import { problemsText } from './enrich/map-problems.ts'
import { configFileKey, judgeState } from './findings.ts'
import { Importer } from './import-files.ts'
import { labellingKey, labellingOf } from './labelling.ts'
import { classesToRenew, moveOn } from './move-on.ts'
import { type NothingIn, nothingIn, nothingReadable } from './nothing-in.ts'
import type { Progress } from './progress.ts'
import { type Analysis, analysisOf } from './report.ts'
import { SiteNames } from './site-names.ts'
import { siteOf } from './site-of.ts'
import { checkNetworks, openState, type StoreTuning } from './state.ts'
import { trustedDay } from './trusted-day.ts'

export interface AnalyzeOptions {
  paths: readonly string[]
  config: Config
  /** Whether there was a configuration, or inside is an assumption. */
  configured: boolean
  /** Where it stands, so that a later verdict need not be told. */
  config_file?: string
  state: string
  progress: Progress
  signal?: AbortSignal
  now_ms: number
  /** The year of log lines that state none. */
  assume_year?: number
  tuning?: StoreTuning
}

export interface AnalyzedRun extends Analysis {
  /** Given paths in which there was no log; what the others held is in the books. */
  nothing_in: NothingIn
}

export async function analyze(options: AnalyzeOptions): Promise<AnalyzedRun> {
  const { progress, signal } = options
  const enrichment = loadEnrichment(options.config)
  for (const problems of enrichment.problems) progress.note(problemsText(problems))
  const config = { ...options.config, vaults: enrichment.vaults }
  const discovery = discover(options.paths, options.state)
  const state = await openState(options.state, options.tuning)
  const { store } = state
  signal?.addEventListener('abort', interruptSessions)
  try {
    await checkNetworks(store, networksFingerprint(config), options.state)
    const site = siteOf(config)
    const names = await SiteNames.of(site, store)
    await renewLabels(store, labellingOf(config, enrichment.content_hash))
    const run = await store.newRun()
    const classedFrom = await classedFromDay(store)
    const importer = new Importer({
      store,
      site,
      sensorRules: config.sensors,
      timezone: config.site.timezone,
      assume_year: options.assume_year,
      dated_span: await flowSpan(store),
      run,
      progress,
      signal,
      booked_bytes: await store.bookedBytes(),
      limits: await CountLimits.of(store),
    })
    const imported = await importer.importAll(discovery.files)
    imported.passed_over.push(...discovery.problems)
    const nothing_in = nothingIn(discovery, imported)
    if (imported.sources.length === 0) throw nothingReadable(nothing_in)
    await importer.addBytes()
    await store.alignClocks()
    const booking = { store, names, enrichment, progress, signal }
    await bookDirtyDays(booking)
    if (await classesToRenew(store, classedFrom)) await bookDirtyDays(booking)
    await store.setMeta(configFileKey, options.config_file ?? '')
    await store.setMeta(classedFromKey, String((await store.memoryDay()) ?? ''))
    const findings = await judgeState({ store, config, progress, signal, now_ms: options.now_ms })
    await moveOn(store, {
      flows_days: config.retention.flows_days,
      now_ms: await trustedNow(store, options.now_ms),
      progress,
    })
    await store.checkpoint()
    const analysis = await analysisOf(store, imported, findings)
    const told = { directory: options.state, is_new: state.isNew, configured: options.configured }
    return { ...analysis, state: told, nothing_in }
  } finally {
    signal?.removeEventListener('abort', interruptSessions)
    progress.done()
    await state.close()
  }
}

/** Between the first and the last flow of the state: flows always state their year. */
async function flowSpan(store: DuckdbStore): Promise<{ from_ms: number; to_ms: number } | undefined> {
  const [{ first, last }] = await store.rows<{ first: bigint | null; last: bigint | null }>(
    "SELECT min(first_ms) AS first, max(last_ms) AS last FROM source_counts WHERE observation = 'flow'",
  )
  return first === null || last === null ? undefined : { from_ms: Number(first), to_ms: Number(last) }
}

const classedFromKey = 'classed_from_day'

/**
 * The first day of memory when peers were last classed throughout; kept in the state, so that the run after a kill knows
 * that older data moved it. Undefined if the books are empty.
 */
async function classedFromDay(store: DuckdbStore): Promise<number | undefined> {
  const kept = (await store.meta()).get(classedFromKey) ?? ''
  return kept === '' ? store.memoryDay() : Number(kept)
}

/** The clock, but never later than the books can be trusted to have moved on. */
async function trustedNow(store: DuckdbStore, clock_ms: number): Promise<number> {
  const day = trustedDay(await store.flowsByDay())
  return day === undefined ? clock_ms : Math.min(clock_ms, (day + 1) * dayMs - 1)
}

/** What the configuration and its files say of hosts, vaults, peers … holds for all detail that is still kept. */
async function renewLabels(store: DuckdbStore, now: string): Promise<void> {
  const before = (await store.meta()).get(labellingKey)
  if (before === now) return
  if (before !== undefined) await store.markAllDirty()
  await store.setMeta(labellingKey, now)
}
