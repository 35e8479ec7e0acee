/**
 * Reading back what was accepted: flows with what each adds beyond earlier records of its connection, and the context
 * records that may touch a span of time.
 */
import type { Columns } from '../../model/columns.ts'
import { clockSlackMs, openEnds_ms } from '../../model/context-record.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { dayMs } from '../../model/window.ts'
import type { ContextRow, ContextType } from '../store.ts'
import { physicalColumns, quoted } from './column-io.ts'
import { toldTables } from './schema.ts'
import type { Session } from './session.ts'

const counts = ['bytes_out', 'bytes_in', 'bytes_out_lo', 'bytes_out_hi', 'packets_out', 'packets_in'] as const

const carried = [
  'place',
  'sensor',
  'inside_hi',
  'inside_lo',
  'peer_hi',
  'peer_lo',
  'inside_port',
  'peer_port',
  'service',
  'pool',
  'client_fp',
  'uid',
  'run',
  'source',
  '"offset"',
]
const times = ['conn', 'start_ms', 'end_ms', 'available_ms', 'booked_before_ms', 'corroborates', 'late']
const isLong = 'f.conn IN (SELECT conn FROM long_conns)'
const of = (alias: string, names: readonly string[]): string => names.map((name) => `${alias}.${name}`).join(', ')

/** Connections that were logged once: each record is one segment. */
function plainSegments(where: string): string {
  return `SELECT ${of('f', times)}, f.start_ms AS seg_start_ms, f.end_ms AS seg_end_ms, ${of('f', carried)}, ${of('f', counts)},
      CASE WHEN f.bytes_out + f.bytes_in > 0 THEN 1 ELSE 0 END AS flows
    FROM flows f WHERE ${where} AND NOT ${isLong}`
}

/**
 * Connections that were logged again and again with growing totals: each record is the segment since the record before
 * it, with the growth of each running maximum. Records whose detail is gone still count as what came before; those that
 * came too late to stand in their place (`late`) come last, and then have no time of their own.
 */
function longSegments(where: string): string {
  const growth = counts.map((name) => `greatest(0, ${name} - coalesce(max(${name}) OVER earlier, 0)) AS ${name}`)
  const unknown = carried.map((name) => (name === 'uid' ? 'k.uid' : '0'))
  return `SELECT ${of('f', times)}, f.seg_start_ms, f.seg_end_ms, ${of('f', carried)}, ${of('f', counts)}, f.flows
    FROM (
      SELECT ${times.join(', ')}, least(end_ms, coalesce(max(end_ms) OVER earlier, start_ms)) AS seg_start_ms, end_ms AS seg_end_ms,
        ${carried.join(', ')}, ${growth.join(', ')}, purged,
        CASE WHEN bytes_out + bytes_in > 0 AND coalesce(max(bytes_out + bytes_in) OVER earlier, 0) = 0 THEN 1 ELSE 0 END AS flows
      FROM (
        SELECT ${of('f', times)}, ${of('f', carried)}, ${of('f', counts)}, false AS purged FROM flows f WHERE ${isLong}
        UNION ALL
        SELECT k.conn, k.start_ms, k.end_ms, 0, 0, k.corroborates, k.late, ${unknown.join(', ')}, ${of('k', counts)}, true
        FROM flow_keys k WHERE k.conn IN (SELECT conn FROM long_conns)
      ) s
      WINDOW earlier AS (PARTITION BY conn, corroborates, start_ms // 1000 ORDER BY late, end_ms, bytes_out + bytes_in, bytes_out
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) f WHERE NOT f.purged AND ${where}`
}

/** Segments with their fingerprint: the flow's own, else of its uid the most telling (ssh, then ssl, then http). */
function flowsQuery(table: ColumnTable, segments: string): string {
  const columns = physicalColumns(table).map(({ name, sql }) => {
    if (name === 'client_fp')
      return 'CAST(CASE WHEN x.client_fp > 0 THEN x.client_fp ELSE coalesce(p.fp, 0) END AS INTEGER) AS client_fp'
    return `CAST(x.${quoted(name)} AS ${sql}) AS ${quoted(name)}`
  })
  return `SELECT ${columns.join(', ')} FROM (${segments}) x
    LEFT JOIN (
      SELECT uid, arg_min(client_fp, rank) AS fp FROM (
        SELECT b.uid AS uid, b.client_fp AS client_fp,
          (CASE k.text WHEN 'ssh' THEN '0' WHEN 'ssl' THEN '1' ELSE '2' END) || t.text AS rank
        FROM fingerprints b JOIN names k ON k.id = b.kind JOIN names t ON t.id = b.client_fp
        WHERE b.client_fp > 0 AND b.uid <> 0
      ) r GROUP BY uid
    ) p ON p.uid = x.uid`
}

/**
 * Flows that touch [from_ms, to_ms). On the session's second connection: a stream does not survive other statements on
 * its own. Two streams, one after the other: a streamed UNION ALL never gets to its second half (DuckDB 1.5).
 */
export async function* readFlows<T extends ColumnTable>(
  session: Session,
  table: T,
  from_ms: number,
  to_ms: number,
  also = 'true',
): AsyncGenerator<Columns<T>> {
  const where = `f.start_ms < ${to_ms} AND f.end_ms >= ${from_ms} AND ${also}`
  for (const segments of [plainSegments(where), longSegments(where)])
    yield* session.read(flowsQuery(table, segments), table)
}

