/** A measured campaign as the plain numbers that are told. */
import type { Config } from '../../config/config-schema.ts'
import type { Names } from '../../detectors/day-rows.ts'
import { memberWeight } from '../../detectors/members/member-hosts.ts'
import type { CampaignCase } from '../../incidents/case.ts'
import { stableId } from '../../incidents/stable-id.ts'
import type { TierCase } from '../../incidents/tier.ts'
import { median } from '../../math/robust.ts'
import type { ClientOrgImpact, Member, MemberKind, RecordRef, Ribbon } from '../../model/incident.ts'
import { memberKinds } from '../../model/incident.ts'
import { dayOf, tickMs } from '../../model/window.ts'
import { type HostDays, shares } from './host-days.ts'
import { type Measured, noExcess, plus, type Sum } from './measured.ts'
import { type OpenCampaign, quietDays } from './open-campaign.ts'
import { intervalOf, linesOf, scoreOf } from './score-of.ts'
import type { Told } from './told.ts'

const recentDays = 7
const mostRibbons = 80
const evenShare = 0.1
/** Accounts, projects and gateways with less than this of the bytes passed by chance. Vaults and their owners are never trimmed. */
const trimmedShare = 0.02
const trimmedKinds: ReadonlySet<MemberKind> = new Set(['accounts', 'projects', 'gateways'])

export interface CaseContext {
  config: Config
  names: Names
  hosts: HostDays
  first_day: number
  last_day: number
  /** Addresses of a host, by its name. */
  addressesOf: ReadonlyMap<string, readonly string[]>
  records: readonly RecordRef[]
  not_observable: readonly string[]
  taken: ReadonlySet<string>
}

/** What decides whether it is an incident, of the rows that were measured. */
export function tierCaseOf(
  { kind, trigger: { leading } }: OpenCampaign<Told>,
  measured: Measured,
  context: Pick<CaseContext, 'names' | 'hosts' | 'addressesOf'>,
): TierCase {
  const { names, hosts } = context
  const total = [...measured.byDay.values()].reduce(plus, noExcess)
  const doubtful = [...measured.candidates.values()].reduce((sum, { excess }) => sum + excess, 0)
  return {
    ...{ kind, leading },
    members: membersOf(measured, context),
    candidates: candidatesOf(measured, names),
    excess: intervalOf(total, doubtful),
    gross_bytes_out: BigInt(measured.gross),
    agreed_bytes_out: BigInt(measured.agreed),
    fitting: [...measured.fitting]
      .map(([expectation, bytes]) => ({ expectation: names.text(expectation), bytes_out: BigInt(bytes) }))
      .sort((a, b) =>
        a.bytes_out === b.bytes_out ? (a.expectation < b.expectation ? -1 : 1) : a.bytes_out > b.bytes_out ? -1 : 1,
      ),
    ...beside(measured),
    named_bytes: { account: BigInt(measured.named.account), vault: BigInt(measured.named.vault) },
    largest_account_bytes_out: BigInt(
      [...measured.members.accounts.values()].reduce((most, { gross }) => Math.max(most, gross), 0),
    ),
    networks: networksOf(measured, names).size,
    site_bytes_out_of_hours: hosts.siteHours(measured.first_tick * tickMs, measured.last_tick * tickMs),
  }
}

