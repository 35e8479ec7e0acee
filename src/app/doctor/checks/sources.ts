/** Which files have come in, of which kind and from which sensor, how far they reach, and what of them was not understood. */
import type { RejectReason } from '../../../model/observation.ts'
import type { Examined } from './examined.ts'

export interface SourceGroup {
  format: string
  /** '' where records of the kind belong to no sensor. */
  sensor: string
  /** What the files hold beside flows: `session`, `lease+session`; '' for Zeek's logs. */
  kinds: string
  files: number
  /** The first few by name. */
  paths: string[]
  /** Records in the books, flows with payload and without among them. */
  records: bigint
  flows: bigint
  probes: bigint
  /** By kind of observation: `flow`, `session`, `transfer` … */
  observations: Record<string, bigint>
  /** Of the last reading of each file. */
  records_read: bigint
  rejected: bigint
  /** Records of streams that Weir knows and does not use. */
  not_used: bigint
  duplicates: bigint
  first_record_ms: number | null
  last_record_ms: number | null
  /** Between the last record and now: what a live source is behind, and nothing of a historic one. */
  lag_ms: number | null
}

export interface Rejected {
  reason: RejectReason
  records: bigint
  files: number
  /** One of them: where it stands in its decompressed file, and its beginning. */
  example: { path: string; offset: number; sample: string } | null
}

export interface SourceFacts {
  groups: SourceGroup[]
  records_read: bigint
  /** Without `stream_not_used`: those records are known and passed over. */
  rejected: Rejected[]
  not_used: bigint
  damaged: { path: string; damage: string }[]
}

const mostPaths = 5

export async function sourcesOf({ store, now_ms }: Pick<Examined, 'store' | 'now_ms'>): Promise<SourceFacts> {
  const rejected = await rejectedOf(store)
  const [{ records_read }] = await store.rows<{ records_read: bigint }>(
    'SELECT CAST(coalesce(sum(records_read), 0) AS HUGEINT) AS records_read FROM source_reads',
  )
  const damaged = await store.rows<{ path: string; damage: string }>(
    "SELECT s.path AS path, r.damage AS damage FROM source_reads r JOIN sources s ON s.id = r.source WHERE r.damage <> '' ORDER BY path",
  )
  return {
    groups: await groupsOf(store, now_ms),
    records_read,
    rejected: rejected.filter(({ reason }) => reason !== 'stream_not_used'),
    not_used: rejected.find(({ reason }) => reason === 'stream_not_used')?.records ?? 0n,
    damaged,
  }
}

interface GroupRow {
  format: string
  sensor: string
  kinds: string
  files: bigint
  paths: { items: string[] } | string[]
  read: bigint
  duplicates: bigint
  rejected: bigint
  not_used: bigint
}

const kindsOf = (
  source: string,
): string => `(SELECT coalesce(string_agg(DISTINCT k.observation, '+' ORDER BY k.observation), '')
  FROM source_counts k WHERE k.source = ${source} AND k.observation NOT IN ('flow', 'probe', 'fingerprint'))`

/**
 * Files by format, by the sensor of their flows and by what else they hold; a file with flows of several sensors is in
 * several groups.
 */
async function groupsOf(store: Examined['store'], now_ms: number): Promise<SourceGroup[]> {
  const files = `SELECT r.source AS source, r.format AS format, coalesce(n.text, '') AS sensor, ${kindsOf('r.source')} AS kinds, s.path AS path,
      r.records_read AS read, r.duplicates AS duplicates,
      (SELECT coalesce(sum(j.records), 0) FROM source_rejects j WHERE j.source = r.source) AS rejected,
      (SELECT coalesce(sum(j.records), 0) FROM source_rejects j WHERE j.source = r.source AND j.reason = 'stream_not_used') AS not_used
    FROM source_reads r JOIN sources s ON s.id = r.source
    LEFT JOIN (SELECT DISTINCT source, sensor FROM source_counts WHERE sensor <> 0) c ON c.source = r.source
    LEFT JOIN names n ON n.id = c.sensor`
  const groups = await store.rows<GroupRow>(`SELECT format, sensor, kinds, count(*) AS files,
      list(path ORDER BY path)[1:${mostPaths}] AS paths, CAST(sum(read) AS HUGEINT) AS read,
      CAST(sum(duplicates) AS HUGEINT) AS duplicates, CAST(sum(rejected - not_used) AS HUGEINT) AS rejected, CAST(sum(not_used) AS HUGEINT) AS not_used
    FROM (${files}) f GROUP BY ALL ORDER BY format, sensor, kinds`)
  const counts = await store.rows<{
    format: string
    sensor: string
    kinds: string
    observation: string
    records: bigint
    low: bigint
    high: bigint
  }>(`SELECT r.format AS format, coalesce(n.text, '') AS sensor, ${kindsOf('r.source')} AS kinds, c.observation AS observation,
      CAST(sum(c.records) AS HUGEINT) AS records, min(c.first_ms) AS low, max(c.last_ms) AS high
    FROM source_counts c JOIN source_reads r ON r.source = c.source LEFT JOIN names n ON n.id = c.sensor AND c.sensor <> 0
    GROUP BY ALL ORDER BY observation`)
  return groups.map((group) => {
    const own = counts.filter(
      ({ format, sensor, kinds }) => format === group.format && sensor === group.sensor && kinds === group.kinds,
    )
    const sum = (observation?: string): bigint =>
      own.reduce((n, row) => (observation === undefined || row.observation === observation ? n + row.records : n), 0n)
    const last = own.length === 0 ? null : Number(own.reduce((high, row) => (row.high > high ? row.high : high), 0n))
    return {
      format: group.format,
      sensor: group.sensor,
      kinds: group.kinds,
      files: Number(group.files),
      paths: Array.isArray(group.paths) ? group.paths : [...group.paths.items],
      records: sum(),
      flows: sum('flow'),
      probes: sum('probe'),
      observations: Object.fromEntries(own.map(({ observation, records }) => [observation, records])),
      records_read: group.read,
      rejected: group.rejected,
      not_used: group.not_used,
      duplicates: group.duplicates,
      first_record_ms: own.length === 0 ? null : Math.min(...own.map(({ low }) => Number(low))),
      last_record_ms: last,
      lag_ms: last === null ? null : now_ms - last,
    }
  })
}

async function rejectedOf(store: Examined['store']): Promise<Rejected[]> {
  const rows = await store.rows<{
    reason: RejectReason
    records: bigint
    files: bigint
    path: string
    at: bigint
    sample: string
  }>(`SELECT j.reason AS reason, CAST(sum(j.records) AS HUGEINT) AS records, count(*) AS files,
      arg_max(s.path, j.records) AS path, arg_max(j."offset", j.records) AS at, arg_max(j.sample, j.records) AS sample
    FROM source_rejects j JOIN sources s ON s.id = j.source GROUP BY j.reason ORDER BY records DESC, reason`)
  return rows.map(({ reason, records, files, path, at, sample }) => ({
    reason,
    records,
    files: Number(files),
    example: at < 0n ? null : { path, offset: Number(at), sample },
  }))
}
