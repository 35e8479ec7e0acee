import { afterEach, describe, expect, test, vi } from 'vitest'
import { needEngine, needTestData } from './needs.ts'

class Skipped extends Error {}

const context = {
  skip(note?: string): never {
    throw new Skipped(note)
  },
}

afterEach(() => vi.unstubAllEnvs())

describe('what a test needs', () => {
  test('absent test data skip, and name the variable that would help', () => {
    vi.stubEnv('WEIR_TEST_DATA', '/nonexistent')
    expect(() => needTestData(context, 'zeek/conn.log')).toThrow(
      new Skipped('no test data zeek/conn.log (WEIR_TEST_DATA)'),
    )
  })

  test('a program on the PATH is found', () => {
    expect(needEngine(context, 'sh')).toMatch(/\/sh$/)
  })

  test('a missing engine skips, unless engines are required', () => {
    vi.stubEnv('WEIR_ENGINES', '')
    expect(() => needEngine(context, 'no-such-program')).toThrow(Skipped)
    vi.stubEnv('WEIR_ENGINES', 'required')
    expect(() => needEngine(context, 'no-such-program')).toThrow('no-such-program is missing (WEIR_ENGINES=required)')
  })
})
