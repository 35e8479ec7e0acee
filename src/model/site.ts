/**
 * What the stations need to know of the site, as plain values: a checked configuration is turned into this once, in app/.
 */
import type { Network } from './network.ts'

export const hostRoles = ['login', 'compute', 'dtn', 'portal', 'storage', 'vpn', 'service', 'other'] as const
export type HostRole = (typeof hostRoles)[number]

export interface SiteHost {
  name: string
  addresses: Network[]
  role: HostRole
}

export interface VpnPool {
  gateway: string
  networks: Network[]
  /** Whether flows inside the tunnel are seen; then the outer tunnel is `carrier`, else it is the egress itself. */
  inner_flows: 'observed' | 'none'
  tunnel_ports: number[]
}

export interface Vault {
  id: string
  paths: string[]
  buckets: string[]
  project: string
  client_org: string
}

export interface Expectation {
  id: string
  vaults: string[]
  accounts: string[]
  peers: Network[]
  asns: number[]
  max_bytes_per_day?: bigint
  /** In force in [from_ms, until_ms). */
  from_ms: number
  until_ms: number
}

export interface Sensor {
  id: string
  segment: string
  accounts: boolean
}

export interface Site {
  networks: Network[]
  vpn_pools: VpnPool[]
  hosts: SiteHost[]
  vaults: Vault[]
  expectations: Expectation[]
  sensors: Sensor[]
  /** Peers first seen before this moment are vouched for; undefined if nobody ever did. */
  anchor_ms?: number
}
