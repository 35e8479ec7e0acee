/**
 * What the books know of peers over all time: the first day of each account (else host role) at each; and from that, class
 * and cohort of every peer on every day of the span that is being booked.
 */
import { ticksPerDay } from '../../model/window.ts'
import type { BookRange, BookRules } from '../store.ts'
import type { Session } from './session.ts'

/** Whoever uses a peer: the account of a posting, else its host's role as a negative number. */
const who = 'CASE WHEN l.account <> 0 THEN l.account ELSE -1 - CAST(a.role AS INTEGER) END'
const keys = 'peer_hi, peer_lo, who'
const same = (a: string, b: string): string =>
  keys
    .split(', ')
    .map((key) => `${a}.${key} = ${b}.${key}`)
    .join(' AND ')

/** Makes `seen`: who uses which peer since when in the span that is being booked. */
export async function beginPeers(session: Session): Promise<void> {
  await session.run(`CREATE TEMP TABLE seen (peer_hi UBIGINT NOT NULL, peer_lo UBIGINT NOT NULL, who INTEGER NOT NULL,
    first_day INTEGER NOT NULL)`)
}

/** Adds what `posted` tells. */
export async function seePeers(session: Session): Promise<void> {
  await session.run(`INSERT INTO seen
    SELECT p.peer_hi, p.peer_lo, ${who}, CAST(min(p.tick) // ${ticksPerDay} AS INTEGER)
    FROM posted p JOIN labels l ON l.id = p.label JOIN addresses a ON a.id = p.inside GROUP BY ALL`)
}

/**
 * Takes over what was seen, for good. First days rest on the postings alone, whatever was booked before: a first day that
 * lay in the span and is no longer there moves to the next day that has it. Later days of peers for which anything
 * changed are classed anew.
 */
export async function endPeers(session: Session, range: BookRange, rules: BookRules): Promise<void> {
  const inRange = range.additive ? 'false' : `first_day >= ${range.from_day} AND first_day < ${range.to_day}`
  const later = `tick >= ${range.to_day * ticksPerDay}`
  await session.run(`CREATE TEMP TABLE before AS SELECT ${keys}, first_day FROM peer_users WHERE ${inRange}`)
  await session.run(`CREATE TEMP TABLE newer AS SELECT ${keys}, min(first_day) AS first_day FROM (
      SELECT ${keys}, first_day FROM seen
      UNION ALL
      SELECT q.peer_hi, q.peer_lo, q.who, CAST(q.tick // ${ticksPerDay} AS INTEGER) FROM (
        SELECT p.peer_hi AS peer_hi, p.peer_lo AS peer_lo, ${who} AS who, p.tick AS tick
        FROM postings p JOIN labels l ON l.id = p.label JOIN addresses a ON a.id = p.inside WHERE p.${later}
      ) q JOIN before b ON ${same('b', 'q')}
    ) s GROUP BY ${keys}`)
  await session.run(`DELETE FROM peer_users WHERE ${inRange}`)
  await session.run(`CREATE TEMP TABLE changed AS SELECT * FROM (
      SELECT coalesce(n.peer_hi, b.peer_hi) AS peer_hi, coalesce(n.peer_lo, b.peer_lo) AS peer_lo, coalesce(n.who, b.who) AS who,
        coalesce(b.first_day, n.standing) AS was, least(n.first_day, n.standing) AS is_now
      FROM before b FULL JOIN (
        SELECT n.*, t.first_day AS standing FROM newer n LEFT JOIN peer_users t ON ${same('t', 'n')}
      ) n ON ${same('n', 'b')}
    ) c WHERE was IS DISTINCT FROM is_now`)
  await session.run(
    `UPDATE peer_users t SET first_day = n.first_day FROM newer n WHERE ${same('t', 'n')} AND n.first_day < t.first_day`,
  )
  await session.run(`INSERT INTO peer_users SELECT ${keys}, first_day FROM newer n
    WHERE NOT EXISTS (SELECT 1 FROM peer_users t WHERE ${same('t', 'n')})`)
  await session.run(`INSERT INTO dirty_days SELECT DISTINCT p.tick // ${ticksPerDay} FROM postings p
    JOIN (${affectedPeers(rules)}) c ON c.peer_hi = p.peer_hi AND c.peer_lo = p.peer_lo
    WHERE p.${later} AND p.tick // ${ticksPerDay} NOT IN (SELECT day FROM dirty_days)`)
  for (const table of ['seen', 'before', 'newer', 'changed']) await session.run(`DROP TABLE ${table}`)
}

/** The peers whose class may rest on what changed: with an anchor also others of the network that an account used before it. */
function affectedPeers({ anchor_day }: BookRules): string {
  const changed = 'SELECT peer_hi, peer_lo FROM changed'
  if (anchor_day === undefined) return `SELECT DISTINCT * FROM (${changed}) d`
  const [hi, lo] = networkHalves('u')
  return `${changed} UNION SELECT u.peer_hi, u.peer_lo FROM peer_users u JOIN (
      SELECT who, ${networkOf('x')} FROM changed x
      WHERE who > 0 AND least(coalesce(was, is_now), coalesce(is_now, was)) < ${anchor_day}
    ) n ON n.who = u.who AND n.net_hi = ${hi} AND n.net_lo = ${lo}`
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
        min(u.first_day) AS first_day, (SELECT min(day) FROM day_totals) AS memory_day,
        count(*) FILTER (WHERE u.who > 0) AS accounts, count(*) FILTER (WHERE u.who < 0) AS roles, count(w.who) AS usual
      FROM (SELECT DISTINCT tick // ${ticksPerDay} AS day, peer_hi, peer_lo FROM posted) d
      JOIN range_peers r ON r.peer_hi = d.peer_hi AND r.peer_lo = d.peer_lo
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
