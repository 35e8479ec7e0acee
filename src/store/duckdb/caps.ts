/**
 * What an expectation explains beyond its cap of a day is not explained: in order of time, the bytes past the cap are
 * reversed and posted again as unexplained (the expectation stays named, so that the overrun can be seen).
 * `earlier`: tables that hold what was explained of the same days before this part.
 * The order within a tick is that of addresses and names, not of ids, so that every replay cuts at the same byte.
 */
import { ticksPerDay } from '../../model/window.ts'
import type { BookRules } from '../store.ts'
import { physicalColumns, quoted } from './column-io.ts'
import type { Labels } from './labels.ts'
import type { LedgerTables } from './schema.ts'
import type { Session } from './session.ts'
import { sumList } from './sums.ts'

const moved = ['bytes_out', 'bytes_out_lo', 'bytes_out_hi']

export async function applyCaps(
  session: Session,
  { postingKeys, sums }: LedgerTables,
  labels: Labels,
  caps: BookRules['caps'],
  earlier: readonly string[],
): Promise<void> {
  if (caps.length === 0) return
  const values = caps.map(({ explanation, max_bytes_per_day }) => `(${explanation}, ${max_bytes_per_day})`)
  const stable = physicalColumns(postingKeys)
    .map(({ name }) => quoted(name))
    .filter((name) => name !== '"known_tick"')
  const explainedBefore = earlier.map((table) => {
    const day = table === 'pair_days' ? 't.day' : `t.tick // ${ticksPerDay}`
    return `SELECT l.explanation AS explanation, ${day} AS day, t.bytes_out AS bytes_out
      FROM ${table} t JOIN labels l ON l.id = t.label
      WHERE l.explained = 2 AND ${day} IN (SELECT DISTINCT tick // ${ticksPerDay} FROM posted)`
  })
  await session.run(`CREATE TEMP TABLE explained_before AS SELECT explanation, CAST(day AS INTEGER) AS day,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out FROM (${explainedBefore.join(' UNION ALL ')}) e GROUP BY explanation, day`)
  await session.run(`CREATE TEMP TABLE over_cap AS
    SELECT * EXCLUDE (running, cap), least(bytes_out, running - cap) AS over FROM (
      SELECT n.*, c.cap AS cap, coalesce(b.bytes_out, 0) + sum(n.bytes_out) OVER (PARTITION BY c.explanation, n.tick // ${ticksPerDay}
        ORDER BY n.tick, n.peer_hi, n.peer_lo, a.hi, a.lo, s.text, n.bytes_out, n.label ROWS UNBOUNDED PRECEDING) AS running
      FROM (
        SELECT ${stable.join(', ')}, max(known_tick) AS known_tick, ${sumList(moved)} FROM posted
        GROUP BY ${stable.join(', ')} HAVING sum(bytes_out) > 0
      ) n
      JOIN labels l ON l.id = n.label AND l.explained = 2
      JOIN addresses a ON a.id = n.inside JOIN names s ON s.id = n.service
      JOIN (VALUES ${values.join(', ')}) c(explanation, cap) ON c.explanation = l.explanation
      LEFT JOIN explained_before b ON b.explanation = l.explanation AND b.day = n.tick // ${ticksPerDay}
    ) r WHERE running > cap`)
  await labels.unexplain('over_cap')
  for (const sign of [-1, 1]) {
    const columns = physicalColumns({ ...postingKeys, ...sums }).map(({ name, sql }) => {
      if (name === 'label') return sign < 0 ? 'o.label' : 'u.unexplained'
      if (moved.includes(name)) return `CAST(${sign} * (CAST(o.${name} AS HUGEINT) * o.over // o.bytes_out) AS BIGINT)`
      return name in sums ? '0' : `CAST(o.${quoted(name)} AS ${sql})`
    })
    await session.run(
      `INSERT INTO posted SELECT ${columns.join(', ')} FROM over_cap o JOIN unexplained u ON u.label = o.label`,
    )
  }
  for (const table of ['explained_before', 'over_cap', 'unexplained']) await session.run(`DROP TABLE ${table}`)
}
