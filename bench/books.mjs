/**
 * What the books cost on this machine: `node bench/books.mjs [--rows N] [--days D] [--keep DIR]`.
 * Writes a synthetic log, reads it with `weir analyze`, asks `weir ledger` the usual questions, and prints a table.
 * Baselines in the same run: `wc -l` over the file, and mawk adding up what left (one sum, no books).
 * CPU seconds are user + system of the whole process; queries are medians of five whole-process runs.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeConnLog } from './conn-log.mjs'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
})
const rows = Number(values.rows)
const days = Number(values.days)
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'weir-bench-'))
mkdirSync(folder, { recursive: true })
const log = join(folder, 'conn.log')
const state = join(folder, 'state')
const main = new URL('../dist/cli/main.js', import.meta.url).pathname

/** Wall seconds and the largest resident set in MB of one finished process. */
function timed(command, args) {
  const began = process.hrtime.bigint()
  const result = spawnSync(
    '/usr/bin/env',
    [
      'sh',
      '-c',
      `"$@" & p=$!; peak=0; while kill -0 $p 2>/dev/null; do r=$(awk '/VmHWM/{print $2}' /proc/$p/status 2>/dev/null); [ -n "$r" ] && peak=$r; sleep 0.2; done; wait $p; c=$?; echo "peak_kb=$peak" >&2; exit $c`,
      'sh',
      command,
      ...args,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`)
  const wall_s = Number(process.hrtime.bigint() - began) / 1e9
  return { wall_s, peak_mb: Number(/peak_kb=(\d+)/.exec(result.stderr)?.[1] ?? 0) / 1024, stdout: result.stdout }
}

/** CPU of finished children, from the kernel's own account (clock ticks of 10 ms). */
function cpuOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

function measured(command, args) {
  const before = cpuOfChildren()
  const result = timed(command, args)
  return { ...result, cpu_s: cpuOfChildren() - before }
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
}

function bytesBelow(path) {
  const stat = statSync(path)
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : stat.size
}

if (!values.keep || !readdirSync(folder).includes('conn.log')) writeConnLog(log, { rows, days })
const border = '!/^#/{i=($3~/^10\\./);j=($5~/^10\\./);if(i&&!j)s+=$10;else if(j&&!i)s+=$11}END{printf "%.0f\\n",s}'
const wc = measured('wc', ['-l', log])
const mawk = measured('mawk', ['-F\t', border, log])
rmSync(state, { recursive: true, force: true })
const analyze = measured(process.execPath, [main, 'analyze', log, '--state', state, '--json', '-', '--no-progress'])
const booked = JSON.parse(analyze.stdout).ledger.bytes_out
if (String(booked) !== mawk.stdout.trim()) throw new Error(`the books say ${booked}, mawk says ${mawk.stdout.trim()}`)

const questions = {
  'one column over all days (cubes)': ['--by', 'service'],
  'hours of one host role (cubes)': ['--by', 'hour', '--where', 'role=other', '--top', '20'],
  'host × peer, top 20 (pair-days)': ['--by', 'host,peer', '--top', '20'],
  'day × service × class (pair-days)': ['--by', 'day,service,peer_class', '--top', '20'],
}
console.log(
  `${rows} rows over ${days} days, ${(bytesBelow(log) / 1e6).toFixed(0)} MB; Node ${process.version}; both ways: ${booked} bytes out`,
)
const row = (name, { wall_s, cpu_s, peak_mb }) =>
  console.log(
    `| ${name} | ${wall_s.toFixed(2)} | ${cpu_s.toFixed(1)} | ${peak_mb ? peak_mb.toFixed(0) : ''} | ${(cpu_s / mawk.cpu_s).toFixed(1)} |`,
  )
console.log('| what | wall s | CPU s | peak MB | CPU ÷ mawk |\n|---|---|---|---|---|')
row('wc -l', wc)
row('mawk, one sum', mawk)
row('weir analyze, log to closed books', analyze)
for (const [name, args] of Object.entries(questions)) {
  const runs = Array.from({ length: 5 }, () => measured(process.execPath, [main, 'ledger', '--state', state, ...args]))
  row(`weir ledger: ${name}`, {
    wall_s: median(runs.map((run) => run.wall_s)),
    cpu_s: median(runs.map((run) => run.cpu_s)),
    peak_mb: median(runs.map((run) => run.peak_mb)),
  })
}
console.log(
  `disk: ${(bytesBelow(state) / 1e6).toFixed(1)} MB, ${(bytesBelow(state) / days / 1e6).toFixed(2)} MB a day, ${(bytesBelow(state) / rows).toFixed(0)} bytes a record`,
)
if (!values.keep) rmSync(folder, { recursive: true, force: true })
