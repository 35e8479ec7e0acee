/**
 * Beside vitest's own reporter: names the reason of every skipped test and each failed test once more with the first line of its
 * error (the whole of it may be a thousand lines above), and prints, as the very last line of the run,
 * `N passed, N failed` (and `, N skipped` if any). What cannot be counted as a test counts as failed: a file that does
 * not load, a hook that throws, an unhandled error, a test that never ended, a run that broke off.
 * With WEIR_COUNTS=FILE, "passed failed skipped" goes into that file in place of the closing line, for `.ci/run` to sum.
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

type Ended<T, K extends keyof T> = Pick<T, K>
export type EndedTest = Ended<TestCase, 'result' | 'fullName'>
export type EndedSuite = Ended<TestSuite, 'errors'>
export interface EndedModule extends Ended<TestModule, 'errors' | 'state' | 'relativeModuleId'> {
  children: { allTests(): Iterable<EndedTest>; allSuites(): Iterable<EndedSuite> }
}

export function countRun(modules: readonly EndedModule[], unhandled_errors: number): Counts {
  const counts = { passed: 0, failed: unhandled_errors, skipped: 0 }
  for (const module of modules) {
    const tests = [...module.children.allTests()]
    for (const test of tests) {
      const { state } = test.result()
      counts[state === 'pending' ? 'failed' : state]++
    }
    if (module.errors().length > 0) counts.failed++
    else if (tests.length === 0 && module.state() !== 'passed' && module.state() !== 'skipped') counts.failed++
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed++
  }
  return counts
}

/** One line for each reason, with the tests that gave it: `skipped 3: no ClickHouse here (a > b, …)`. */
export function skippedLines(modules: readonly EndedModule[]): string[] {
  const names = new Map<string, string[]>()
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state !== 'skipped') continue
      const reason = result.note ?? 'no reason given'
      names.set(reason, [...(names.get(reason) ?? []), `${module.relativeModuleId} > ${test.fullName}`])
    }
  }
  return [...names].map(([reason, tests]) => {
    const rest = tests.length > 3 ? `, and ${tests.length - 3} more` : ''
    return `skipped ${tests.length}: ${reason} (${tests.slice(0, 3).join(', ')}${rest})`
  })
}

/** One line for each test that failed: `failed: a.test.ts > b > c: expected 1 to be 2`. */
export function failedLines(modules: readonly EndedModule[]): string[] {
  return modules.flatMap((module) => [
    ...module.errors().map((error) => `failed: ${module.relativeModuleId}: ${firstLine(error)}`),
    ...[...module.children.allTests()].flatMap((test) => {
      const result = test.result()
      if (result.state !== 'failed') return []
      return [`failed: ${module.relativeModuleId} > ${test.fullName}: ${firstLine(result.errors[0])}`]
    }),
  ])
}

function firstLine(error: { message: string } | undefined): string {
  return error?.message.split('\n', 1)[0].slice(0, 200) ?? 'no error given'
}

export default class CountingReporter implements Reporter {
  #counts: Counts = { passed: 0, failed: 1, skipped: 0 }

  onInit(): void {
    // at exit and not at the end of the run, so that nothing vitest says while closing comes after it
    process.once('exit', () => {
      const { passed, failed, skipped } = this.#counts
      const file = process.env.WEIR_COUNTS
      if (file) writeFileSync(file, `${passed} ${failed} ${skipped}\n`)
      else process.stdout.write(`${closingLine(this.#counts)}\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = countRun(modules, unhandledErrors.length)
    for (const line of [...skippedLines(modules), ...failedLines(modules)]) process.stdout.write(`${line}\n`)
  }
}
