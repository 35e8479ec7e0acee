/**
 * How much of what crossed the border has a name, by which join, and which of the records that could give one did.
 * Shares are of the whole books; what joined is asked over the examined days of flow detail.
 */

import { formatHalves } from '../../../model/address.ts'
import { methods } from '../../../model/label.ts'
import { type HostRole, hostRoles } from '../../../model/site.ts'
import { dayMs } from '../../../model/window.ts'
import { type Examined, endOf, touches } from './examined.ts'

export interface Named {
  bytes_out: bigint
  /** Transfer logs name bytes and no flows, so these can be fewer than the bytes suggest. */
  flows: bigint
}

export const namedFields = ['account', 'project', 'vault', 'gateway'] as const

export interface JoinFacts {
  total: Named
  named: Record<(typeof namedFields)[number], Named>
  /** Bytes with an account that is not named because another fits as well. */
  doubtful: Named
  by_method: { method: string; bytes_out: bigint; bytes_in: bigint; flows: bigint }[]
  /** Bounds of bytes_out, for records that are incomplete. */
  bytes_out_lo: bigint
  bytes_out_hi: bigint
  /** Hosts and services from which most of the bytes without an account left. */
  unnamed: { host: string; role: HostRole; service: string; bytes_out: bigint }[]
  /** What is behind leased addresses without a lease. */
  unleased: { addresses: number; bytes_out: bigint; flows: bigint; gateways: string[]; examples: string[] }
  use: RecordUse[]
  skew: LoginSkew[]
}

/** Records of a kind that touch the examined days, and how many of them met a flow. */
export interface RecordUse {
  kind: string
  records: number
  used: number
}

/** How far the clock of a login log is from the sensor's, over logins whose connection was seen. */
export interface LoginSkew {
  path: string
  logins: number
  /** Median of login time − flow start, in ms. */
  skew_ms: number
  /** Logins farther apart than the join allows. */
  apart: number
}

const openLeaseMs = dayMs
const openJobMs = 30 * dayMs
const slackMs = 5_000
const skewSearchMs = 2 * 3_600_000

export async function joinsOf(examined: Examined): Promise<JoinFacts> {
  const { store } = examined
  const named = namedFields.map(
    (name) => `CAST(coalesce(sum(p.bytes_out) FILTER (WHERE l.${name} <> 0), 0) AS HUGEINT) AS ${name}_bytes,
      CAST(coalesce(sum(p.flows) FILTER (WHERE l.${name} <> 0), 0) AS HUGEINT) AS ${name}_flows`,
  )
  const sum = (name: string, where = ''): string =>
    `CAST(coalesce(sum(p.${name})${where === '' ? '' : ` FILTER (WHERE ${where})`}, 0) AS HUGEINT)`
  const doubtful = 'l.account = 0 AND l.confidence > 0'
  const [row] = await store.rows<Record<string, bigint>>(`SELECT ${named.join(', ')},
      ${sum('bytes_out')} AS bytes_out, ${sum('flows')} AS flows, ${sum('bytes_out_lo')} AS lo, ${sum('bytes_out_hi')} AS hi,
      ${sum('bytes_out', doubtful)} AS doubtful_bytes, ${sum('flows', doubtful)} AS doubtful_flows
    FROM pair_days p JOIN labels l ON l.id = p.label`)
  const byMethod = await store.rows<{ method: number; bytes_out: bigint; bytes_in: bigint; flows: bigint }>(
    `SELECT l.method AS method, ${sum('bytes_out')} AS bytes_out, ${sum('bytes_in')} AS bytes_in, ${sum('flows')} AS flows
      FROM pair_days p JOIN labels l ON l.id = p.label GROUP BY l.method ORDER BY bytes_out DESC, method`,
  )
  return {
    total: { bytes_out: row.bytes_out, flows: row.flows },
    named: Object.fromEntries(
      namedFields.map((name) => [name, { bytes_out: row[`${name}_bytes`], flows: row[`${name}_flows`] }]),
    ) as JoinFacts['named'],
    doubtful: { bytes_out: row.doubtful_bytes, flows: row.doubtful_flows },
    by_method: byMethod.map(({ method, ...sums }) => ({ method: methods[method], ...sums })),
    bytes_out_lo: row.lo,
    bytes_out_hi: row.hi,
    unnamed: await unnamed(store),
    unleased: await unleased(store),
    use: [
      ...(await leaseUse(examined)),
      ...(await sessionUse(examined)),
      ...(await transferUse(examined)),
      ...(await jobUse(examined)),
    ],
    skew: await loginSkew(examined),
  }
}

