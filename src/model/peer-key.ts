/** The peer of the books: an IPv4 address as it is, an IPv6 address as its /64. */

import type { AddressColumn } from './address.ts'

/** Whether the pair of 64-bit words at `i` (low word first) is an IPv4 address in ::ffff:0:0/96. */
export function isIPv4At(address: AddressColumn, i: number): boolean {
  return address.hi[2 * i] === 0 && address.hi[2 * i + 1] === 0 && address.lo[2 * i + 1] === 0xffff
}

export function copyPeerKey(from: AddressColumn, i: number, to: AddressColumn, row: number): void {
  const keepLow = isIPv4At(from, i)
  to.hi[2 * row] = from.hi[2 * i]
  to.hi[2 * row + 1] = from.hi[2 * i + 1]
  to.lo[2 * row] = keepLow ? from.lo[2 * i] : 0
  to.lo[2 * row + 1] = keepLow ? from.lo[2 * i + 1] : 0
}

/** The same for halves as bigint. */
export function peerKey(hi: bigint, lo: bigint): { hi: bigint; lo: bigint } {
  return hi === 0n && lo >> 32n === 0xffffn ? { hi, lo } : { hi, lo: 0n }
}
