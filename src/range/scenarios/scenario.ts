/**
 * A scenario is data: who takes (or fetches) what, from where, to where, how slowly. Volumes are those at scale 1; a smaller
 * scale makes fewer pieces of the same size. Counts of hosts, peers, accounts and vaults do not scale: where a small centre has
 * fewer, all it has are taken.
 */
import type { NetworkKind } from '../centre/networks.ts'

export type Carrier = 'https_pull' | 'ssh_pull' | 'job_push' | 'gridftp_pull' | 'object_pull'
export type HostGroup = 'login' | 'dtn' | 'portal' | 'service' | 'appliance' | 'compute'

export interface CampaignSpec {
  id: string
  /** A theft is truth's `campaigns`, what only looks like one its `look_alikes`. */
  is_theft: boolean
  /** `by_host`: whatever the host usually serves (carrierOf in campaign/run-day.ts). */
  carrier: Carrier | 'by_host'
  hosts: { count: number; groups: readonly HostGroup[] }
  peers: {
    count: number
    kinds: readonly NetworkKind[]
    /** Autonomous systems that they are spread over. */
    networks: number
    /** Share of the peers that is replaced by new ones each day. */
    rotation_per_day?: number
    /** Each peer takes part for so many days only, at some time within the campaign. */
    stays_days?: number
  }
  accounts: number
  vaults: { count: number; open: boolean }
  volume: { bits_per_second: number } | { bytes_per_day: number } | { share_of_egress: number }
  /** Earliest and latest first day, counted from 0, of a span of the scenario's own `days`. */
  start_day: readonly [earliest: number, latest: number]
  /** Id of a campaign before this one, from whose first day `start_day` counts instead. */
  after?: string
  /** Undefined: to the end of the span. */
  lasts?: { days: number } | { minutes: number }
  starts_on_weekend?: boolean
  /** Over so many days the rate grows to its full height. */
  ramp_days: number
  /** Hours of UTC between which it runs; `people`: as busy as people are at that hour. */
  hours: 'people' | readonly [from: number, until: number]
  /** Bytes of one piece. */
  piece: { low: number; high: number } | { mean: number; sigma: number }
  bits_per_second_of_piece: readonly [low: number, high: number]
  /** `one`: all clients share a fingerprint that nobody else has; `usual`: they look like everybody's. */
  client: 'one' | 'usual'
  /** Somebody may have declared it: it follows `--declared`. */
  can_be_declared: boolean
}

export interface Scenario {
  name: string
  /** One line: who, how slowly, to show what. */
  story: string
  /** The scenario that looks alike and is harmless; for the same seed, scale and days its background is the same. */
  twin: string
  days: number
  /**
   * Planned in this order: each takes hosts, accounts, vaults and addresses of peers that none before it took. Networks of peers
   * may be shared, and addresses that come by `rotation_per_day` are not compared.
   */
  campaigns: readonly CampaignSpec[]
}

const second_per_day = 86_400

/** Bytes of a day at full rate, at scale 1; undefined where it is a share of what the centre sends. */
export function bytesPerDay({ volume }: CampaignSpec): number | undefined {
  if ('bytes_per_day' in volume) return volume.bytes_per_day
  return 'bits_per_second' in volume ? (volume.bits_per_second / 8) * second_per_day : undefined
}

/** Length in days, a fraction for those of minutes; undefined: to the end. */
export function lastsDays({ lasts }: CampaignSpec): number | undefined {
  if (lasts === undefined) return undefined
  return 'days' in lasts ? lasts.days : lasts.minutes / 1440
}
