/**
 * IP addresses as four 32-bit words, most significant first; IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
 * Parsing works on raw bytes and allocates nothing; formatting is RFC 5952.
 */

/** The last parsed address; read it before the next call. A single place keeps the hot path free of objects. */
export const parsed = new Uint32Array(4)

/** Parses dotted IPv4 or any RFC 4291 text form of IPv6 into `parsed`. False if the bytes are not an address. */
export function parseAddress(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end && i < start + 5; i++) if (bytes[i] === 0x3a) return parseIPv6(bytes, start, end)
  const value = parseIPv4(bytes, start, end)
  if (value < 0) return false
  parsed[0] = 0
  parsed[1] = 0
  parsed[2] = 0xffff
  parsed[3] = value
  return true
}

/** Writes the last parsed address into an address column, low word of each half first: the memory layout of a 64-bit integer. */
export function storeParsed(column: { hi: Uint32Array; lo: Uint32Array }, row: number): void {
  column.hi[2 * row] = parsed[1]
  column.hi[2 * row + 1] = parsed[0]
  column.lo[2 * row] = parsed[3]
  column.lo[2 * row + 1] = parsed[2]
}

/** Four decimal octets without leading zeros; −1 if it is anything else. */
function parseIPv4(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  let octet = -1
  let dots = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    } else if (bytes[i] === 0x2e && octet >= 0 && dots < 3) {
      value = value * 256 + octet
      octet = -1
      dots++
    } else return -1
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1
}

const groups = new Uint16Array(8)

function parseIPv6(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 45) return false
  let count = 0
  let gap = -1
  let i = start
  if (bytes[i] === 0x3a) {
    if (end - i < 2 || bytes[i + 1] !== 0x3a) return false
    gap = 0
    i += 2
  }
  while (i < end) {
    if (count === 8) return false
    let group = 0
    let digits = 0
    const groupStart = i
    for (; i < end; i++) {
      const digit = hexDigit(bytes[i])
      if (digit < 0) break
      group = group * 16 + digit
      if (++digits > 4) return false
    }
    if (i < end && bytes[i] === 0x2e) {
      const tail = parseIPv4(bytes, groupStart, end)
      if (tail < 0 || count > 6) return false
      groups[count++] = tail >>> 16
      groups[count++] = tail & 0xffff
      i = end
      break
    }
    if (digits === 0) return false
    groups[count++] = group
    if (i === end) break
    if (bytes[i] !== 0x3a) return false
    i++
    if (i === end) return false
    if (bytes[i] === 0x3a) {
      if (gap >= 0) return false
      gap = count
      i++
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false
  const shift = 8 - count
  parsed.fill(0)
  for (let g = 0; g < count; g++) {
    const place = gap >= 0 && g >= gap ? g + shift : g
    parsed[place >> 1] |= place & 1 ? groups[g] : groups[g] << 16
  }
  return true
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const encoder = new TextEncoder()

/** The four words of an address in text, or undefined. */
export function addressWords(text: string): Uint32Array | undefined {
  const bytes = encoder.encode(text)
  return parseAddress(bytes, 0, bytes.length) ? parsed.slice() : undefined
}

export function isIPv4(w0: number, w1: number, w2: number): boolean {
  return w0 === 0 && w1 === 0 && w2 === 0xffff
}

/** RFC 5952 text of the words; IPv4-mapped addresses as dotted IPv4. */
export function formatAddress(w0: number, w1: number, w2: number, w3: number): string {
  if (isIPv4(w0, w1, w2)) return `${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}`
  const parts = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff]
  let gapStart = -1
  let gapLength = 1
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (i + run < 8 && parts[i + run] === 0) run++
    if (run > gapLength) {
      gapStart = i
      gapLength = run
    }
    i += run
  }
  const hex = parts.map((part) => part.toString(16))
  if (gapStart < 0) return hex.join(':')
  return `${hex.slice(0, gapStart).join(':')}::${hex.slice(gapStart + gapLength).join(':')}`
}

/** The same from the two 64-bit halves that the store keeps. */
export function formatHalves(hi: bigint, lo: bigint): string {
  return formatAddress(Number(hi >> 32n), Number(hi & 0xffffffffn), Number(lo >> 32n), Number(lo & 0xffffffffn))
}

/** How columns hold addresses: one pair of 32-bit words per row and half, low word first. */
export interface AddressColumn {
  hi: Uint32Array
  lo: Uint32Array
}

export function addressAt(address: AddressColumn, i: number): { hi: bigint; lo: bigint } {
  return {
    hi: (BigInt(address.hi[2 * i + 1]) << 32n) | BigInt(address.hi[2 * i]),
    lo: (BigInt(address.lo[2 * i + 1]) << 32n) | BigInt(address.lo[2 * i]),
  }
}
