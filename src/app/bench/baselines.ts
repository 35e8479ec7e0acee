/**
 * What the same rows cost where nothing is judged: a plain loop that sums bytes by host over the decoded columns, and DuckDB
 * grouping the arrivals by tick, host and role with one thread. Both end in the same sum, or there is no baseline.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DayRows } from '../../detectors/day-rows.ts'
import { type ArrivalColumns, arrivalTable } from '../../model/arrival.ts'
import type { Columns } from '../../model/columns.ts'
import { appendColumns, columnDefinitions } from '../../store/duckdb/column-io.ts'
import { storeError } from '../../store/duckdb/session.ts'
import { type Cost, divided, measured, medianCost, stopwatch } from './cost.ts'

export interface Baselines {
  rows: number
  loop: Cost
  duckdb: Cost
}

/** A loop over a day is over before a clock has moved. */
const loopsAtOnce = 20

export async function baselinesOf(rows: DayRows, arrivals: ArrivalColumns, repeat: number): Promise<Baselines> {
  const loops = Array.from({ length: repeat }, () =>
    measured(() => {
      let sum = 0
      for (let n = 0; n < loopsAtOnce; n++) sum = sumByHost(rows)
      return sum
    }),
  )
  const { sum, costs } = await groupByTickHostRole(arrivals, repeat)
  if (sum !== BigInt(loops[0].value)) throw new Error(`the baselines disagree: ${sum} and ${loops[0].value} bytes`)
  return {
    rows: rows.length,
    loop: divided(medianCost(loops.map(({ cost }) => cost)), loopsAtOnce),
    duckdb: medianCost(costs),
  }
}

function sumByHost({ host, bytes_out, length }: DayRows): number {
  let most = 0
  for (let i = 0; i < length; i++) if (host[i] > most) most = host[i]
  const sums = new Float64Array(most + 1)
  for (let i = 0; i < length; i++) sums[host[i]] += bytes_out[i]
  let total = 0
  for (let i = 0; i < sums.length; i++) total += sums[i]
  return total
}

async function groupByTickHostRole(
  arrivals: ArrivalColumns,
  repeat: number,
): Promise<{ sum: bigint; costs: readonly Cost[] }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    await connection.run(`CREATE TABLE arrivals (${columnDefinitions(arrivalTable)})`)
    appendColumns(connection, 'arrivals', arrivals as unknown as Columns)
    const costs: Cost[] = []
    let sum = 0n
    for (let n = 0; n < repeat; n++) {
      const stop = stopwatch()
      const result = await connection.runAndReadAll(
        'SELECT sum(bytes)::BIGINT FROM (SELECT sum(bytes_out) AS bytes FROM arrivals GROUP BY tick, host, role)',
      )
      costs.push(stop())
      sum = result.getRows()[0][0] as bigint
    }
    return { sum, costs }
  } catch (cause) {
    throw storeError(cause, 'measuring a baseline')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
