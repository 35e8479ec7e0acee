/**
 * Place: where the two ends of a flow are, from the site's own networks alone (CONTRACT, counting rules 1).
 * The logs' idea of "local", and who opened the connection, play no part.
 */
import { NetworkTable, parseNetwork } from '../model/network.ts'
import type { Site } from '../model/site.ts'

/** Where one address is. `leased`: in a VPN pool, so outside although its number may look inside; `special`: neither. */
export const ends = { outside: 0, inside: 1, leased: 2, special: 3 } as const
export type End = (typeof ends)[keyof typeof ends]

const inside = -2

/** Multicast, broadcast, loopback, link-local and unspecified addresses (IANA special-purpose registries). */
const specialBlocks = ['0.0.0.0/32', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32', '::/128']
const specialBlocks6 = ['::1/128', 'fe80::/10', 'ff00::/8']

export class PlaceTable {
  readonly #site: NetworkTable
  readonly #special: NetworkTable
  /** Index into `site.vpn_pools` of the last leased address. */
  pool = -1

  constructor(site: Pick<Site, 'networks' | 'vpn_pools'>) {
    const pools = site.vpn_pools.flatMap((pool, value) => pool.networks.map((network) => ({ network, value })))
    // pools first: of equally long prefixes the first entry wins
    this.#site = new NetworkTable([...pools, ...site.networks.map((network) => ({ network, value: inside }))])
    const special = [...specialBlocks, ...specialBlocks6].map(parseNetwork)
    this.#special = new NetworkTable(special.flatMap((network) => (network ? [{ network, value: 1 }] : [])))
  }

  endOf(w0: number, w1: number, w2: number, w3: number): End {
    const found = this.#site.find(w0, w1, w2, w3)
    if (found === inside) return ends.inside
    if (found >= 0) {
      this.pool = found
      return ends.leased
    }
    return this.#special.find(w0, w1, w2, w3) === 1 ? ends.special : ends.outside
  }
}
