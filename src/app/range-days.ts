/**
 * A world of the range without log files: what the simulation does is booked by the product's own joins, with arrivals in memory.
 * The same as `range generate` and `analyze`, apart from raw records, caps of expectations, and days at whose ends the only sensor
 * saw nothing.
 */
import { setImmediate } from 'node:timers/promises'
import type { Config } from '../config/config-schema.ts'
import { loadConfig } from '../config/load-config.ts'
import { AppError } from '../model/errors.ts'
import { accountsCsv, accountsFile } from '../range/accounts-csv.ts'
import { dayMs, firstDayMs } from '../range/centre/day-shape.ts'
import { Simulation, type SimulationOptions } from '../range/simulation.ts'
import type { RangeTruth } from '../range/truth.ts'
import { weirYaml } from '../range/weir-yaml.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { bookDirtyDays } from './book-days.ts'
import { addCsvFacts } from './enrich/csv-facts.ts'
import { type Enrichment, loadEnrichment } from './enrich/enrichment.ts'
import { Identities } from './enrich/identities.ts'
import { MapFacts } from './enrich/map-facts.ts'
import { MapProblems } from './enrich/map-problems.ts'
import { silentProgress } from './progress.ts'
import { RangeDaysStore } from './range-days-store.ts'
import { SiteNames } from './site-names.ts'
import { siteOf } from './site-of.ts'

export interface RangeWorldOptions extends SimulationOptions {
  /** Nothing of the days before this one, counted from 0, was ever logged. */
  from_day?: number
  onDay?: () => void
  signal?: AbortSignal
}

export interface RangeWorld {
  config: Config
  truth: RangeTruth
  store: RangeDaysStore
}

/** Simulates and books a world. */
export async function rangeWorld({ from_day = 0, onDay, signal, ...options }: RangeWorldOptions): Promise<RangeWorld> {
  const simulation = new Simulation(options)
  const { ok } = loadConfig(weirYaml(simulation.centre, simulation.plans), 'weir.yaml')
  if (!ok) throw new Error('the configuration of the range is not sound')
  const enrichment = enrichmentOf(ok, accountsCsv(simulation.centre, simulation.plans))
  const config = { ...ok, vaults: enrichment.vaults }
  const store = new RangeDaysStore()
  const { records } = store
  const from_ms = firstDayMs + from_day * dayMs
  for (let day = 0; day < options.days; day++) {
    simulation.runDay(day, {
      flow: (flow) => {
        if (flow.start_ms < from_ms) return
        records.addFlow(flow)
        store.seen.add(flow)
      },
      crossed: (flow) => {
        if (flow.start_ms >= from_ms) store.crossed.add(flow)
      },
      put: (record) => {
        if (record.end_ms >= from_ms) records.addRecord(record)
      },
    })
    onDay?.()
    // signals and timers have their turn
    await setImmediate()
    if (signal?.aborted) throw new AppError('interrupted', 'stopped while simulating')
  }
  const booked = asDuckdb(store)
  const names = await SiteNames.of(siteOf(config), booked)
  await bookDirtyDays({ store: booked, names, enrichment, progress: silentProgress, signal })
  return { config, truth: simulation.truth, store }
}

/** As `loadEnrichment` of files that were never written. */
function enrichmentOf(config: Config, accounts: string): Enrichment {
  const facts = new MapFacts()
  addCsvFacts(accounts, accountsFile, 'identities', facts, new MapProblems())
  const rest = loadEnrichment({ ...config, enrich: { ...config.enrich, identities: [] } })
  const identities = new Identities(
    facts,
    rest.vaults.flatMap(({ project }) => project ?? []),
  )
  return { ...rest, identities, content_hash: `who ${identities.content_hash}` }
}

/** For code that takes the whole store but asks for no more than what is here. */
export function asDuckdb(store: RangeDaysStore): DuckdbStore {
  return store as unknown as DuckdbStore
}
