/** What reading costs, as a table: records a second beside programs that do less, as ratios. */
import pc from 'picocolors'
import type { IngestBench, IngestCost, IngestId } from '../../app/bench/bench-ingest.ts'
import { bytesText, countText, plural, table } from '../text.ts'
import { ratioText, timeText } from './cost-text.ts'
import { machineText } from './machine-text.ts'

const columns = [
  { title: 'what' },
  { title: 'CPU', right: true },
  { title: 'wall', right: true },
  { title: 'records/s', right: true },
  { title: 'peak', right: true },
  { title: 'CPU ÷ mawk', right: true },
  { title: 'wall ÷ DuckDB', right: true },
  { title: 'wall ÷ wc', right: true },
]

const words: Readonly<Record<IngestId, string>> = {
  wc: 'wc -l',
  mawk: 'mawk: host, peer, service, hour',
  duckdb_1: 'DuckDB, 1 thread: the same',
  duckdb_2: 'DuckDB, 2 threads: the same',
  bytes: 'Weir: its bytes',
  parse: 'Weir: records checked, in columns',
  inflate: 'Weir: bytes of the .gz',
  parse_gz: 'Weir: records of the .gz',
  json_parse: 'JSON.parse, line by line',
  parse_json: 'Weir: JSON records in columns',
  census: 'weir census',
  analyze: 'weir analyze: books closed and judged',
}

export function ingestText(bench: IngestBench, { elapsed_ms }: { elapsed_ms: number }): string {
  const { machine, size, seed, log, repeat, costs, missing } = bench
  const costOf = (id: IngestId): IngestCost | undefined => costs.find((each) => each.id === id)
  const [head, ...lines] = table(
    columns,
    costs.map((each) => rowOf(each, costOf)),
  )
  return `${[
    pc.bold(`Reading, size ${size}, seed ${seed}`),
    machineText(machine, elapsed_ms),
    `  ${countText(log.rows)} connections of ${plural(log.days, 'day')}, ${bytesText(log.bytes)}, .gz ${bytesText(log.gz_bytes)}; ` +
      `${countText(log.json_rows)} of them as JSON, ${bytesText(log.json_bytes)}; medians of ${plural(repeat, 'run')}`,
    '',
    pc.dim(`  ${head}`),
    ...lines.map((line) => `  ${line}`),
    ...(missing.length > 0 ? [`  Not on this machine: ${missing.map((id) => words[id]).join(', ')}.`] : []),
    '',
    ...gzLines(costOf),
    pc.bold('How to read it'),
    '  Every way counted what was written, and the books hold the bytes that left. mawk and DuckDB add up three columns by',
    '  four keys; they check nothing, forget all at the end, and a second file is theirs to join. JSON stands beside JSON only.',
    '  DuckDB: the one with most threads. mawk, census and analyze ran once.',
  ].join('\n')}\n`
}

function rowOf({ id, cost, rows, peak_bytes }: IngestCost, costOf: (id: IngestId) => IngestCost | undefined): string[] {
  const isJson = id === 'json_parse' || id === 'parse_json'
  const [wc, mawk, duckdb] = isJson
    ? []
    : [costOf('wc')?.cost, costOf('mawk')?.cost, (costOf('duckdb_2') ?? costOf('duckdb_1'))?.cost]
  return [
    ...[words[id], timeText(cost.cpu_ms), timeText(cost.wall_ms), countText(Math.round((1000 * rows) / cost.wall_ms))],
    ...[peak_bytes === undefined ? '' : bytesText(peak_bytes), ratioText(cost.cpu_ms, mawk?.cpu_ms)],
    ...[ratioText(cost.wall_ms, duckdb?.wall_ms), ratioText(cost.wall_ms, wc?.wall_ms)],
  ]
}

function gzLines(costOf: (id: IngestId) => IngestCost | undefined): string[] {
  const lines: string[] = []
  const [inflate, gz] = [costOf('inflate')?.cost, costOf('parse_gz')?.cost]
  if (inflate && gz)
    lines.push(`  .gz: records come at ${Math.round((100 * inflate.wall_ms) / gz.wall_ms)} % of the rate of inflating.`)
  const [plain, json] = [costOf('json_parse')?.cost, costOf('parse_json')?.cost]
  if (plain && json)
    lines.push(`  JSON: records come ${ratioText(plain.cpu_ms, json.cpu_ms)} times as fast as from JSON.parse.`)
  return lines.length > 0 ? [...lines, ''] : []
}
