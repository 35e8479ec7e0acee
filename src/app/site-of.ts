/** A checked configuration as the plain values that the stations work with. */
import type { Config } from '../config/config-schema.ts'
import { periodOf } from '../config/fields.ts'
import { AppError } from '../model/errors.ts'
import { type Network, parseNetwork } from '../model/network.ts'
import type { Site } from '../model/site.ts'

export function siteOf(config: Config): Site {
  return {
    networks: config.site.networks.map(networkOf),
    vpn_pools: config.site.vpn_pools.map((pool) => ({ ...pool, networks: pool.networks.map(networkOf) })),
    hosts: config.hosts.map(({ name, addresses, role }) => ({ name, role, addresses: addresses.map(networkOf) })),
    vaults: config.vaults.map(({ id, paths, buckets, project, client_org }) => ({
      id,
      paths,
      buckets,
      project: project ?? '',
      client_org: client_org ?? '',
    })),
    expectations: config.expectations.map((expectation) => {
      const { start_ms, end_ms } = periodOf(expectation)
      return {
        id: expectation.id,
        vaults: expectation.vaults,
        accounts: expectation.accounts,
        peers: expectation.peers.map(networkOf),
        asns: expectation.asns,
        max_bytes_per_day:
          expectation.max_bytes_per_day === undefined ? undefined : BigInt(expectation.max_bytes_per_day),
        from_ms: start_ms,
        until_ms: end_ms,
      }
    }),
    sensors: config.sensors.map(({ id, segment, accounts }) => ({ id, segment, accounts })),
    anchor_ms: config.site.anchor ? periodOf({ from: config.site.anchor.date }).start_ms : undefined,
  }
}

function networkOf(text: string): Network {
  const network = parseNetwork(text)
  if (!network) throw new AppError('config_invalid', `${text} is not a network`)
  return network
}
