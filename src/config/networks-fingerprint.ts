/**
 * The networks and pools of a configuration as one canonical text: equal exactly when every address has the same place
 * for the same reason, in whatever order they were written. A state keeps the text of its first run and is refused
 * under another, because its books were made with these places.
 */
import type { Config } from './config-schema.ts'

export function networksFingerprint({ site }: Pick<Config, 'site'>): string {
  const inside = site.networks.map((network) => `inside ${network}`)
  const pools = site.vpn_pools.flatMap(({ gateway, networks, inner_flows, tunnel_ports }) => {
    const ports = [...new Set(tunnel_ports)].sort((a, b) => a - b).join(',')
    return networks.map((network) => `pool ${network} ${JSON.stringify(gateway)} ${inner_flows} ${ports}`)
  })
  return [...new Set([...inside, ...pools])].sort().join('\n')
}
