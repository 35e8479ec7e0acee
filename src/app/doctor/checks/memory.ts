/** What the state remembers, and what that costs on disk. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dayMs } from '../../../model/window.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'

export interface Memory {
  /** Days as epoch ms of their beginning; null while the books are empty. */
  first_day_ms: number | null
  last_day_ms: number | null
  /** Days with anything in the books, of any place. */
  days: number
  /** Flow by flow from here on; null while all of it is kept. */
  detail_from_ms: number | null
  /** Pairs of hosts and peers from here on; null while all of it is kept. */
  pairs_from_ms: number | null
  /** Days whose small peers are folded into their networks. */
  folded_days: number
  /** Days whose books are to be written anew: a run was stopped. */
  pending_days: number
  /** Flows, and flows without payload, that are kept one by one. */
  flows_kept: bigint
  probes_kept: bigint
  disk_bytes: number
  disk_bytes_per_day: number
}

export async function memoryOf(store: DuckdbStore, directory: string): Promise<Memory> {
  const [row] = await store.rows<Record<string, bigint | number | null>>(`SELECT
    (SELECT min(day) FROM day_totals) AS first_day, (SELECT max(day) FROM day_totals) AS last_day,
    (SELECT count(DISTINCT day) FROM day_totals) AS days, (SELECT count(*) FROM sealed_days) AS folded,
    (SELECT count(*) FROM flows) AS flows, (SELECT count(*) FROM probes) AS probes`)
  const msOf = (day: unknown): number | null => (day === null ? null : Number(day) * dayMs)
  const keptFrom = (day: number): number | null => (day <= Number(row.first_day ?? day) ? null : day * dayMs)
  const days = Number(row.days)
  const disk_bytes = diskBytes(directory)
  return {
    first_day_ms: msOf(row.first_day),
    last_day_ms: msOf(row.last_day),
    days,
    detail_from_ms: keptFrom(await store.horizonDay()),
    pairs_from_ms: keptFrom(await store.historyDay()),
    folded_days: Number(row.folded),
    pending_days: (await store.dirtyDays()).length,
    flows_kept: row.flows as bigint,
    probes_kept: row.probes as bigint,
    disk_bytes,
    disk_bytes_per_day: days === 0 ? 0 : Math.round(disk_bytes / days),
  }
}

/** Sizes of the files in the directory; what cannot be read counts as nothing. */
function diskBytes(directory: string): number {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(directory, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0)
}
