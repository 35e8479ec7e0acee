import { expect, test } from 'vitest'
import { run } from '../bench.ts'

const given = { size: 'small', seed: 1, quiet: true, logLevel: 'info', logFormat: 'pretty' }

test.each([
  [[], 'say what to measure: there is ingest, detect, query'],
  [['toString'], "nothing measures 'toString': there is ingest, detect, query"],
])('bench %j is refused before anything is done', async (args, message) => {
  await expect(run(args, { ...given })).rejects.toThrow(message)
})

test.each([
  ['detect', { rows: 1000 }, "--rows says nothing to 'bench detect'"],
  ['ingest', { entities: 100 }, "--entities says nothing to 'bench ingest'"],
  ['query', { entities: 100 }, "--entities says nothing to 'bench query'"],
])('an option of another measurement is refused: %s %j', async (what, more, message) => {
  await expect(run([what], { ...given, ...more })).rejects.toThrow(message)
})

test('detection is not measured over days without a past', async () => {
  await expect(run(['detect'], { ...given, days: 14 })).rejects.toThrow('--days 14: detection is measured over 15 days')
})
