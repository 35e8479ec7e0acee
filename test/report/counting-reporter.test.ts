import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { closingLine, countRun, type EndedModule, skippedLines } from './counting-reporter.ts'

type Result = ReturnType<ReturnType<EndedModule['children']['allTests']> extends Iterable<infer T> ? () => T : never>

function endedTest(fullName: string, state: string, note?: string): Result {
  return { fullName, result: () => ({ state, note, errors: undefined }) } as unknown as Result
}

function endedModule(tests: Result[], options: { errors?: number; state?: string; suite_errors?: number } = {}) {
  const errors = (count = 0) => Array.from({ length: count }, () => new Error('x'))
  return {
    relativeModuleId: 'a.test.ts',
    errors: () => errors(options.errors),
    state: () => options.state ?? 'passed',
    children: { allTests: () => tests, allSuites: () => [{ errors: () => errors(options.suite_errors) }] },
  } as unknown as EndedModule
}

describe('counts', () => {
  test('a file that does not load, a hook that throws and an unhandled error each count as one failure', () => {
    const modules = [
      endedModule([endedTest('a', 'passed'), endedTest('b', 'failed'), endedTest('c', 'skipped')], { suite_errors: 1 }),
      endedModule([], { errors: 1, state: 'failed' }),
    ]
    expect(countRun(modules, 2)).toEqual({ passed: 1, failed: 5, skipped: 1 })
  })

  test('a test that never ended and a file that never ran have failed', () => {
    const modules = [endedModule([endedTest('a', 'pending')]), endedModule([], { state: 'queued' })]
    expect(countRun(modules, 0)).toEqual({ passed: 0, failed: 2, skipped: 0 })
  })

  test('skipped tests are named under their reason, at most three of each', () => {
    const tests = ['a', 'b', 'c', 'd'].map((name) => endedTest(name, 'skipped', 'no network'))
    expect(skippedLines([endedModule([...tests, endedTest('e', 'skipped')])])).toEqual([
      'skipped 4: no network (a.test.ts > a, a.test.ts > b, a.test.ts > c, and 1 more)',
      'skipped 1: no reason given (a.test.ts > e)',
    ])
  })

  test('the closing line speaks of skipped tests only when there are some', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
    expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })
})

describe('in a real run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-reporter-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function runFixtures(counts_file?: string) {
    const { WEIR_COUNTS: _, ...env } = process.env
    const config = fileURLToPath(new URL('fixtures/vitest.config.ts', import.meta.url))
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
    return spawnSync(process.execPath, [vitest, 'run', '--config', config], {
      encoding: 'utf8',
      env: counts_file ? { ...env, WEIR_COUNTS: counts_file } : env,
    })
  }

  test('the closing line is the last line, and the exit status agrees with it', () => {
    const { stdout, status } = runFixtures()
    const lines = stdout.trimEnd().split('\n')
    expect(lines.at(-1)).toBe('2 passed, 3 failed, 1 skipped')
    expect(lines).toContain('skipped 1: nothing to run it with (outcomes.fixture.ts > cannot run here)')
    expect(lines.find((line) => line.startsWith('failed: outcomes.fixture.ts > '))).toMatch(/: expected .* to be /)
    expect(status).toBe(1)
  }, 60_000)

  test('with WEIR_COUNTS the counts go into the file', () => {
    const counts_file = join(folder, 'counts')
    const { stdout } = runFixtures(counts_file)
    expect(readFileSync(counts_file, 'utf8')).toBe('2 3 1\n')
    expect(stdout).not.toMatch(/^\d+ passed, \d+ failed/m)
  }, 60_000)
})
