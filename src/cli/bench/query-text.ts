/** What questions to the books cost, as a table. */
import pc from 'picocolors'
import type { QueryBench } from '../../app/bench/bench-query.ts'
import { bytesText, countText, plural, table } from '../text.ts'
import { ratioText, timeText } from './cost-text.ts'
import { machineText } from './machine-text.ts'

const columns = [
  { title: 'question' },
  { title: 'CPU', right: true },
  { title: 'wall', right: true },
  { title: 'DuckDB, CPU', right: true },
  { title: 'DuckDB, wall', right: true },
  { title: 'wall ÷ DuckDB', right: true },
]

export function queryText(bench: QueryBench, { elapsed_ms }: { elapsed_ms: number }): string {
  const { machine, size, seed, rows, days, repeat, memory_limit_mb, analyzed, questions, process } = bench
  const [head, ...lines] = table(
    columns,
    questions.map(({ by, top, id, ledger, duckdb }) => [
      `${by.join(' × ')}${top === undefined ? '' : `, top ${top}`}${id === 'timeline' ? ', of one host' : ''}`,
      ...[ledger, duckdb].flatMap(({ cpu_ms, wall_ms }) => [timeText(cpu_ms), timeText(wall_ms)]),
      ratioText(ledger.wall_ms, duckdb.wall_ms),
    ]),
  )
  const peak = process.peak_bytes === undefined ? '' : `, ${bytesText(process.peak_bytes)} at most`
  return `${[
    pc.bold(`Questions, size ${size}, seed ${seed}`),
    machineText(machine, elapsed_ms),
    `  Books of ${countText(rows)} connections of ${plural(days, 'day')}, made in ${timeText(analyzed.wall_ms)}; ` +
      `${memory_limit_mb} MB for the database; medians of ${plural(repeat, 'answer')}, after one that warms up`,
    '',
    pc.dim(`  ${head}`),
    ...lines.map((line) => `  ${line}`),
    `  weir ledger --by host --top 20, from its start to its end: ${timeText(process.cost.wall_ms)}, CPU ${timeText(process.cost.cpu_ms)}${peak}.`,
    '',
    pc.bold('How to read it'),
    '  DuckDB: the same sums over the rows of the log in a table of its own, with the same memory and threads. Both add up to the',
    '  bytes that were written. The books also know who, out of which vault and by what explanation, which the rows do not.',
  ].join('\n')}\n`
}
