/** Backgrounds that are given: a state, which is only read, or logs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import { analyze } from '../analyze.ts'
import { loadEnrichment } from '../enrich/enrichment.ts'
import { storedFindings, storedVerdicts } from '../findings.ts'
import { labellingKey, labellingOf } from '../labelling.ts'
import type { Progress } from '../progress.ts'
import { readState } from '../state.ts'
import { type Given, givenOf } from './given.ts'

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
