/** Opens a state directory: one writer, books of a known version, begun under the same networks. */
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { explanations } from '../attribution/expectation-match.ts'
import {
  claimTable,
  cubeDayKeys,
  cubeDimensions,
  cubeKeys,
  cubeSums,
  entryTable,
  labelTable,
  measuredKeys,
  pairDayKeys,
  peerClasses,
  postingKeys,
  readTable,
  sums,
} from '../ledger/tables.ts'
import { AppError } from '../model/errors.ts'
import { methods } from '../model/label.ts'
import { hostRoles } from '../model/site.ts'
import { DuckdbStore, type DuckdbStoreOptions } from '../store/duckdb/duckdb-store.ts'
import { lockState, unwritable } from './state-lock.ts'

export interface OpenState {
  store: DuckdbStore
  /** Whether the directory held no books before. */
  isNew: boolean
  close(): Promise<void>
}

const booksFile = 'weir.duckdb'

const ledger = {
  measuredKeys,
  postingKeys,
  pairDayKeys,
  cubeKeys,
  cubeDayKeys,
  cubeDimensions,
  cubeSums,
  sums,
  claimTable,
  readTable,
  labelTable,
}
/** Tables and words of the ledger that a store is opened with. */
export const vocabulary = { ledger, entryTable, peerClasses, roles: hostRoles, explanations, methods }

/** What changes memory and speed, never a result. */
export type StoreTuning = Pick<DuckdbStoreOptions, 'memory_limit_mb' | 'threads' | 'rows_per_part'>

export async function openState(directory: string, tuning: StoreTuning = {}): Promise<OpenState> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.W_OK)
  } catch (cause) {
    throw unwritable(directory, cause)
  }
  const lock = lockState(directory)
  try {
    const isNew = !existsSync(join(directory, booksFile))
    for (const leftover of ['spill', 'new']) rmSync(join(directory, leftover), { recursive: true, force: true })
    if (isNew) await makeBooks(directory)
    const store = await DuckdbStore.open({ directory, ...vocabulary, ...tuning })
    const close = async (): Promise<void> => {
      await store.close()
      lock.release()
    }
    return { store, isNew, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Empty books, made aside and put in place whole: a kill in the middle leaves none rather than half a file. */
async function makeBooks(directory: string): Promise<void> {
  const aside = join(directory, 'new')
  try {
    mkdirSync(aside, { mode: 0o700 })
  } catch (cause) {
    throw unwritable(directory, cause)
  }
  const store = await DuckdbStore.open({ directory: aside, ...vocabulary })
  try {
    await store.checkpoint()
  } finally {
    await store.close()
  }
  renameSync(join(aside, booksFile), join(directory, booksFile))
  rmSync(aside, { recursive: true, force: true })
}

/** For questions only. The file cannot be shared with a writer: while one runs this fails with `state_in_use`. */
export async function readState(directory: string, tuning: StoreTuning = {}): Promise<DuckdbStore> {
  checkBooks(directory)
  return DuckdbStore.open({ directory, ...vocabulary, ...tuning, read_only: true })
}

/** Throws `state_unusable` where there are no books, with what makes some. */
export function checkBooks(directory: string): void {
  try {
    statSync(join(directory, booksFile))
  } catch (cause) {
    const advice =
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? `no books in ${directory}: run 'weir analyze PATH… --state ${directory}' first`
        : `${directory} cannot be read: ${(cause as Error).message}`
    throw new AppError('state_unusable', advice, { cause })
  }
}

/** Networks and pools decide what is egress, so the books of one state are all of one mind about them. */
export async function checkNetworks(store: DuckdbStore, fingerprint: string, directory: string): Promise<void> {
  const known = (await store.meta()).get('networks')
  if (known === fingerprint) return
  const [{ files }] = await store.rows<{ files: bigint }>('SELECT count(*) AS files FROM sources')
  if (known === undefined || files === 0n) await store.setMeta('networks', fingerprint)
  else {
    throw new AppError(
      'state_mismatch',
      `${directory} was begun with other networks or pools:\n  then ${known}\n  now  ${fingerprint}\nGive another --state, or the configuration it was begun with.`,
    )
  }
}
