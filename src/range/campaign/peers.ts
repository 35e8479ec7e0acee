/** A campaign's peers: an address for each, when it takes part, and by what it is replaced. */
import { address6In, addressIn, type PeerNetwork, peerNetworks } from '../centre/networks.ts'
import type { CampaignSpec } from '../scenarios/scenario.ts'
import { hashOf, type Stream } from '../stream.ts'
import type { CampaignPlan } from './plan.ts'

export interface PeerSlot {
  network: PeerNetwork
  host: number
  /** Before any replacement. */
  address: string
  from_day: number
  until_day: number
  /** Part of the way to its first replacement, at the start. */
  phase: number
}

/** `slot`: its place among all that were planned. */
export interface PeerOfDay {
  address: string
  slot: number
}

const addressOf = ({ peers }: CampaignSpec, network: PeerNetwork, host: number): string =>
  peers.family === 6 ? address6In(network, host) : addressIn(network, host)

/** Each peer an address of its own, none of those `taken`, to which they are added. */
export function slotsOf(
  spec: CampaignSpec,
  count: number,
  [from_day, until_day]: readonly [number, number],
  taken: Set<string>,
  networks: readonly PeerNetwork[],
  stream: Stream,
): PeerSlot[] {
  const stays_days = spec.peers.stays_days ?? until_day - from_day
  return Array.from({ length: count }, (_, i) => {
    const network = networks[i % networks.length]
    let host = hashOf(spec.id, i, stream.word())
    while (taken.has(addressOf(spec, network, host))) host++
    const address = addressOf(spec, network, host)
    taken.add(address)
    const stays = Math.min(stays_days, until_day - from_day)
    const arrival = stream.int(from_day, until_day - stays)
    return { network, host, address, from_day: arrival, until_day: arrival + stays, phase: stream.unit() }
  })
}

export function networksOf({ peers }: CampaignSpec, stream: Stream): PeerNetwork[] {
  return stream.some(
    peers.kinds.flatMap((kind) => peerNetworks[kind]),
    peers.networks,
  )
}

/** Addresses that take part on this day. */
export function peersOn({ spec, slots, from_day: first_day }: CampaignPlan, day: number): PeerOfDay[] {
  const rotation = spec.peers.rotation_per_day ?? 0
  const peers: PeerOfDay[] = []
  for (const [slot, { network, host, address, phase, from_day, until_day }] of slots.entries()) {
    if (day < from_day || day >= until_day) continue
    const generation = rotation === 0 ? 0 : Math.floor(phase + (day - first_day) * rotation)
    const now = generation === 0 ? address : addressOf(spec, network, hashOf(spec.id, host, generation))
    peers.push({ slot, address: now })
  }
  return peers
}

/** Every address that ever may take part, for an expectation. */
export function allPeers({ slots }: CampaignPlan): string[] {
  return slots.map(({ address }) => address)
}
