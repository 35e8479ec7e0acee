/**
 * Sessions that are told in parts (`sid`, `part`): which opened session a closing ends, which of several records with a
 * growing byte counter counts, and which session a transfer belongs to that names account and peer only there. A function
 * of the accepted records, kept beside them and written anew for every `sid` that new records speak of, so that no split
 * or order of the input matters. Reading goes through the views `told_sessions` and `told_transfers`.
 */
import { clockSlackMs, openEnds_ms } from '../../model/context-record.ts'
import { sessionParts } from '../../model/observation.ts'
import type { ContextType } from '../store.ts'
import type { Session } from './session.ts'

const { whole, opened, closed } = sessionParts
/** Start times that are reckoned back from a duration differ by a second or two from record to record of one session. */
const sameStartMs = 2_000

/** Columns that final tables have beside what was observed. */
export const resolvedColumns: Readonly<Record<string, string>> = {
  sessions: ', until_ms BIGINT NOT NULL DEFAULT -1, counted UTINYINT NOT NULL DEFAULT 1',
  transfers: `, by_account INTEGER NOT NULL DEFAULT 0, by_peer_hi UBIGINT NOT NULL DEFAULT 0,
    by_peer_lo UBIGINT NOT NULL DEFAULT 0`,
}

/** SQL: milliseconds to add to the times of a record of this alias, for clocks that are whole hours off. */
export function clockShift(alias: string): string {
  return `(CAST(coalesce((SELECT max(o.hours) FROM clock_offsets o JOIN sources f ON f.format = o.format
    WHERE f.id = ${alias}.source AND o.origin = ${alias}.host_name), 0) AS BIGINT) * 3600000)`
}

/** SQL: start and end of a record of this alias by the right clock. */
export function clockedTimes(alias: string): { start: string; end: string } {
  const shift = clockShift(alias)
  const end = `CASE WHEN ${alias}.end_ms < 0 THEN -1 ELSE ${alias}.end_ms + ${shift} END`
  return { start: `(${alias}.start_ms + ${shift})`, end: `(${end})` }
}

const shifted = (time: string): string => `CASE WHEN ${time} < 0 THEN -1 ELSE ${time} + c.shift END`
const clocks = (table: string): string => `(SELECT DISTINCT source, host_name, ${clockShift('d')} AS shift
  FROM (SELECT DISTINCT source, host_name FROM ${table}) d) c ON c.source = t.source AND c.host_name = t.host_name`
const peerOr = (half: string): string =>
  `CASE WHEN t.peer_hi = 0 AND t.peer_lo = 0 THEN t.by_peer_${half} ELSE t.peer_${half} END`

export const toldViews = [
  'CREATE TABLE clock_offsets (format VARCHAR NOT NULL, origin INTEGER NOT NULL, hours INTEGER NOT NULL)',
  `CREATE VIEW told_sessions AS SELECT t.rowid AS id, t.* REPLACE (t.start_ms + c.shift AS start_ms,
      CASE WHEN t.part = ${opened} THEN ${shifted('t.until_ms')} ELSE ${shifted('t.end_ms')} END AS end_ms,
      CASE WHEN t.counted = 1 THEN t.bytes_out ELSE 0 END AS bytes_out,
      CASE WHEN t.counted = 1 THEN t.bytes_in ELSE 0 END AS bytes_in)
    FROM sessions t JOIN ${clocks('sessions')} WHERE t.part <> ${closed}`,
  `CREATE VIEW told_transfers AS SELECT t.rowid AS id, t.* REPLACE (t.start_ms + c.shift AS start_ms,
      ${shifted('t.end_ms')} AS end_ms, CASE WHEN t.account = 0 THEN t.by_account ELSE t.account END AS account,
      ${peerOr('hi')} AS peer_hi, ${peerOr('lo')} AS peer_lo)
    FROM transfers t JOIN ${clocks('transfers')}`,
]

type Mark = (spans: string) => Promise<void>

/** After the rows of `fresh` were added to their table, in the same transaction; `mark` takes spans whose days change. */
export async function resolveParts(session: Session, type: ContextType, mark: Mark): Promise<void> {
  if (type !== 'session' && type !== 'transfer') return
  await session.run('CREATE TEMP TABLE told AS SELECT DISTINCT sid FROM fresh WHERE sid <> 0')
  const { n } = await session.one<{ n: bigint }>('SELECT count(*) AS n FROM told')
  if (n > 0n) {
    if (type === 'session') await resolveSessions(session, mark)
    await resolveTransfers(session, mark)
  }
  await session.run('DROP TABLE told')
}

/**
 * An opened session ends when its closing says, or a whole record of it, or when the next one of the same sid and leased
 * address begins. Of byte counters that grow the largest counts, which is the last.
 */
