/** `weir bench detect`, as small as it can be. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DetectBench, isIdentical } from '../../src/app/bench/bench-detect.ts'
import { detectText } from '../../src/cli/bench/detect-text.ts'
import { run } from '../../src/cli/bench.ts'

const given = { size: 'small', seed: 1, quiet: true, logLevel: 'info', logFormat: 'pretty' }
const smallest = { entities: 100, days: 20, repeat: 1 }

describe('the smallest bench of detection', () => {
  let directory: string
  let bench: DetectBench
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'weir-bench-'))
    const json = join(directory, 'bench.json')
    await run(['detect'], { ...given, ...smallest, json })
    bench = JSON.parse(readFileSync(json, 'utf8'))
    // a few seconds where nothing else runs
  }, 120_000)
  afterAll(() => rmSync(directory, { recursive: true }))

  test('says on which machine and from which seed', () => {
    expect(bench).toMatchObject({ bench: 'detect', size: 'small', seed: 1, repeat: 1 })
    expect(bench.machine).toMatchObject({ node: process.version })
    expect(bench.machine.cores).toBeGreaterThan(0)
  })

  test('every cost is a time of clock and processors, and the baselines have theirs', () => {
    const { tick, rescoring } = bench
    const costs = [...Object.values(tick.day), tick.mean_tick, tick.last_tick]
    for (const { total, median_day, slowest_day } of rescoring) costs.push(total, median_day, slowest_day)
    for (const { baselines } of [tick, ...rescoring]) costs.push(baselines.loop, baselines.duckdb)
    for (const { wall_ms, cpu_ms } of costs) {
      expect(wall_ms).toBeGreaterThanOrEqual(0)
      expect(cpu_ms).toBeGreaterThanOrEqual(0)
    }
  })

  test('tells what it measured on', () => {
    const { tick, rescoring } = bench
    expect(tick).toMatchObject({ entities: 100, pools: 20, history_days: 20 })
    expect(tick.pool_entities).toBeLessThanOrEqual(20)
    expect(tick.rows).toBe(tick.baselines.rows)
    expect(tick.active_pairs).toBeLessThanOrEqual(tick.rows)
    expect(tick.state.sums.heap_bytes).toBeGreaterThan(0)
    expect(rescoring.map(({ days, repeat, entities }) => [days, repeat, entities])).toEqual([[20, 1, 100]])
  })

  test('evidence is the same to the last bit, and would fail the command if it were not', () => {
    expect(bench.identity.streams).toBeGreaterThan(0)
    expect(bench.identity.checks.map(({ check }) => check)).toEqual(['increments', 'replay', 'restart', 'prefix'])
    expect(isIdentical(bench)).toBe(true)
    expect(process.exitCode).toBeUndefined()
    const [first, ...rest] = bench.identity.checks
    expect(isIdentical({ identity: { ...bench.identity, checks: [{ ...first, equal: false }, ...rest] } })).toBe(false)
  })

  test('the table has a ratio beside each cost, and says what differs', () => {
    const cost = (cpu_ms: number) => ({ wall_ms: 2 * cpu_ms, cpu_ms })
    const baselines = { rows: 10, duckdb: cost(4), loop: cost(0.05) }
    const [check] = bench.identity.checks
    const text = detectText(
      {
        ...bench,
        tick: { ...bench.tick, last_tick: cost(1500), baselines },
        identity: { ...bench.identity, checks: [{ ...check, equal: false }] },
      },
      { elapsed_ms: 61_000 },
    )
    expect(text).toMatch(/the last tick, all sums of the day in it +1\.50 s +3\.00 s +375 +30,000/)
    expect(text).toMatch(/DuckDB, a day grouped +4\.00 ms +8\.00 ms +1\.00 +80\.0/)
    expect(text).toMatch(/loop, a day summed by host +50\.0 µs +100 µs +0\.01 +1\.00/)
    expect(text).toContain('DIFFERS')
    expect(text).toContain('Took 1 min 1 s.')
  })
})