export function caseOf(campaign: OpenCampaign<Told>, measured: Measured, context: CaseContext): CampaignCase {
  const { names, hosts, first_day, last_day, config } = context
  const { trigger } = campaign
  const lines = linesOf(measured, hosts, first_day)
  const picture = scoreOf(measured, hosts, lines, names, last_day)
  const detected_at_ms = (campaign.detected_tick + 1) * tickMs
  const [first_activity_ms, last_activity_ms] = [measured.first_tick * tickMs, measured.last_tick * tickMs]
  const [from, to] = [dayOf(first_activity_ms), dayOf(last_activity_ms) + 1]
  const { kind, log_e, log_threshold, leading, since_ms } = trigger
  const id = stableId(
    { kind, first_evidence_ms: since_ms, detected_at_ms, leading_subject: leading[0]?.subject ?? trigger.detector },
    context.taken,
  )
  const pieces = Float64Array.from(measured.pieces)
  const piece = pieces.length === 0 ? 0 : median(pieces)
  return {
    ...tierCaseOf(campaign, measured, context),
    ...{ id, detected_at_ms, first_evidence_ms: since_ms, first_activity_ms, last_activity_ms },
    state: last_day - campaign.last_active_day > quietDays ? 'closed' : 'open',
    ...{ log_e, log_threshold },
    excess_at_detection: BigInt(Math.round(measured.at_detection.excess)),
    site_bytes_out: hosts.site(from, to),
    nearest_own_line: picture.nearest,
    median_piece_bytes: piece,
    even_piece_share:
      pieces.length === 0
        ? undefined
        : pieces.filter((each) => Math.abs(each - piece) <= evenShare * piece).length / pieces.length,
    services: [...measured.services]
      .map(([service, bytes]) => ({ service: names.text(service), bytes_out: BigInt(bytes) }))
      .sort((a, b) => (a.bytes_out > b.bytes_out ? -1 : 1)),
    hours: { members: shares(measured.hours), site: hosts.hours(from, to) },
    recent_bytes_per_day: recentOf(measured),
    vault_sizes: Object.fromEntries(config.vaults.map(({ id: vault, size_bytes }) => [vault, size_bytes ?? 0])),
    client_org_impact: impactOf(measured, context),
    history: campaign.turns,
    score: picture.score,
    ribbons: ribbonsOf(measured, names),
    records: context.records,
    not_observable: context.not_observable,
    honest: {
      host_bytes_per_day: BigInt(Math.round(measured.others.bytes / Math.max(1, last_day - trigger.since_day + 1))),
      host_users: measured.others.users.size,
    },
    extra_evidence: [],
  }
}

/** Of the excess, the share whose peers' own bytes were agreed, and agreed or fitting. */
function beside({ members, agreedPeers, fittingPeers }: Measured): Pick<TierCase, 'beside_agreed' | 'beside_fitting'> {
  let [all, agreed, fitting] = [0, 0, 0]
  for (const [peer, { gross, excess }] of members.peers) {
    if (gross === 0) continue
    const ofAgreed = agreedPeers.get(peer) ?? 0
    all += excess
    agreed += excess * (ofAgreed / gross)
    fitting += excess * ((ofAgreed + (fittingPeers.get(peer) ?? 0)) / gross)
  }
  return all === 0
    ? { beside_agreed: 0, beside_fitting: 0 }
    : { beside_agreed: agreed / all, beside_fitting: fitting / all }
}

function membersOf(measured: Measured, context: Pick<CaseContext, 'names' | 'addressesOf'>): CampaignCase['members'] {
  const { names, addressesOf } = context
  const { campaign, members } = measured
  const weightOf = (kind: MemberKind, id: number, sum: Sum): number => {
    if (kind === 'peers') return campaign.peers.get(id) ?? 0
    if (kind === 'hosts') return campaign.hosts.get(id) ?? 0
    return sum.gross === 0 ? 0 : sum.excess / sum.gross
  }
  const listed = memberKinds.map((kind) => {
    const found = [...members[kind]].flatMap(([id, sum]): Member[] => {
      const weight = weightOf(kind, id, sum)
      if (weight < memberWeight || (trimmedKinds.has(kind) && sum.gross < trimmedShare * measured.gross)) return []
      const text = kind === 'peers' ? names.peer(id) : kind === 'peer_asns' ? String(id) : names.text(id)
      return [
        {
          ...memberOf(text, sum, weight),
          ...(kind === 'hosts' ? { name: text, addresses: addressesOf.get(text) ?? [text] } : {}),
        },
      ]
    })
    return [kind, sorted(found)] as const
  })
  return Object.fromEntries(listed) as unknown as CampaignCase['members']
}

