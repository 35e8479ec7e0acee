/**
 * The last proof of sight, kept beside the books of a state. Its lock is held from the beginning, so that nobody writes meanwhile
 * and nobody finds out after hours that the state may not be written; readers are let in until the moment at which it is kept.
 */
import { setTimeout } from 'node:timers/promises'
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import { taggedJson } from '../../model/tagged-json.ts'
import { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import { checkBooks, vocabulary } from '../state.ts'
import { lockState } from '../state-lock.ts'
import { withStateBackground } from './backgrounds.ts'
import { isProof, type NoSightYet, type ProveSightOptions, proveSight, type SightProof } from './sight.ts'
import { nextSight, sightKey, storedSight } from './stored-sight.ts'

export interface ProveStateOptions extends ProveSightOptions {
  directory: string
  config: Config
}

export async function proveSightOfState(options: ProveStateOptions): Promise<SightProof | NoSightYet> {
  const { directory, config, at_ms } = options
  checkBooks(directory)
  const lock = lockState(directory)
  try {
    const about = { directory, name: directory, config, now_ms: at_ms }
    const result = await withStateBackground(about, (given) => proveSight(given, options))
    if (isProof(result)) await keep(directory, result)
    return result
  } finally {
    lock.release()
  }
}

async function keep(directory: string, proof: SightProof): Promise<void> {
  const store = await whenNobodyReads(() => DuckdbStore.open({ directory, ...vocabulary }))
  try {
    await store.setMeta(sightKey, taggedJson(nextSight(storedSight(await store.meta()), proof)))
    await store.checkpoint()
  } finally {
    await store.close()
  }
}

const [tries, pauseMs] = [60, 1000]

/** A question to the books takes seconds; the proof took longer. */
async function whenNobodyReads<T>(open: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++)
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'state_in_use') || tried === tries) throw error
      await setTimeout(pauseMs)
    }
}
