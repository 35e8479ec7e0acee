/**
 * Hours of the border: octets that its interfaces counted against those of the flows of accounting sensors (IP bytes and the
 * framing of each packet), by the day on which either became known. Written with the books of a day and kept when its flows
 * are gone. What flows inside a tunnel is left out, as the tunnel itself is there; so is transit, whose bytes cross the border
 * twice or not at all. Whole numbers, spread over hours by cumulative floor: the same however the input was cut.
 */
import { dayMs } from '../../model/window.ts'
import type { BookRange, BorderHour } from '../store.ts'
import type { Session } from './session.ts'

export const borderHoursSchema = `CREATE TABLE border_hours (hour INTEGER NOT NULL, known_day INTEGER NOT NULL, links INTEGER NOT NULL,
  octets_out BIGINT NOT NULL, octets_in BIGINT NOT NULL, flow_octets_out BIGINT NOT NULL, flow_octets_in BIGINT NOT NULL)`

const hourMs = dayMs / 24
/** Ethernet header and checksum, which interfaces count and IP bytes do not hold. */
const framingBytes = 18
/** Headers of a packet where a sensor gives payload alone. */
const headerBytes = 40
/** How much of an hour must be counted, in thousandths. */
const wholeHour = 990
/** Counters over a longer time say nothing of an hour. */
export const longestCounterMs = 2 * dayMs

/** Nothing keeps a counter from claiming 2^63: what no link carries in an hour is cut to what the books can hold. */
const held = (name: string): string => `CAST(least(sum(${name}), ${2n ** 63n - 1n}) AS BIGINT)`

/** Of a span of days that is being booked; to be called in its transaction. */
export async function writeBorderHours(session: Session, { from_day, to_day }: BookRange): Promise<void> {
  const [from_ms, to_ms] = [from_day * dayMs, to_day * dayMs]
  await session.run(`DELETE FROM border_hours WHERE hour >= ${from_day * 24} AND hour < ${to_day * 24}`)
  const counted = `FROM counters WHERE start_ms < ${to_ms} AND end_ms > ${from_ms} AND end_ms - start_ms <= ${longestCounterMs}`
  const { n } = await session.one<{ n: bigint }>(`SELECT count(*) AS n ${counted}`)
  if (n === 0n) return
  const within = (spans: string, keys: string): string => spread(spans, keys, from_day * 24, to_day * 24)
  const known = `CAST(greatest(available_ms, end_ms - 1) // ${dayMs} AS INTEGER) AS known_day`
  await session.run(`INSERT INTO border_hours
    SELECT hour, known_day, CAST(sum(links) AS INTEGER), ${held('octets_out')}, ${held('octets_in')},
      ${held('flow_octets_out')}, ${held('flow_octets_in')}
    FROM (
      SELECT hour, max(known_day) AS known_day, CASE WHEN sum(lasted) >= ${(wholeHour * hourMs) / 1000} THEN 1 ELSE 0 END AS links,
        sum(bytes_out) AS octets_out, sum(bytes_in) AS octets_in, 0 AS flow_octets_out, 0 AS flow_octets_in
      FROM (${within(`SELECT link, start_ms, end_ms, CAST((end_ms - 1) // ${dayMs} AS INTEGER) AS known_day, octets_out AS bytes_out, octets_in AS bytes_in ${counted}`, 'link, known_day')}) c
      GROUP BY link, hour
      UNION ALL
      SELECT hour, known_day, 0, 0, 0, sum(bytes_out), sum(bytes_in)
      FROM (${within(`SELECT start_ms, end_ms, ${known}, bytes_out, bytes_in FROM (${segments(from_ms, to_ms)}) g`, 'known_day')}) f
      GROUP BY hour, known_day
    ) both_sides GROUP BY hour, known_day`)
}

export async function readBorderHours(session: Session): Promise<BorderHour[]> {
  const rows = await session.rows<Record<keyof BorderHour, number | bigint>>(
    'SELECT * FROM border_hours ORDER BY hour, known_day',
  )
  return rows.map((row) => ({
    hour: Number(row.hour),
    known_day: Number(row.known_day),
    links: Number(row.links),
    octets_out: BigInt(row.octets_out),
    octets_in: BigInt(row.octets_in),
    flow_octets_out: BigInt(row.flow_octets_out),
    flow_octets_in: BigInt(row.flow_octets_in),
  }))
}

/** Flows on the wire; of a connection that was logged while it ran each record with what it adds to those before. */
function segments(from_ms: number, to_ms: number): string {
  const wire = (way: string): string =>
    `(CAST(CASE WHEN flags & 8 <> 0 THEN wire_bytes_${way} ELSE bytes_${way} END AS HUGEINT) +
      CASE WHEN flags & 8 <> 0 THEN ${framingBytes} ELSE ${headerBytes + framingBytes} END * CAST(packets_${way} AS HUGEINT))`
  const where = `corroborates = 0 AND place IN (0, 3) AND pool = 0`
  const isLong = 'conn IN (SELECT conn FROM long_conns)'
  const columns = `start_ms, end_ms, available_ms, ${wire('out')} AS bytes_out, ${wire('in')} AS bytes_in`
  const earlier = `(PARTITION BY conn, start_ms // 1000 ORDER BY end_ms, bytes_out + bytes_in ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`
  const added = (name: string): string => `greatest(0, ${name} - coalesce(max(${name}) OVER ${earlier}, 0)) AS ${name}`
  return `SELECT ${columns} FROM flows WHERE ${where} AND NOT ${isLong} AND start_ms < ${to_ms} AND end_ms >= ${from_ms}
    UNION ALL
    SELECT least(end_ms, coalesce(max(end_ms) OVER ${earlier}, start_ms)) AS start_ms, end_ms, available_ms, ${added('bytes_out')}, ${added('bytes_in')}
    FROM (SELECT conn, ${columns} FROM flows WHERE ${where} AND ${isLong}) l`
}

/** SQL: the bytes of spans over the hours [from, to) that they touch; `lasted` is the time of the hour that they fill. */
function spread(spans: string, keys: string, from_hour: number, to_hour: number): string {
  const until = (ms: string, name: string): string =>
    `CAST(${name} AS HUGEINT) * (${ms} - start_ms) // (last_ms - start_ms)`
  const [first, last] = [`greatest(start_ms, hour * ${hourMs})`, `least(last_ms, (hour + 1) * ${hourMs})`]
  const part = (name: string): string => `sum(${until(last, name)} - ${until(first, name)}) AS ${name}`
  return `SELECT ${keys}, hour, ${part('bytes_out')}, ${part('bytes_in')}, sum(${last} - ${first}) AS lasted
    FROM (
      SELECT *, unnest(range(greatest(start_ms // ${hourMs}, ${from_hour}), least((last_ms - 1) // ${hourMs} + 1, ${to_hour}))) AS hour
      FROM (SELECT *, greatest(end_ms, start_ms + 1) AS last_ms FROM (${spans}) s) t
    ) h GROUP BY ${keys}, hour`
}
