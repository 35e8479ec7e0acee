/**
 * One UTC day of arrivals as detectors read it: columns of equal length, ordered by tick, then address of the inside end and of
 * the peer, so that sums over them are the same in every state. Names are the state's ids (0 = unknown); they identify, but
 * nothing may depend on their size or order.
 */
export interface DayRows {
  day: number
  length: number
  /** 10-minute tick at whose end the row may be judged; all lie in `day`. */
  tick: Uint32Array
  host: Int32Array
  /** Index into `hostRoles`. */
  role: Uint8Array
  /** Index of the peer in the run's memory of peers: 0, 1, … in order of first appearance. */
  peer: Int32Array
  /** Days since the peer was first seen; `unknownAge` for peers of the first weeks of memory, `vouchedAge` for known ones. */
  age_days: Uint16Array
  account: Int32Array
  project: Int32Array
  vault: Int32Array
  client_org: Int32Array
  gateway: Int32Array
  client_fp: Int32Array
  peer_asn: Uint32Array
  service: Int32Array
  bytes_out: Float64Array
  flows: Uint32Array
  /** 1 where no expectation explains the bytes, caps applied. */
  unexplained: Uint8Array
  /** 1 where no log ties the bytes to an account or a vault, though it tied others of the same host, service and hour. */
  untold: Uint8Array
  /** The expectation that explains the bytes, or that they fit as far as that can be checked; 0 = none, and beyond its cap. */
  explanation: Int32Array
}

export const unknownAge = 65_535
/** Vouched for by an anchor that a person set. */
export const vouchedAge = 65_534

/** Texts behind ids, for keys and statements. */
export interface Names {
  text(id: number): string
  peer(index: number): string
}

/** The rows before a tick, and those from it on: views of the same columns. */
export function partedAt(rows: DayRows, tick: number): [DayRows, DayRows] {
  let at = rows.length
  while (at > 0 && rows.tick[at - 1] >= tick) at--
  return [viewOf(rows, 0, at), viewOf(rows, at, rows.length)]
}

function viewOf(rows: DayRows, from: number, to: number): DayRows {
  const columns = Object.entries(rows).map(([name, column]) => [
    name,
    typeof column === 'number' ? column : column.subarray(from, to),
  ])
  return { ...Object.fromEntries(columns), day: rows.day, length: to - from }
}
