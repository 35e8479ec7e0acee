/** A campaign laid out in a centre: which of its hosts, accounts and vaults, which peers, and when. Decided before it begins. */
import type { Centre, CentreVault } from '../centre/centre.ts'
import { dayMs, firstDayMs, hourMs } from '../centre/day-shape.ts'
import type { CentreHost, NodeBlock } from '../centre/hosts.ts'
import type { PeerNetwork } from '../centre/networks.ts'
import type { Account } from '../centre/people.ts'
import { type CampaignSpec, lastsDays, type Scenario } from '../scenarios/scenario.ts'
import { Stream, Weighted } from '../stream.ts'
import { hostWeight } from './host-weight.ts'
import { allPeers, networksOf, type PeerSlot, slotsOf } from './peers.ts'
import { busiestCollaboration, newAccounts, vaultsOf } from './who.ts'

export interface CampaignPlan {
  spec: CampaignSpec
  scenario: string
  start_ms: number
  end_ms: number
  /** Of `start_ms`, counted from 0. */
  from_day: number
  /** Place in its scenario, from 0. */
  ordinal: number
  hosts: readonly CentreHost[]
  /** Picks one of `hosts`: the busier by far more often, so that no host stands out by what it usually sends. */
  hostChoice: Weighted
  blocks: readonly NodeBlock[]
  slots: readonly PeerSlot[]
  accounts: readonly Account[]
  vaults: readonly CentreVault[]
  ja4: string
  ssh: { client: string; hassh: string }
  /** A key that all accounts of the campaign share; '' = each has its own. */
  key_fp: string
  declared: boolean
}

/** Takes nothing that an `earlier` campaign of the scenario has, unless it hides in that. */
export function planCampaign(
  spec: CampaignSpec,
  scenario: Scenario,
  centre: Centre,
  declared: number,
  earlier: readonly CampaignPlan[],
): CampaignPlan {
  const stream = new Stream(centre.seed, 'campaign', spec.id, 'plan')
  const { start_ms, end_ms } = whenOf(spec, scenario, centre, earlier, stream)
  const from_day = Math.floor((start_ms - firstDayMs) / dayMs)
  const until_day = Math.ceil((end_ms - firstDayMs) / dayMs)
  const span = [from_day, until_day] as const
  const left = <T>(all: readonly T[], of: (plan: CampaignPlan) => readonly T[]): T[] => {
    const taken = new Set(earlier.flatMap(of))
    return all.filter((one) => !taken.has(one))
  }
  const cover = coverOf(spec, centre, earlier)
  const accounts = cover?.accounts ?? accountsOf(spec, centre, (all) => left(all, (plan) => plan.accounts), stream)
  const free = left(groupsOf(spec, centre), (plan) => plan.hosts)
  const isPush = spec.carrier === 'job_push'
  const hosts = cover?.hosts ?? (isPush ? [] : stream.some(free, spec.hosts.count))
  const shared = centre.hosts.blocks.filter((block) => block.shared)
  const blocks = left(shared, (plan) => plan.blocks)
  // one thief at several centres brings what he has to each
  const thiefs = spec.same_everywhere ? new Stream(0, 'campaign', spec.id, 'everywhere') : stream
  return {
    ...{ spec, scenario: scenario.name, start_ms, end_ms, from_day, ordinal: earlier.length, accounts },
    hosts,
    hostChoice: new Weighted(hosts.map((host) => hostWeight(host, centre))),
    blocks: isPush ? stream.some(blocks, spec.hosts.count) : [],
    slots:
      cover?.slots?.map((slot) => ({ ...slot, from_day, until_day })) ??
      slotsOf(
        spec,
        scaled(spec, centre, spec.peers.count),
        span,
        new Set(earlier.flatMap(allPeers)),
        cover ? [cover.university] : networksOf(spec, thiefs),
        thiefs,
      ),
    vaults:
      cover?.vaults ??
      vaultsOf(
        spec,
        centre,
        left(centre.vaults, (plan) => plan.vaults),
        accounts,
        stream,
      ),
    ja4: spec.client === 'one' ? `t13d${thiefs.hex(6)}_${thiefs.hex(12)}_${thiefs.hex(12)}` : '',
    ssh: { client: 'SSH-2.0-libssh2_1.11.0', hassh: thiefs.hex(32) },
    key_fp: spec.same_everywhere ? `SHA256:${thiefs.text(43, true)}` : '',
    declared: spec.can_be_declared && new Stream(centre.seed, 'declared', spec.id).unit() < declared,
  }
}

function groupsOf({ hosts }: CampaignSpec, centre: Centre): CentreHost[] {
  return hosts.groups.flatMap((group) => (group === 'appliance' ? [centre.hosts.appliance] : centre.hosts[group]))
}

function scaled({ scales }: CampaignSpec, centre: Centre, count: number): number {
  return scales ? Math.max(2, Math.round(count * centre.scale)) : count
}

function accountsOf(
  spec: CampaignSpec,
  centre: Centre,
  left: (all: readonly Account[]) => Account[],
  stream: Stream,
): Account[] {
  const count = scaled(spec, centre, spec.accounts)
  return spec.new_accounts === undefined
    ? stream.some(left(centre.people.accounts), count)
    : newAccounts(spec.new_accounts, count, centre, stream)
}

interface Cover {
  accounts: readonly Account[]
  hosts: readonly CentreHost[]
  /** Undefined: peers of its own at the university. */
  slots?: readonly PeerSlot[]
  university: PeerNetwork
  vaults?: readonly CentreVault[]
}

function coverOf({ id, cover }: CampaignSpec, centre: Centre, earlier: readonly CampaignPlan[]): Cover | undefined {
  if (cover === undefined) return undefined
  if (cover === 'collaboration') {
    const { account, dtn, university } = busiestCollaboration(centre)
    return { accounts: [account], hosts: [dtn], university }
  }
  const plan = earlier.find(({ spec }) => spec.id === cover.campaign)
  if (!plan) throw new Error(`${id} hides in ${cover.campaign}, which is not planned before it`)
  const { accounts, hosts, slots, vaults } = plan
  return { accounts, hosts, slots, university: slots[0].network, ...(cover.same_vaults && { vaults }) }
}

/** A span other than the scenario's own moves the start in proportion. */
function whenOf(
  spec: CampaignSpec,
  scenario: Scenario,
  { days }: Centre,
  earlier: readonly CampaignPlan[],
  stream: Stream,
): { start_ms: number; end_ms: number } {
  const [earliest, latest] = spec.start_day
  const leader = earlier.find((plan) => plan.spec.id === spec.after)
  const from_day = leader === undefined ? 0 : Math.floor((leader.start_ms - firstDayMs) / dayMs)
  let day = Math.min(days - 1, from_day + Math.floor((stream.int(earliest, latest) * days) / scenario.days))
  if (spec.starts_on_weekend) day = Math.max(0, Math.min(day - (day % 7) + 5, days - 1))
  const isShort = spec.lasts !== undefined && 'minutes' in spec.lasts
  const hour = isShort && typeof spec.hours !== 'string' ? spec.hours[0] : 0
  const start_ms = firstDayMs + day * dayMs + hour * hourMs
  const lasts = lastsDays(spec) ?? days - day
  return { start_ms, end_ms: Math.min(firstDayMs + days * dayMs, start_ms + Math.round(lasts * dayMs)) }
}
