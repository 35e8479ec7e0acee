/**
 * A scenario is data: who takes (or fetches) what, from where, to where, how slowly. Volumes are those at scale 1; a smaller
 * scale makes fewer pieces of the same size. Counts of hosts, peers, accounts and vaults do not scale unless stated: where a
 * small centre has fewer, all it has are taken.
 */
import type { NetworkKind } from '../centre/networks.ts'

/**
 * `https_push`: the host opens the connection. `vpn_pull`: SSH inside a VPN session of its own. `scan`: single datagrams.
 * `tunnel`: past the sensor; only the counters of the link have it.
 */
export type Carrier =
  | ('https_pull' | 'ssh_pull' | 'gridftp_pull' | 'object_pull' | 'vpn_pull')
  | ('job_push' | 'https_push' | 'scan' | 'tunnel')
export type HostGroup = 'login' | 'dtn' | 'portal' | 'service' | 'appliance' | 'compute' | 'storage'

/** Part of its hours in which a campaign runs, at the rate that it would have had then anyway; hours come with the seed. */
export type Duty = { share_of_hours: number } | 'weekends'

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
    /** `6`: IPv6, of universities only. */
    family?: 4 | 6
    /** Each peer is used by one account only. */
    of_one_account?: boolean
  }
  accounts: number
  /** The accounts are new and of one project; their names begin so. */
  new_accounts?: string
  /** Accounts and peers are people, of whom a smaller centre has fewer. */
  scales?: boolean
  /** `count` 0: nothing of any vault moves. */
  vaults: {
    count: number
    open: boolean
    /** Whoever's they are; else, where there are accounts, those of their projects. */
    of_anybody?: boolean
    /** The accounts may read so many other projects' vaults too. */
    shared_projects?: number
    /** One after another, everybody in the same order. */
    in_order?: boolean
  }
  volume: { bits_per_second: number } | { bytes_per_day: number } | { share_of_egress: number }
  /** Earliest and latest first day, counted from 0, of a span of the scenario's own `days`. */
  start_day: readonly [earliest: number, latest: number]
  /** Id of a campaign before this one, from whose first day `start_day` counts instead. */
  after?: string
  /**
   * Hides in what is there already: an earlier campaign's hosts, accounts and peers are its own, or those of the busiest old
   * collaboration, at whose university its peers are.
   */
  cover?: { campaign: string; same_vaults?: boolean } | 'collaboration'
  /** Peers, client and SSH key are the same for every seed, as of one thief at several centres. */
  same_everywhere?: boolean
  /** Undefined: to the end of the span. */
  lasts?: { days: number } | { minutes: number }
  starts_on_weekend?: boolean
  /** Over so many days the rate grows to its full height. */
  ramp_days: number
  /** Hours of UTC between which it runs; `people`: as busy as people are at that hour; `flat`: a piece for each hour, of the whole hour. */
  hours: 'people' | 'flat' | readonly [from: number, until: number]
  duty?: Duty
  /** Days differ by so much (deviation of the logarithm); 0.1 unless stated. */
  unevenness?: number
  /** Bytes of one piece. */
  piece: { low: number; high: number } | { mean: number; sigma: number }
  bits_per_second_of_piece: readonly [low: number, high: number]
  /** `one`: all clients share a fingerprint that nobody else has; `usual`: they look like everybody's. */
  client: 'one' | 'usual'
  /** What its clients of the object store call themselves; `curl` unless stated. */
  user_agents?: readonly string[]
  /** So many days before it begins, all that it will take is read and packed into archives on scratch, from which it is then sent. */
  staging_days?: number
  /** Looks first at what there is: a listing of each bucket. */
  lists_buckets?: boolean
  /** At the start each account grants access from one of the peers, as Globus tells. */
  consents?: boolean
  /** Somebody may have declared it: it follows `--declared`. */
  can_be_declared: boolean
}

/** What befalls the whole centre; days are those of the scenario's own span. */
export interface BackgroundEvents {
  /** People are away; there was no such day before. */
  first_holiday?: { day: number; lasts_days: number }
  /** Nearly nothing runs; what was not done is done afterwards. */
  shutdown?: { day: number; lasts_days: number; catch_up_days: number }
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
  /** With them the background is not that of `clean`. */
  events?: BackgroundEvents
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
