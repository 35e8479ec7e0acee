/**
 * The columns of an accepted flow, as `events` makes them and the store keeps them for `retention.flows_days`.
 * Seen from the site: `inside` is our end, `peer` the other; `bytes_out` went from inside to peer whoever called.
 * For `internal` and `transit` flows, where no end is ours alone, inside is the originator.
 */
import type { ColumnTable } from './observation.ts'

/** What a flow is in the books; only `border` flows are egress or ingress. */
export const places = ['border', 'internal', 'transit', 'carrier'] as const
export type Place = (typeof places)[number]
export const placeCode = { border: 0, internal: 1, transit: 2, carrier: 3 } as const satisfies Record<Place, number>

export const flowEventTable = {
  /**
   * Which connection this is: a hash of uid, 5-tuple and start second where the source gives a uid (records of one
   * connection are then snapshots of growing totals), else a hash of the whole record.
   */
  conn: 'hash',
  uid: 'hash',
  start_ms: 'time',
  end_ms: 'time',
  available_ms: 'time',
  place: 'u8',
  sensor: 'name',
  /** 0 for sensors whose bytes count; else the sensor again, so that what only corroborates never hides what counts. */
  corroborates: 'name',
  inside: 'address',
  peer: 'address',
  inside_port: 'port',
  peer_port: 'port',
  proto: 'u8',
  service: 'name',
  /** 1 if the inside end opened the connection. */
  outbound: 'u8',
  /** 1 + index of the VPN pool that leases the peer's address; 0 if it is no leased address. */
  pool: 'u8',
  bytes_out: 'count',
  bytes_in: 'count',
  bytes_out_lo: 'count',
  bytes_out_hi: 'count',
  packets_out: 'count',
  packets_in: 'count',
  wire_bytes_out: 'count',
  wire_bytes_in: 'count',
  client_fp: 'name',
  flags: 'u8',
  offset: 'offset',
} as const satisfies ColumnTable

/** Flows without payload: counted, not booked. Kept only as long as a re-import must be recognised. */
export const probeTable = {
  conn: 'hash',
  start_ms: 'time',
  place: 'u8',
  sensor: 'name',
  offset: 'offset',
} as const satisfies ColumnTable

/** Further bits of `flags`, beside those of the observation. */
export const eventFlags = { sampled: 16 } as const
