/** What the books say after a run: the values behind `analyze --json` and the summary on the terminal. */
import type { Findings, Incident, Maturity, Notice, WorkItem } from '../model/incident.ts'
import { tickMs } from '../model/window.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'
import { type Gap, gapsOf } from './gaps.ts'
import type { ImportResult, SourceReport } from './import-files.ts'
import type { SightProof } from './prove/sight.ts'
import { storedSight } from './prove/stored-sight.ts'
import { version } from './version.ts'

export interface LedgerTotals {
  bytes_out: bigint
  bytes_out_lo: bigint
  bytes_out_hi: bigint
  bytes_in: bigint
  flows: bigint
  attributed_share: { account: number; project: number; vault: number }
  explained_bytes_out: bigint
  unexplained_bytes_out: bigint
}

export interface Analysis {
  weir: string
  span: { start_ms: number | null; end_ms: number | null }
  sources: SourceReport[]
  passed_over: { path: string; reason: string }[]
  ledger: LedgerTotals
  /** Bytes that are in the logs but are no egress, by place, and flows without payload. */
  not_egress: {
    internal_bytes: bigint
    transit_bytes: bigint
    carrier_bytes: bigint
    probes: bigint
    corroborating_bytes: bigint
    claimed_not_seen_bytes: bigint
  }
  maturity: readonly Maturity[]
  budget: { false_incidents_per_year: number; spent: number }
  gaps: Gap[]
  notices: readonly Notice[]
  worklist: readonly WorkItem[]
  incidents: readonly Incident[]
  judged_until_ms: number | null
  /** Undefined: sight was never proven on this state. */
  sight?: SightProof
  /** The largest of each kind, for the summary. */
  top: Record<'host' | 'peer' | 'service' | 'account' | 'vault', { name: string; bytes_out: bigint }[]>
  counts: { hosts: number; peers: number }
  state?: { directory: string; is_new: boolean; configured: boolean }
}

export async function analysisOf(store: DuckdbStore, imported: ImportResult, findings: Findings): Promise<Analysis> {
  const gaps = await gapsOfState(store)
  return {
    weir: version,
    span: await spanOf(store),
    sources: imported.sources,
    passed_over: imported.passed_over,
    ledger: await ledgerTotals(store),
    not_egress: await notEgress(store),
    maturity: findings.maturity,
    budget: findings.budget,
    gaps,
    notices: [
      ...findings.notices,
      ...gaps.map(({ source, start_ms, end_ms }) => ({
        id: `silence-${source}-${start_ms}`,
        kind: 'sensor' as const,
        text: `${source} logged nothing from ${iso(start_ms)} to ${iso(end_ms)}`,
      })),
      ...imported.sources
        .filter((source) => source.damage)
        .map(({ path, damage }) => ({
          id: `damage-${path}`,
          kind: 'sensor' as const,
          text: `${path} is ${damage}; what came before is in the books`,
        })),
    ],
    worklist: findings.worklist,
    incidents: findings.incidents,
    judged_until_ms: findings.judged_until_ms,
    sight: storedSight(await store.meta())?.last,
    top: {
      host: await largest(store, 'host'),
      peer: await largest(store, 'peer'),
      service: await largest(store, 'service'),
      account: await largest(store, 'account'),
      vault: await largest(store, 'vault'),
    },
    counts: await countsOf(store),
  }
}

async function largest(store: DuckdbStore, column: string): Promise<{ name: string; bytes_out: bigint }[]> {
  const { rows } = await store.query({ by: [column], where: [], top: 4 })
  return rows
    .filter((row) => (row.bytes_out as bigint) > 0n)
    .map((row) => ({ name: String(row[column]), bytes_out: row.bytes_out as bigint }))
}

async function countsOf(store: DuckdbStore): Promise<Analysis['counts']> {
  const [row] = await store.rows<{ hosts: bigint; peers: bigint }>(`SELECT count(DISTINCT a.host) AS hosts,
    count(DISTINCT (peer_hi, peer_lo, peer_bits)) AS peers FROM pair_days JOIN addresses a ON a.id = inside WHERE bytes_out > 0`)
  return { hosts: Number(row.hosts), peers: Number(row.peers) }
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}

