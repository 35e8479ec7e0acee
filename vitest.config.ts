import { defineConfig } from 'vitest/config'

/**
 * One project for each tier: tier 1 needs nothing but Node (`npm test`), tier 2 the programs that `.ci/engines`
 * installs, tier 3 time; soak is by hand.
 */
function tier(name: string, include: string[], test_timeout_ms: number) {
  return {
    extends: true as const,
    test: {
      name,
      include,
      testTimeout: test_timeout_ms,
      hookTimeout: test_timeout_ms,
      globalSetup: ['test/report/build-first.ts'],
      // files of a worker share what they import: no module keeps state that a test could leave behind
      isolate: name !== 'tier1',
    },
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './test/report/counting-reporter.ts'],
    projects: [
      tier(
        'tier1',
        ['src/**/*.test.ts', 'test/*.test.ts', 'test/report/*.test.ts', 'test/scenarios/**/*.test.ts'],
        20_000,
      ),
      tier('tier2', ['test/engines/**/*.test.ts'], 120_000),
      tier('tier3', ['test/long/**/*.test.ts'], 900_000),
      tier('soak', ['test/soak/**/*.test.ts'], 86_400_000),
    ],
  },
})
