/**
 * `analyze`: files → books → what the books say. The order of the pipeline is readable here: discover, import, book,
 * move on, report. Only this station writes to the store.
 */
import type { Config } from '../config/config-schema.ts'
import { networksFingerprint } from '../config/networks-fingerprint.ts'
import { AppError } from '../model/errors.ts'
import { exactJson } from '../model/exact-json.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { bookDirtyDays } from './book-days.ts'
import { discover } from './discover.ts'
import { Importer, type ImportResult } from './import-files.ts'
import { classesToRenew, moveOn } from './move-on.ts'
import type { Progress } from './progress.ts'
import { type Analysis, analysisOf } from './report.ts'
import { SiteNames } from './site-names.ts'
import { siteOf } from './site-of.ts'
import { checkNetworks, openState } from './state.ts'

export interface AnalyzeOptions {
  paths: readonly string[]
  config: Config
  /** Whether there was a configuration, or inside is an assumption. */
  configured: boolean
  state: string
  progress: Progress
  signal?: AbortSignal
  now_ms: number
}

export async function analyze(options: AnalyzeOptions): Promise<Analysis> {
  const { config, progress, signal } = options
  const found = discover(options.paths)
  const state = await openState(options.state)
  const { store } = state
  try {
    await checkNetworks(store, networksFingerprint(config), options.state)
    const site = siteOf(config)
    const names = await SiteNames.of(site, store)
    await renewLabels(store, config)
    const run = await store.newRun()
    const memoryBefore = await store.memoryDay()
    const importer = new Importer({
      store,
      site,
      sensorRules: config.sensors,
      run,
      progress,
      signal,
      booked_bytes: await store.bookedBytes(),
    })
    const imported = await importer.importAll(found.files)
    imported.passed_over.push(...found.problems)
    requireSomething(imported, options.paths)
    await bookDirtyDays({ store, names, progress, signal })
    if (await classesToRenew(store, memoryBefore)) await bookDirtyDays({ store, names, progress, signal })
    await importer.addBytes()
    await moveOn(store, { flows_days: config.retention.flows_days, now_ms: options.now_ms })
    await store.checkpoint()
    const analysis = await analysisOf(store, config, imported)
    return { ...analysis, state: { directory: options.state, is_new: state.isNew, configured: options.configured } }
  } finally {
    progress.done()
    await state.close()
  }
}

/** What the configuration says of hosts, vaults, sensors and expectations holds for all detail that is still kept. */
async function renewLabels(store: DuckdbStore, { hosts, vaults, sensors, expectations, site }: Config): Promise<void> {
  const now = exactJson({ hosts, vaults, sensors, expectations, anchor: site.anchor ?? null })
  const before = (await store.meta()).get('labelling')
  if (before === now) return
  if (before !== undefined) await store.markAllDirty()
  await store.setMeta('labelling', now)
}

/** Nothing readable at all is an error of the command, not an empty result. */
function requireSomething(imported: ImportResult, paths: readonly string[]): void {
  const named = imported.passed_over.find(({ path }) => paths.includes(path) && imported.sources.length === 0)
  if (named) throw new AppError('path_unreadable', `${named.path}: ${named.reason}`)
  if (imported.sources.length > 0) return
  const reasons = imported.passed_over.slice(0, 5).map(({ path, reason }) => `\n  ${path}: ${reason}`)
  throw new AppError('nothing_readable', `no log that Weir knows under ${paths.join(', ')}${reasons.join('')}`)
}
