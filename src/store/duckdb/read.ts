/**
 * Reading back what was accepted: flows with what each adds beyond earlier records of its connection, and the context
 * records that may touch a span of time.
 */
import type { Columns } from '../../model/columns.ts'
import type { ColumnTable } from '../../model/observation.ts'
import type { ContextRow, ContextType } from '../store.ts'
import { physicalColumns, quoted, readColumns } from './column-io.ts'
import { contextTables } from './schema.ts'
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
const times = ['conn', 'start_ms', 'end_ms', 'available_ms', 'booked_before_ms']
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
 * it, with the growth of each running maximum. Records whose detail is gone still count as what came before.
 */
function longSegments(where: string): string {
  const growth = counts.map((name) => `greatest(0, ${name} - coalesce(max(${name}) OVER earlier, 0)) AS ${name}`)
  const known = ['bytes_out', 'bytes_in', 'bytes_out', 'bytes_out', 'packets_out', 'packets_in']
  const unknown = carried.map((name) => (name === 'uid' ? 'k.uid' : '0'))
  return `SELECT ${of('f', times)}, f.seg_start_ms, f.seg_end_ms, ${of('f', carried)}, ${of('f', counts)}, f.flows
    FROM (
      SELECT ${times.join(', ')}, coalesce(max(end_ms) OVER earlier, start_ms) AS seg_start_ms, end_ms AS seg_end_ms,
        ${carried.join(', ')}, ${growth.join(', ')}, purged,
        CASE WHEN bytes_out + bytes_in > 0 AND coalesce(max(bytes_out + bytes_in) OVER earlier, 0) = 0 THEN 1 ELSE 0 END AS flows
      FROM (
        SELECT ${of('f', times)}, ${of('f', carried)}, ${of('f', counts)}, false AS purged FROM flows f WHERE ${isLong}
        UNION ALL
        SELECT k.conn, k.start_ms, k.end_ms, 0, 0, ${unknown.join(', ')}, ${of('k', known)}, true
        FROM flow_keys k WHERE k.conn IN (SELECT conn FROM long_conns)
      ) s
      WINDOW earlier AS (PARTITION BY conn, start_ms // 1000 ORDER BY end_ms, bytes_out + bytes_in, bytes_out
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
    yield* readColumns(session.reader, flowsQuery(table, segments), table)
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
  const rows = await session.rows(
    `SELECT * FROM ${contextTables[type]} WHERE start_ms < ${to_ms} AND ${end} >= ${from_ms}`,
  )
  return rows.map((row) => ({
    address: (name) => ({ hi: row[`${name}_hi`] as bigint, lo: row[`${name}_lo`] as bigint }),
    time: (name) => (Number(row[name]) < 0 ? Number.NaN : Number(row[name])),
    number: (name) => Number(row[name]),
    count: (name) => row[name] as bigint,
    text: (name) => String(row[name]),
  }))
}
