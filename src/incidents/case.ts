/**
 * What detection and the books know of one campaign or fast theft, as plain numbers: the input of everything that is told.
 * Names are texts; bytes are exact.
 */
import type {
  ClientOrgImpact,
  Evidence,
  HistoryEntry,
  Interval,
  Member,
  MemberKind,
  RecordRef,
  Ribbon,
  Score,
} from '../model/incident.ts'

/** One stream of evidence that carried the declaration. */
export interface LeadingEvidence {
  detector: string
  /** Pool such as `site`, `role:service`, `vault:cfd-archive`, or a key such as `client_fp:t13d…`. */
  subject: string
  /** Peer class and measure, in words: `pieces drawn by peers first seen within 7 days`. */
  channel: string
  scale: '10 min' | '1 h' | '1 d' | '7 d' | '28 d'
  log_e: number
  /** Since when this evidence grew. */
  since_ms: number
  /** Level of the statistic now and as its own past predicts, in the channel's unit, per day. */
  observed_per_day: number
  expected_per_day: number
  /** 90 % interval of `expected_per_day`; without it the expected level is not told. */
  expected_low_per_day?: number
  expected_high_per_day?: number
  unit: 'bytes' | 'peers' | 'pieces' | 'vaults' | 'accounts' | 'subnets'
  /** Ticks of its own past that it was ranked among. */
  reference_ticks: number
}

export interface CampaignCase {
  id: string
  kind: 'campaign' | 'fast_theft'
  state: 'open' | 'closed'
  detected_at_ms: number
  /** Start of the evidence: when the sum began to rise. */
  first_evidence_ms: number
  first_activity_ms: number
  last_activity_ms: number
  /** Natural logarithm of the merged evidence at detection, and what it had to reach. */
  log_e: number
  /** The same at the end of the last tick judged; without it, that at detection stands. */
  log_e_now?: number
  log_threshold: number
  leading: readonly LeadingEvidence[]
  /** Members of weight ≥ 0.5, most excess first; not cut. */
  members: Record<MemberKind, readonly Member[]>
  candidates: Record<MemberKind, readonly Member[]>
  excess: Interval
  gross_bytes_out: bigint
  /** Of these, what expectations explain. */
  agreed_bytes_out: bigint
  /** And what fits them as far as that can be checked (an unknown vault or account), by expectation, most bytes first. */
  fitting: readonly { expectation: string; bytes_out: bigint }[]
  /**
   * Each peer's excess times the share of its own bytes that was agreed (that was agreed or fits), summed, as a share of all excess:
   * near 1 if it is a rest of what was agreed, near 0 if it went to others than those it was agreed with.
   */
  beside_agreed: number
  beside_fitting: number
  excess_at_detection: bigint
  /** Over the time of activity: all that left the site, and what left explained. */
  site_bytes_out: bigint
  /** The same over the hours of activity only. */
  site_bytes_out_of_hours: bigint
  /** Highest share of its own alarm line that any member reached on one day, and whose. */
  nearest_own_line: { kind: 'host' | 'peer'; member: string; share: number; day_ms: number } | null
  /** Bytes of members that have an account, a vault. */
  named_bytes: { account: bigint; vault: bigint }
  /** Of these, those of the account that has most. */
  largest_account_bytes_out: bigint
  /** Members' piece size and rhythm. */
  median_piece_bytes: number
  /** Share of the pieces within 10 % of the median size; undefined: not measured. */
  even_piece_share?: number
  networks: number
  services: readonly { service: string; bytes_out: bigint }[]
  /** Share of the members' bytes by hour of day (UTC), 24 values, and that of the site. */
  hours: { members: readonly number[]; site: readonly number[] }
  /** Bytes to members of the last 7 days of activity, per day. */
  recent_bytes_per_day: number
  /** Stored bytes of the vaults named, 0 = unknown. */
  vault_sizes: Readonly<Record<string, number>>
  client_org_impact: ClientOrgImpact
  history: readonly HistoryEntry[]
  score: Score
  ribbons: readonly Ribbon[]
  /** A few raw records of the largest members. */
  records: readonly RecordRef[]
  /** What could not be seen: gaps, immature pools, no transfer logs … in words from those who know. */
  not_observable: readonly string[]
  /** What an action would cost honest users: bytes a day and users on the same hosts that are not members. */
  honest: { host_bytes_per_day: bigint; host_users: number }
  extra_evidence: readonly Evidence[]
}
