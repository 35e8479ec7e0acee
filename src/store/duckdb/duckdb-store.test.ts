import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
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
