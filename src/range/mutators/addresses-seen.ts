/**
 * Addresses as logs show them. Under `v6_only` the border speaks IPv6: an IPv4 address is embedded in a documentation prefix as
 * RFC 6052 does in 96 bits, and a host of the centre shows its own IPv6 address where it has one. Leased addresses of VPNs stay.
 */
import type { Centre } from '../centre/centre.ts'
import { leasedPrefix } from '../centre/hosts.ts'

const prefix = { inside: '2001:db8:20:64', peer: '2001:db8:64' } as const
const seenOf = new WeakMap<Centre, (address: string) => string>()

export function addressesSeen(centre: Centre): (address: string) => string {
  if (!centre.mutate.includes('v6_only')) return (address) => address
  let seen = seenOf.get(centre)
  if (!seen) {
    const own = new Map<string, string>()
    for (const { addresses } of centre.hosts.all)
      for (const address of addresses)
        own.set(address, addresses.find((each) => each.includes(':')) ?? embedded('inside', address))
    seen = (address) =>
      own.get(address) ?? (address.includes(':') || isLeased(address) ? address : embedded('peer', address))
    seenOf.set(centre, seen)
  }
  return seen
}

const isLeased = (address: string): boolean =>
  Object.values(leasedPrefix).some((each) => address.startsWith(`${each}.`))

export function embedded(side: keyof typeof prefix, address: string): string {
  const [a, b, c, d] = address.split('.').map(Number)
  return `${prefix[side]}::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}
