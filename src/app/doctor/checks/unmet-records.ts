/** Records that met no flow, for a reader who looks for the reason: what they say of time, person and addresses. */
import { formatHalves } from '../../../model/address.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'

export interface UnmetRecord {
  start_ms: number
  account: string
  /** Where a flow was looked for: of a lease the leased address, of a NAT binding the outside one, of a job none. */
  peer: string
  /** The host, gateway or node, by name if the log gives one. */
  host: string
}

type Type = 'lease' | 'session' | 'transfer' | 'job' | 'nat'

interface Row {
  start_ms: bigint
  account: string
  peer_hi: bigint
  peer_lo: bigint
  port: number
  host_hi: bigint
  host_lo: bigint
  host: string
}

const none = '0::UBIGINT'
const isLeased = 'r.assigned_hi <> 0 OR r.assigned_lo <> 0'
const columns: Record<Type, string> = {
  lease: `r.account, r.ip_hi AS peer_hi, r.ip_lo AS peer_lo, 0 AS port, ${none} AS host_hi, ${none} AS host_lo, 0 AS host FROM leases r WHERE r.rowid`,
  session: `r.account, CASE WHEN ${isLeased} THEN r.assigned_hi ELSE r.peer_hi END AS peer_hi,
    CASE WHEN ${isLeased} THEN r.assigned_lo ELSE r.peer_lo END AS peer_lo, CASE WHEN ${isLeased} THEN 0 ELSE r.peer_port END AS port,
    r.host_hi, r.host_lo, CASE WHEN r.host_name = 0 THEN r.gateway ELSE r.host_name END AS host FROM told_sessions r WHERE r.id`,
  transfer:
    'r.account, r.peer_hi, r.peer_lo, 0 AS port, r.host_hi, r.host_lo, r.host_name AS host FROM told_transfers r WHERE r.id',
  job: `r.account, ${none} AS peer_hi, ${none} AS peer_lo, 0 AS port, ${none} AS host_hi, ${none} AS host_lo, r.node AS host FROM jobs r WHERE r.rowid`,
  nat: `0 AS account, r.outside_hi AS peer_hi, r.outside_lo AS peer_lo, r.outside_port AS port, r.inside_hi AS host_hi,
    r.inside_lo AS host_lo, 0 AS host FROM nat_bindings r WHERE r.rowid`,
}

/** The records of these row ids, the latest first. */
export async function unmetRecords(store: DuckdbStore, type: Type, ids: readonly string[]): Promise<UnmetRecord[]> {
  if (ids.length === 0) return []
  const rows = await store.rows<Row>(
    `SELECT e.start_ms AS start_ms, a.text AS account, e.peer_hi, e.peer_lo, CAST(e.port AS INTEGER) AS port, e.host_hi, e.host_lo, h.text AS host
      FROM (SELECT r.start_ms, ${columns[type]} IN (${ids.join(', ')})) e
      JOIN names a ON a.id = e.account JOIN names h ON h.id = e.host ORDER BY start_ms DESC, account`,
  )
  return rows.map((row) => ({
    start_ms: Number(row.start_ms),
    account: row.account,
    peer: endpointText(row.peer_hi, row.peer_lo, row.port),
    host: row.host || endpointText(row.host_hi, row.host_lo, 0),
  }))
}

function endpointText(hi: bigint, lo: bigint, port: number): string {
  if (hi === 0n && lo === 0n) return ''
  const address = formatHalves(hi, lo)
  if (port === 0) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
