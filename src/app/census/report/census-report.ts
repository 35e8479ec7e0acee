/** What a census says: the values behind its text, its page and `weir census --json` (docs/reference/census.md). */
import type { Gap } from '../../gaps.ts'
import type { SourceReport } from '../../import-files.ts'

export interface Sums {
  bytes_out: bigint
  bytes_in: bigint
  flows: bigint
}

export interface PeerRow extends Sums {
  peer: string
  /** Distinct inside hosts that sent to it. */
  hosts: number
  first_ms: number
  last_ms: number
}

export interface NetworkRow extends Sums {
  /** IPv4 /24 or IPv6 /48. */
  network: string
  peers: number
  hosts: number
}

export interface Where {
  by_host: ({ host: string; role: string } & Sums)[]
  by_role: ({ role: string; hosts: number } & Sums)[]
  by_service: ({ service: string } & Sums)[]
  by_account: ({ account: string } & Sums)[]
  by_peer: PeerRow[]
  by_network: NetworkRow[]
  by_day: ({ start_ms: number } & Sums)[]
  /** Of logs that span no more than four days, for the timeline. */
  by_hour: ({ start_ms: number } & Sums)[]
  networks: number
}

export interface CopyRow {
  kind: 'vault' | 'path' | 'bucket'
  name: string
  /** Transfer logs: what they say left. */
  transfers: number
  transfer_bytes_out: bigint
  /** Flows: what of it they carried; null where there is no vault. */
  carried_bytes_out: bigint | null
  size_bytes: bigint | null
  /** transfer_bytes_out ÷ size_bytes. */
  copies: number | null
  first_ms: number | null
  last_ms: number | null
}

export interface CopiesOut {
  by: 'vault' | 'path'
  rows: CopyRow[]
  /** Distinct vaults, paths or buckets. */
  places: number
  /** Transfers outwards that state no outside peer: not counted above. */
  unplaced: { transfers: number; bytes: bigint }
  unmapped: { kind: 'path' | 'bucket' | 'unstated'; name: string; transfers: number; bytes_out: bigint }[]
  unmapped_places: number
  unmapped_bytes_out: bigint
  transfer_bytes_out: bigint
}

export interface AccountRow {
  account: string
  networks: number
  addresses: number
  /** Where those addresses are, ISO 3166-1 alpha-2, sorted; without a database (`enrich.geo_db`) not stated. */
  countries?: string[]
  /** How many autonomous systems they belong to; without a database (`enrich.asn_db`) not stated. */
  asns?: number
  sessions: number
  first_ms: number
  last_ms: number
}

export interface SharedKey {
  kind: 'key_fp' | 'client_fp'
  fingerprint: string
  accounts: number
  /** The first of them, in order of the alphabet. */
  names: string[]
}

export interface SensorRow {
  sensor: string
  accounts: boolean
  first_ms: number
  last_ms: number
  flows: number
  probes: number
  /** Whole clock hours between first and last in which it logged nothing. */
  silent_hours: number
  gaps: Gap[]
}

export type Level = 'blind' | 'policy_only' | 'weak' | 'mature'

export interface MaturityRow {
  pool: string
  scale: '1 h' | '1 d'
  channel: 'all_peers' | 'unknown_peers'
  level: Level
  /** Ticks of reference so far. */
  ticks: number
  weak_from_ms: number | null
  mature_from_ms: number | null
  /** Why it is blind. */
  lacks?: string
}

/** What these logs cannot show, in words. */
export interface NotSeen {
  id: string
  text: string
}

export interface Census {
  weir: string
  span: { start_ms: number | null; end_ms: number | null }
  assumptions: string[]
  sources: SourceReport[]
  passed_over: { path: string; reason: string }[]
  ledger: Sums & {
    attributed_share: { account: number; project: number; vault: number }
    explained_bytes_out: bigint
    unexplained_bytes_out: bigint
  }
  counts: { hosts: number; peers: number; accounts: number }
  not_egress: {
    internal_bytes: bigint
    transit_bytes: bigint
    carrier_bytes: bigint
    probes: bigint
    corroborating_bytes: bigint
    claimed_not_seen_bytes: bigint
  }
  where: Where
  copies_out: CopiesOut
  peers_of_many_hosts: { rows: PeerRow[]; networks: NetworkRow[] }
  accounts: { seen: number; by_networks: { networks: number; accounts: number }[]; rows: AccountRow[] }
  shared_keys: { rows: SharedKey[]; shared: number; seen: { key_fp: number; client_fp: number } }
  first_time_recipients: {
    rule: string
    since_ms: number | null
    min_bytes_out: bigint
    peers_since: number
    rows: PeerRow[]
  }
  sensors: SensorRow[]
  maturity: { observed_hours: number; observed_days: number; rows: MaturityRow[] }
  not_seen: NotSeen[]
}
