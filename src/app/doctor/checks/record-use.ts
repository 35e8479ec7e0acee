/**
 * Which of the records that could name somebody met a flow of the examined days: leases, logins, transfers, jobs, NAT
 * bindings, by kind and by the format of their log. Meeting is less than naming: booking also weighs who else it may be.
 */
import { openEnds_ms } from '../../../model/context-record.ts'
import { mayBeOutside } from './address-sql.ts'
import { type Examined, endOf, touches } from './examined.ts'
import { type Homes, homesOf } from './homes.ts'
import { type Meeting, meetingsOf, slackMs } from './meeting.ts'
import { type UnmetRecord, unmetRecords } from './unmet-records.ts'

/**
 * Records of a kind that touch the examined days, and how many of them met a flow. Records whose peer is inside are left
 * out, as no flow at the border can meet them; what several records tell of one session counts once.
 */
export interface RecordUse extends Omit<Meeting, 'unmet'> {
  /** Rows of jobs on nodes whose address nobody configured, so that nothing can meet them. */
  without_address?: number
  /** The latest that met none. */
  unmatched: UnmetRecord[]
}

const any = '0::UBIGINT'
/** No host has it: the place of a record that nothing can meet. */
const nobody = '18446744073709551615::UBIGINT'
/** Port blocks are multiples of this; keys of blocks lie above all ports, that of all ports above them. */
const blockPorts = 64
const [blockKeys, allPortsKey] = [1 << 16, 1 << 20]

export async function recordUse(examined: Examined): Promise<RecordUse[]> {
  const { store, site } = examined
  const homes = await homesOf(store, site)
  const border = borderFlows(examined, homes)
  return [
    ...(await used(examined, 'lease', leases(examined), leasedFlows(examined))),
    ...(await used(examined, 'session', logins(examined, homes), border)),
    ...(await used(examined, 'transfer', transfers(examined, homes), border)),
    ...(await jobUse(examined, homes)),
    ...(await used(examined, 'nat', bindings(examined), translatedFlows(examined))),
  ]
}

async function used(
  { store }: Examined,
  type: Parameters<typeof unmetRecords>[1],
  records: string,
  flows: string,
): Promise<RecordUse[]> {
  const uses: RecordUse[] = []
  for (const { unmet, ...use } of await meetingsOf(store, records, flows)) {
    const table = type === 'lease' && use.kind !== 'lease' ? 'session' : type
    uses.push({ ...use, unmatched: await unmetRecords(store, table, unmet) })
  }
  return uses
}

/** SQL: bytes that count; a second sensor's are the same bytes again. */
const bytesOut = 'CASE WHEN f.corroborates = 0 THEN f.bytes_out ELSE 0 END AS bytes_out'

/** Border flows by peer and host, and by peer alone for logs that do not say on which host. */
function borderFlows({ detail: { from_ms, to_ms } }: Examined, { byAddress }: Homes): string {
  const flows = (
    home: string,
  ): string => `SELECT f.conn, f.peer_hi, f.peer_lo, ${home}, f.start_ms, f.end_ms, ${bytesOut}
    FROM flows f LEFT JOIN ${byAddress} a ON a.hi = f.inside_hi AND a.lo = f.inside_lo
    WHERE f.place = 0 AND f.start_ms < ${to_ms} AND f.end_ms >= ${from_ms}`
  const own = 'coalesce(a.home_hi, f.inside_hi) AS home_hi, coalesce(a.home_lo, f.inside_lo) AS home_lo'
  return `${flows(own)} UNION ALL ${flows(`${any}, ${any}`)}`
}

