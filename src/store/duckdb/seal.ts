/**
 * What happens to days as time moves on (DESIGN §3): small peers of closed days are folded into their network, raw
 * detail goes after `retention.flows_days`, pair-days, cubes and arrivals after 400 days. Sums never change by any of it.
 */
import type { ColumnTable } from '../../model/observation.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import { columnList, physicalColumns } from './column-io.ts'
import { flowKeyColumns, type LedgerTables } from './schema.ts'
import type { Session } from './session.ts'
import { sumList } from './sums.ts'

/** Folds the peers below `below_bytes` of every unsealed day before `before_day` into /24 (IPv4) or /48 (IPv6). */
export async function foldDays(
  session: Session,
  ledger: LedgerTables,
  before_day: number,
  below_bytes: number,
  told: (days_done: number, days: number) => void,
): Promise<number> {
  const days = await session.rows<{ day: number }>(`SELECT DISTINCT day FROM pair_days
    WHERE day < ${before_day} AND day NOT IN (SELECT day FROM sealed_days) ORDER BY day`)
  const keys = columnList(ledger.pairDayKeys)
  const network = physicalColumns(ledger.pairDayKeys as ColumnTable).map(({ name }) => {
    const v4 = 'p.peer_bits IN (120, 128)'
    if (name === 'peer_hi')
      return `CASE WHEN s.peer_lo IS NULL OR ${v4} THEN p.peer_hi ELSE p.peer_hi // 65536 * 65536 END AS peer_hi`
    if (name === 'peer_lo')
      return `CASE WHEN s.peer_lo IS NULL OR NOT ${v4} THEN p.peer_lo ELSE p.peer_lo // 256 * 256 END AS peer_lo`
    if (name === 'peer_bits')
      return `CASE WHEN s.peer_lo IS NULL THEN p.peer_bits WHEN ${v4} THEN 120 ELSE 48 END AS peer_bits`
    if (name === 'leased') return `CASE WHEN s.peer_lo IS NULL THEN p.${name} ELSE 0 END AS ${name}`
    return `p."${name}" AS "${name}"`
  })
  for (const [done, { day }] of days.entries()) {
    told(done, days.length)
    await session.transaction(async () => {
      await session.run(`CREATE TEMP TABLE folded AS SELECT ${keys}, ${sumList(ledger.sums)} FROM (
          SELECT ${network.join(', ')}, ${columnList(ledger.sums)} FROM pair_days p
          LEFT JOIN (
            SELECT peer_hi, peer_lo, peer_bits FROM pair_days WHERE day = ${day}
            GROUP BY peer_hi, peer_lo, peer_bits HAVING sum(bytes_out + bytes_in) < ${below_bytes}
          ) s ON s.peer_hi = p.peer_hi AND s.peer_lo = p.peer_lo AND s.peer_bits = p.peer_bits
          WHERE p.day = ${day}
        ) f GROUP BY ${keys}`)
      await session.run(`DELETE FROM pair_days WHERE day = ${day}`)
      await session.run(
        `INSERT INTO pair_days SELECT ${columnList({ ...ledger.pairDayKeys, ...ledger.sums })} FROM folded`,
      )
      await session.run(`INSERT INTO sealed_days VALUES (${day})`)
      await session.run('DROP TABLE folded')
    })
  }
  return days.length
}

/**
 * Lets the raw detail before `horizon_day` go: flows become keys (enough to recognise a re-import and to go on with a
 * long connection), probes a count per day. Flows that reach past the horizon stay, marked as booked up to it.
 */
export async function dropDetail(session: Session, horizon_day: number): Promise<void> {
  const horizon_ms = horizon_day * dayMs
  const gone = `end_ms < ${horizon_ms} AND start_ms < ${horizon_ms}`
  await session.run(`INSERT INTO flow_keys SELECT ${flowKeyColumns.join(', ')}, late FROM flows WHERE ${gone}`)
  await session.run(`DELETE FROM flows WHERE ${gone}`)
  await session.run(
    `UPDATE flows SET booked_before_ms = ${horizon_ms} WHERE start_ms < ${horizon_ms} AND booked_before_ms < ${horizon_ms}`,
  )
  await session.run(
    `INSERT INTO probe_days SELECT CAST(start_ms // ${dayMs} AS INTEGER), place, sensor, count(*) FROM probes WHERE start_ms < ${horizon_ms} GROUP BY ALL`,
  )
  await session.run(`DELETE FROM probes WHERE start_ms < ${horizon_ms}`)
  for (const table of ['measured', 'postings'])
    await session.run(`DELETE FROM ${table} WHERE tick < ${horizon_day * ticksPerDay}`)
  await session.run(`DELETE FROM dirty_days WHERE day < ${horizon_day}`)
}

/** Pair-days, cubes, arrivals and keys older than their retention go for good. */
export async function dropHistory(session: Session, before_day: number): Promise<void> {
  for (const table of ['pair_days', 'cube_days', 'arrivals', 'read_days'])
    await session.run(`DELETE FROM ${table} WHERE day < ${before_day}`)
  await session.run(`DELETE FROM border_hours WHERE hour < ${before_day * 24}`)
  await session.run(`DELETE FROM cubes WHERE tick < ${before_day * ticksPerDay}`)
  await session.run(`DELETE FROM flow_keys WHERE end_ms < ${before_day * dayMs}`)
}
