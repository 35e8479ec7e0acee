/** A campaign laid out in a centre: which of its hosts, accounts and vaults, which peers, and when. Decided before it begins. */
import type { Centre, CentreVault } from '../centre/centre.ts'
import { dayMs, firstDayMs, hourMs } from '../centre/day-shape.ts'
import type { CentreHost, NodeBlock } from '../centre/hosts.ts'
import { addressIn, type PeerNetwork, peerNetworks } from '../centre/networks.ts'
import type { Account } from '../centre/people.ts'
import { type CampaignSpec, lastsDays, type Scenario } from '../scenarios/scenario.ts'
import { hashOf, Stream, Weighted } from '../stream.ts'
import { hostWeight } from './host-weight.ts'

interface PeerSlot {
  network: PeerNetwork
  host: number
  from_day: number
  until_day: number
  /** Part of the way to its first replacement, at the start. */
  phase: number
}

export interface CampaignPlan {
  spec: CampaignSpec
  scenario: string
  start_ms: number
  end_ms: number
  hosts: readonly CentreHost[]
  /** Picks one of `hosts`: the busier by far more often, so that no host stands out by what it usually sends. */
  hostChoice: Weighted
  blocks: readonly NodeBlock[]
  slots: readonly PeerSlot[]
  accounts: readonly Account[]
  vaults: readonly CentreVault[]
  ja4: string
  ssh: { client: string; hassh: string }
  declared: boolean
}

/** Takes nothing that an `earlier` campaign of the scenario has. */
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
  const groups = spec.hosts.groups.map((group) =>
    group === 'appliance' ? [centre.hosts.appliance] : centre.hosts[group],
  )
  const shared = centre.hosts.blocks.filter((block) => block.shared)
  const left = <T>(all: readonly T[], of: (plan: CampaignPlan) => readonly T[]): T[] => {
    const taken = new Set(earlier.flatMap(of))
    return all.filter((one) => !taken.has(one))
  }
  const accounts = stream.some(
    left(centre.people.accounts, (plan) => plan.accounts),
    spec.accounts,
  )
  const free = left(groups.flat(), (plan) => plan.hosts)
  const hosts = spec.carrier === 'job_push' ? [] : stream.some(free, spec.hosts.count)
  const blocks = left(shared, (plan) => plan.blocks)
  return {
    ...{ spec, scenario: scenario.name, start_ms, end_ms, accounts },
    hosts,
    hostChoice: new Weighted(hosts.map((host) => hostWeight(host, centre))),
    blocks: spec.carrier === 'job_push' ? stream.some(blocks, spec.hosts.count) : [],
    slots: slotsOf(spec, from_day, until_day, new Set(earlier.flatMap(allPeers)), stream),
    vaults: vaultsOf(
      spec,
      centre,
      left(centre.vaults, (plan) => plan.vaults),
      accounts,
      stream,
    ),
    ja4: spec.client === 'one' ? `t13d${stream.hex(6)}_${stream.hex(12)}_${stream.hex(12)}` : '',
    ssh: { client: 'SSH-2.0-libssh2_1.11.0', hassh: stream.hex(32) },
    declared: spec.can_be_declared && new Stream(centre.seed, 'declared', spec.id).unit() < declared,
  }
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
  const hour = isShort && spec.hours !== 'people' ? spec.hours[0] : 0
  const start_ms = firstDayMs + day * dayMs + hour * hourMs
  const lasts = lastsDays(spec) ?? days - day
  return { start_ms, end_ms: Math.min(firstDayMs + days * dayMs, start_ms + Math.round(lasts * dayMs)) }
}

/** Each peer an address of its own, none of those `taken`, to which they are added. */
function slotsOf(
  { id, peers }: CampaignSpec,
  from_day: number,
  until_day: number,
  taken: Set<string>,
  stream: Stream,
): PeerSlot[] {
  const networks = stream.some(
    peers.kinds.flatMap((kind) => peerNetworks[kind]),
    peers.networks,
  )
  return Array.from({ length: peers.count }, (_, i) => {
    const network = networks[i % networks.length]
    let host = hashOf(id, i, stream.word())
    while (taken.has(addressIn(network, host))) host++
    taken.add(addressIn(network, host))
    const stays = Math.min(peers.stays_days ?? until_day - from_day, until_day - from_day)
    const arrival = stream.int(from_day, until_day - stays)
    return { network, host, from_day: arrival, until_day: arrival + stays, phase: stream.unit() }
  })
}

/** Of the accounts' own projects where there are accounts. */
function vaultsOf(
  spec: CampaignSpec,
  centre: Centre,
  left: readonly CentreVault[],
  accounts: readonly Account[],
  stream: Stream,
): CentreVault[] {
  const own = new Set(accounts.map(({ project }) => centre.projects[project]))
  const among = left.filter(({ open, project }) =>
    spec.vaults.open ? open : !open && (own.size === 0 || own.has(project)),
  )
  return stream.some(among, spec.vaults.count)
}

/** Addresses that take part on this day. */
export function peersOn({ spec, slots, start_ms }: CampaignPlan, day: number): string[] {
  const from = Math.floor((start_ms - firstDayMs) / dayMs)
  const rotation = spec.peers.rotation_per_day ?? 0
  return slots
    .filter(({ from_day, until_day }) => day >= from_day && day < until_day)
    .map(({ network, host, phase }) => {
      const generation = rotation === 0 ? 0 : Math.floor(phase + (day - from) * rotation)
      return addressIn(network, generation === 0 ? host : hashOf(spec.id, host, generation))
    })
}

/** Every address that ever may take part, for an expectation. */
export function allPeers(plan: CampaignPlan): string[] {
  return plan.slots.map(({ network, host }) => addressIn(network, host))
}