async function spanOf(store: DuckdbStore): Promise<Analysis['span']> {
  const [row] = await store.rows<{
    low: bigint | null
    high: bigint | null
  }>(`SELECT min(low) AS low, max(high) AS high FROM (
    SELECT min(start_ms) AS low, max(end_ms) AS high FROM flows
    UNION ALL SELECT min(start_ms), max(end_ms) FROM flow_keys
    UNION ALL SELECT min(start_ms), max(greatest(start_ms, end_ms)) FROM transfers
    UNION ALL SELECT min(start_ms), max(start_ms) FROM probes) s`)
  return { start_ms: row.low === null ? null : Number(row.low), end_ms: row.high === null ? null : Number(row.high) }
}

export async function ledgerTotals(store: DuckdbStore): Promise<LedgerTotals> {
  const [row] = await store.rows<Record<string, bigint>>(`SELECT
    ${['bytes_out', 'bytes_out_lo', 'bytes_out_hi', 'bytes_in', 'flows'].map((name) => `CAST(coalesce(sum(${name}), 0) AS HUGEINT) AS ${name}`).join(', ')},
    ${['account', 'project', 'vault'].map((name) => `CAST(coalesce(sum(bytes_out) FILTER (WHERE ${name} <> 0), 0) AS HUGEINT) AS ${name}`).join(', ')},
    CAST(coalesce(sum(bytes_out) FILTER (WHERE explained = 2), 0) AS HUGEINT) AS explained
    FROM pair_days p JOIN labels l ON l.id = p.label`)
  const share = (part: bigint): number =>
    row.bytes_out === 0n ? 0 : Number((part * 1_000_000n) / row.bytes_out) / 1_000_000
  return {
    bytes_out: row.bytes_out,
    bytes_out_lo: row.bytes_out_lo,
    bytes_out_hi: row.bytes_out_hi,
    bytes_in: row.bytes_in,
    flows: row.flows,
    attributed_share: { account: share(row.account), project: share(row.project), vault: share(row.vault) },
    explained_bytes_out: row.explained,
    unexplained_bytes_out: row.bytes_out - row.explained,
  }
}

async function notEgress(store: DuckdbStore): Promise<Analysis['not_egress']> {
  const rows = await store.rows<{ place: number; accounts: number; bytes: bigint }>(
    'SELECT place, accounts, CAST(sum(bytes_out) + sum(bytes_in) AS HUGEINT) AS bytes FROM day_totals GROUP BY place, accounts',
  )
  const [{ probes }] = await store.rows<{ probes: bigint }>(
    'SELECT CAST((SELECT count(*) FROM probes) + (SELECT coalesce(sum(flows), 0) FROM probe_days) AS HUGEINT) AS probes',
  )
  const [{ claimed }] = await store.rows<{ claimed: bigint }>(
    'SELECT CAST(coalesce(sum(bytes), 0) AS HUGEINT) AS claimed FROM claims',
  )
  const of = (place: number): bigint => rows.find((row) => row.place === place && row.accounts === 1)?.bytes ?? 0n
  return {
    internal_bytes: of(1),
    transit_bytes: of(2),
    carrier_bytes: of(3),
    probes,
    corroborating_bytes: rows.filter((row) => row.accounts === 0).reduce((sum, row) => sum + row.bytes, 0n),
    claimed_not_seen_bytes: claimed,
  }
}

/** Probes speak for a sensor as well as flows do: a sensor that sees only scans is awake. */
export async function gapsOfState(store: DuckdbStore): Promise<Gap[]> {
  const rows = await store.rows<{ name: string; tick: bigint }>(`SELECT n.text AS name, t.tick AS tick FROM (
      SELECT sensor, CAST(tick AS BIGINT) AS tick FROM measured
      UNION SELECT entity, CAST(tick AS BIGINT) FROM cubes WHERE dimension = 1
      UNION SELECT sensor, start_ms // ${tickMs} FROM probes
    ) t JOIN names n ON n.id = t.sensor ORDER BY name, tick`)
  const bySensor = new Map<string, number[]>()
  for (const { name, tick } of rows) {
    const ticks = bySensor.get(name)
    if (ticks) ticks.push(Number(tick))
    else bySensor.set(name, [Number(tick)])
  }
  return [...bySensor].flatMap(([name, ticks]) => gapsOf(name, ticks))
}
