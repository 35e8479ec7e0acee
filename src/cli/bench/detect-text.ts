/** What detection costs, as a table: processor time beside wall time, and beside the baselines as a ratio. */
import pc from 'picocolors'
import type { DetectBench } from '../../app/bench/bench-detect.ts'
import { bytesText, countText, durationText, plural, table } from '../text.ts'
import { ratioText, timeText } from './cost-text.ts'
import { machineText } from './machine-text.ts'

type Cost = DetectBench['tick']['mean_tick']
type Baselines = DetectBench['tick']['baselines']
type Memory = DetectBench['tick']['state']['sums']

const columns = [
  { title: 'what' },
  { title: 'CPU', right: true },
  { title: 'wall', right: true },
  { title: '÷ DuckDB', right: true },
  { title: '÷ loop', right: true },
]

export function detectText(bench: DetectBench, { elapsed_ms }: { elapsed_ms: number }): string {
  const parts = [
    headLines(bench, elapsed_ms),
    tickLines(bench),
    ...bench.rescoring.map((each) => rescoringLines(bench, each)),
    identityLines(bench),
    readingLines,
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function headLines({ machine, size, seed }: DetectBench, elapsed_ms: number): string[] {
  return [pc.bold(`Detection, size ${size}, seed ${seed}`), machineText(machine, elapsed_ms)]
}

function tickLines({ tick, goals, repeat }: DetectBench): string[] {
  const { day, state, baselines } = tick
  const row = rowAgainst(baselines)
  const held = sumOf(state.sums) + sumOf(state.other_detectors) + sumOf(state.campaign)
  return [
    pc.bold(`Ticks: ${countText(tick.active_pairs)} pairs of host and peer, ${countText(tick.pool_entities)} pools`),
    `  ${countText(tick.rows)} rows a day, at most ${countText(tick.largest_tick_rows)} in a tick; ` +
      `${countText(tick.streams)} streams that bet, after ${plural(tick.history_days, 'day')}; medians of ${plural(repeat, 'day')}`,
    ...shown([
      row("day's sums", day.sums),
      row("day's steps of all streams", day.steps),
      row('other detectors, once a day', day.other_detectors),
      row('members of an open campaign, once a day', day.members),
      row('the whole day', day.all),
      row('a tick on average', tick.mean_tick),
      row('the last tick, all sums of the day in it', tick.last_tick),
      ...baselineRows(baselines),
    ]),
    `  Goal: a tick of ${countText(goals.tick.entities)} pairs and ${countText(goals.tick.pools)} pools under ${goals.tick.seconds} s; ` +
      `here the dearest took ${timeText(tick.last_tick.cpu_ms)}.`,
    `  State: ${bytesText(held)} (sums ${memoryText(state.sums)}; other detectors ${memoryText(state.other_detectors)}; ` +
      `campaign ${memoryText(state.campaign)}); process ${bytesText(tick.rss_bytes)}. Goal: ${bytesText(goals.tick.state_bytes)}.`,
  ]
}

function rescoringLines({ goals }: DetectBench, each: DetectBench['rescoring'][number]): string[] {
  const { days, repeat, entities, rows, total, median_day, slowest_day, campaigns, baselines } = each
  const row = rowAgainst(baselines)
  return [
    pc.bold(
      `Judged again: ${plural(days, 'day')} of ${countText(entities)} pairs, ${countText(rows)} rows; medians of ${plural(repeat, 'run')}`,
    ),
    ...shown([
      [`all days, ${plural(campaigns, 'campaign')}`, timeText(total.cpu_ms), timeText(total.wall_ms), '', ''],
      row('a day', median_day),
      row('the slowest day', slowest_day),
      ...baselineRows(baselines),
    ]),
    `  ${((1000 * days) / total.cpu_ms).toFixed(1)} days a second of CPU. ` +
      `Goal: ${goals.rescoring.days} days under ${durationText(1000 * goals.rescoring.seconds)}.`,
  ]
}

function identityLines({ identity }: DetectBench): string[] {
  const { days, streams, declarations, fingerprint, checks } = identity
  return [
    pc.bold('The same to the last bit'),
    ...checks.map(({ check, equal }) => `  ${equal ? 'equal' : pc.red('DIFFERS')}  ${checkWords[check]}`),
    `  ${plural(days, 'day')}, ${plural(streams, 'stream')}, ${plural(declarations, 'declaration')}; fingerprint ${fingerprint}`,
  ]
}

const checkWords = {
  increments: 'day by day, twice',
  replay: 'day by day, and learned and then replayed at once',
  restart: 'day by day, and gone on with after a restart, rows in other chunks',
  prefix: 'what fewer days declare, and what all days declare up to there',
}

const readingLines = [
  pc.bold('How to read it'),
  '  CPU: of all threads. ÷: CPU against a baseline on the same rows, measured in the same minute: DuckDB with one thread that',
  '  groups a day by tick, host and role, and a loop that sums bytes by host. Days are made from the seed; making them is left out.',
]

function rowAgainst({ duckdb, loop }: Baselines): (what: string, cost: Cost) => string[] {
  return (what, cost) => [
    what,
    timeText(cost.cpu_ms),
    timeText(cost.wall_ms),
    ratioText(cost.cpu_ms, duckdb.cpu_ms),
    ratioText(cost.cpu_ms, loop.cpu_ms),
  ]
}

function baselineRows(baselines: Baselines): string[][] {
  const row = rowAgainst(baselines)
  return [row('DuckDB, a day grouped', baselines.duckdb), row('loop, a day summed by host', baselines.loop)]
}

function shown(rows: readonly string[][]): string[] {
  const [head, ...lines] = table(columns, rows)
  return [pc.dim(`  ${head}`), ...lines.map((line) => `  ${line}`)]
}

function sumOf({ heap_bytes, array_buffers_bytes }: Memory): number {
  return heap_bytes + array_buffers_bytes
}

function memoryText({ heap_bytes, array_buffers_bytes }: Memory): string {
  return `${bytesText(heap_bytes)} heap + ${bytesText(array_buffers_bytes)} arrays`
}