/** What each of a run's sources brought to the border: growth only, so that long connections count once. */
export async function sourceBytes(
  session: Session,
  run: number,
): Promise<{ source: number; bytes_out: bigint; bytes_in: bigint }[]> {
  return session.rows(`SELECT source, CAST(sum(bytes_out) AS HUGEINT) AS bytes_out, CAST(sum(bytes_in) AS HUGEINT) AS bytes_in
    FROM (${plainSegments(`f.run = ${run}`)} UNION ALL ${longSegments(`f.run = ${run}`)}) x WHERE place = 0 GROUP BY source ORDER BY source`)
}

/** Context rows whose span touches [from_ms, to_ms); rows without an end are taken to last `open_ms`. */
export async function readContext(
  session: Session,
  type: ContextType,
  from_ms: number,
  to_ms: number,
  open_ms: number,
): Promise<ContextRow[]> {
  const end = type === 'fingerprint' ? 'start_ms' : `(CASE WHEN end_ms < 0 THEN start_ms + ${open_ms} ELSE end_ms END)`
  return contextRows(session, `SELECT * FROM ${toldTables[type]} WHERE start_ms < ${to_ms} AND ${end} >= ${from_ms}`)
}

/**
 * Leases, sessions or jobs that may label flows which reach into [from_ms, to_ms) from before it, or out of it: those of
 * the same peer, leased address or node, whenever such a flow was.
 */
export async function readCrossingContext(
  session: Session,
  type: keyof typeof openEnds_ms,
  from_ms: number,
  to_ms: number,
): Promise<ContextRow[]> {
  const crossing = `SELECT DISTINCT peer_hi, peer_lo, inside_hi, inside_lo, start_ms, end_ms FROM flows
    WHERE place = 0 AND start_ms < ${to_ms} AND end_ms >= ${from_ms} AND (start_ms < ${from_ms} OR end_ms >= ${to_ms})`
  /* an open lease ends at the next one of its address, so those of the day before matter as well */
  const overlap = `c.start_ms - ${clockSlackMs} <= f.end_ms
    AND greatest(c.end_ms, c.start_ms + ${openEnds_ms[type]}) + ${clockSlackMs} >= f.start_ms`
  const label = (alias: string): string => `lower(split_part(${alias}.text, '.', 1))`
  const joins = {
    session: [
      'JOIN f ON c.peer_hi = f.peer_hi AND c.peer_lo = f.peer_lo',
      'JOIN f ON c.assigned_hi = f.peer_hi AND c.assigned_lo = f.peer_lo',
    ],
    nat: ['JOIN f ON c.outside_hi = f.inside_hi AND c.outside_lo = f.inside_lo'],
    lease: ['JOIN f ON c.ip_hi = f.peer_hi AND c.ip_lo = f.peer_lo'],
    job: [
      `JOIN names n ON n.id = c.node JOIN (
        SELECT f.*, ${label('h')} AS label FROM f JOIN addresses a ON a.hi = f.inside_hi AND a.lo = f.inside_lo
        JOIN names h ON h.id = a.host
      ) f ON f.label = ${label('n')}`,
    ],
  }[type]
  const parts = joins.map((join) => `SELECT c.* FROM ${toldTables[type]} c ${join} WHERE ${overlap}`)
  return contextRows(session, `WITH f AS (${crossing}) ${parts.join(' UNION ')}`)
}

/** The inside addresses of flows that cross the borders of the span. */
export function crossingInsides(
  session: Session,
  from_ms: number,
  to_ms: number,
): Promise<{ hi: bigint; lo: bigint }[]> {
  return session.rows(`SELECT DISTINCT inside_hi AS hi, inside_lo AS lo FROM flows
    WHERE place = 0 AND start_ms < ${to_ms} AND end_ms >= ${from_ms} AND (start_ms < ${from_ms} OR end_ms >= ${to_ms})`)
}

async function contextRows(session: Session, sql: string): Promise<ContextRow[]> {
  return (await session.rows(sql)).map((row) => new SqlRow(row))
}

class SqlRow implements ContextRow {
  readonly #row: Record<string, unknown>

  constructor(row: Record<string, unknown>) {
    this.#row = row
  }

  address(name: string): { hi: bigint; lo: bigint } {
    return { hi: this.#row[`${name}_hi`] as bigint, lo: this.#row[`${name}_lo`] as bigint }
  }

  time(name: string): number {
    const ms = Number(this.#row[name])
    return ms < 0 ? Number.NaN : ms
  }

  number(name: string): number {
    return Number(this.#row[name])
  }

  count(name: string): bigint {
    return this.#row[name] as bigint
  }

  text(name: string): string {
    return String(this.#row[name])
  }
}

/** By sensor and day, first start and last end. */
export async function flowCoverage(
  session: Session,
  from_ms: number,
  to_ms: number,
): Promise<{ sensor: number; from_ms: number; to_ms: number }[]> {
  const rows = await session.rows<{
    sensor: number
    low: bigint
    high: bigint
  }>(`SELECT sensor, min(start_ms) AS low, max(end_ms) AS high
      FROM flows WHERE start_ms < ${to_ms} AND end_ms >= ${from_ms} GROUP BY sensor, start_ms // ${dayMs}`)
  return rows.map(({ sensor, low, high }) => ({ sensor, from_ms: Number(low), to_ms: Number(high) }))
}
