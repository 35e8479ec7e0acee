/** VPN pools from what the gateways assigned: the addresses of leases and VPN sessions, joined into few networks. */

import { isIPv4 } from '../../model/address.ts'
import { countText, plural } from '../../model/amount-text.ts'
import { formatNetwork, type Network } from '../../model/network.ts'
import { contains, cover, distinct, grouped, holds, type Proposed } from './networks.ts'
import type { Sample } from './sample.ts'

export interface ProposedPool extends Proposed {
  gateway: string
  networks: Network[]
  inner_flows: 'observed' | 'none'
}

export interface PoolProposal {
  pools: ProposedPool[]
  /** Numbers of the assigned addresses. */
  leased: Set<number>
  remarks: string[]
}

/** Name of a gateway that no record names. */
const unnamed = 'vpn'

export function proposePools(sample: Sample, nameOf: (text: string) => string | undefined): PoolProposal {
  const assigned = [
    ...sample.sessions
      .filter(({ kind, assigned }) => kind === 'vpn' && assigned !== 0)
      .map(({ gateway, assigned, account }) => ({ gateway, address: assigned, account })),
    ...sample.leases.map(({ ip, account }) => ({ gateway: '', address: ip, account })),
  ]
  const leased = new Set(assigned.map(({ address }) => address))
  const byGateway = [...grouped(assigned, ({ gateway }) => nameOf(gateway) ?? '')]
  // records with a name first, the most of them first: what they cover needs no nameless pool
  byGateway.sort(([a, x], [b, y]) => Number(a === '') - Number(b === '') || y.length - x.length)
  const pools: ProposedPool[] = []
  const remarks: string[] = []
  for (const [gateway, records] of byGateway) {
    const words = [...new Set(records.map(({ address }) => address))].map((number) => sample.book.words[number])
    const fresh = words.filter((address) => !pools.some(({ networks }) => networks.some((net) => holds(net, address))))
    if (fresh.length < words.length && gateway !== '')
      remarks.push(
        `gateway ${gateway}: some of its addresses are leased by another gateway too, and stay with that one`,
      )
    const taken = pools.flatMap(({ networks }) => networks)
    const networks = networksOf(fresh).filter(
      (net) => !taken.some((other) => contains(other, net) || contains(net, other)),
    )
    if (networks.length === 0) continue
    const accounts = new Set(records.map(({ account }) => account)).size
    const flows = sample.flows.filter(({ src, dst }) =>
      [src, dst].some((number) => leased.has(number) && networks.some((net) => holds(net, sample.book.words[number]))),
    ).length
    pools.push({
      gateway: gateway || unusedName(pools),
      networks,
      inner_flows: flows > 0 ? 'observed' : 'none',
      because: [
        `${plural(records.length, 'lease')} of ${plural(fresh.length, 'address', 'addresses')} to ${plural(accounts, 'account')}; rounded up to ${networks.map(formatNetwork).join(' and ')}`,
        ...(gateway === '' ? ['no record names the gateway: give it its name'] : []),
        flows > 0
          ? `${plural(flows, 'flow')} with these addresses: a sensor sees inside the tunnel`
          : 'no flow with these addresses: what the tunnel itself carries is what left',
      ],
    })
  }
  if (pools.length > 0)
    remarks.push(`addresses of VPN pools: ${countText(leased.size)}; what reaches them counts as having left`)
  return { pools, leased, remarks }
}

function unusedName(pools: readonly ProposedPool[]): string {
  return pools.some(({ gateway }) => gateway === unnamed) ? `${unnamed}-2` : unnamed
}

/** IPv4 from /24 up to /16, IPv6 by /64, or /48 where there are several. */
function networksOf(addresses: readonly Uint32Array[]): Network[] {
  const v4 = addresses.filter((words) => isIPv4(words[0], words[1], words[2]))
  const v6 = addresses.filter((words) => !isIPv4(words[0], words[1], words[2]))
  const by16 = grouped(distinct(v4, 120), ({ words }) => words[3] >>> 16)
  const by48 = grouped(distinct(v6, 64), ({ words }) => `${words[0]}.${words[1] >>> 16}`)
  return [
    ...[...by16.values()].flatMap((subnets) => cover(subnets, 112)),
    ...[...by48.values()].flatMap((subnets) => (subnets.length === 1 ? subnets : distinct([subnets[0].words], 48))),
  ]
}
