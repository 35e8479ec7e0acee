/**
 * Logs whose wall clock was read in the wrong zone: whole hours off, found by which shift makes their logins and leases
 * meet the flows. Asked anew of the records that are held, so that it is a function of them; only a shift that joins many
 * times more than none is taken, and whoever reads logs through the `told_…` views gets their times set right.
 */
import { clockSlackMs, openEnds_ms } from '../../model/context-record.ts'
import { sessionParts } from '../../model/observation.ts'
import { dayMs } from '../../model/window.ts'
import type { ClockOffset } from '../store.ts'
import type { Session } from './session.ts'

const hourMs = 3_600_000
/** Zones lie at most this far apart from what a site may take them for. */
const mostHours = 14
/** The latest days of a clock's records are enough to judge it by. */
const daysAsked = 3
const leastJoined = 20
const flowsAsked = 200_000
/** A shift is taken if it joins so many times what no shift joins, and this share of what could be joined at all. */
const timesBetter = 5
const leastShare = 0.5
/** Shares of flows to leased addresses that have a lease: above the first all is well, below the second no shift explains it. */
const wellCovered = 0.8
const leastCovered = 0.9

export async function findClockOffsets(session: Session): Promise<ClockOffset[]> {
  await session.run(`CREATE TEMP TABLE asked AS
    SELECT s.*, o.format FROM sessions s JOIN sources o ON o.id = s.source
      JOIN (SELECT format, host_name, max(start_ms) AS last_ms FROM sessions x JOIN sources y ON y.id = x.source GROUP BY ALL) l
        ON l.format = o.format AND l.host_name = s.host_name
    WHERE s.part <> ${sessionParts.closed} AND s.start_ms > l.last_ms - ${daysAsked * dayMs}`)
  const found = [...(await byConnection(session)), ...(await byLease(session))]
  await session.run('DROP TABLE asked')
  const clocks = new Map(found.toReversed().map((offset) => [`${offset.format}\n${offset.origin}`, offset]))
  return [...clocks.values()].sort((a, b) => (a.format < b.format ? -1 : 1) || a.origin - b.origin)
}

/** Logins that state their port: each has its own connection, which began at the same moment. */
async function byConnection(session: Session): Promise<ClockOffset[]> {
  const rows = await session.rows<{ format: string; origin: number; hours: number; joined: bigint; of: bigint }>(
    `WITH pairs AS (
      SELECT a.format AS format, a.host_name AS origin, a.rowid AS id, f.start_ms - a.start_ms AS apart_ms
      FROM asked a JOIN flows f ON f.peer_hi = a.peer_hi AND f.peer_lo = a.peer_lo AND f.peer_port = a.peer_port
      WHERE a.peer_port > 0 AND abs(f.start_ms - a.start_ms) <= ${mostHours * hourMs + clockSlackMs}
    ), joined AS (
      SELECT DISTINCT format, origin, id, CAST(round(apart_ms / ${hourMs}) AS INTEGER) AS hours FROM pairs
      WHERE abs(apart_ms - round(apart_ms / ${hourMs}) * ${hourMs}) <= ${clockSlackMs}
    ), all_of AS (SELECT format, origin, count(DISTINCT id) AS n FROM joined GROUP BY format, origin)
    SELECT j.format AS format, j.origin AS origin, j.hours AS hours, count(*) AS joined, any_value(n) AS of
    FROM joined j JOIN all_of a ON a.format = j.format AND a.origin = j.origin GROUP BY ALL`,
  )
  const unshifted = new Map(rows.filter(({ hours }) => hours === 0).map((row) => [clockOf(row), Number(row.joined)]))
  return rows
    .filter((row) => row.hours !== 0 && Number(row.joined) >= leastJoined)
    .filter((row) => Number(row.joined) >= leastShare * Number(row.of))
    .filter((row) => Number(row.joined) >= timesBetter * (unshifted.get(clockOf(row)) ?? 0))
    .map(({ format, origin, hours, joined, of }) => ({ format, origin, hours, share: Number(joined) / Number(of) }))
}

const clockOf = ({ format, origin }: { format: string; origin: number }): string => `${format}\n${origin}`

