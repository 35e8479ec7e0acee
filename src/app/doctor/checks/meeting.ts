/**
 * Which records met a flow, as one question to the engine for each kind of record: records and flows are reduced to a
 * place (two addresses, 0 = any) and a span of time. Never every record against every flow: for each place the latest end
 * of all that began before is kept, so that one look back tells whether anything overlaps, however busy a peer is.
 */
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'

/** Records of a kind and format, and how many of them met a flow. */
export interface Meeting {
  kind: string
  format: string
  records: number
  used: number
  /** What left in the flows they met, each flow once; over the examined days. */
  bytes_out: bigint
  /** Row ids of the latest that met none. */
  unmet: string[]
}

/** Clocks of a log and of the sensor may differ by this much, as in booking. */
export const slackMs = 5_000
/** Records of one session that begin within this of each other tell of the same one. */
const sameUnitMs = 5_000
export const mostUnmet = 3

const places = ['peer_hi', 'peer_lo', 'home_hi', 'home_lo']
const place = places.join(', ')
const samePlace = (a: string, b: string): string => places.map((name) => `${a}.${name} = ${b}.${name}`).join(' AND ')

/**
 * `records`: SQL that yields kind, format, sid, id, the place, start_ms and end_ms (both stated). `flows`: SQL that yields
 * conn, the place, start_ms, end_ms and bytes_out; a flow may stand at several places.
 */
export async function meetingsOf(store: DuckdbStore, records: string, flows: string): Promise<Meeting[]> {
  const rows = await store.rows<{
    kind: string
    format: string
    records: bigint
    used: bigint
    bytes_out: bigint
    unmet: string
  }>(`WITH given AS MATERIALIZED (
      SELECT g.*, coalesce(sum(is_new) OVER (PARTITION BY kind, format, sid ORDER BY start_ms, id), 0) AS nth FROM (
        SELECT g.*, CAST(start_ms - lag(start_ms) OVER (PARTITION BY kind, format, sid ORDER BY start_ms, id) > ${sameUnitMs} AS INTEGER) AS is_new
        FROM (${records}) g
      ) g
    ), seen AS MATERIALIZED (
      SELECT f.* FROM (${flows}) f WHERE (${place}) IN (SELECT (${place}) FROM given)
    ), reaches AS (
      SELECT ${place}, start_ms, max(end_ms) OVER (PARTITION BY ${place} ORDER BY start_ms) AS reach_ms FROM seen
    ), units AS (
      SELECT kind, format, sid, CASE WHEN sid = 0 THEN id ELSE nth END AS unit, bool_or(met) AS met,
        max(start_ms) AS start_ms, arg_max(id, start_ms) AS id
      FROM (
        SELECT g.*, coalesce(r.reach_ms >= g.start_ms - ${slackMs}, false) AS met
        FROM given g ASOF LEFT JOIN reaches r ON ${samePlace('g', 'r')} AND g.end_ms + ${slackMs} >= r.start_ms
      ) m GROUP BY ALL
    ), covers AS (
      SELECT kind, format, ${place}, start_ms,
        max(end_ms) OVER (PARTITION BY kind, format, ${place} ORDER BY start_ms) AS reach_ms FROM given
    ), carried AS (
      SELECT kind, format, sum(bytes_out) AS bytes_out FROM (
        SELECT c.kind AS kind, c.format AS format, f.conn AS conn, f.start_ms // 1000 AS second, max(f.bytes_out) AS bytes_out
        FROM (SELECT s.*, k.kind AS kind, k.format AS format FROM seen s CROSS JOIN (SELECT DISTINCT kind, format FROM given) k) f
        ASOF JOIN covers c ON c.kind = f.kind AND c.format = f.format AND ${samePlace('c', 'f')} AND f.end_ms + ${slackMs} >= c.start_ms
        WHERE c.reach_ms >= f.start_ms - ${slackMs} GROUP BY ALL
      ) m GROUP BY ALL
    )
    SELECT u.kind AS kind, u.format AS format, count(*) AS records, count(*) FILTER (WHERE u.met) AS used,
      CAST(coalesce(any_value(c.bytes_out), 0) AS HUGEINT) AS bytes_out,
      coalesce(array_to_string(arg_max(u.id, u.start_ms, ${mostUnmet}) FILTER (WHERE NOT u.met), ','), '') AS unmet
    FROM units u LEFT JOIN carried c ON c.kind = u.kind AND c.format = u.format
    GROUP BY u.kind, u.format ORDER BY u.kind, u.format`)
  return rows.map(({ kind, format, records, used, bytes_out, unmet }) => ({
    kind,
    format,
    records: Number(records),
    used: Number(used),
    bytes_out,
    unmet: unmet === '' ? [] : unmet.split(','),
  }))
}