async function unnamed(store: Examined['store']): Promise<JoinFacts['unnamed']> {
  const rows = await store.rows<{ host: string; role: number; service: string; bytes_out: bigint }>(
    `SELECT h.text AS host, a.role AS role, s.text AS service,
        CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN addresses a ON a.id = p.inside
      JOIN names h ON h.id = a.host JOIN names s ON s.id = p.service
      WHERE l.account = 0 GROUP BY ALL HAVING sum(p.bytes_out) > 0 ORDER BY bytes_out DESC, host, service LIMIT 5`,
  )
  return rows.map(({ role, ...row }) => ({ ...row, role: hostRoles[role] }))
}

/** A pool's gateway without a method: the address is leased, and no lease says to whom. */
async function unleased(store: Examined['store']): Promise<JoinFacts['unleased']> {
  const rows = await store.rows<{ hi: bigint; lo: bigint; gateway: string; bytes_out: bigint; flows: bigint }>(
    `SELECT p.peer_hi AS hi, p.peer_lo AS lo, g.text AS gateway, CAST(sum(p.bytes_out) AS HUGEINT) AS bytes_out,
        CAST(sum(p.flows) AS HUGEINT) AS flows
      FROM pair_days p JOIN labels l ON l.id = p.label JOIN names g ON g.id = l.gateway
      WHERE l.gateway <> 0 AND l.method = 0 GROUP BY ALL HAVING sum(p.bytes_out + p.bytes_in) > 0
      ORDER BY bytes_out DESC, hi, lo`,
  )
  return {
    addresses: rows.length,
    bytes_out: rows.reduce((total, row) => total + row.bytes_out, 0n),
    flows: rows.reduce((total, row) => total + row.flows, 0n),
    gateways: [...new Set(rows.map(({ gateway }) => gateway))],
    examples: rows.slice(0, 3).map(({ hi, lo }) => formatHalves(hi, lo)),
  }
}

/** Leases and VPN sessions; a flow belongs to the one of its address that began last, as in booking. */
async function leaseUse({ store, detail }: Examined): Promise<RecordUse[]> {
  const given = `SELECT 'lease' AS kind, rowid AS id, ip_hi, ip_lo, start_ms, ${endOf(openLeaseMs)} AS end_ms
      FROM leases WHERE ${touches(detail, openLeaseMs)}
    UNION ALL SELECT 'vpn session', s.id, s.assigned_hi, s.assigned_lo, s.start_ms, ${endOf(openLeaseMs, 's')}
      FROM told_sessions s JOIN names k ON k.id = s.kind
      WHERE k.text = 'vpn' AND (s.assigned_hi <> 0 OR s.assigned_lo <> 0) AND ${touches(detail, openLeaseMs, 's')}`
  return store
    .rows<{ kind: string; records: bigint; used: bigint }>(`WITH given AS (${given}),
      met AS (
        SELECT DISTINCT g.kind, g.id FROM (
          SELECT peer_hi, peer_lo, start_ms, start_ms + ${slackMs} AS by_ms FROM flows
          WHERE pool > 0 AND start_ms >= ${detail.from_ms} AND start_ms < ${detail.to_ms}
        ) f ASOF JOIN given g ON f.peer_hi = g.ip_hi AND f.peer_lo = g.ip_lo AND f.by_ms >= g.start_ms
        WHERE f.start_ms <= g.end_ms + ${slackMs}
      )
    SELECT g.kind AS kind, count(*) AS records, count(m.id) AS used
    FROM given g LEFT JOIN met m ON m.kind = g.kind AND m.id = g.id GROUP BY g.kind ORDER BY g.kind`)
    .then(counted)
}

const sameHost = '((s.host_hi = 0 AND s.host_lo = 0) OR (s.host_hi = f.inside_hi AND s.host_lo = f.inside_lo))'
const overlaps = (open_ms: number): string =>
  `f.start_ms <= ${endOf(open_ms, 's')} + ${slackMs} AND f.end_ms >= s.start_ms - ${slackMs}`

const samePeer = 'f.peer_hi = s.peer_hi AND f.peer_lo = s.peer_lo'

/** SQL: border flows of the examined days. A plain join on addresses: the engine runs semi joins with ranges as loops. */
function flowsIn({ from_ms, to_ms }: Examined['detail']): string {
  return `f.place = 0 AND f.start_ms < ${to_ms} AND f.end_ms >= ${from_ms}`
}

/** Logins by peer, host and time. Hosts that a log knows by name alone may be any. */
async function sessionUse({ store, detail }: Examined): Promise<RecordUse[]> {
  const given = `SELECT k.text || ' session' AS kind, s.* EXCLUDE (kind) FROM told_sessions s JOIN names k ON k.id = s.kind
    WHERE k.text <> 'vpn' AND ${touches(detail, openLeaseMs, 's')}`
  return store
    .rows<{ kind: string; records: bigint; used: bigint }>(
      `WITH s AS (${given}),
        met AS (SELECT DISTINCT s.id AS id FROM s JOIN flows f ON ${samePeer}
          WHERE ${flowsIn(detail)} AND ${sameHost} AND ${overlaps(openLeaseMs)})
      SELECT s.kind AS kind, count(*) AS records, count(m.id) AS used FROM s LEFT JOIN met m ON m.id = s.id
      GROUP BY s.kind ORDER BY s.kind`,
    )
    .then(counted)
}

