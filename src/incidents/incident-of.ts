/** A case as it is told: facts, sentences, members cut to what is listed, state, reading, proposals. */
import { bytesText, durationText, plural } from '../model/amount-text.ts'
import { type Incident, type Member, type Members, memberKinds, mostMembers, type Verdict } from '../model/incident.ts'
import type { CampaignCase } from './case.ts'
import { evidenceOf } from './evidence-of.ts'
import { type Budget, factsOf } from './facts-of.ts'
import { notObservableOf } from './not-observable.ts'
import { proposedActions } from './proposed-actions.ts'
import { strongestReading } from './readings.ts'
import { severityOf } from './severity.ts'
import { techniquesOf } from './techniques.ts'
import { sentencesOf, summaryOf } from './tell.ts'
import { stateAfter } from './verdict-effect.ts'

export interface Telling extends Budget {
  /** The verdict in force, if there is one. */
  verdict?: Verdict
}

export function incidentOf(campaign: CampaignCase, { verdict, ...budget }: Telling): Incident {
  const facts = factsOf(campaign, budget)
  const sentences = sentencesOf(facts)
  const severity = severityOf(campaign)
  const state = stateAfter(campaign.state, verdict)
  const reading = strongestReading(campaign)
  const nearest = campaign.nearest_own_line
  return {
    id: campaign.id,
    kind: campaign.kind,
    title: titleOf(campaign),
    summary: summaryOf(sentences),
    state,
    severity,
    log10_evidence: campaign.log_e / Math.LN10,
    silent: nearest !== null && nearest.share < 1,
    nearest_own_line: nearest && { member: nearest.member, share: nearest.share },
    first_activity_ms: campaign.first_activity_ms,
    last_activity_ms: campaign.last_activity_ms,
    detected_at_ms: campaign.detected_at_ms,
    bytes_out: campaign.excess,
    gross_bytes_out: campaign.gross_bytes_out,
    bytes_out_at_detection: campaign.excess_at_detection,
    members: listed(campaign.members),
    member_counts: countsOf(campaign.members),
    candidates: listed(campaign.candidates),
    techniques: techniquesOf(facts).map(({ id }) => id),
    evidence: evidenceOf(campaign),
    innocent_reading: reading.text,
    settling_check: reading.check,
    not_observable: notObservableOf(campaign),
    proposed_actions: state === 'judged_harmless' ? [] : proposedActions(campaign, severity),
    client_org_impact: campaign.client_org_impact,
    history: campaign.history,
    facts,
    sentences,
    score: campaign.score,
    ribbons: campaign.ribbons,
    ...(verdict ? { verdict } : {}),
  }
}

/** `97.2 GB more than expected to 400 peers from 30 hosts`. */
export function titleOf({ kind, excess, members, first_activity_ms, last_activity_ms }: CampaignCase): string {
  const { peers, hosts } = members
  return [
    `${bytesText(excess.best)} more than expected`,
    kind === 'fast_theft' && last_activity_ms > first_activity_ms
      ? `in ${durationText(last_activity_ms - first_activity_ms)}`
      : '',
    peers.length > 0 ? `to ${plural(peers.length, 'peer')}` : '',
    hosts.length > 0 ? `from ${plural(hosts.length, 'host')}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** Most excess first, ties by id, at most `mostMembers` of a kind. */
function listed(members: Members): Members {
  const byBytes = (a: Member, b: Member): number =>
    a.bytes_out === b.bytes_out ? (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) : a.bytes_out > b.bytes_out ? -1 : 1
  return mapKinds((kind) => [...members[kind]].sort(byBytes).slice(0, mostMembers))
}

function countsOf(members: Members): Incident['member_counts'] {
  return mapKinds((kind) => members[kind].length)
}

function mapKinds<T>(of: (kind: (typeof memberKinds)[number]) => T): Record<(typeof memberKinds)[number], T> {
  return Object.fromEntries(memberKinds.map((kind) => [kind, of(kind)])) as Record<(typeof memberKinds)[number], T>
}
