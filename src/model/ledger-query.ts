/**
 * A question to the books: sums by any columns, with conditions on any columns, over a span of time.
 * The store picks the smallest table that can answer: a cube if at most one column (beside class and time) is asked
 * for, pair-days for any columns by day, postings for any columns by hour within the detail that is kept.
 */
export interface LedgerQuery {
  by: readonly string[]
  where: readonly { column: string; value: string }[]
  from_ms?: number
  to_ms?: number
  top?: number
  /** The books as they stood then: only what was known by the end of the 10-minute window that holds this moment. */
  known_at_ms?: number
}

/** Columns that a question may name. `window` is the 10-minute tick. */
export const queryColumns = [
  'window',
  'hour',
  'day',
  'month',
  'sensor',
  'inside',
  'host',
  'role',
  'peer',
  'leased_ip',
  'service',
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'peer_asn',
  'peer_class',
  'cohort',
  'client_fp',
  'explanation',
  'explained',
  'method',
  'confidence',
  'candidates',
  'candidate',
  'runner_up',
] as const
export type QueryColumn = (typeof queryColumns)[number]

export interface LedgerAnswer {
  columns: string[]
  rows: Record<string, string | number | bigint | null>[]
  total: Record<string, bigint>
  /** Which table answered, for people who wonder about speed or detail. */
  answered_from: 'cubes' | 'cube_days' | 'pair_days' | 'postings'
}
