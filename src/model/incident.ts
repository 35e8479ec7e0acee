/**
 * What Weir tells of a campaign or a fast theft (CONTRACT, `analyze --json`), and what it rests on. Every number that is told
 * is a fact with its derivation; every sentence names the facts it needs and is not told without them.
 */

/** Where a number can be opened: a question to the books, or raw records. */
export interface Derivation {
  /** How it was computed, in one line. */
  how: string
  /** Arguments of `weir ledger` that give the number or the rows behind it. */
  ledger?: readonly string[]
  records?: readonly RecordRef[]
}

/** A line of a log: byte offset in the decompressed file. */
export interface RecordRef {
  path: string
  offset: number
  uid?: string
  start_ms: number
  bytes_out: bigint
}

export type FactUnit =
  | 'bytes'
  | 'bytes_per_day'
  | 'count'
  | 'share'
  | 'time_ms'
  | 'ms'
  | 'nats'
  | 'log10'
  | 'name'
  | 'names'

export interface Fact {
  id: string
  unit: FactUnit
  value: number | bigint | string | readonly string[]
  /** 90 % interval, where the value is an estimate. */
  low?: number | bigint
  high?: number | bigint
  /** Observed: counted in the books. Inferred: from a statistic. */
  basis: 'observed' | 'inferred'
  derivation: Derivation
}

/** A sentence in parts; a part with `fact` shows that fact. Told only if all its facts are there. */
export interface Sentence {
  id: string
  /** What it is about: sentences about one thing stand together. */
  about: string
  parts: readonly (string | { fact: string; text: string })[]
}

export interface Evidence {
  detector: string
  /** Pool or entity, such as `role:service`. */
  subject: string
  /** One sentence, consistent with, never a verdict. */
  statement: string
  log10_e: number
  facts: Record<string, number | bigint | string>
}

export interface Member {
  id: string
  name?: string
  addresses?: readonly string[]
  /** Excess over expectation. */
  bytes_out: bigint
  gross_bytes_out: bigint
  /** 0 … 1: share of what it did that is not expected of its kind; members have at least 0.5. */
  weight: number
  first_ms?: number
  last_ms?: number
}

export const memberKinds = [
  'hosts',
  'accounts',
  'projects',
  'vaults',
  'client_orgs',
  'gateways',
  'peers',
  'peer_asns',
  'client_fps',
] as const
export type MemberKind = (typeof memberKinds)[number]
export type Members = Record<MemberKind, readonly Member[]>
/** Most members listed of a kind; `member_counts` tells how many there are. */
export const mostMembers = 1000

export interface Interval {
  low: bigint
  best: bigint
  high: bigint
}

/** Which client organisations may be concerned, by what the books can say of their vaults. */
export interface ClientOrgImpact {
  confirmed: readonly string[]
  possible: readonly string[]
  no_evidence: number
  no_visibility: readonly string[]
}

/** What the picture of an incident is drawn from: one column per day, shares of a member's own alarm line (1 = at the line). */
export interface Score {
  days_ms: readonly number[]
  /** Cumulative excess at the end of each day. */
  cumulative: readonly Interval[]
  markers: readonly { at_ms: number; kind: 'first_activity' | 'first_evidence' | 'detected' | 'last_activity' }[]
  members: readonly ScoreRow[]
  /** As many hosts and peers that are not members, matched by kind and size, sorted by the same rule. */
  control: readonly ScoreRow[]
}

export interface ScoreRow {
  kind: 'host' | 'peer'
  id: string
  /** Own alarm line in bytes a day: the level at which a rule for this entity alone would speak. */
  own_line_bytes: number
  /** Day's bytes over the own line, one for each of `days_ms`. */
  shares: readonly number[]
}

export interface Ribbon {
  account: string
  host: string
  gateway: string
  peer_network: string
  vault: string
  bytes_out: bigint
}

/** A turn in the life of an incident; of `declared` nobody is named yet. */
export interface HistoryEntry {
  at_ms: number
  kind: 'declared' | 'named' | 'grew' | 'shrank' | 'joined' | 'parted'
  /** What declared, joined, or parted. */
  detector?: string
  /** Members from then on. */
  peers: number
  hosts: number
}

export type IncidentState = 'open' | 'closed' | 'judged_theft' | 'judged_harmless'

export interface Verdict {
  incident: string
  verdict: 'theft' | 'harmless'
  reason: string
  owner: string
  at_ms: number
  /** Undefined: until it is withdrawn. */
  expires_ms?: number
}

export interface Incident {
  id: string
  kind: 'campaign' | 'fast_theft'
  title: string
  /** The sentences, joined. */
  summary: string
  state: IncidentState
  severity: 'low' | 'medium' | 'high' | 'critical'
  log10_evidence: number
  silent: boolean
  nearest_own_line: { member: string; share: number } | null
  first_activity_ms: number
  last_activity_ms: number
  detected_at_ms: number
  bytes_out: Interval
  gross_bytes_out: bigint
  bytes_out_at_detection: bigint
  members: Members
  member_counts: Record<MemberKind, number>
  /** Weight below 0.5. */
  candidates: Members
  techniques: readonly string[]
  evidence: readonly Evidence[]
  innocent_reading: string
  settling_check: string
  not_observable: readonly string[]
  proposed_actions: readonly { action: string; text: string; honest_bytes_per_day?: bigint; honest_users?: number }[]
  client_org_impact: ClientOrgImpact
  /** In order of time. */
  history: readonly HistoryEntry[]
  facts: readonly Fact[]
  sentences: readonly Sentence[]
  score: Score
  ribbons: readonly Ribbon[]
  verdict?: Verdict
}

/** Policy (a budget, an expectation) or sensor (silence, closure, clock): never spends the budget of incidents. */
export interface Notice {
  id: string
  kind: 'policy' | 'sensor'
  at_ms?: number
  text: string
  facts?: Record<string, number | bigint | string>
}

/** Where an analyst looks when there is time: ranked, without a claim about errors. */
export interface WorkItem {
  id: string
  rank: number
  week_ms: number
  detector: string
  subject: string
  text: string
  log10_e: number
  facts: Record<string, number | bigint | string>
}

export type MaturityLevel = 'blind' | 'policy_only' | 'weak' | 'mature'

export interface Maturity {
  pool: string
  channel: string
  scale: '10 min' | '1 h' | '1 d' | '7 d' | '28 d'
  level: MaturityLevel
  ticks: number
  mature_from_ms: number | null
}

/** What all detection says at one time: the part of the analysis that comes after the books. */
export interface Findings {
  incidents: readonly Incident[]
  notices: readonly Notice[]
  worklist: readonly WorkItem[]
  maturity: readonly Maturity[]
  budget: { false_incidents_per_year: number; spent: number }
  /** End of the last tick that was judged. */
  judged_until_ms: number | null
}
