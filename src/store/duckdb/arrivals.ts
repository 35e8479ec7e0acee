/**
 * Arrivals (model/arrival.ts): opinions as they stood when a fact was judged, from the entries of a booking. What was posted
 * without a name and under one within that time cancels out. Rows are kept by the day of their event (`day`), with which they
 * are written anew; a record that came a day later is judged in a tick of that later day.
 */
import { arrivalTable, judgedAfterTicks } from '../../model/arrival.ts'
import type { Columns } from '../../model/columns.ts'
import type { ColumnTable } from '../../model/observation.ts'
import { ticksPerDay } from '../../model/window.ts'
import { columnDefinitions, columnList, physicalColumns } from './column-io.ts'
import type { Session } from './session.ts'
import { sumList } from './sums.ts'

const keys = {
  day: 'u32',
  tick: 'u32',
  inside: 'name',
  peer: 'address',
  service: 'name',
  label: 'name',
} as const satisfies ColumnTable
const sums = { bytes_out: 'count', flows: 'count' } as const satisfies ColumnTable

export const arrivalSchema = `CREATE TABLE arrivals (${columnDefinitions({ ...keys, ...sums })})`

/** Before the parts of a span are noted. */
export async function beginArrivals(session: Session): Promise<void> {
  await session.run(`CREATE TEMP TABLE arrived (${columnDefinitions({ ...keys, ...sums })})`)
}

/**
 * Notes what arrived in a part; `opinions` selects its entries that post, with the peer as it really is. All postings of a
 * fact have its tick and so are in one part, and no sum is negative: what is reversed in time was posted in time.
 */
export async function noteArrivals(session: Session, opinions: string): Promise<void> {
  const judged = `fact_tick + ${judgedAfterTicks}`
  await session.run(`INSERT INTO arrived SELECT ${columnList(keys)}, ${sumList(sums)}
    FROM (SELECT * REPLACE (${judged} AS tick), tick // ${ticksPerDay} AS day FROM (${opinions}) o WHERE known_tick <= ${judged}) e
    GROUP BY ${columnList(keys)} HAVING sum(bytes_out) > 0`)
}

/** Adds up what several parts noted of the same tick, so that it does not matter how a span was cut. */
export async function endArrivals(session: Session): Promise<void> {
  await session.run(`INSERT INTO arrivals SELECT ${columnList(keys)}, ${sumList(sums)} FROM arrived
    GROUP BY ${columnList(keys)} ORDER BY tick`)
  await session.run('DROP TABLE arrived')
}

const labelTexts = ['account', 'vault', 'client_fp', 'gateway', 'explanation', 'project', 'client_org']
/** Rows that are put in order at once: a few dozen megabytes, however busy a day was. */
const rowsAtOnce = 200_000

/** In the order of ticks and then of addresses and texts, which is the same in every state: no id decides. */
export async function* readArrivals(
  session: Session,
  from_tick: number,
  to_tick: number,
): AsyncGenerator<Columns<typeof arrivalTable>> {
  await session.leaveRoom()
  for (const span of await spansOf(session, from_tick, to_tick))
    yield* session.read(arrivalsQuery(span.from_tick, span.to_tick), arrivalTable)
}

/** Whole ticks, as many as come to `rowsAtOnce`. */
async function spansOf(
  session: Session,
  from_tick: number,
  to_tick: number,
): Promise<{ from_tick: number; to_tick: number }[]> {
  const ticks = await session.rows<{ tick: number; n: bigint }>(
    `SELECT tick, count(*) AS n FROM arrivals WHERE tick >= ${from_tick} AND tick < ${to_tick} GROUP BY tick ORDER BY tick`,
  )
  const spans: { from_tick: number; to_tick: number }[] = []
  let rows = Number.POSITIVE_INFINITY
  for (const { tick, n } of ticks) {
    if (rows + Number(n) > rowsAtOnce) {
      spans.push({ from_tick: tick, to_tick: tick + 1 })
      rows = Number(n)
    } else {
      spans[spans.length - 1].to_tick = tick + 1
      rows += Number(n)
    }
  }
  return spans
}

/**
 * Texts are compared once for each label and service of the span, and rows by their ranks. Labels of the same rank differ in
 * nothing that is told here: their rows are one.
 */
function arrivalsQuery(from_tick: number, to_tick: number): string {
  const span = `tick >= ${from_tick} AND tick < ${to_tick}`
  const columns = physicalColumns(arrivalTable).map(({ name, sql }) => `CAST(${name} AS ${sql}) AS ${name}`)
  const texts = labelTexts.map((name, i) => `JOIN names n${i} ON n${i}.id = l.${name}`)
  const order = [...labelTexts.map((_, i) => `n${i}.text`), 'l.peer_asn', 'l.explained']
  return `WITH
    ranked AS (
      SELECT l.id, dense_rank() OVER (ORDER BY ${order.join(', ')}) AS label_rank FROM labels l ${texts.join(' ')}
      WHERE l.id IN (SELECT label FROM arrivals WHERE ${span})),
    told AS (
      SELECT label_rank, labels.* EXCLUDE (id)
      FROM (SELECT label_rank, min(id) AS id FROM ranked GROUP BY label_rank) JOIN labels USING (id)),
    services AS (
      SELECT id AS service, row_number() OVER (ORDER BY text) AS service_rank FROM names
      WHERE id IN (SELECT service FROM arrivals WHERE ${span})),
    summed AS (
      SELECT tick, inside, peer_hi, peer_lo, service, label_rank, ${sumList(sums)}
      FROM arrivals JOIN ranked ON ranked.id = label WHERE ${span} GROUP BY ALL)
    SELECT ${columns.join(', ')} FROM summed
    JOIN (SELECT id AS inside, hi AS inside_hi, lo AS inside_lo, host, role FROM addresses) USING (inside)
    JOIN told USING (label_rank) JOIN services USING (service)
    ORDER BY tick, inside_hi, inside_lo, peer_hi, peer_lo, service_rank, label_rank`
}

export async function arrivalDays(session: Session): Promise<Map<number, number>> {
  const rows = await session.rows<{ day: number; n: bigint }>(
    `SELECT tick // ${ticksPerDay} AS day, count(*) AS n FROM arrivals GROUP BY ALL ORDER BY day`,
  )
  return new Map(rows.map(({ day, n }) => [Number(day), Number(n)]))
}
