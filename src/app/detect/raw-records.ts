/** The largest raw records of members: the log lines behind the numbers, while the flow detail is kept. */
import type { RecordRef } from '../../model/incident.ts'
import { dayMs } from '../../model/window.ts'
import type { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import type { OpenCampaign } from './open-campaign.ts'

const mostRecords = 20

export async function rawRecords(
  store: DuckdbStore,
  campaign: OpenCampaign,
  peers: readonly { hi: bigint; lo: bigint }[],
): Promise<RecordRef[]> {
  if (peers.length === 0) return []
  const list = peers.map(({ hi, lo }) => `(${hi}::UBIGINT, ${lo}::UBIGINT)`).join(', ')
  const rows = await store.rows<{
    path: string
    at: bigint
    start_ms: bigint
    bytes_out: bigint
  }>(`SELECT s.path AS path,
      f."offset" AS at, f.start_ms AS start_ms, f.bytes_out AS bytes_out
    FROM flows f JOIN (VALUES ${list}) p(hi, lo) ON f.peer_hi = p.hi AND f.peer_lo = p.lo JOIN sources s ON s.id = f.source
    WHERE f.place = 0 AND f.start_ms >= ${campaign.trigger.since_day * dayMs}
    ORDER BY f.bytes_out DESC, f.start_ms, s.path, f."offset" LIMIT ${mostRecords}`)
  return rows.map(({ path, at, start_ms, bytes_out }) => ({
    path,
    offset: Number(at),
    start_ms: Number(start_ms),
    bytes_out,
  }))
}
