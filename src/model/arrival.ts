/**
 * What detectors read: bytes that left, in the 10-minute tick in which they could first be judged. A row is one inside
 * address, one peer and one label in one tick. `tick` is the tick after the one in which the record was available, so that
 * what other logs tell within that time (a transfer's vault, a session's account) is part of it; whatever becomes known later
 * amends the books but no row here. So the rows up to a moment are a function of the records that were available by then.
 */
import type { Columns } from './columns.ts'
import type { ColumnTable } from './observation.ts'

export const arrivalTable = {
  /** Judged at the end of this tick. */
  tick: 'u32',
  inside: 'address',
  host: 'name',
  role: 'u8',
  /** As it really is: the session's outer address where a lease named one; of IPv6 the /64. */
  peer: 'address',
  service: 'name',
  account: 'name',
  project: 'name',
  vault: 'name',
  client_org: 'name',
  gateway: 'name',
  client_fp: 'name',
  peer_asn: 'u32',
  /** Expectation that matched, 0 = none, and how far: see the ledger's `explanations`. Caps are not applied. */
  explanation: 'name',
  explained: 'u8',
  bytes_out: 'count',
  flows: 'count',
} as const satisfies ColumnTable
export type ArrivalColumns = Columns<typeof arrivalTable>

/** Ticks between the availability of a record and its judgement. */
export const judgedAfterTicks = 1