function candidatesOf(measured: Measured, names: Names): CampaignCase['candidates'] {
  const { campaign, candidates, members } = measured
  const peers = [...candidates].map(([peer, sum]) => memberOf(names.peer(peer), sum, campaign.peers.get(peer) ?? 0))
  const hosts = [...members.hosts]
    .filter(([host]) => (campaign.hosts.get(host) ?? 0) < memberWeight)
    .map(([host, sum]) => memberOf(names.text(host), sum, campaign.hosts.get(host) ?? 0))
  const none = Object.fromEntries(memberKinds.map((kind) => [kind, [] as Member[]]))
  return { ...none, peers: sorted(peers), hosts: sorted(hosts) } as unknown as CampaignCase['candidates']
}

function memberOf(id: string, { gross, excess, first_tick, last_tick }: Sum, weight: number): Member {
  return {
    id,
    bytes_out: BigInt(Math.round(excess)),
    gross_bytes_out: BigInt(gross),
    weight: Math.round(weight * 1000) / 1000,
    first_ms: first_tick * tickMs,
    last_ms: last_tick * tickMs,
  }
}

function sorted(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) =>
    a.bytes_out === b.bytes_out ? (a.id < b.id ? -1 : 1) : a.bytes_out > b.bytes_out ? -1 : 1,
  )
}

function recentOf({ byDay, last_tick }: Measured): number {
  const last = dayOf(last_tick * tickMs)
  let sum = 0
  for (let day = last - recentDays + 1; day <= last; day++) sum += byDay.get(day)?.excess ?? 0
  return sum / recentDays
}

/** Autonomous systems, else /16 of IPv4 and /32 of IPv6. */
function networksOf({ ways }: Measured, names: Names): Set<string> {
  return new Set([...ways.values()].map(({ asn, peer }) => networkOf(asn, peer, names)))
}

export function networkOf(asn: number, peer: number, names: Names): string {
  if (asn > 0) return `AS${asn}`
  const address = names.peer(peer)
  return address.includes(':')
    ? `${address.split(':').slice(0, 2).join(':')}::/32`
    : `${address.split('.').slice(0, 2).join('.')}.0.0/16`
}

function ribbonsOf({ ways }: Measured, names: Names): Ribbon[] {
  const merged = new Map<string, Ribbon>()
  for (const { account, host, gateway, asn, peer, vault, bytes } of ways.values()) {
    const parts = {
      account: names.text(account),
      host: names.text(host),
      gateway: names.text(gateway),
      peer_network: networkOf(asn, peer, names),
      vault: names.text(vault),
    }
    const key = Object.values(parts).join('\n')
    const ribbon = merged.get(key) ?? { ...parts, bytes_out: 0n }
    ribbon.bytes_out += BigInt(bytes)
    merged.set(key, ribbon)
  }
  const all = [...merged].sort(([a, x], [b, y]) =>
    x.bytes_out === y.bytes_out ? (a < b ? -1 : 1) : x.bytes_out > y.bytes_out ? -1 : 1,
  )
  return all.slice(0, mostRibbons).map(([, ribbon]) => ribbon)
}

/**
 * Confirmed: a vault of theirs is named in members' bytes. Possible: theirs left from the same hosts at that time. No
 * visibility: of no vault of theirs was anything ever seen to leave. The rest: seen otherwise, but not here.
 */
function impactOf({ members, others }: Measured, { config, names, hosts }: CaseContext): ClientOrgImpact {
  const orgs = new Set(config.vaults.flatMap(({ client_org }) => (client_org ? [client_org] : [])))
  const confirmed = new Set([...members.client_orgs.keys()].map((id) => names.text(id)))
  const possible = new Set([...others.client_orgs].map((id) => names.text(id)).filter((org) => !confirmed.has(org)))
  const seen = new Set([...hosts.vaults].map((id) => names.text(id)))
  const visible = new Set(
    config.vaults.flatMap(({ id, client_org }) => (client_org && seen.has(id) ? [client_org] : [])),
  )
  const rest = [...orgs].filter((org) => !confirmed.has(org) && !possible.has(org))
  const invisible = rest.filter((org) => !visible.has(org))
  return {
    confirmed: [...confirmed].sort(),
    possible: [...possible].sort(),
    no_evidence: rest.length - invisible.length,
    no_visibility: invisible.sort(),
  }
}
