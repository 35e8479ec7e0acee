import { storeSuite } from '../../testing/store-suite.ts'
import { DuckdbStore } from './duckdb-store.ts'

storeSuite('DuckDB', (options) => DuckdbStore.open(options))
