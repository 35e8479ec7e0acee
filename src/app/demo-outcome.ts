/** What was found beside what happened: a campaign of the range's truth and the incident that tells of it, in numbers. */
import type { Incident, Member } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'
import type { CampaignTruth } from '../range/truth.ts'

/** Of a set: how many there are, how many were found, and how many of those are right. */
export interface Found {
  truth: number
  found: number
  right: number
}

export interface CampaignOutcome {
  truth: CampaignTruth
  /** The incident with the most of its hosts and peers; undefined if none has a peer of it. */
  incident?: Incident
  hosts: Found
  peers: Found
  /** Truth's bytes that had left when it was detected, each day's spread evenly over it. */
  bytes_out_at_detection?: bigint
}

/** Members of the incident are compared as listed: at most 1,000 of a kind. */
export function campaignOutcome(truth: CampaignTruth, incidents: readonly Incident[]): CampaignOutcome {
  const common = (incident: Incident): number => hostsFound(truth, incident).right + peersFound(truth, incident).right
  const related = incidents.filter((incident) => peersFound(truth, incident).right > 0)
  const [incident] = related.sort((a, b) => common(b) - common(a))
  if (!incident)
    return {
      truth,
      hosts: { truth: Object.keys(truth.hosts).length, found: 0, right: 0 },
      peers: { truth: Object.keys(truth.peers).length, found: 0, right: 0 },
    }
  return {
    truth,
    incident,
    hosts: hostsFound(truth, incident),
    peers: peersFound(truth, incident),
    bytes_out_at_detection: bytesBy(truth, incident.detected_at_ms),
  }
}

/** Incidents without a peer of any campaign. */
export function falseIncidents(
  campaigns: readonly CampaignTruth[],
  incidents: readonly Incident[],
): readonly Incident[] {
  return incidents.filter((incident) => campaigns.every((truth) => peersFound(truth, incident).right === 0))
}

/** Incidents that have a peer of the look-alike as a member. */
export function incidentsAbout(lookAlike: CampaignTruth, incidents: readonly Incident[]): readonly Incident[] {
  return incidents.filter((incident) => peersFound(lookAlike, incident).right > 0)
}

function hostsFound(truth: CampaignTruth, { members }: Incident): Found {
  return foundOf(truth.hosts, members.hosts, ({ id, addresses = [] }) => [id, ...addresses])
}

function peersFound(truth: CampaignTruth, { members }: Incident): Found {
  return foundOf(truth.peers, members.peers, ({ id }) => [id])
}

function foundOf(
  truth: Record<string, bigint>,
  members: readonly Member[],
  names: (member: Member) => readonly string[],
): Found {
  const right = members.filter((member) => names(member).some((name) => Object.hasOwn(truth, name))).length
  return { truth: Object.keys(truth).length, found: members.length, right }
}

function bytesBy({ bytes_out_by_day }: CampaignTruth, at_ms: number): bigint {
  let sum = 0n
  for (const [day, bytes] of Object.entries(bytes_out_by_day)) {
    const passed_ms = Math.max(0, Math.min(dayMs, at_ms - Date.parse(day)))
    sum += (bytes * BigInt(passed_ms)) / BigInt(dayMs)
  }
  return sum
}
