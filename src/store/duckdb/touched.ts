/**
 * Context records that came in since the books were last written, and the days of the flows whose labels they may change:
 * of their peer, their leased address or their node, at their time. A flow is labelled as a whole, so all its days are
 * meant, also those before and after the record.
 */
import { clockSlackMs, openEnds_ms, readHabitMs } from '../../model/context-record.ts'
import { sessionParts } from '../../model/observation.ts'
import { dayMs } from '../../model/window.ts'
import type { ContextType } from '../store.ts'
import type { Session } from './session.ts'
import { clockedTimes } from './session-parts.ts'

/** Instead of a node: the address (hi, lo) is the inside end of the flows, as that of a NAT gateway is. */
const insideNode = -1

/** `node` is the name of a job's node, or `insideNode`; for all others the address (hi, lo) is the peer of the flows. */
export const touchedSchema = `CREATE TABLE touched (hi UBIGINT NOT NULL, lo UBIGINT NOT NULL, node INTEGER NOT NULL,
  start_ms BIGINT NOT NULL, end_ms BIGINT NOT NULL)`

/** Remembers the rows of `fresh`, new records of this type. */
export async function rememberTouched(session: Session, type: ContextType): Promise<void> {
  if (type === 'job') await remember(session, '0, 0, node', 'true', openEnd('job'))
  else if (type === 'lease') await remember(session, 'ip_hi, ip_lo, 0', 'true', lastEnd('lease'))
  else if (type === 'nat') await remember(session, `outside_hi, outside_lo, ${insideNode}`, 'true', lastEnd('nat'))
  else if (type === 'storage_read') {
    const end = `greatest(end_ms + ${readHabitMs}, ${lastEnd('session')})`
    await remember(session, `host_hi, host_lo, ${insideNode}`, 'host_hi <> 0 OR host_lo <> 0', end)
    await remember(session, '0, 0, host_name', 'host_name <> 0', end)
  } else if (type === 'session') {
    const { start, end } = clockedTimes('fresh')
    const clocked = `(SELECT * REPLACE (${start} AS start_ms, ${end} AS end_ms) FROM fresh WHERE part <> ${sessionParts.closed})`
    await remember(session, 'peer_hi, peer_lo, 0', 'peer_hi <> 0 OR peer_lo <> 0', openEnd('session'), clocked)
    const leased = 'assigned_hi <> 0 OR assigned_lo <> 0'
    await remember(session, 'assigned_hi, assigned_lo, 0', leased, lastEnd('session'), clocked)
  }
}

async function remember(session: Session, keys: string, where: string, end: string, from = 'fresh'): Promise<void> {
  await session.run(`INSERT INTO touched
    SELECT DISTINCT ${keys}, start_ms - ${clockSlackMs}, ${end} + ${clockSlackMs} FROM ${from} WHERE ${where}`)
}

const openEnd = (type: keyof typeof openEnds_ms): string =>
  `(CASE WHEN end_ms < 0 THEN start_ms + ${openEnds_ms[type]} ELSE end_ms END)`
/** A lease may end another one that had no end: what that one had named until then changes too. */
const lastEnd = (type: keyof typeof openEnds_ms): string => `greatest(end_ms, start_ms + ${openEnds_ms[type]})`

/** Marks the days of those flows to be written anew; to be called in a transaction. */
export async function settleTouched(session: Session, horizon_day: number): Promise<void> {
  const { first, last } = await session.one<{ first: bigint | null; last: bigint | null }>(
    'SELECT min(start_ms) AS first, max(end_ms) AS last FROM touched',
  )
  if (first === null || last === null) return
  const { settled } = await session.one<{ settled: bigint }>(`SELECT count(*) AS settled FROM day_totals
    WHERE day >= ${horizon_day} AND day NOT IN (SELECT day FROM dirty_days)`)
  if (settled > 0n) {
    const days = `f.start_ms // ${dayMs} AS first, f.end_ms // ${dayMs} AS last`
    const overlap = 'f.start_ms <= t.end_ms AND f.end_ms >= t.start_ms'
    const border = `f.place = 0 AND f.start_ms <= ${last} AND f.end_ms >= ${first}`
    const label = (alias: string): string => `lower(split_part(${alias}.text, '.', 1))`
    await session.run(`INSERT INTO dirty_days
      SELECT DISTINCT day FROM (SELECT unnest(range(first, last + 1)) AS day FROM (
        SELECT DISTINCT ${days} FROM flows f
        JOIN touched t ON t.node = 0 AND f.peer_hi = t.hi AND f.peer_lo = t.lo AND ${overlap} WHERE ${border}
        UNION
        SELECT DISTINCT ${days} FROM flows f
        JOIN touched t ON t.node = ${insideNode} AND f.inside_hi = t.hi AND f.inside_lo = t.lo AND ${overlap} WHERE ${border}
        UNION
        SELECT DISTINCT ${days} FROM flows f
        JOIN addresses a ON a.hi = f.inside_hi AND a.lo = f.inside_lo JOIN names h ON h.id = a.host
        JOIN (SELECT t.*, ${label('n')} AS label FROM touched t JOIN names n ON n.id = t.node WHERE t.node > 0) t
          ON t.label = ${label('h')} AND ${overlap} WHERE ${border}
        UNION
        SELECT DISTINCT ${days} FROM flows f
        JOIN (SELECT DISTINCT outside_hi, outside_lo FROM nat_bindings) n
          ON f.inside_hi = n.outside_hi AND f.inside_lo = n.outside_lo
        JOIN (SELECT min(start_ms) AS start_ms, max(end_ms) AS end_ms FROM touched WHERE node > 0) t ON ${overlap}
        WHERE ${border}
      ) s) d WHERE day NOT IN (SELECT day FROM dirty_days)`)
  }
  await session.run('DELETE FROM touched')
}
