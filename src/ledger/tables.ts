/**
 * The tables of the books (DESIGN §3) as data: what identifies a row, and what is summed.
 * All sums are 64-bit integers; rows with equal keys may be added up in any order, at any time, on any machine.
 */
import type { ColumnTable } from '../model/observation.ts'

export const sums = {
  bytes_out: 'count',
  bytes_in: 'count',
  bytes_out_lo: 'count',
  bytes_out_hi: 'count',
  packets_out: 'count',
  packets_in: 'count',
  flows: 'count',
} as const satisfies ColumnTable
export const sumNames = Object.keys(sums) as (keyof typeof sums)[]

/**
 * Who, out of what, through which gate, and why: what attribution says of bytes. Each combination is kept once and rows
 * refer to it by number, so that the rows of the books stay narrow.
 */
export const labelTable = {
  account: 'name',
  project: 'name',
  vault: 'name',
  client_org: 'name',
  gateway: 'name',
  peer_asn: 'u32',
  client_fp: 'name',
  explanation: 'name',
  explained: 'u8',
  method: 'u8',
  confidence: 'u8',
  /** Who else it may have been, where the name is in doubt. */
  candidate: 'name',
  runner_up: 'name',
  runner_up_confidence: 'u8',
  candidates: 'u8',
} as const satisfies ColumnTable

/**
 * Facts. `inside` is the number of an address in the state's list (with its host name and role); `peer` is the address on
 * the wire: IPv4, or the /64 of an IPv6 address.
 */
export const measuredKeys = {
  tick: 'u32',
  sensor: 'name',
  place: 'u8',
  inside: 'name',
  peer: 'address',
  service: 'name',
} as const satisfies ColumnTable

/**
 * Opinions about the facts, border traffic of accounting sensors only. `peer` is the session's outer address where a
 * lease names one, and `leased` is then the number of the address on the wire. A row holds from `known_tick` on; what it
 * replaces stands as the same row with negative sums. For every measured row the postings add up to it exactly.
 */
export const postingKeys = {
  tick: 'u32',
  known_tick: 'u32',
  sensor: 'name',
  inside: 'name',
  peer: 'address',
  leased: 'name',
  service: 'name',
  label: 'name',
} as const satisfies ColumnTable

/** Hunting: 400 days. `peer_bits` 128, or 120 (IPv4 /24) and 48 once small peers are folded. */
export const pairDayKeys = {
  day: 'u32',
  sensor: 'name',
  inside: 'name',
  peer: 'address',
  peer_bits: 'u8',
  leased: 'name',
  service: 'name',
  label: 'name',
  peer_class: 'u8',
  cohort: 'u32',
} as const satisfies ColumnTable

/** Statistics: 10-minute ticks, one dimension × class, no peers; `peers` counts distinct ones in the tick. */
export const cubeKeys = {
  dimension: 'u8',
  tick: 'u32',
  entity: 'name',
  peer_class: 'u8',
} as const satisfies ColumnTable
/** The same by day, without the number of peers (which do not add up): what most questions over a year need. */
export const cubeDayKeys = {
  dimension: 'u8',
  day: 'u32',
  entity: 'name',
  peer_class: 'u8',
} as const satisfies ColumnTable
export const cubeSums = ['bytes_out', 'bytes_in', 'bytes_out_lo', 'bytes_out_hi', 'flows'] as const

/** The dimensions of the cubes: a column of the postings each, `site` none, `cohort` the month a peer was first seen. */
export const cubeDimensions = [
  'site',
  'sensor',
  'host',
  'role',
  'account',
  'project',
  'vault',
  'client_org',
  'gateway',
  'service',
  'peer_asn',
  'client_fp',
  'explanation',
  'cohort',
] as const
export type CubeDimension = (typeof cubeDimensions)[number]

export const peerClasses = ['declared', 'known', 'common', 'rare', 'novel', 'age_unknown'] as const
export type PeerClass = (typeof peerClasses)[number]

/** What one flow (or transfer) adds to one tick, before rows with equal keys are added up. */
export const entryTable = {
  /** 0 = a fact and its posting; 1 = a posting alone: a reversal or what replaces it. */
  posting_only: 'u8',
  /** Whether its sensor accounts; corroborating entries are measured, never posted. */
  accounts: 'u8',
  place: 'u8',
  tick: 'u32',
  known_tick: 'u32',
  /** When the fact itself became known: the `known_tick` of its first posting, also on what is posted of it later. */
  fact_tick: 'u32',
  sensor: 'name',
  inside: 'name',
  peer: 'address',
  /** The outer address behind a leased peer, and that peer's number; `::` and 0 if there is none. */
  outer: 'address',
  leased: 'name',
  service: 'name',
  /** A code of the run's `LabelTable`; the store turns it into the number of the label. */
  label: 'name',
  ...sums,
} as const satisfies ColumnTable

/** Transfer logs that claim more than any flow carried. */
export const claimTable = {
  day: 'u32',
  tool: 'name',
  account: 'name',
  vault: 'name',
  peer: 'address',
  bytes: 'count',
} as const satisfies ColumnTable

/** What an account read from a vault on a host at the border, by the day on which it became known. */
export const readTable = {
  day: 'u32',
  account: 'name',
  vault: 'name',
  host: 'name',
  bytes: 'count',
} as const satisfies ColumnTable

/** Rules of novelty (DESIGN §3), as numbers: days of memory without opinion, days a peer stays novel, who makes it common. */
export const novelty = { age_unknown_days: 30, novel_days: 30, common_accounts: 5, common_roles: 3 } as const

/** When a closed day is folded, how long the books look back, and from which size on a peer keeps its own row. */
export const sealing = { seal_after_days: 2, pair_days: 400, fold_below_bytes: 1_000_000 } as const
