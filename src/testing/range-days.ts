/**
 * A world of the range judged without log files: what the simulation does is booked by the product's own joins and detected on
 * arrivals in memory. The same as `range generate` and `analyze`, apart from raw records, caps of expectations, and days at whose
 * ends the only sensor saw nothing.
 */
import { bookDirtyDays } from '../app/book-days.ts'
import { detect } from '../app/detect/detect.ts'
import { loadEnrichment } from '../app/enrich/enrichment.ts'
import { silentProgress } from '../app/progress.ts'
import { SiteNames } from '../app/site-names.ts'
import { siteOf } from '../app/site-of.ts'
import type { Config } from '../config/config-schema.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Findings } from '../model/incident.ts'
import { dayMs, firstDayMs } from '../range/centre/day-shape.ts'
import { Simulation, type SimulationOptions } from '../range/simulation.ts'
import type { RangeTruth } from '../range/truth.ts'
import { weirYaml } from '../range/weir-yaml.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { RangeDaysStore } from './range-days-store.ts'

export interface RangeWorldOptions extends SimulationOptions {
  /** Nothing of the days before this one, counted from 0, was ever logged. */
  from_day?: number
}

export interface RangeWorld {
  config: Config
  truth: RangeTruth
  store: RangeDaysStore
}

/** Simulates and books a world. */
export async function rangeWorld({ from_day = 0, ...options }: RangeWorldOptions): Promise<RangeWorld> {
  const simulation = new Simulation(options)
  const { ok } = loadConfig(weirYaml(simulation.centre, simulation.plans), 'weir.yaml')
  if (!ok) throw new Error('the configuration of the range is not sound')
  const enrichment = loadEnrichment(ok)
  const config = { ...ok, vaults: enrichment.vaults }
  const store = new RangeDaysStore()
  const { records } = store
  const from_ms = firstDayMs + from_day * dayMs
  for (let day = 0; day < options.days; day++) {
    simulation.runDay(day, {
      flow: (flow) => {
        if (flow.start_ms >= from_ms) records.addFlow(flow)
      },
      put: (record) => {
        if (record.end_ms >= from_ms) records.addRecord(record)
      },
    })
  }
  const booked = asDuckdb(store)
  const names = await SiteNames.of(siteOf(config), booked)
  await bookDirtyDays({ store: booked, names, enrichment, progress: silentProgress })
  return { config, truth: simulation.truth, store }
}

/** What `analyze` finds in it. */
export function judgeWorld({ config, store }: RangeWorld): Promise<Findings> {
  const options = { store: asDuckdb(store), config, progress: silentProgress, verdicts: [], before: [] }
  return detect({ ...options, now_ms: firstDayMs })
}

/** For code that takes the whole store but asks for no more than what is here. */
function asDuckdb(store: RangeDaysStore): DuckdbStore {
  return store as unknown as DuckdbStore
}
