/** Clocks of logs: whole hours that were found and set right as records were read, and how far clocks are off beside them. */
import type { Examined } from './examined.ts'
import { slackMs } from './meeting.ts'

/** A clock that was read in the wrong zone; its times in the books are right. */
export interface ClockOffset {
  format: string
  /** The host that wrote the log; '' where it names none. */
  host: string
  /** Added to what its logs say: −2 for a clock that is two hours ahead. */
  hours: number
  /** The first few of its files. */
  paths: string[]
}

/** How far the clock of a login log is from the sensor's, over logins whose connection was seen. */
export interface LoginSkew {
  path: string
  /** The host that wrote it; '' where it names none. */
  host: string
  logins: number
  /** Median of login time − flow start, in ms; after the whole hours that were found. */
  skew_ms: number
  /** Logins farther apart than the join allows. */
  apart: number
}

const skewSearchMs = 2 * 3_600_000
const mostPaths = 5

export async function clockOffsets({ store }: Pick<Examined, 'store'>): Promise<ClockOffset[]> {
  const offsets = await store.rows<{ format: string; origin: number; host: string; hours: number }>(
    `SELECT c.format AS format, c.origin AS origin, n.text AS host, c.hours AS hours
      FROM clock_offsets c JOIN names n ON n.id = c.origin WHERE c.hours <> 0 ORDER BY c.format, n.text`,
  )
  if (offsets.length === 0) return []
  const files = await store.rows<{ format: string; origin: number; path: string }>(
    `SELECT DISTINCT o.format AS format, s.host_name AS origin, o.path AS path FROM sessions s
      JOIN sources o ON o.id = s.source JOIN clock_offsets c ON c.format = o.format AND c.origin = s.host_name ORDER BY path`,
  )
  return offsets.map(({ format, origin, host, hours }) => ({
    format,
    host,
    hours,
    paths: files
      .filter((file) => file.format === format && file.origin === origin)
      .map(({ path }) => path)
      .slice(0, mostPaths),
  }))
}

/**
 * SSH logins with the port of their connection name one flow each, however far the clocks are apart: the nearest flow of
 * that peer and port within two hours.
 */
export async function loginSkew({ store, detail: { from_ms, to_ms } }: Examined): Promise<LoginSkew[]> {
  const rows = await store.rows<{ path: string; host: string; logins: bigint; skew: number; apart: bigint }>(
    `WITH pairs AS (
      SELECT s.source AS source, s.host_name AS host_name, s.id AS id,
        min_by(s.start_ms - f.start_ms, abs(s.start_ms - f.start_ms)) AS apart_ms
      FROM told_sessions s JOIN names k ON k.id = s.kind
      JOIN flows f ON f.peer_hi = s.peer_hi AND f.peer_lo = s.peer_lo AND f.peer_port = s.peer_port
      WHERE f.place = 0 AND f.start_ms < ${to_ms} AND f.end_ms >= ${from_ms} AND k.text = 'ssh' AND s.peer_port > 0
        AND ((s.host_hi = 0 AND s.host_lo = 0) OR (s.host_hi = f.inside_hi AND s.host_lo = f.inside_lo))
        AND abs(s.start_ms - f.start_ms) <= ${skewSearchMs}
      GROUP BY s.source, s.host_name, s.id
    )
    SELECT o.path AS path, h.text AS host, count(*) AS logins, CAST(median(apart_ms) AS DOUBLE) AS skew,
      count(*) FILTER (WHERE abs(apart_ms) > ${slackMs}) AS apart
    FROM pairs p JOIN sources o ON o.id = p.source JOIN names h ON h.id = p.host_name
    GROUP BY o.path, h.text ORDER BY abs(skew) DESC, path, host`,
  )
  return rows.map(({ path, host, logins, skew, apart }) => ({
    path,
    host,
    logins: Number(logins),
    skew_ms: Math.round(skew),
    apart: Number(apart),
  }))
}
