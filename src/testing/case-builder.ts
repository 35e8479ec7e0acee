/**
 * Cases for tests: a campaign of 30 hosts and 400 peers over 42 days, consistent in itself, of which any part may be
 * given. Sizes are spread evenly by rank, so that everything depends on the arguments alone.
 */
import type { CampaignCase, LeadingEvidence } from '../incidents/case.ts'
import { type Interval, type Member, type MemberKind, memberKinds, type Score } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'

export const caseStart = Date.UTC(2026, 2, 24, 7, 30)

export type Counts = Partial<Record<MemberKind, number>>

const usualCounts: Counts = { hosts: 30, peers: 400, vaults: 2, client_orgs: 1, peer_asns: 120, client_fps: 1 }

const names: Record<MemberKind, (n: number) => string> = {
  hosts: (n) => `svc${n + 1}`,
  accounts: (n) => `user${n + 1}`,
  projects: (n) => `proj${n + 1}`,
  vaults: (n) => ['cfd-archive', 'open-climate'][n] ?? `vault${n + 1}`,
  client_orgs: (n) => ['aero-lab', 'met-office'][n] ?? `org${n + 1}`,
  gateways: (n) => `vpn${n + 1}`,
  peers: (n) => `203.0.${Math.floor(n / 250)}.${1 + (n % 250)}`,
  peer_asns: (n) => String(64_500 + n),
  client_fps: (n) => `t13d1516h2_${n}`,
}

/** `count` members that share `total` bytes, falling by rank; their sum is `total`. */
export function membersOf(kind: MemberKind, count: number, total: bigint): Member[] {
  const weights = Array.from({ length: count }, (_, i) => BigInt(count - i))
  const sum = BigInt((count * (count + 1)) / 2)
  let rest = total
  return weights.map((weight, i) => {
    const bytes_out = i === count - 1 ? rest : (total * weight) / sum
    rest -= bytes_out
    const gross_bytes_out = bytes_out + bytes_out / 5n
    return { id: names[kind](i), bytes_out, gross_bytes_out, weight: 1 - i / (2 * count) }
  })
}

export function membersOfCounts(counts: Counts, total: bigint): CampaignCase['members'] {
  const entries = memberKinds.map((kind) => [kind, membersOf(kind, counts[kind] ?? 0, total)])
  return Object.fromEntries(entries) as CampaignCase['members']
}

export const leadingOf = (more: Partial<LeadingEvidence> = {}): LeadingEvidence => ({
  detector: 'novel_pieces',
  subject: 'role:service',
  channel: 'pieces drawn by peers first seen within 7 days',
  scale: '1 d',
  log_e: 14.2,
  since_ms: caseStart + 2 * dayMs,
  observed_per_day: 512,
  expected_per_day: 81,
  expected_low_per_day: 70,
  expected_high_per_day: 93,
  unit: 'pieces',
  reference_ticks: 75,
  ...more,
})

export interface CaseParts extends Partial<CampaignCase> {
  counts?: Counts
}

export function caseOf({ counts, ...more }: CaseParts = {}): CampaignCase {
  const excess = more.excess ?? { low: 81_000_000_000n, best: 97_200_000_000n, high: 112_000_000_000n }
  const first_activity_ms = more.first_activity_ms ?? caseStart
  const last_activity_ms = more.last_activity_ms ?? first_activity_ms + 42 * dayMs
  const members = more.members ?? membersOfCounts({ ...usualCounts, ...counts }, excess.best)
  const gross_bytes_out = more.gross_bytes_out ?? (excess.best * 6n) / 5n
  const fits = (more.fitting ?? []).reduce((sum, { bytes_out }) => sum + bytes_out, more.agreed_bytes_out ?? 0n)
  return {
    id: 'INC-2026-03-26-7f3a',
    kind: 'campaign',
    state: 'open',
    detected_at_ms: first_activity_ms + 9 * dayMs,
    first_evidence_ms: first_activity_ms + 2 * dayMs,
    first_activity_ms,
    last_activity_ms,
    log_e: 14.2,
    log_threshold: 9.3,
    leading: [leadingOf()],
    members,
    candidates: membersOfCounts({ hosts: 1, peers: 3 }, 1_000_000n),
    excess,
    gross_bytes_out,
    agreed_bytes_out: 0n,
    site_bytes_out_of_hours: 0n,
    fitting: [],
    beside_agreed: Number(more.agreed_bytes_out ?? 0n) / Math.max(1, Number(gross_bytes_out)),
    beside_fitting: Number(fits) / Math.max(1, Number(gross_bytes_out)),
    excess_at_detection: excess.best / 5n,
    site_bytes_out: excess.best * 100n,
    nearest_own_line: {
      kind: 'host',
      member: members.hosts[0]?.id ?? 'svc1',
      share: 0.43,
      day_ms: caseStart + 20 * dayMs,
    },
    named_bytes: { account: 0n, vault: (gross_bytes_out * 3n) / 4n },
    largest_account_bytes_out: 0n,
    median_piece_bytes: 2_100_000,
    networks: 120,
    services: [
      { service: 'ssl', bytes_out: (gross_bytes_out * 9n) / 10n },
      { service: 'ssh', bytes_out: gross_bytes_out / 10n },
    ],
    hours: { members: evenHours, site: evenHours },
    recent_bytes_per_day: 2_777_142_857.1,
    vault_sizes: { 'cfd-archive': 2e15 },
    history: [
      { at_ms: first_activity_ms + 9 * dayMs, kind: 'declared', detector: 'sums', peers: 0, hosts: 0 },
      { at_ms: first_activity_ms + 9 * dayMs, kind: 'named', peers: 12, hosts: 4 },
    ],
    client_org_impact: { confirmed: ['aero-lab'], possible: ['met-office'], no_evidence: 12, no_visibility: ['x-lab'] },
    score: scoreOf(first_activity_ms, 42, excess),
    ribbons: [],
    records: [{ path: 'conn.log', offset: 4711, uid: 'C8vQ1', start_ms: first_activity_ms, bytes_out: 2_100_000n }],
    not_observable: ['No transfer log covers svc1 to svc30.'],
    honest: { host_bytes_per_day: 40_000_000_000n, host_users: 210 },
    extra_evidence: [],
    ...more,
  }
}

export const evenHours: readonly number[] = Array.from({ length: 24 }, () => 1 / 24)

/** All of it in `count` hours from `start` on. */
export const hoursFrom = (start: number, count: number): number[] =>
  Array.from({ length: 24 }, (_, hour) => ((hour - start + 24) % 24 < count ? 1 / count : 0))

function scoreOf(first_ms: number, days: number, { low, best, high }: Interval): Score {
  const day = (i: number): bigint => BigInt(i + 1)
  const part = (whole: bigint, i: number): bigint => (whole * day(i)) / BigInt(days)
  const all = Array.from({ length: days }, (_, i) => i)
  const start = Math.floor(first_ms / dayMs) * dayMs
  return {
    days_ms: all.map((i) => start + i * dayMs),
    cumulative: all.map((i) => ({ low: part(low, i), best: part(best, i), high: part(high, i) })),
    markers: [],
    members: [],
    control: [],
  }
}
