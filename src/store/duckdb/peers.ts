/**
 * What the books know of peers over all time: the first day of each, and of each account (else host role) at each; and
 * from that, class and cohort of every peer on every day of the span that is being booked.
 */
import { ticksPerDay } from '../../model/window.ts'
import type { BookRules } from '../store.ts'
import type { Session } from './session.ts'

/** Takes what `posted` tells of peers. */
export async function updatePeers(session: Session): Promise<void> {
  await session.run(`CREATE TEMP TABLE seen AS
    SELECT p.peer_hi AS peer_hi, p.peer_lo AS peer_lo,
      CASE WHEN l.account <> 0 THEN l.account ELSE -1 - CAST(a.role AS INTEGER) END AS who,
      CAST(min(p.tick) // ${ticksPerDay} AS INTEGER) AS first_day
    FROM posted p JOIN labels l ON l.id = p.label JOIN addresses a ON a.id = p.inside
    GROUP BY ALL`)
  const firstDays = 'SELECT peer_hi, peer_lo, min(first_day) AS first_day FROM seen GROUP BY peer_hi, peer_lo'
  await session.run(`CREATE TEMP TABLE newer AS ${firstDays}`)
  /* a peer turns out to be older: the days it was seen on are classed anew */
  await session.run(`INSERT INTO dirty_days SELECT DISTINCT p.day FROM pair_days p
    JOIN (SELECT n.peer_hi, n.peer_lo FROM newer n JOIN peers t ON t.peer_hi = n.peer_hi AND t.peer_lo = n.peer_lo
      WHERE n.first_day < t.first_day) o ON o.peer_hi = p.peer_hi AND o.peer_lo = p.peer_lo
    WHERE p.day NOT IN (SELECT day FROM dirty_days)`)
  await lowerFirstDays(session, 'peers', ['peer_hi', 'peer_lo'], 'newer')
  await lowerFirstDays(session, 'peer_users', ['peer_hi', 'peer_lo', 'who'], 'seen')
  for (const table of ['newer', 'seen']) await session.run(`DROP TABLE ${table}`)
}

async function lowerFirstDays(session: Session, table: string, keys: readonly string[], newer: string): Promise<void> {
  const same = keys.map((key) => `t.${key} = n.${key}`).join(' AND ')
  await session.run(
    `UPDATE ${table} t SET first_day = n.first_day FROM ${newer} n WHERE ${same} AND n.first_day < t.first_day`,
  )
  await session.run(`INSERT INTO ${table} SELECT ${keys.join(', ')}, first_day FROM ${newer} n
    WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE ${same})`)
}

/**
 * Numbers the peers of `posted` in `range_peers (peer_hi, peer_lo, peer_no)`, and makes
 * `peer_classes (day, peer_hi, peer_lo, peer_no, peer_class, cohort)` from what was known by the end of each day.
 * With an anchor, a peer is known if it was seen before it, or if an account uses it that had used the same network
 * (IPv4 /24, IPv6 /48) before it. Codes follow the ledger's `peerClasses`: 0 declared, 1 known, 2 common, 3 rare, 4 novel, 5 age_unknown.
 */
export async function classifyPeers(session: Session, rules: BookRules): Promise<void> {
  const anchored = rules.anchor_day === undefined ? 'false' : `(first_day < ${rules.anchor_day} OR usual > 0)`
  const settled = `memory_day + ${rules.age_unknown_days}`
  const firstDate = "(DATE '1970-01-01' + CAST(first_day AS INTEGER))"
  await session.run(`CREATE TEMP TABLE range_peers AS
    SELECT peer_hi, peer_lo, CAST(row_number() OVER () AS INTEGER) AS peer_no
    FROM (SELECT DISTINCT peer_hi, peer_lo FROM posted) d`)
  await session.run(`CREATE TEMP TABLE peer_classes AS
    SELECT day, peer_hi, peer_lo, peer_no,
      CASE WHEN ${anchored} THEN 1
        WHEN day < ${settled} OR first_day < ${settled} THEN 5
        WHEN accounts >= ${rules.common_accounts} OR (accounts = 0 AND roles >= ${rules.common_roles}) THEN 2
        WHEN day - first_day < ${rules.novel_days} THEN 4 ELSE 3 END AS peer_class,
      CASE WHEN ${anchored} OR first_day < ${settled} THEN 0
        ELSE year(${firstDate}) * 100 + month(${firstDate}) END AS cohort
    FROM (
      SELECT d.day AS day, d.peer_hi AS peer_hi, d.peer_lo AS peer_lo, any_value(r.peer_no) AS peer_no,
        any_value(p.first_day) AS first_day, (SELECT min(day) FROM day_totals) AS memory_day,
        count(*) FILTER (WHERE u.who > 0) AS accounts, count(*) FILTER (WHERE u.who < 0) AS roles, count(w.who) AS usual
      FROM (SELECT DISTINCT tick // ${ticksPerDay} AS day, peer_hi, peer_lo FROM posted) d
      JOIN range_peers r ON r.peer_hi = d.peer_hi AND r.peer_lo = d.peer_lo
      JOIN peers p ON p.peer_hi = d.peer_hi AND p.peer_lo = d.peer_lo
      JOIN peer_users u ON u.peer_hi = d.peer_hi AND u.peer_lo = d.peer_lo AND u.first_day <= d.day
      LEFT JOIN (
        SELECT DISTINCT who, ${networkOf('x')} FROM peer_users x WHERE who > 0 AND first_day < ${rules.anchor_day ?? 'NULL'}
      ) w ON w.who = u.who AND w.net_hi = ${networkHalves('u')[0]} AND w.net_lo = ${networkHalves('u')[1]}
      GROUP BY d.day, d.peer_hi, d.peer_lo
    ) q`)
}

/** The network of a peer as two halves: /24 of IPv4 (in ::ffff:0:0/96), /48 of IPv6. */
function networkHalves(alias: string): [string, string] {
  const isV4 = `${alias}.peer_hi = 0`
  return [
    `CASE WHEN ${isV4} THEN 0 ELSE ${alias}.peer_hi // 65536 END`,
    `CASE WHEN ${isV4} THEN ${alias}.peer_lo // 256 ELSE 0 END`,
  ]
}

function networkOf(alias: string): string {
  const [hi, lo] = networkHalves(alias)
  return `${hi} AS net_hi, ${lo} AS net_lo`
}
