/**
 * A conn.log reduced to host, peer, service and hour by programs that everybody has: what Weir's cost is told beside. They check
 * nothing and tie nothing to anybody.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import { storeError } from '../../store/duckdb/session.ts'
import { type Cost, stopwatch } from './cost.ts'
import { runProgram } from './program.ts'

export interface Grouped {
  cost: Cost
  rows: number
  groups: number
}

const textColumns = ['uid', 'orig_h', 'orig_p', 'resp_h', 'resp_p', 'proto', 'service']
const restColumns =
  'conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents'.split(
    ' ',
  )
const columns = [
  "ts: 'DOUBLE'",
  ...textColumns.map((name) => `${name}: 'VARCHAR'`),
  ...['duration', 'orig_bytes', 'resp_bytes'].map((name) => `${name}: '${name === 'duration' ? 'DOUBLE' : 'BIGINT'}'`),
  ...restColumns.map((name) => `${name}: 'VARCHAR'`),
]

/** A `read_csv` of such a log, for DuckDB. */
export const readCsv = (path: string): string =>
  `read_csv('${path.replaceAll("'", "''")}', delim = '\\t', quote = '', header = false, comment = '#', nullstr = '-',
    auto_detect = false, columns = {${columns.join(', ')}})`

export async function groupedByDuckdb(path: string, threads: number): Promise<Grouped> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  try {
    const stop = stopwatch()
    const result = await connection.runAndReadAll(
      // all of the sums are asked for: what nobody asks for is not added up
      `SELECT sum(n)::BIGINT, count(*), sum(d), sum(o)::BIGINT, sum(r)::BIGINT FROM (
        SELECT count(*) AS n, sum(duration) AS d, sum(orig_bytes) AS o, sum(resp_bytes) AS r FROM ${readCsv(path)}
        GROUP BY orig_h, resp_h, service, ts // 3600)`,
    )
    const [rows, groups] = result.getRows()[0]
    return { cost: stop(), rows: Number(rows), groups: Number(groups) }
  } catch (cause) {
    throw storeError(cause, 'measuring a baseline')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const mawkReduce =
  '!/^#/{k=$3 SUBSEP $5 SUBSEP $8 SUBSEP int($1/3600);n[k]++;d[k]+=$9;o[k]+=$10;r[k]+=$11}' +
  'END{for(k in n){s+=n[k];g++};printf "%.0f %.0f\\n",s,g}'

/** Undefined where there is no mawk. */
export async function groupedByMawk(path: string, signal?: AbortSignal): Promise<Grouped | undefined> {
  const ran = await runProgram('mawk', ['-F\t', mawkReduce, path], { signal })
  if (!ran) return undefined
  const [rows, groups] = ran.stdout.trim().split(' ').map(Number)
  return { cost: ran.cost, rows, groups }
}

/** Lines, as `wc -l` counts them; undefined where there is none. */
export async function countedLines(
  path: string,
  signal?: AbortSignal,
): Promise<{ cost: Cost; lines: number } | undefined> {
  const ran = await runProgram('wc', ['-l', path], { signal })
  return ran && { cost: ran.cost, lines: Number.parseInt(ran.stdout, 10) }
}
