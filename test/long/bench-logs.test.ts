/** `weir bench ingest` and `query`, as small as they can be: every way counts the same, and the table tells all of them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { benchIngest, type IngestBench, ingestIds } from '../../src/app/bench/bench-ingest.ts'
import { benchQuery, type QueryBench, questions } from '../../src/app/bench/bench-query.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { ingestText } from '../../src/cli/bench/ingest-text.ts'
import { queryText } from '../../src/cli/bench/query-text.ts'
import { run } from '../../src/cli/bench.ts'

const asked = { size: 'small', seed: 1, rows: 2000, days: 1, repeat: 1, progress: silentProgress } as const
const program = resolve('dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'weir-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('reading', () => {
  let bench: IngestBench
  beforeAll(async () => {
    bench = await benchIngest({ ...asked, program })
  }, 60_000)

  test('every way is measured, or said to be missing', () => {
    expect([...bench.costs.map(({ id }) => id), ...bench.missing].sort()).toEqual([...ingestIds].sort())
    for (const { id, cost, rows } of bench.costs) {
      expect(rows, id).toBe(id.startsWith('json') || id === 'parse_json' ? 400 : 2000)
      expect(cost.wall_ms, id).toBeGreaterThan(0)
    }
    expect(bench.costs.find(({ id }) => id === 'analyze')?.peak_bytes).toBeGreaterThan(1e7)
  })

  test('the table has a line for each, and ratios', () => {
    const text = ingestText(bench, { elapsed_ms: 1000 })
    expect(text).toMatch(/weir analyze: books closed and judged +\S+ s +\S+ s +[\d,]+ +\S+ MB/)
    expect(text).toMatch(/\.gz: records come at \d+ % of the rate of inflating/)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('a program that counts something else is no measurement', async () => {
    await expect(benchIngest({ ...asked, program: join(folder, 'nothing.js') })).rejects.toThrow('ended with 1')
  })
})

describe('questions', () => {
  let bench: QueryBench
  beforeAll(async () => {
    bench = await benchQuery({ ...asked, program })
  }, 60_000)

  test('each is asked of both, and told', () => {
    expect(bench.questions.map(({ id }) => id)).toEqual(questions.map(({ id }) => id))
    for (const { ledger, duckdb } of bench.questions) {
      expect(ledger.wall_ms).toBeGreaterThan(0)
      expect(duckdb.wall_ms).toBeGreaterThan(0)
    }
    const text = queryText(bench, { elapsed_ms: 1000 })
    expect(text).toMatch(/host × peer, top 20 +\S+ m?s +\S+ m?s +\S+ m?s +\S+ m?s +[\d.]+/)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })
})

test('a stop is a stop, and leaves nothing', async () => {
  const stop = AbortSignal.abort()
  await expect(benchIngest({ ...asked, program, signal: stop })).rejects.toMatchObject({ code: 'interrupted' })
})

test('a file that cannot be written is told before anything is measured', async () => {
  const json = join(folder, 'no', 'such', 'folder.json')
  await expect(run(['query'], { size: 'small', seed: 1, json })).rejects.toThrow('folder.json')
  expect(() => readFileSync(json)).toThrow()
})
