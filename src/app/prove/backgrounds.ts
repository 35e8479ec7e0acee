/** Where backgrounds come from: a state, which is only read, logs, or simulated centres in which nobody steals. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import { firstDayMs } from '../../range/centre/day-shape.ts'
import { scenarios } from '../../range/scenarios/index.ts'
import { analyze } from '../analyze.ts'
import { loadEnrichment } from '../enrich/enrichment.ts'
import { storedFindings, storedVerdicts } from '../findings.ts'
import { labellingKey, labellingOf } from '../labelling.ts'
import type { Progress } from '../progress.ts'
import { rangeWorld } from '../range-days.ts'
import { readState } from '../state.ts'
import { type Given, givenOf } from './given.ts'

/** Some 95 hosts, 300 GB and 450 rows of arrivals a day. */
export const simulatedCentre = { scale: 0.002, days: 120 }

export interface SimulatedOptions {
  scale: number
  days: number
  seed: number
  signal?: AbortSignal
  onDay: () => void
}

export async function simulatedBackground({ seed, scale, ...options }: SimulatedOptions): Promise<Given> {
  const scenario = scenarios.find(({ name }) => name === 'clean')
  if (!scenario) throw new Error('the range has no clean scenario')
  const { store, config } = await rangeWorld({ scenario, seed, scale, declared: 1, ...options })
  const name = `simulated centre, seed ${seed}, scale ${scale}`
  return givenOf({ name, store, config, verdicts: [], before: [], now_ms: firstDayMs })
}

export interface StateOptions {
  directory: string
  name: string
  config: Config
  now_ms: number
}

/** The store stays open until `use` is done with the background. */
export async function withStateBackground<T>(
  { directory, name, config, now_ms }: StateOptions,
  use: (given: Given) => Promise<T>,
): Promise<T> {
  const store = await readState(directory)
  try {
    const enrichment = loadEnrichment(config)
    const meta = await store.meta()
    const labelled = meta.get(labellingKey)
    if (labelled !== undefined && labelled !== labellingOf(config, enrichment.content_hash))
      throw new AppError(
        'state_mismatch',
        `${directory} was judged under another configuration: give --config the file that it was last analysed with`,
      )
    const told = { config: { ...config, vaults: enrichment.vaults }, verdicts: storedVerdicts(meta), now_ms }
    return await use(await givenOf({ ...told, name, store, before: storedFindings(meta)?.incidents ?? [] }))
  } finally {
    await store.close()
  }
}

export interface LogsOptions {
  paths: readonly string[]
  config: Config
  configured: boolean
  progress: Progress
  signal?: AbortSignal
  now_ms: number
}

/** Logs are analysed into a state that is gone afterwards. */
export async function withLogsBackground<T>(
  { paths, config, ...options }: LogsOptions,
  use: (given: Given) => Promise<T>,
): Promise<T> {
  const directory = temporaryDirectory()
  try {
    await analyze({ paths, config, state: directory, ...options })
    const name = paths.join(', ')
    return await withStateBackground({ directory, name, config, now_ms: options.now_ms }, use)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function temporaryDirectory(): string {
  const parent = tmpdir()
  try {
    return mkdtempSync(join(parent, 'weir-prove-'))
  } catch (cause) {
    throw new AppError('usage', `${parent} cannot be written: ${(cause as Error).message}`, { cause })
  }
}
