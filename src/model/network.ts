/**
 * IP networks in CIDR form over the 128-bit address space (IPv4 as ::ffff:0:0/96), and longest-prefix match.
 */
import { addressWords, formatAddress, isIPv4 } from './address.ts'

export interface Network {
  words: Uint32Array
  /** Length in the 128-bit space: an IPv4 /24 is 120. */
  bits: number
}

/** Parses `10.0.0.0/8`, `2001:db8::/32` or a single address. Undefined if malformed or if host bits are set. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const words = addressWords(slash < 0 ? text : text.slice(0, slash))
  if (!words) return undefined
  const v4 = isIPv4(words[0], words[1], words[2]) && !text.includes(':')
  const most = v4 ? 32 : 128
  const length = slash < 0 ? most : Number(text.slice(slash + 1))
  if (slash >= 0 && !/^\d{1,3}$/.test(text.slice(slash + 1))) return undefined
  if (length > most) return undefined
  const bits = v4 ? length + 96 : length
  const masked = maskWords(words, bits)
  return masked.every((word, i) => word === words[i]) ? { words, bits } : undefined
}

export function formatNetwork({ words, bits }: Network): string {
  const text = formatAddress(words[0], words[1], words[2], words[3])
  return `${text}/${isIPv4(words[0], words[1], words[2]) ? bits - 96 : bits}`
}

/** The words with everything after the first `bits` bits cleared. */
export function maskWords(words: Uint32Array, bits: number): Uint32Array {
  return words.map((word, i) => word & maskOf(bits - 32 * i))
}

/** A 32-bit mask of `bits` leading ones; all or none outside 0 … 32. */
export function maskOf(bits: number): number {
  if (bits >= 32) return 0xffffffff
  return bits <= 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

/**
 * Longest-prefix match over the few dozen networks of a configuration: a flat scan, longest prefix first.
 * `find` returns the value of the longest network that holds the address, or −1; of equal networks the first given wins.
 */
export class NetworkTable {
  readonly #networks: Uint32Array
  readonly #masks: Uint32Array
  readonly #values: readonly number[]
  readonly #bits: readonly number[]
  /** The matched prefix length (of 128) of the last `find`, −1 if none. */
  matchedBits = -1

  constructor(entries: readonly { network: Network; value: number }[]) {
    const sorted = [...entries].sort((a, b) => b.network.bits - a.network.bits)
    this.#networks = Uint32Array.from(sorted.flatMap(({ network }) => [...network.words]))
    this.#masks = Uint32Array.from(
      sorted.flatMap(({ network }) => [0, 32, 64, 96].map((before) => maskOf(network.bits - before))),
    )
    this.#values = sorted.map((entry) => entry.value)
    this.#bits = sorted.map((entry) => entry.network.bits)
  }

  find(w0: number, w1: number, w2: number, w3: number): number {
    const networks = this.#networks
    const masks = this.#masks
    for (let i = 0, w = 0; i < this.#values.length; i++, w += 4) {
      if (
        (w3 & masks[w + 3]) >>> 0 === networks[w + 3] &&
        (w2 & masks[w + 2]) >>> 0 === networks[w + 2] &&
        (w1 & masks[w + 1]) >>> 0 === networks[w + 1] &&
        (w0 & masks[w]) >>> 0 === networks[w]
      ) {
        this.matchedBits = this.#bits[i]
        return this.#values[i]
      }
    }
    this.matchedBits = -1
    return -1
  }
}
