/**
 * A flow as the ledger reads it back: one row per accepted record, with what it adds beyond earlier records of the
 * same connection (long connections are logged more than once, with growing totals). The sums belong to the span
 * [seg_start_ms, seg_end_ms); `start_ms` and `end_ms` are the connection's own, for the joins.
 */
import type { ColumnTable } from '../model/observation.ts'
import { sums } from './tables.ts'

export const readFlowTable = {
  seg_start_ms: 'time',
  seg_end_ms: 'time',
  start_ms: 'time',
  end_ms: 'time',
  available_ms: 'time',
  /** Ticks before this were booked for good earlier (the detail of their days is gone); 0 = none. */
  booked_before_ms: 'time',
  place: 'u8',
  sensor: 'name',
  inside: 'address',
  peer: 'address',
  inside_port: 'port',
  peer_port: 'port',
  service: 'name',
  pool: 'u8',
  client_fp: 'name',
  ...sums,
} as const satisfies ColumnTable
