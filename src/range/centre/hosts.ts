/** The centre's own machines: what is at the border is the same at every scale, compute nodes are not. */
import type { HostRole } from '../../model/site.ts'
import { referenceSite as site } from './reference-site.ts'

export interface CentreHost {
  name: string
  role: HostRole
  addresses: readonly string[]
}

/** Jobs get whole blocks of nodes; on shared ones two jobs run at a time. */
export interface NodeBlock {
  /** As Slurm prints it. */
  nodes: string
  hosts: readonly CentreHost[]
  shared: boolean
}

export interface CentreHosts {
  login: readonly CentreHost[]
  dtn: readonly CentreHost[]
  portal: readonly CentreHost[]
  service: readonly CentreHost[]
  /** A managed file transfer appliance, of role service, at which client organisations fetch their files. */
  appliance: CentreHost
  storage: readonly CentreHost[]
  compute: readonly CentreHost[]
  /** Everything, in the order of the configuration. */
  all: readonly CentreHost[]
  nat: readonly string[]
  blocks: readonly NodeBlock[]
}

export const centreNetworks = ['10.0.0.0/8', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8:20::/48']
export const leasedPrefix = { vpn1: '10.250', vpn2: '10.251' } as const

const several = (name: string, role: HostRole, count: number, addresses: (i: number) => string[]): CentreHost[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${name}${i + 1}`, role, addresses: addresses(i) }))

/** `all_shared`: two jobs at a time on every node. */
export function buildHosts(compute_nodes: number, all_shared: boolean): CentreHosts {
  const login = several('login', 'login', site.login_hosts, (i) => [`198.51.100.${11 + i}`, `2001:db8:20:1::${11 + i}`])
  const dtn = several('dtn', 'dtn', site.dtn_hosts, (i) => [`198.51.100.${31 + i}`, `2001:db8:20::${31 + i}`])
  const portal = several('portal', 'portal', site.portal_hosts, (i) => [
    `198.51.100.${51 + i}`,
    `2001:db8:20:3::${51 + i}`,
  ])
  const vpn = several('vpn', 'vpn', 2, (i) => [`198.51.100.${5 + i}`])
  const service = several('svc', 'service', site.service_hosts, (i) => [
    `203.0.113.${1 + i}`,
    `2001:db8:20:4::${1 + i}`,
  ])
  const appliance: CentreHost = { name: 'mft1', role: 'service', addresses: ['203.0.113.190', '2001:db8:20:4::190'] }
  const storage = several('nfs', 'storage', site.storage_hosts, (i) => [`10.20.5.${i + 1}`])
  const nat = Array.from({ length: site.nat_addresses }, (_, i) => `192.0.2.${10 + i}`)
  const gateway: CentreHost = { name: 'nat', role: 'other', addresses: nat }
  const compute = Array.from({ length: compute_nodes }, (_, i) => {
    const addresses = [`10.32.${i >> 8}.${i & 255}`]
    return { name: nodeName(i), role: 'compute' as const, addresses }
  })
  const all = [...login, ...dtn, ...portal, ...vpn, ...service, appliance, ...storage, gateway, ...compute]
  return { login, dtn, portal, service, appliance, storage, compute, all, nat, blocks: blocksOf(compute, all_shared) }
}

const number = (i: number): string => String(i + 1).padStart(4, '0')
const nodeName = (i: number): string => `cn${number(i)}`

/** The first eighth one by one and shared, the rest in blocks of 1, 2, 4 and 8. */
function blocksOf(compute: readonly CentreHost[], all_shared: boolean): NodeBlock[] {
  const blocks: NodeBlock[] = []
  const shared = Math.floor(compute.length / 8)
  for (let at = 0, n = 0; at < compute.length; n++) {
    const size = at < shared ? 1 : Math.min([1, 2, 1, 4, 1, 8][n % 6], compute.length - at)
    const nodes = size === 1 ? nodeName(at) : `cn[${number(at)}-${number(at + size - 1)}]`
    blocks.push({ nodes, hosts: compute.slice(at, at + size), shared: all_shared || at < shared })
    at += size
  }
  return blocks
}

/** The host's address of the family that the peer has. */
export function facing(host: CentreHost, peer: string): string {
  return peer.includes(':') ? host.addresses[1] : host.addresses[0]
}
