/**
 * Whether the books balance, to the byte and per day: what was measured, what was posted, the pair-days, every dimension
 * of the cubes and the day totals must all be the same sums. They are written together; a difference is damage or a bug.
 */
import { cubeDimensions, cubeSums, sumNames } from '../../../ledger/tables.ts'
import { ticksPerDay } from '../../../model/window.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'

export interface Balance {
  balanced: boolean
  /** Days that were compared in at least one pair of tables. */
  days: number
  comparisons: Comparison[]
}

export interface Comparison {
  left: string
  right: string
  /** Groups (day and what it is divided by) that were compared. */
  groups: number
  different: number
  /** The first of them. */
  differences: Difference[]
}

export interface Difference {
  day: string
  /** Of which sensor or dimension; '' for the whole site. */
  of: string
  sum: string
  left: bigint
  right: bigint
}

const mostDifferences = 20

interface Side {
  name: string
  /** Yields `day`, `part` (INTEGER: sensor or dimension) and the sums; grouped afterwards. */
  sql: string
}

export async function checkBalance(store: DuckdbStore): Promise<Balance> {
  const [horizon_day, history_day] = [await store.horizonDay(), await store.historyDay()]
  const all = sumNames.join(', ')
  const border = `SELECT day, sensor AS part, ${all} FROM day_totals WHERE accounts = 1 AND place = 0`
  const measured: Side = {
    name: 'measured',
    sql: `SELECT tick // ${ticksPerDay} AS day, sensor * 4 + place AS part, ${all} FROM measured WHERE tick >= ${horizon_day * ticksPerDay}`,
  }
  const totals: Side = {
    name: 'day_totals',
    sql: `SELECT day, sensor * 4 + place AS part, ${all} FROM day_totals WHERE day >= ${horizon_day}`,
  }
  const postings: Side = {
    name: 'postings',
    sql: `SELECT tick // ${ticksPerDay} AS day, sensor AS part, ${all} FROM postings WHERE tick >= ${horizon_day * ticksPerDay}`,
  }
  const pairDays: Side = {
    name: 'pair_days',
    sql: `SELECT day, sensor AS part, ${all} FROM pair_days WHERE day >= ${history_day}`,
  }
  const cubes: Side = {
    name: 'cubes',
    sql: `SELECT tick // ${ticksPerDay} AS day, dimension AS part, ${cubeSums.join(', ')} FROM cubes WHERE tick >= ${history_day * ticksPerDay}`,
  }
  const sumsByDay = cubeSums.map((name) => `sum(${name}) AS ${name}`).join(', ')
  const pairDaysByDimension: Side = {
    name: 'pair_days',
    sql: `SELECT day, d.dimension AS part, ${cubeSums.join(', ')}
      FROM (SELECT day, ${sumsByDay} FROM pair_days WHERE day >= ${history_day} GROUP BY day) p
      CROSS JOIN (SELECT unnest(range(${cubeDimensions.length})) AS dimension) d`,
  }
  const cubeDays: Side = {
    name: 'cube_days',
    sql: `SELECT day, dimension AS part, ${cubeSums.join(', ')} FROM cube_days WHERE day >= ${history_day}`,
  }
  const dimensionOf = (part: number): string => cubeDimensions[part] ?? `dimension ${part}`
  const sensorNames = await namesOfSensors(store)
  const sensorOf = (part: number): string => sensorNames.get(part) ?? ''
  const comparisons = [
    await compare(store, measured, totals, sumNames, (part) => sensorOf(part >> 2)),
    await compare(store, postings, { ...totals, sql: `${border} AND day >= ${horizon_day}` }, sumNames, sensorOf),
    await compare(store, pairDays, { ...totals, sql: `${border} AND day >= ${history_day}` }, sumNames, sensorOf),
    await compare(store, cubes, pairDaysByDimension, cubeSums, dimensionOf),
    await compare(store, cubeDays, cubes, cubeSums, dimensionOf),
  ]
  const [{ days }] = await store.rows<{ days: bigint }>(
    `SELECT count(DISTINCT day) AS days FROM day_totals WHERE day >= ${history_day}`,
  )
  return { balanced: comparisons.every(({ different }) => different === 0), days: Number(days), comparisons }
}

async function compare(
  store: DuckdbStore,
  left: Side,
  right: Side,
  sums: readonly string[],
  partName: (part: number) => string,
): Promise<Comparison> {
  const grouped = ({ sql }: Side): string =>
    `SELECT CAST(day AS BIGINT) AS day, CAST(part AS BIGINT) AS part, ${sums.map((name) => `CAST(sum(${name}) AS HUGEINT) AS ${name}`).join(', ')} FROM (${sql}) s GROUP BY ALL`
  const columns = sums.flatMap((name) => [
    `coalesce(l.${name}, 0) AS left_${name}`,
    `coalesce(r.${name}, 0) AS right_${name}`,
  ])
  const joined = `SELECT coalesce(l.day, r.day) AS day, coalesce(l.part, r.part) AS part, ${columns.join(', ')}
    FROM (${grouped(left)}) l FULL JOIN (${grouped(right)}) r ON l.day = r.day AND l.part = r.part`
  const differs = sums.map((name) => `left_${name} <> right_${name}`).join(' OR ')
  const [{ groups, different }] = await store.rows<{ groups: bigint; different: bigint }>(
    `SELECT count(*) AS groups, count(*) FILTER (WHERE ${differs}) AS different FROM (${joined}) j`,
  )
  const comparison: Comparison = {
    left: left.name,
    right: right.name,
    groups: Number(groups),
    different: Number(different),
    differences: [],
  }
  if (different === 0n) return comparison
  const rows = await store.rows<Record<string, bigint>>(
    `SELECT * FROM (${joined}) j WHERE ${differs} ORDER BY day, part LIMIT ${mostDifferences}`,
  )
  for (const row of rows) {
    for (const sum of sums) {
      const [a, b] = [row[`left_${sum}`], row[`right_${sum}`]]
      const day = new Date(Number(row.day) * 86_400_000).toISOString().slice(0, 10)
      if (a !== b) comparison.differences.push({ day, of: partName(Number(row.part)), sum, left: a, right: b })
    }
  }
  return comparison
}

async function namesOfSensors(store: DuckdbStore): Promise<Map<number, string>> {
  const rows = await store.rows<{ id: number; text: string }>(
    'SELECT DISTINCT n.id AS id, n.text AS text FROM day_totals t JOIN names n ON n.id = t.sensor',
  )
  return new Map(rows.map(({ id, text }) => [id, text]))
}
