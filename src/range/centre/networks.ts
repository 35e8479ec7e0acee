/**
 * The Internet around the centre: universities, clouds, hosting companies, providers of homes, venues of conferences and archives, each an
 * autonomous system of the private range (RFC 6996) with prefixes of its own. Addresses look public and are nobody's: blocks for
 * benchmarks (RFC 2544), shared address space (RFC 6598) and documentation (RFC 3849), so no log names a real network.
 */
import { hashOf } from '../stream.ts'

export type NetworkKind = 'university' | 'cloud' | 'hosting' | 'home' | 'venue' | 'archive'

export interface PeerNetwork {
  kind: NetworkKind
  asn: number
  /** First address as a number, and how many there are. */
  first: number
  size: number
  /** First half of its IPv6 addresses, universities only. */
  prefix6: string
  /** Hours east of UTC. */
  zone_hours: number
}

const firstAsn = 4_200_000_000
export const ipv4 = (value: number): string =>
  `${Math.floor(value / 16_777_216)}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
const number4 = (a: number, b: number, c: number): number => ((a * 256 + b) * 256 + c) * 256

const zones = [0, 0, 0, 1, 1, 1, 1, 2, 2, -5, -5, -8, 8, 9, 5]

const make = (kind: NetworkKind, count: number, asn: number, at: number, size: number): PeerNetwork[] =>
  Array.from({ length: count }, (_, i) => ({
    kind,
    asn: firstAsn + asn + i,
    first: at + i * size,
    size,
    prefix6: kind === 'university' ? `2001:db8:${(0xa000 + i).toString(16)}` : '',
    zone_hours: zones[hashOf('zone', kind, i) % zones.length],
  }))

export const peerNetworks: Readonly<Record<NetworkKind, readonly PeerNetwork[]>> = {
  university: make('university', 240, 1, number4(198, 18, 0), 256),
  cloud: make('cloud', 8, 300, number4(198, 19, 0), 1024),
  // where nobody of the background goes
  archive: make('archive', 4, 450, number4(198, 19, 96), 256),
  venue: make('venue', 32, 400, number4(198, 19, 64), 64),
  hosting: make('hosting', 120, 500, number4(198, 19, 128), 256),
  home: make('home', 1000, 1000, number4(100, 64, 0), 4096),
}

/** One of the network's hosts, the same for the same `host`. The first and last addresses are never hosts. */
export function addressIn({ first, size }: PeerNetwork, host: number): string {
  return ipv4(first + 1 + (host % (size - 2)))
}

/** The same in IPv6, of universities. */
export function address6In({ prefix6 }: PeerNetwork, host: number): string {
  return `${prefix6}::${((host % 0xfffe) + 1).toString(16)}`
}
