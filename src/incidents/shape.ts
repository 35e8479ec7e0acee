/**
 * The shape of a case in a few numbers, by which facts, readings and techniques are chosen. Shares are of excess bytes
 * where members are meant, of gross bytes where services and names are; 0 where nothing is known.
 */
import type { Member } from '../model/incident.ts'
import { dayMs, dayOf } from '../model/window.ts'
import type { CampaignCase } from './case.ts'

/** Consecutive hours of the day in which most of the bytes left. */
export interface PeakHours {
  /** First hour, UTC. */
  start: number
  members: number
  site: number
}
export const peakHourCount = 6
/** Shorter activity has no daily rhythm to speak of. */
const rhythmDays = 7

export interface Shape {
  /** UTC days that the activity touches. */
  days: number
  first_day_ms: number
  /** End of the last day. */
  end_day_ms: number
  account_share: number
  vault_share: number
  top_vault_share: number
  top_project_share: number
  top_network_share: number
  top_client_fp_share: number
  top_service: { service: string; share: number } | null
  web_share: number
  peak: PeakHours | null
  /** Half the sum of absolute differences between the members' day and the site's: 0 the same, 1 disjoint. */
  hours_apart: number | null
}

export function shapeOf(campaign: CampaignCase): Shape {
  const { members, services, excess, gross_bytes_out, named_bytes } = campaign
  const first_day = dayOf(campaign.first_activity_ms)
  const end_day = Math.max(first_day, dayOf(campaign.last_activity_ms - 1)) + 1
  const served = services.reduce((sum, { bytes_out }) => sum + bytes_out, 0n)
  const top = services.reduce((most, each) => (each.bytes_out > (most?.bytes_out ?? 0n) ? each : most), services[0])
  const web = services.reduce((sum, each) => (isWeb(each.service) ? sum + each.bytes_out : sum), 0n)
  return {
    days: end_day - first_day,
    first_day_ms: first_day * dayMs,
    end_day_ms: end_day * dayMs,
    account_share: part(named_bytes.account, gross_bytes_out),
    vault_share: part(named_bytes.vault, gross_bytes_out),
    top_vault_share: part(most(members.vaults), excess.best),
    top_project_share: part(most(members.projects), excess.best),
    top_network_share: part(most(members.peer_asns), excess.best),
    top_client_fp_share: part(most(members.client_fps), excess.best),
    top_service: top && served > 0n ? { service: top.service, share: part(top.bytes_out, served) } : null,
    web_share: part(web, served),
    peak: end_day - first_day < rhythmDays ? null : peakOf(campaign.hours),
    hours_apart: end_day - first_day < rhythmDays ? null : apart(campaign.hours),
  }
}

/** Names that sensors give, and ports where they give none. */
export function isWeb(service: string): boolean {
  return /^(ssl|http|https|quic|tls)$|^(tcp|udp)\/(80|443|8080|8443)$/.test(service)
}

function most(members: readonly Member[]): bigint {
  return members.reduce((largest, { bytes_out }) => (bytes_out > largest ? bytes_out : largest), 0n)
}

/** To six digits; what is there is more than nothing. */
function part(bytes: bigint, whole: bigint): number {
  if (whole <= 0n || bytes <= 0n) return 0
  return Math.min(1, Math.max(1e-6, Number((bytes * 1_000_000n) / whole) / 1e6))
}

function isDay(hours: readonly number[]): boolean {
  return hours.length === 24 && hours.some((share) => share > 0)
}

function peakOf({ members, site }: CampaignCase['hours']): PeakHours | null {
  if (!isDay(members) || !isDay(site)) return null
  const within = (shares: readonly number[], start: number): number =>
    Array.from({ length: peakHourCount }, (_, i) => shares[(start + i) % 24]).reduce((sum, share) => sum + share, 0)
  let start = 0
  for (let hour = 1; hour < 24; hour++) {
    const more = within(members, hour) - within(members, start)
    // of windows that hold as much, the one that begins with the bytes
    if (more > 1e-9 || (more > -1e-9 && members[hour] > members[start])) start = hour
  }
  return { start, members: Math.min(1, within(members, start)), site: Math.min(1, within(site, start)) }
}

function apart({ members, site }: CampaignCase['hours']): number | null {
  if (!isDay(members) || !isDay(site)) return null
  return members.reduce((sum, share, hour) => sum + Math.abs(share - site[hour]), 0) / 2
}

/** Most of the bytes in few hours, where the site spreads its own over more. */
export function isConcentrated(share: number, site_share: number): boolean {
  return share >= 0.8 && site_share <= 0.5
}
