/**
 * The tables of a state directory. Derived from the column tables of `model` and `ledger`, so that a column has one
 * name from the log parser to the chart. Final tables keep times and offsets as BIGINT (−1 = not stated).
 */
import { flowEventTable, probeTable } from '../../model/flow-event.ts'
import { type ColumnTable, type ObservationType, observationTables } from '../../model/observation.ts'
import type { ContextType } from '../store.ts'
import { arrivalSchema } from './arrivals.ts'
import { borderHoursSchema } from './border-hours.ts'
import { physicalColumns, quoted } from './column-io.ts'
import { readDaysSchema } from './read-days.ts'
import { resolvedColumns, toldViews } from './session-parts.ts'
import { sourceTallyTables } from './source-tallies.ts'
import { touchedSchema } from './touched.ts'

export const schemaVersion = 4

/** Context observations and the tables that keep them. */
export const contextTables = {
  session: 'sessions',
  transfer: 'transfers',
  job: 'jobs',
  storage_read: 'storage_reads',
  counter: 'counters',
  lease: 'leases',
  nat: 'nat_bindings',
  fingerprint: 'fingerprints',
} as const satisfies Record<Exclude<ObservationType, 'flow'>, string>
/** Where they are read from: sessions and transfers with what other records tell of them. */
export const toldTables = { ...contextTables, session: 'told_sessions', transfer: 'told_transfers' } as const
export const contextTypes = Object.keys(contextTables) as ContextType[]

/** Everything that is staged, by staging table, with its final table. */
export const stagedTables: readonly { staged: string; final: string; table: ColumnTable }[] = [
  { staged: 'staged_flow', final: 'flows', table: flowEventTable },
  { staged: 'staged_probe', final: 'probes', table: probeTable },
  ...contextTypes.map((type) => ({
    staged: `staged_${type}`,
    final: contextTables[type],
    table: observationTables[type],
  })),
]

/** What is kept of a flow whose detail is gone: enough to know it again, and to go on with a long connection. */
export const flowKeyColumns = [
  'conn',
  'uid',
  'start_ms',
  'end_ms',
  'corroborates',
  'bytes_out',
  'bytes_in',
  'bytes_out_lo',
  'bytes_out_hi',
  'packets_out',
  'packets_in',
]

export interface LedgerTables {
  measuredKeys: ColumnTable
  postingKeys: ColumnTable
  pairDayKeys: ColumnTable
  cubeKeys: ColumnTable
  cubeDayKeys: ColumnTable
  cubeDimensions: readonly string[]
  cubeSums: readonly string[]
  sums: ColumnTable
  claimTable: ColumnTable
  readTable: ColumnTable
  labelTable: ColumnTable
}

export function schemaStatements(ledger: LedgerTables): string[] {
  const ledgerTable = (name: string, keys: ColumnTable, sums: ColumnTable): string =>
    `CREATE TABLE ${name} (${definitions({ ...keys, ...sums })})`
  const cubeSums = Object.fromEntries(ledger.cubeSums.map((name) => [name, 'count' as const]))
  return [
    'CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL)',
    'CREATE TABLE names (id INTEGER NOT NULL, text VARCHAR NOT NULL)',
    "INSERT INTO names VALUES (0, '')",
    `CREATE TABLE addresses (id INTEGER NOT NULL, hi UBIGINT NOT NULL, lo UBIGINT NOT NULL, host INTEGER NOT NULL, role UTINYINT NOT NULL)`,
    'INSERT INTO addresses VALUES (0, 0, 0, 0, 0)',
    `CREATE TABLE labels (id INTEGER NOT NULL, ${definitions(ledger.labelTable)})`,
    `INSERT INTO labels VALUES (0, ${physicalColumns(ledger.labelTable)
      .map(() => 0)
      .join(', ')})`,
    'CREATE TABLE sources (id INTEGER NOT NULL, path VARCHAR NOT NULL, format VARCHAR NOT NULL)',
    ...sourceTallyTables,
    ...stagedTables.map(
      ({ final, table }) => `CREATE TABLE ${final} (${definitions(table)}, source INTEGER NOT NULL${extra(final)})`,
    ),
    ...toldViews,
    /* connections with more than one accepted record, and what is left of records whose detail is gone */
    'CREATE TABLE long_conns (conn UBIGINT NOT NULL)',
    `CREATE TABLE flow_keys (${definitions(pick(flowEventTable, flowKeyColumns))}${lateColumn})`,
    'CREATE TABLE probe_days (day INTEGER NOT NULL, place UTINYINT NOT NULL, sensor INTEGER NOT NULL, flows BIGINT NOT NULL)',
    'CREATE TABLE dirty_days (day INTEGER NOT NULL)',
    touchedSchema,
    ledgerTable('measured', ledger.measuredKeys, ledger.sums),
    ledgerTable('postings', ledger.postingKeys, ledger.sums),
    ledgerTable('pair_days', ledger.pairDayKeys, ledger.sums),
    `CREATE TABLE cube_days (${definitions({ ...ledger.cubeDayKeys, ...cubeSums })})`,
    `CREATE TABLE cubes (${definitions({ ...ledger.cubeKeys, ...cubeSums })}, peers BIGINT NOT NULL)`,
    arrivalSchema,
    borderHoursSchema,
    readDaysSchema(ledger.readTable),
    /* per day what was measured, kept as long as the pair-days are: the second leg of the balance */
    `CREATE TABLE day_totals (day INTEGER NOT NULL, sensor INTEGER NOT NULL, place UTINYINT NOT NULL, accounts UTINYINT NOT NULL,
      ${definitions(ledger.sums)})`,
    `CREATE TABLE claims (${definitions(ledger.claimTable)})`,
    'CREATE TABLE peer_users (peer_hi UBIGINT NOT NULL, peer_lo UBIGINT NOT NULL, who INTEGER NOT NULL, first_day INTEGER NOT NULL)',
    'CREATE TABLE sealed_days (day INTEGER NOT NULL)',
    `CREATE TABLE runs (id INTEGER NOT NULL, records_read BIGINT NOT NULL, accepted BIGINT NOT NULL)`,
  ]
}

/** Columns of final tables: staging types, but whole numbers for times and offsets. */
function definitions(table: ColumnTable): string {
  return physicalColumns(table)
    .map((column) => `${quoted(column.name)} ${column.sql === 'DOUBLE' ? 'BIGINT' : column.sql} NOT NULL`)
    .join(', ')
}

/** `late`: the run that brought a record between others that are booked for good already; 0 for all others. */
const lateColumn = ', late INTEGER NOT NULL'

function extra(final: string): string {
  if (final === 'flows') return `, run INTEGER NOT NULL, booked_before_ms BIGINT NOT NULL${lateColumn}`
  return resolvedColumns[final] ?? ''
}

function pick(table: ColumnTable, names: readonly string[]): ColumnTable {
  return Object.fromEntries(names.map((name) => [name, table[name]]))
}

/** The staged columns as the final table wants them. */
export function finalExpressions(table: ColumnTable, alias: string): string {
  return physicalColumns(table)
    .map(({ name, sql }) => {
      const value = `${alias}.${quoted(name)}`
      return sql === 'DOUBLE'
        ? `CASE WHEN isnan(${value}) THEN -1 ELSE CAST(${value} AS BIGINT) END AS ${quoted(name)}`
        : value
    })
    .join(', ')
}