async function resolveSessions(session: Session, mark: Mark): Promise<void> {
  await session.run(`CREATE TEMP TABLE changed AS
    SELECT r.*, s.until_ms AS was_until, s.counted AS was_counted FROM (
      SELECT id, counted, CASE WHEN part <> ${opened} THEN -1
        ELSE coalesce(least(coalesce(closed_ms, next_ms), coalesce(next_ms, closed_ms)), -1) END AS until_ms
      FROM (
        SELECT id, part,
          min(CASE WHEN part = ${closed} THEN start_ms WHEN part = ${whole} AND end_ms >= 0 THEN end_ms END)
            OVER (PARTITION BY sid ORDER BY event_ms RANGE BETWEEN ${sameStartMs} PRECEDING AND UNBOUNDED FOLLOWING) AS closed_ms,
          min(CASE WHEN part = ${opened} THEN start_ms END) OVER (PARTITION BY sid, assigned_hi, assigned_lo
            ORDER BY event_ms RANGE BETWEEN ${sameStartMs + 1} FOLLOWING AND UNBOUNDED FOLLOWING) AS next_ms,
          CAST(row_number() OVER (PARTITION BY sid ORDER BY bytes_out DESC, bytes_in DESC, part, start_ms, end_ms, kind,
            peer_hi, peer_lo, peer_port, assigned_hi, assigned_lo) = 1
            OR (bytes_out = 0 AND bytes_in = 0) AS UTINYINT) AS counted
        FROM (SELECT *, rowid AS id, CASE WHEN part = ${whole} THEN greatest(start_ms, end_ms) ELSE start_ms END AS event_ms
          FROM sessions WHERE sid IN (SELECT sid FROM told)) t
      ) w
    ) r JOIN sessions s ON s.rowid = r.id WHERE r.until_ms <> s.until_ms OR r.counted <> s.counted`)
  await session.run(
    `UPDATE sessions SET until_ms = c.until_ms, counted = c.counted FROM changed c WHERE sessions.rowid = c.id`,
  )
  const open = openEnds_ms.session
  const last = `greatest(v.end_ms, CASE WHEN least(c.until_ms, c.was_until) < 0 THEN v.start_ms + ${open} ELSE c.was_until END)`
  for (const address of ['peer', 'assigned']) {
    await session.run(`INSERT INTO touched SELECT v.${address}_hi, v.${address}_lo, 0, v.start_ms - ${clockSlackMs},
        ${last} + ${clockSlackMs}
      FROM changed c JOIN told_sessions v ON v.id = c.id WHERE v.${address}_hi <> 0 OR v.${address}_lo <> 0`)
  }
  await mark(`SELECT v.start_ms, ${last} AS end_ms FROM changed c JOIN told_sessions v ON v.id = c.id
    JOIN sessions s ON s.rowid = c.id WHERE s.bytes_out > 0`)
  await session.run('DROP TABLE changed')
}

/** A transfer belongs to the session of its sid that began last before it ended. */
async function resolveTransfers(session: Session, mark: Mark): Promise<void> {
  await session.run(`CREATE TEMP TABLE changed AS
    SELECT t.rowid AS id, s.account, s.peer_hi, s.peer_lo FROM transfers t ASOF JOIN (
      SELECT sid, start_ms - ${clockSlackMs} AS from_ms, max(account) AS account, max(peer_hi) AS peer_hi, max(peer_lo) AS peer_lo
      FROM sessions WHERE part <> ${closed} AND sid IN (SELECT sid FROM told) GROUP BY ALL
    ) s ON t.sid = s.sid AND t.end_ms >= s.from_ms
    WHERE t.sid IN (SELECT sid FROM told)
      AND (t.by_account <> s.account OR t.by_peer_hi <> s.peer_hi OR t.by_peer_lo <> s.peer_lo)`)
  await session.run(`UPDATE transfers SET by_account = c.account, by_peer_hi = c.peer_hi, by_peer_lo = c.peer_lo
    FROM changed c WHERE transfers.rowid = c.id`)
  await mark('SELECT v.start_ms, v.end_ms FROM changed c JOIN told_transfers v ON v.id = c.id')
  await mark(sessionsBeside('SELECT v.* FROM changed c JOIN told_transfers v ON v.id = c.id'))
  await session.run('DROP TABLE changed')
}

/** SQL: spans of sessions that state bytes, which count less what transfers with their peer say of their time. */
export function sessionsBeside(transfers: string): string {
  return `SELECT s.start_ms, greatest(s.start_ms, s.end_ms) AS end_ms FROM told_sessions s JOIN (${transfers}) f
    ON f.peer_hi = s.peer_hi AND f.peer_lo = s.peer_lo AND f.start_ms <= greatest(s.start_ms, s.end_ms)
      AND greatest(f.start_ms, f.end_ms) >= s.start_ms WHERE s.bytes_out > 0`
}
