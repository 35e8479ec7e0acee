/**
 * The last proof of sight, kept beside the books of a state. Its lock is held from the beginning, so that nobody writes meanwhile
 * and nobody finds out after hours that the state may not be written; readers are let in until the moment at which it is kept.
 */
import { setTimeout } from 'node:timers/promises'
import type { Config } from '../../config/config-schema.ts'
import { AppError } from '../../model/errors.ts'
import { fromTaggedJson, taggedJson } from '../../model/tagged-json.ts'
import { dayMs } from '../../model/window.ts'
import { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import { checkBooks, vocabulary } from '../state.ts'
import { lockState } from '../state-lock.ts'
import { withStateBackground } from './backgrounds.ts'
import { isProof, type NoSightYet, type ProveSightOptions, proveSight, type SightProof } from './sight.ts'
import { worseFloors } from './worse-floors.ts'

export interface StoredSight {
  last: SightProof
  /** What the last one is compared with: the one before it, or the last that did not see much less; null: there is none. */
  reference: SightProof | null
}

const sightKey = 'sight'
/** A loss of sight is told for so long; then it is how things are. */
const longestReferenceMs = 30 * dayMs

/** `meta`: what the state keeps beside its books. */
export function storedSight(meta: ReadonlyMap<string, string>): StoredSight | undefined {
  const text = meta.get(sightKey)
  return text === undefined ? undefined : (fromTaggedJson(text) as StoredSight)
}

/** What is kept once `last` is there. */
export function nextSight(before: StoredSight | undefined, last: SightProof): StoredSight {
  if (before === undefined) return { last, reference: null }
  const { reference } = before
  const isLoss = reference !== null && worseFloors(before.last, reference).length > 0
  const isRecent = reference !== null && last.at_ms - reference.at_ms <= longestReferenceMs
  return { last, reference: isLoss && isRecent ? reference : before.last }
}

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
