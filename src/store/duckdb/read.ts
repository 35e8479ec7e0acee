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

/**
 * The accepted records as segments. A connection that was logged once is one segment; of one logged again and again
 * with growing totals, each record is the segment since the record before it, with the growth of each running maximum.
 */
function segments(where: string): string {
  const plain = counts.map((name) => `f.${name} AS ${name}`).join(', ')
  const growth = counts
    .map((name) => `greatest(0, ${name} - coalesce(max(${name}) OVER earlier, 0)) AS ${name}`)
    .join(', ')
  const carried =
    'place, sensor, inside_hi, inside_lo, peer_hi, peer_lo, inside_port, peer_port, service, pool, client_fp, uid, run, source, "offset"'
  const carriedFrom = carried
    .split(', ')
    .map((name) => `f.${name}`)
    .join(', ')
  return `
    SELECT f.conn AS conn, f.start_ms AS seg_start_ms, f.end_ms AS seg_end_ms, f.start_ms AS start_ms, f.end_ms AS end_ms,
      f.available_ms AS available_ms, f.booked_before_ms AS booked_before_ms, ${carriedFrom}, ${plain},
      CASE WHEN f.bytes_out + f.bytes_in > 0 THEN 1 ELSE 0 END AS flows
    FROM flows f WHERE ${where} AND f.conn NOT IN (SELECT conn FROM long_conns)
    UNION ALL
    SELECT * EXCLUDE (purged) FROM (
      SELECT conn, coalesce(max(end_ms) OVER earlier, start_ms) AS seg_start_ms, end_ms AS seg_end_ms, start_ms, end_ms,
        available_ms, booked_before_ms, ${carried}, ${growth},
        CASE WHEN bytes_out + bytes_in > 0 AND coalesce(max(bytes_out + bytes_in) OVER earlier, 0) = 0 THEN 1 ELSE 0 END AS flows,
        purged
      FROM (
        SELECT f.conn, f.start_ms, f.end_ms, f.available_ms, f.booked_before_ms, ${carriedFrom}, ${plain}, false AS purged
        FROM flows f WHERE f.conn IN (SELECT conn FROM long_conns)
        UNION ALL
        SELECT k.conn, k.start_ms, k.end_ms, 0, 0, ${carried
          .split(', ')
          .map((name) => (name === 'uid' ? 'k.uid' : `0`))
          .join(', ')},
          k.bytes_out, k.bytes_in, k.bytes_out, k.bytes_out, k.packets_out, k.packets_in, true
        FROM flow_keys k WHERE k.conn IN (SELECT conn FROM long_conns)
      ) s
      WINDOW earlier AS (PARTITION BY conn, start_ms // 1000 ORDER BY end_ms, bytes_out + bytes_in, bytes_out
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) f WHERE NOT purged AND ${where}`
}

export function flowsQuery(table: ColumnTable, from_ms: number, to_ms: number, also = 'true'): string {
  const where = `f.start_ms < ${to_ms} AND f.end_ms >= ${from_ms} AND ${also}`
  const columns = physicalColumns(table).map(({ name, sql }) => {
    if (name === 'client_fp')
      return 'CAST(CASE WHEN x.client_fp > 0 THEN x.client_fp ELSE coalesce(p.fp, 0) END AS INTEGER) AS client_fp'
    return `CAST(x.${quoted(name)} AS ${sql}) AS ${quoted(name)}`
  })
  /* of several fingerprints of one connection the most telling: ssh, then ssl, then http; of equals the first by text */
  return `SELECT ${columns.join(', ')} FROM (${segments(where)}) x
    LEFT JOIN (
      SELECT uid, arg_min(client_fp, rank) AS fp FROM (
        SELECT b.uid AS uid, b.client_fp AS client_fp, (CASE k.text WHEN 'ssh' THEN '0' WHEN 'ssl' THEN '1' ELSE '2' END) || t.text AS rank
        FROM fingerprints b JOIN names k ON k.id = b.kind JOIN names t ON t.id = b.client_fp
        WHERE b.client_fp > 0 AND b.uid <> 0
      ) r GROUP BY uid
    ) p ON p.uid = x.uid AND x.uid <> 0`
}

/** On the session's second connection: a stream does not survive other statements on its own. */
export function readFlows<T extends ColumnTable>(
  session: Session,
  table: T,
  from_ms: number,
  to_ms: number,
  also?: string,
): AsyncGenerator<Columns<T>> {
  return readColumns(session.reader, flowsQuery(table, from_ms, to_ms, also), table)
}

/** What each of a run's sources brought to the border: growth only, so that long connections count once. */
export async function sourceBytes(
  session: Session,
  run: number,
): Promise<{ source: number; bytes_out: bigint; bytes_in: bigint }[]> {
  return session.rows(`SELECT source, CAST(sum(bytes_out) AS HUGEINT) AS bytes_out, CAST(sum(bytes_in) AS HUGEINT) AS bytes_in
    FROM (${segments(`f.run = ${run}`)}) x WHERE place = 0 GROUP BY source ORDER BY source`)
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
