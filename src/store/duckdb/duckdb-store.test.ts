import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { borderHoursSuite } from '../../testing/border-hours-suite.ts'
import { readDaysSuite } from '../../testing/read-days-suite.ts'
import { sessionPartsSuite } from '../../testing/session-parts-suite.ts'
import { storeSuite, storeVocabulary } from '../../testing/store-suite.ts'
import { DuckdbStore } from './duckdb-store.ts'

/** Empty books, made once and copied for each test: making them takes longer than most tests. */
const empty = mkdtempSync(join(tmpdir(), 'weir-empty-'))
const file = 'weir.duckdb'

beforeAll(async () => (await DuckdbStore.open({ directory: empty, ...storeVocabulary })).close())
afterAll(() => rmSync(empty, { recursive: true, force: true }))

storeSuite('DuckDB', (options) => {
  const books = join(options.directory, file)
  if (!existsSync(books)) copyFileSync(join(empty, file), books)
  return DuckdbStore.open(options)
})

async function openEmpty(): Promise<{ store: DuckdbStore; close: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-parts-'))
  copyFileSync(join(empty, file), join(directory, file))
  const store = await DuckdbStore.open({ directory, ...storeVocabulary })
  return {
    store,
    close: async () => {
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

sessionPartsSuite('DuckDB', openEmpty)
borderHoursSuite('DuckDB', openEmpty)
readDaysSuite('DuckDB', openEmpty)