/** Leases and VPN sessions, each until the next of its address. */
function leases({ detail }: Examined): string {
  const given = `SELECT 'lease' AS kind, l.source, ${any} AS sid, l.rowid AS id, l.ip_hi AS peer_hi, l.ip_lo AS peer_lo,
      l.start_ms, ${endOf(openEnds_ms.lease, 'l')} AS end_ms FROM leases l WHERE ${touches(detail, openEnds_ms.lease, 'l')}
    UNION ALL SELECT 'vpn session', s.source, s.sid, s.id, s.assigned_hi, s.assigned_lo, s.start_ms, ${endOf(openEnds_ms.lease, 's')}
      FROM told_sessions s JOIN names k ON k.id = s.kind
      WHERE k.text = 'vpn' AND (s.assigned_hi <> 0 OR s.assigned_lo <> 0) AND ${touches(detail, openEnds_ms.lease, 's')}`
  return `SELECT kind, o.format AS format, sid, g.id AS id, peer_hi, peer_lo, ${any} AS home_hi, ${any} AS home_lo, start_ms,
      least(end_ms, lead(start_ms, 1, end_ms) OVER (PARTITION BY kind, o.format, peer_hi, peer_lo ORDER BY start_ms, g.id)) AS end_ms
    FROM (${given}) g JOIN sources o ON o.id = g.source`
}

/** Flows to leased addresses, at the moment they begin; those of IPv6 also by their /64, which may be leased whole. */
function leasedFlows({ detail: { from_ms, to_ms } }: Examined): string {
  const flows = (lo: string, where: string): string => `SELECT f.conn, f.peer_hi, ${lo} AS peer_lo, ${any} AS home_hi,
      ${any} AS home_lo, f.start_ms, f.start_ms AS end_ms, ${bytesOut}
    FROM flows f WHERE f.pool > 0 AND f.start_ms >= ${from_ms} AND f.start_ms < ${to_ms}${where}`
  return `${flows('f.peer_lo', '')} UNION ALL ${flows(any, ' AND f.peer_hi <> 0')}`
}

/** SQL: the host of a record of `alias` by its address, else by its name; any where it says neither. */
function homeOf(alias: string): string {
  const half = (name: string): string =>
    `CASE WHEN ${alias}.host_hi = 0 AND ${alias}.host_lo = 0 THEN coalesce(n.home_${name}, 0)
      ELSE coalesce(a.home_${name}, ${alias}.host_${name}) END AS home_${name}`
  return `${half('hi')}, ${half('lo')}`
}

function joinHomes(alias: string, { byAddress, byName }: Homes): string {
  return `LEFT JOIN ${byName} n ON n.name = ${alias}.host_name
    LEFT JOIN ${byAddress} a ON a.hi = ${alias}.host_hi AND a.lo = ${alias}.host_lo`
}

function logins({ detail, site }: Examined, homes: Homes): string {
  return `SELECT k.text || ' session' AS kind, o.format AS format, s.sid, s.id, s.peer_hi, s.peer_lo, ${homeOf('s')}, s.start_ms,
      ${endOf(openEnds_ms.session, 's')} AS end_ms
    FROM told_sessions s JOIN names k ON k.id = s.kind JOIN sources o ON o.id = s.source ${joinHomes('s', homes)}
    WHERE k.text <> 'vpn' AND ${touches(detail, openEnds_ms.session, 's')} AND ${mayBeOutside('s.peer', site)}`
}

function transfers({ detail, site }: Examined, homes: Homes): string {
  return `SELECT 'outgoing transfer' AS kind, o.format AS format, ${any} AS sid, t.id, t.peer_hi, t.peer_lo, ${homeOf('t')},
      t.start_ms, ${endOf(0, 't')} AS end_ms
    FROM told_transfers t JOIN names d ON d.id = t.direction JOIN sources o ON o.id = t.source ${joinHomes('t', homes)}
    WHERE d.text = 'out' AND ${touches(detail, 0, 't')} AND ${mayBeOutside('t.peer', site)}`
}

/** Jobs by node, each of which must have a known address; also by flows that a NAT binding leads back to the node. */
async function jobUse(examined: Examined, homes: Homes): Promise<RecordUse[]> {
  const { store, detail } = examined
  const jobs = `FROM jobs j JOIN sources o ON o.id = j.source LEFT JOIN ${homes.byName} n ON n.name = j.node
    WHERE ${touches(detail, openEnds_ms.job, 'j')}`
  const uses = await used(
    examined,
    'job',
    `SELECT 'job' AS kind, o.format AS format, ${any} AS sid, j.rowid AS id, ${any} AS peer_hi, ${any} AS peer_lo,
      coalesce(n.home_hi, ${nobody}) AS home_hi, coalesce(n.home_lo, ${nobody}) AS home_lo, j.start_ms,
      ${endOf(openEnds_ms.job, 'j')} AS end_ms ${jobs}`,
    `SELECT conn, ${any} AS peer_hi, ${any} AS peer_lo, home_hi, home_lo, start_ms, end_ms, bytes_out
      FROM (${borderFlows(examined, homes)} UNION ALL ${flowsBehindNat(examined, homes)}) f WHERE home_hi <> 0 OR home_lo <> 0`,
  )
  const placeless = await store.rows<{ format: string; n: bigint }>(
    `SELECT o.format AS format, count(*) AS n ${jobs} AND n.name IS NULL GROUP BY o.format`,
  )
  return uses.map((use) => ({
    ...use,
    without_address: Number(placeless.find(({ format }) => format === use.format)?.n ?? 0),
  }))
}

