/** IP protocol numbers (IANA) by the names that logs use, in any case; `icmp` between IPv6 addresses is ICMPv6. */
const numbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  icmp6: 58,
  icmpv6: 58,
  'ipv6-icmp': 58,
  ospf: 89,
  pim: 103,
  sctp: 132,
  udplite: 136,
}
const names = Object.entries(numbers).map(([name, number]) => ({ bytes: new TextEncoder().encode(name), number }))
const icmp = 1
const icmpV6 = 58

/** The number of the protocol named by the bytes, or −1. */
export function protocolNamed(bytes: Uint8Array, start: number, end: number, isV6: boolean): number {
  const length = end - start
  // The three that make up nearly all records, without a search.
  if (length === 3) {
    const middle = bytes[start + 1] | 0x20
    if ((bytes[start + 2] | 0x20) === 0x70) {
      if ((bytes[start] | 0x20) === 0x74 && middle === 0x63) return 6
      if ((bytes[start] | 0x20) === 0x75 && middle === 0x64) return 17
    }
  }
  for (const name of names) {
    if (name.bytes.length !== length || !sameText(name.bytes, bytes, start)) continue
    return name.number === icmp && isV6 ? icmpV6 : name.number
  }
  return -1
}

function sameText(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[start + i]
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[i]) return false
  }
  return true
}
