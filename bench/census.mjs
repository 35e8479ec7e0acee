/**
 * What a census costs on this machine: `node bench/census.mjs [--rows N] [--days D] [--keep DIR]`.
 * Writes a synthetic log (bench/conn-log.mjs), reads it with `weir census`, and prints a table with `wc -l` and mawk
 * adding up what left (one sum) as baselines of the same run. CPU seconds are user + system of the whole process.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeConnLog } from './conn-log.mjs'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    days: { type: 'string', default: '30' },
    keep: { type: 'string' },
  },
})
const rows = Number(values.rows)
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'weir-bench-'))
mkdirSync(folder, { recursive: true })
const log = join(folder, 'conn.log')
const main = new URL('../dist/cli/main.js', import.meta.url).pathname

/** Wall and CPU seconds and the largest resident set in MB of one finished process, as the kernel counts them. */
function measured(command, args) {
  const began = process.hrtime.bigint()
  const before = cpuOfChildren()
  const watch =
    '"$@" & p=$!; peak=0; while kill -0 $p 2>/dev/null; do r=$(awk \'/VmHWM/{print $2}\' /proc/$p/status 2>/dev/null); ' +
    '[ -n "$r" ] && peak=$r; sleep 0.5; done; wait $p; c=$?; echo "peak_kb=$peak" >&2; exit $c'
  const result = spawnSync('sh', ['-c', watch, 'sh', command, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`)
  const wall_s = Number(process.hrtime.bigint() - began) / 1e9
  const peak_mb = Number(/peak_kb=(\d+)/.exec(result.stderr)?.[1] ?? 0) / 1024
  return { wall_s, cpu_s: cpuOfChildren() - before, peak_mb, stdout: result.stdout }
}

function cpuOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

if (!readdirSync(folder).includes('conn.log')) writeConnLog(log, { rows, days: Number(values.days) })
const border = '!/^#/{i=($3~/^10\\./);j=($5~/^10\\./);if(i&&!j)s+=$10;else if(j&&!i)s+=$11}END{printf "%.0f\\n",s}'
measured('wc', ['-l', log])
const wc = measured('wc', ['-l', log])
const mawk = measured('mawk', ['-F\t', border, log])
const census = measured(process.execPath, [main, 'census', log, '--json', '-', '--no-progress'])
const { ledger } = JSON.parse(census.stdout)
if (String(ledger.bytes_out) !== mawk.stdout.trim())
  throw new Error(`the census says ${ledger.bytes_out}, mawk says ${mawk.stdout.trim()}`)

console.log(
  `${rows} rows over ${values.days} days, ${(statSync(log).size / 1e6).toFixed(0)} MB; Node ${process.version}; ` +
    `both ways: ${ledger.bytes_out} bytes out`,
)
console.log('| what | wall s | CPU s | peak MB | CPU ÷ mawk | wall ÷ wc |\n|---|---|---|---|---|---|')
for (const [name, run] of Object.entries({ 'wc -l': wc, 'mawk, one sum': mawk, 'weir census': census })) {
  const ratios = [run.cpu_s / mawk.cpu_s, run.wall_s / wc.wall_s].map((ratio) => ratio.toFixed(1))
  console.log(
    `| ${name} | ${run.wall_s.toFixed(2)} | ${run.cpu_s.toFixed(2)} | ${run.peak_mb.toFixed(0)} | ${ratios.join(' | ')} |`,
  )
}
if (!values.keep) rmSync(folder, { recursive: true })