/** Transfers out, by peer, host and time. */
async function transferUse({ store, detail }: Examined): Promise<RecordUse[]> {
  return store
    .rows<{ kind: string; records: bigint; used: bigint }>(
      `WITH s AS (SELECT t.* FROM told_transfers t JOIN names d ON d.id = t.direction
          WHERE d.text = 'out' AND ${touches(detail, 0, 't')}),
        met AS (SELECT DISTINCT s.id AS id FROM s JOIN flows f ON ${samePeer}
          WHERE ${flowsIn(detail)} AND ${sameHost} AND ${overlaps(0)})
      SELECT 'outgoing transfer' AS kind, count(*) AS records, count(m.id) AS used FROM s LEFT JOIN met m ON m.id = s.id
      HAVING count(*) > 0`,
    )
    .then(counted)
}

/** Jobs on nodes whose address the configuration gives. */
async function jobUse({ store, detail, site }: Examined): Promise<RecordUse[]> {
  const nodes = await store.rows<{ id: number; name: string }>(
    `SELECT DISTINCT n.id AS id, n.text AS name FROM jobs j JOIN names n ON n.id = j.node WHERE ${touches(detail, openJobMs, 'j')}`,
  )
  if (nodes.length === 0) return []
  const label = (name: string): string => name.toLowerCase().split('.')[0]
  const known = new Map(site.hosts.map((host) => [label(host.name), host.addresses]))
  const values = nodes.flatMap(({ id, name }) =>
    (known.get(label(name)) ?? []).map(({ words }) => {
      const half = (i: number): bigint => (BigInt(words[i]) << 32n) | BigInt(words[i + 1])
      return `(${id}, ${half(0)}::UBIGINT, ${half(2)}::UBIGINT)`
    }),
  )
  const places = values.length > 0 ? `(VALUES ${values.join(',')})` : '(SELECT 0, 0::UBIGINT, 0::UBIGINT WHERE false)'
  return store
    .rows<{ kind: string; records: bigint; used: bigint }>(
      `WITH s AS (SELECT j.rowid AS id, j.* FROM jobs j WHERE ${touches(detail, openJobMs, 'j')}),
        places AS (SELECT * FROM ${places} v(node, hi, lo)),
        met AS (
          SELECT DISTINCT s.id AS id FROM s JOIN places v ON v.node = s.node
          JOIN flows f ON f.inside_hi = v.hi AND f.inside_lo = v.lo WHERE ${flowsIn(detail)} AND ${overlaps(openJobMs)}
        )
      SELECT 'job' AS kind, count(*) AS records, count(m.id) AS used FROM s LEFT JOIN met m ON m.id = s.id`,
    )
    .then(counted)
}

/**
 * SSH logins with the port of their connection name one flow each, however far the clocks are apart: the nearest flow of
 * that peer and port within two hours.
 */
async function loginSkew({ store, detail }: Examined): Promise<LoginSkew[]> {
  const rows = await store.rows<{ path: string; logins: bigint; skew: number; apart: bigint }>(`WITH pairs AS (
      SELECT s.source AS source, s.id AS id, min_by(s.start_ms - f.start_ms, abs(s.start_ms - f.start_ms)) AS apart_ms
      FROM told_sessions s JOIN names k ON k.id = s.kind
      JOIN flows f ON ${samePeer} AND f.peer_port = s.peer_port
      WHERE ${flowsIn(detail)} AND k.text = 'ssh' AND s.peer_port > 0 AND ${sameHost}
        AND abs(s.start_ms - f.start_ms) <= ${skewSearchMs}
      GROUP BY s.source, s.id
    )
    SELECT o.path AS path, count(*) AS logins, CAST(median(apart_ms) AS DOUBLE) AS skew,
      count(*) FILTER (WHERE abs(apart_ms) > ${slackMs}) AS apart
    FROM pairs p JOIN sources o ON o.id = p.source GROUP BY o.path ORDER BY abs(skew) DESC, path`)
  return rows.map(({ path, logins, skew, apart }) => ({
    path,
    logins: Number(logins),
    skew_ms: Math.round(skew),
    apart: Number(apart),
  }))
}

function counted(rows: { kind: string; records: bigint; used: bigint }[]): RecordUse[] {
  return rows.map(({ kind, records, used }) => ({ kind, records: Number(records), used: Number(used) }))
}
