/**
 * Border closure: what the accounting sensors saw on the wire (IP bytes and the framing of each packet) against the octets
 * that the interfaces of the border counted, hour by hour. What flows inside a tunnel is left out, as the tunnel itself is
 * there; so is transit, whose bytes cross the border twice or not at all.
 */
import { dayMs } from '../../../model/window.ts'
import type { Examined } from './examined.ts'

export interface Closure {
  links: string[]
  /** Hours in which every link was counted throughout. */
  hours: ClosureHour[]
  /** Flow bytes as a share of octets over all those hours; and of the median busy hour. */
  share_out: number | null
  share_in: number | null
  median_share_out: number | null
}

export interface ClosureHour {
  hour_ms: number
  octets_out: bigint
  octets_in: bigint
  flow_octets_out: bigint
  flow_octets_in: bigint
}

const hourMs = dayMs / 24
/** Ethernet header and checksum, which interfaces count and IP bytes do not hold. */
const framingBytes = 18
/** Headers of a packet where a sensor gives payload alone. */
const headerBytes = 40
/** How much of an hour must be counted. */
const wholeHour = 0.99

/** Undefined if no counters have come in for the examined days. */
export async function closureOf({ store, detail }: Examined): Promise<Closure | undefined> {
  const links = await store.rows<{ link: string }>(
    `SELECT DISTINCT n.text AS link FROM counters c JOIN names n ON n.id = c.link
      WHERE c.start_ms < ${detail.to_ms} AND c.end_ms > ${detail.from_ms} ORDER BY link`,
  )
  if (links.length === 0) return undefined
  const counted = spread(
    `SELECT start_ms, end_ms, octets_out AS bytes_out, octets_in AS bytes_in FROM counters
      WHERE start_ms < ${detail.to_ms} AND end_ms > ${detail.from_ms}`,
  )
  const wire = (way: string): string =>
    `(CASE WHEN flags & 8 <> 0 THEN wire_bytes_${way} ELSE bytes_${way} + ${headerBytes} * packets_${way} END + ${framingBytes} * packets_${way})`
  // of a connection that was logged while it ran the last record holds the whole
  const seen = spread(`SELECT start_ms, end_ms, ${wire('out')} AS bytes_out, ${wire('in')} AS bytes_in FROM (
      SELECT *, row_number() OVER (PARTITION BY conn, start_ms // 1000 ORDER BY end_ms DESC, bytes_out + bytes_in DESC) AS nth FROM flows
      WHERE corroborates = 0 AND place IN (0, 3) AND pool = 0 AND start_ms < ${detail.to_ms} AND end_ms >= ${detail.from_ms}
    ) f WHERE nth = 1`)
  const rows = await store.rows<
    Record<string, number>
  >(`SELECT c.hour AS hour, c.bytes_out AS octets_out, c.bytes_in AS octets_in,
      coalesce(f.bytes_out, 0) AS flow_out, coalesce(f.bytes_in, 0) AS flow_in
    FROM (SELECT * FROM (${counted}) WHERE lasted >= ${wholeHour * links.length * hourMs}) c
    LEFT JOIN (${seen}) f ON f.hour = c.hour ORDER BY c.hour`)
  const whole = (value: number): bigint => BigInt(Math.round(value))
  const hours = rows.map((row) => ({
    hour_ms: Number(row.hour) * hourMs,
    octets_out: whole(row.octets_out),
    octets_in: whole(row.octets_in),
    flow_octets_out: whole(row.flow_out),
    flow_octets_in: whole(row.flow_in),
  }))
  const sum = (name: keyof ClosureHour): number => hours.reduce((total, hour) => total + Number(hour[name]), 0)
  const shares = busyHours(hours)
    .flatMap((hour) => shareOut(hour) ?? [])
    .sort((a, b) => a - b)
  return {
    links: links.map(({ link }) => link),
    hours,
    share_out: share(sum('flow_octets_out'), sum('octets_out')),
    share_in: share(sum('flow_octets_in'), sum('octets_in')),
    median_share_out: shares.length === 0 ? null : shares[shares.length >> 1],
  }
}

/** Hours with enough octets out for their share to mean something: a tenth of the mean. */
export function busyHours(hours: readonly ClosureHour[]): ClosureHour[] {
  const total = hours.reduce((sum, { octets_out }) => sum + octets_out, 0n)
  return hours.filter(({ octets_out }) => octets_out * BigInt(hours.length) * 10n >= total && octets_out > 0n)
}

export function shareOut({ flow_octets_out, octets_out }: ClosureHour): number | null {
  return share(Number(flow_octets_out), Number(octets_out))
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6
}

/** SQL: the bytes of spans over whole hours, in proportion to time; `lasted` is the time of the hour that they fill. */
function spread(spans: string): string {
  const part = `(least(last_ms, (hour + 1) * ${hourMs}) - greatest(start_ms, hour * ${hourMs}))`
  return `SELECT hour, CAST(sum(CAST(bytes_out AS DOUBLE) * ${part} / (last_ms - start_ms)) AS DOUBLE) AS bytes_out,
      CAST(sum(CAST(bytes_in AS DOUBLE) * ${part} / (last_ms - start_ms)) AS DOUBLE) AS bytes_in, CAST(sum(${part}) AS DOUBLE) AS lasted
    FROM (
      SELECT *, unnest(range(start_ms // ${hourMs}, (last_ms - 1) // ${hourMs} + 1)) AS hour
      FROM (SELECT *, greatest(end_ms, start_ms + 1) AS last_ms FROM (${spans}) s) t
    ) h GROUP BY hour`
}