/** NAT bindings by outside address and port, each until the next of them; a block stands under all groups of its ports. */
function heldBindings({ detail }: Examined): string {
  const keys = `CASE WHEN b.outside_port = 0 THEN [${allPortsKey}]
    WHEN b.outside_port_last <= b.outside_port THEN [CAST(b.outside_port AS BIGINT)]
    ELSE list_transform(range(b.outside_port // ${blockPorts}, b.outside_port_last // ${blockPorts} + 1), g -> g + ${blockKeys}) END`
  return `SELECT b.* REPLACE (least(b.end_ms, lead(b.start_ms, 1, b.end_ms)
        OVER (PARTITION BY outside_hi, outside_lo, port_key ORDER BY b.start_ms, id)) AS end_ms), b.end_ms AS stated_end_ms
    FROM (SELECT b.rowid AS id, b.source, b.inside_hi, b.inside_lo, b.outside_hi, b.outside_lo, b.start_ms,
        ${endOf(openEnds_ms.nat, 'b')} AS end_ms, unnest(${keys}) AS port_key
      FROM nat_bindings b WHERE ${touches(detail, openEnds_ms.nat, 'b')}) b`
}

/** A binding of a moment is how a log tells of an end: it is none that could meet anything. */
function bindings(examined: Examined): string {
  return `SELECT 'NAT binding' AS kind, o.format AS format, ${any} AS sid, b.id, b.outside_hi AS peer_hi, b.outside_lo AS peer_lo,
      ${any} AS home_hi, CAST(b.port_key AS UBIGINT) AS home_lo, b.start_ms, b.end_ms
    FROM (${heldBindings(examined)}) b JOIN sources o ON o.id = b.source WHERE b.stated_end_ms > b.start_ms`
}

/** Flows of outside addresses of NAT gateways at the moment they begin, by each key that a binding may have. */
function translatedFlows({ detail: { from_ms, to_ms } }: Examined): string {
  const keys = `[CAST(f.inside_port AS BIGINT), f.inside_port // ${blockPorts} + ${blockKeys}, ${allPortsKey}]`
  return `SELECT f.conn, f.inside_hi AS peer_hi, f.inside_lo AS peer_lo, ${any} AS home_hi, CAST(unnest(${keys}) AS UBIGINT) AS home_lo,
      f.start_ms, f.start_ms AS end_ms, ${bytesOut}
    FROM flows f WHERE f.place = 0 AND f.start_ms >= ${from_ms} AND f.start_ms < ${to_ms}
      AND (f.inside_hi, f.inside_lo) IN (SELECT (outside_hi, outside_lo) FROM nat_bindings)`
}

/** The same flows at the host behind: by the binding that began last. */
function flowsBehindNat(examined: Examined, { byAddress }: Homes): string {
  return `SELECT f.conn, ${any}, ${any}, coalesce(a.home_hi, b.inside_hi), coalesce(a.home_lo, b.inside_lo), f.start_ms, f.end_ms, f.bytes_out
    FROM (${translatedFlows(examined)}) f ASOF JOIN (${heldBindings(examined)}) b
      ON b.outside_hi = f.peer_hi AND b.outside_lo = f.peer_lo AND CAST(b.port_key AS UBIGINT) = f.home_lo
        AND f.start_ms + ${slackMs} >= b.start_ms
    LEFT JOIN ${byAddress} a ON a.hi = b.inside_hi AND a.lo = b.inside_lo
    WHERE f.start_ms <= b.end_ms + ${slackMs}`
}
