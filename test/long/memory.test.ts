/**
 * Memory does not follow the input: a log of ten million records, more than a gigabyte, stays below 950 MB resident, and the
 * books still agree with a sum of our own.
 */
import { spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { writeConnLog } from '../../src/app/bench/conn-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-memory-'))
const log = join(folder, 'conn.log')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('ten million records in less than 950 MB', { timeout: 1_500_000 }, async () => {
  writeConnLog(log, { rows: 10_000_000, days: 3 })
  const { peak_kb, stdout, stderr, status } = await runAnalyze()
  expect(status, stderr).toBe(0)
  const analysis = JSON.parse(stdout)
  expect(analysis.sources[0]).toMatchObject({
    records_read: 10_000_000,
    accepted: 10_000_000,
    rejected: {},
    duplicates: 0,
  })
  expect(BigInt(analysis.ledger.bytes_out)).toBe(await bytesLeaving())
  expect(peak_kb, stderr).toBeLessThan(950_000)
})

/** Runs the program and watches its high-water mark, which the kernel keeps. */
function runAnalyze(): Promise<{ peak_kb: number; stdout: string; stderr: string; status: number | null }> {
  const main = resolve('dist/cli/main.js')
  const args = ['analyze', log, '--state', join(folder, 'state'), '--json', '-', '--no-progress']
  const child = spawn(process.execPath, [main, ...args])
  let stdout = ''
  let stderr = ''
  let peak_kb = 0
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peak_kb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peak_kb)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error
    }
  }, 200)
  return new Promise((done) =>
    child.on('close', (status) => {
      clearInterval(watch)
      done({ peak_kb, stdout, stderr, status })
    }),
  )
}

/** The synthetic log has its inside hosts in 10/8 and nobody else there. */
async function bytesLeaving(): Promise<bigint> {
  let sum = 0n
  let pending = 0
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (line.startsWith('#')) continue
    const fields = line.split('\t')
    pending += Number(fields[2].startsWith('10.') ? fields[9] : fields[10])
    if (pending > 1e15) {
      sum += BigInt(pending)
      pending = 0
    }
  }
  return sum + BigInt(pending)
}
