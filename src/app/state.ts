/** Opens a state directory: one writer, books of a known version, begun under the same networks. */
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { explanations } from '../attribution/expectation-match.ts'
import {
  claimTable,
  cubeDimensions,
  cubeKeys,
  cubeSums,
  entryTable,
  labelTable,
  measuredKeys,
  pairDayKeys,
  peerClasses,
  postingKeys,
  sums,
} from '../ledger/tables.ts'
import { AppError } from '../model/errors.ts'
import { hostRoles } from '../model/site.ts'
import { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { lockState } from './state-lock.ts'

export interface OpenState {
  store: DuckdbStore
  /** Whether the directory held no books before. */
  isNew: boolean
  close(): Promise<void>
}

const ledger = {
  measuredKeys,
  postingKeys,
  pairDayKeys,
  cubeKeys,
  cubeDimensions,
  cubeSums,
  sums,
  claimTable,
  labelTable,
}
const vocabulary = { ledger, entryTable, peerClasses, roles: hostRoles, explanations }

export async function openState(directory: string): Promise<OpenState> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.W_OK)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk_full' : 'state_unusable'
    throw new AppError(code, `${directory} cannot be written: ${(cause as Error).message}`, { cause })
  }
  const lock = lockState(directory)
  try {
    const isNew = !existsSync(join(directory, 'weir.duckdb'))
    rmSync(join(directory, 'spill'), { recursive: true, force: true })
    const store = await DuckdbStore.open({ directory, ...vocabulary })
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

/** For questions only. The file cannot be shared with a writer: while one runs this fails with `state_in_use`. */
export async function readState(directory: string): Promise<DuckdbStore> {
  if (!existsSync(join(directory, 'weir.duckdb'))) {
    throw new AppError(
      'state_unusable',
      `no books in ${directory}: run 'weir analyze PATH… --state ${directory}' first`,
    )
  }
  return DuckdbStore.open({ directory, ...vocabulary, read_only: true })
}

/** Networks and pools decide what is egress, so the books of one state are all of one mind about them. */
export async function checkNetworks(store: DuckdbStore, fingerprint: string, directory: string): Promise<void> {
  const known = (await store.meta()).get('networks')
  if (known === undefined) await store.setMeta('networks', fingerprint)
  else if (known !== fingerprint) {
    throw new AppError(
      'state_mismatch',
      `${directory} was begun with other networks or pools:\n  then ${known}\n  now  ${fingerprint}\nGive another --state, or the configuration it was begun with.`,
    )
  }
}