/** Leases: at the right time nearly every flow to an address of theirs has one; at a wrong one as many as are leased anyway. */
async function byLease(session: Session): Promise<ClockOffset[]> {
  await session.run(`CREATE TEMP TABLE leased AS SELECT format, host_name AS origin, assigned_hi AS hi, assigned_lo AS lo,
      start_ms, greatest(CASE WHEN part = ${sessionParts.opened} THEN until_ms ELSE end_ms END, -1) AS end_ms
    FROM asked WHERE assigned_hi <> 0 OR assigned_lo <> 0`)
  const near = `FROM (SELECT format, origin, hi, lo, min(start_ms) AS low, max(greatest(end_ms, start_ms)) AS high
      FROM leased GROUP BY ALL) c
    JOIN flows f ON f.pool > 0 AND f.peer_hi = c.hi AND f.peer_lo = c.lo
      AND f.start_ms BETWEEN c.low - ${mostHours * hourMs} AND c.high + ${mostHours * hourMs}`
  const { n } = await session.one<{ n: bigint }>(`SELECT count(*) AS n ${near}`)
  // one in so many by the connection's hash: the same ones whatever the order in which they came
  const everyNth = 1n + n / BigInt(flowsAsked)
  await session.run(`CREATE TEMP TABLE met AS SELECT c.format, c.origin, f.peer_hi AS hi, f.peer_lo AS lo, f.start_ms
    ${near} WHERE f.conn % ${everyNth} = 0`)
  const covered = await coverage(session, 0)
  const offsets: ClockOffset[] = []
  for (const [clock, now] of covered) {
    if (now.flows < leastJoined || now.share >= wellCovered) continue
    let best = { hours: 0, share: 0 }
    for (let hours = -mostHours; hours <= mostHours; hours++) {
      const share = (await coverage(session, hours, clock)).get(clock)?.share ?? 0
      if (share > best.share) best = { hours, share }
    }
    const better = best.share - now.share >= (1 - now.share) * leastShare
    if (best.hours !== 0 && best.share >= leastCovered && better) offsets.push({ ...now.of, ...best })
  }
  for (const table of ['leased', 'met']) await session.run(`DROP TABLE ${table}`)
  return offsets
}

interface Coverage {
  of: { format: string; origin: number }
  flows: number
  share: number
}

async function coverage(session: Session, hours: number, clock?: string): Promise<Map<string, Coverage>> {
  const shift = hours * hourMs
  const rows = await session.rows<{ format: string; origin: number; flows: bigint; held: bigint }>(
    `SELECT m.format AS format, m.origin AS origin, count(*) AS flows, count(*) FILTER (
        WHERE m.start_ms <= (CASE WHEN l.end_ms < 0 THEN l.start_ms + ${openEnds_ms.lease} ELSE l.end_ms END) + ${shift + clockSlackMs}
      ) AS held
    FROM met m ASOF LEFT JOIN leased l ON l.format = m.format AND l.origin = m.origin AND l.hi = m.hi AND l.lo = m.lo
      AND m.start_ms + ${clockSlackMs - shift} >= l.start_ms
    GROUP BY ALL`,
  )
  const entries = rows.map(({ format, origin, flows, held }): [string, Coverage] => [
    clockOf({ format, origin }),
    { of: { format, origin }, flows: Number(flows), share: Number(held) / Number(flows) },
  ])
  return new Map(entries.filter(([key]) => clock === undefined || key === clock))
}

/** Keeps the offsets; whether they changed. To be called in a transaction. */
export async function keepClockOffsets(session: Session, offsets: readonly ClockOffset[]): Promise<boolean> {
  const before = await session.rows<ClockOffset>('SELECT format, origin, hours FROM clock_offsets')
  const text = (all: readonly ClockOffset[]): string =>
    all
      .map(({ format, origin, hours }) => `${format}\n${origin}\n${hours}`)
      .sort()
      .join('\n\n')
  if (text(before) === text(offsets)) return false
  await session.run('DELETE FROM clock_offsets')
  for (const { format, origin, hours } of offsets) {
    await session.rows(`INSERT INTO clock_offsets VALUES (?, ${origin}, ${hours})`, [format])
  }
  return true
}
