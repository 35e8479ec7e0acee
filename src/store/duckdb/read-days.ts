/** What accounts read from vaults on hosts at the border, by the day on which it became known: written with a day's books, and kept. */
import type { ColumnTable } from '../../model/observation.ts'
import type { BookRange, ReadOfDay } from '../store.ts'
import { columnDefinitions } from './column-io.ts'
import type { Session } from './session.ts'

export function readDaysSchema(table: ColumnTable): string {
  return `CREATE TABLE read_days (${columnDefinitions(table)})`
}

export async function clearReadDays(session: Session, { from_day, to_day }: BookRange): Promise<void> {
  await session.run(`DELETE FROM read_days WHERE day >= ${from_day} AND day < ${to_day}`)
}

/** In the order of texts, which is the same in every state. */
export async function readReadDays(session: Session, day: number): Promise<ReadOfDay[]> {
  const rows = await session.rows<{ account: number; vault: number; host: number; bytes: number }>(`
    SELECT r.account, r.vault, r.host, CAST(sum(r.bytes) AS DOUBLE) AS bytes
    FROM read_days r JOIN names a ON a.id = r.account JOIN names v ON v.id = r.vault JOIN names h ON h.id = r.host
    WHERE r.day = ${day} GROUP BY r.account, r.vault, r.host, a.text, v.text, h.text ORDER BY a.text, v.text, h.text`)
  return rows
}
