/** Sensors of the books against those of the configuration, and whether two of them count the same bytes. */
import { methodCode } from '../../../model/label.ts'
import type { Examined } from './examined.ts'

export interface SensorFacts {
  sensors: {
    sensor: string
    configured: boolean
    accounts: boolean
    /** What it measured at the border, whether it accounts or not. */
    bytes_out: bigint
    bytes_in: bigint
    flows: bigint
  }[]
  /** Pairs of accounting sensors (or one and the same) that saw flows of one 5-tuple begin within a second. */
  twice: { sensors: [string, string]; flows: number; bytes_out: bigint; of_flows: number }[]
  /** 1 in how many connections was looked at for that. */
  looked_at_one_in: number
}

const nearMs = 1_000
/** More flows than this, and only some connections are looked at. */
const mostFlows = 2_000_000

export async function sensorsOf({ store, config, detail }: Examined): Promise<SensorFacts> {
  // a transfer log that counts by itself stands in the books under the name of its tool: that is no sensor
  const rows = await store.rows<{
    sensor: string
    accounts: number
    bytes_out: bigint
    bytes_in: bigint
    flows: bigint
  }>(
    `SELECT n.text AS sensor, t.accounts AS accounts, CAST(sum(t.bytes_out) AS HUGEINT) AS bytes_out,
        CAST(sum(t.bytes_in) AS HUGEINT) AS bytes_in, CAST(sum(t.flows) AS HUGEINT) AS flows
      FROM day_totals t JOIN names n ON n.id = t.sensor
      WHERE t.place = 0 AND t.sensor NOT IN (
        SELECT p.sensor FROM pair_days p JOIN labels l ON l.id = p.label WHERE l.method = ${methodCode.transfer_log}
        EXCEPT SELECT sensor FROM flows)
      GROUP BY ALL ORDER BY bytes_out DESC, sensor`,
  )
  const configured = new Set(config.sensors.map(({ id }) => id))
  const [{ n }] = await store.rows<{ n: bigint }>(
    `SELECT count(*) AS n FROM flows WHERE corroborates = 0 AND start_ms >= ${detail.from_ms} AND start_ms < ${detail.to_ms}`,
  )
  const oneIn = Math.max(1, Math.ceil(Number(n) / mostFlows))
  return {
    sensors: rows.map(({ sensor, accounts, ...sums }) => ({
      sensor,
      configured: configured.has(sensor),
      accounts: accounts === 1,
      ...sums,
    })),
    twice: await seenTwice(store, detail, oneIn),
    looked_at_one_in: oneIn,
  }
}

/** Only TCP, UDP and SCTP with both ports: other protocols have too little to tell two exchanges apart. */
async function seenTwice(
  store: Examined['store'],
  detail: Examined['detail'],
  oneIn: number,
): Promise<SensorFacts['twice']> {
  const tuple = 'inside_hi, inside_lo, peer_hi, peer_lo, inside_port, peer_port, proto'
  const some = oneIn > 1 ? `AND hash(${tuple}) % ${oneIn} = 0` : ''
  const flows = `SELECT conn, sensor, start_ms, bytes_out, ${tuple} FROM flows
    WHERE corroborates = 0 AND place = 0 AND inside_port > 0 AND peer_port > 0 AND proto IN (6, 17, 132)
      AND start_ms >= ${detail.from_ms} AND start_ms < ${detail.to_ms} ${some}`
  const rows = await store.rows<{
    a: string
    b: string
    flows: bigint
    bytes_out: bigint
    all_flows: bigint
  }>(`WITH f AS (${flows})
    SELECT a.text AS a, b.text AS b, count(*) AS flows, CAST(sum(t.bytes_out) AS HUGEINT) AS bytes_out,
      least((SELECT count(*) FROM f WHERE f.sensor = min(a.id)), (SELECT count(*) FROM f WHERE f.sensor = min(b.id))) AS all_flows
    FROM (
      SELECT sensor AS later, lag(sensor) OVER nearby AS earlier, least(bytes_out, lag(bytes_out) OVER nearby) AS bytes_out,
        start_ms - lag(start_ms) OVER nearby AS apart_ms, conn <> lag(conn) OVER nearby AS is_other
      FROM f WINDOW nearby AS (PARTITION BY ${tuple} ORDER BY start_ms, conn)
    ) t JOIN names a ON a.id = least(t.earlier, t.later) JOIN names b ON b.id = greatest(t.earlier, t.later)
    WHERE t.is_other AND t.apart_ms <= ${nearMs} GROUP BY a.text, b.text ORDER BY flows DESC, a, b`)
  return rows.map(({ a, b, flows: count, bytes_out, all_flows }) => ({
    sensors: [a, b],
    flows: Number(count) * oneIn,
    bytes_out: bytes_out * BigInt(oneIn),
    of_flows: Number(all_flows) * oneIn,
  }))
}
