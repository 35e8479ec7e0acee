/**
 * What joins the records of one connection: the writer's uid as 64 bits of hash, and port numbers.
 */
import { hash32 } from '../../model/hash.ts'

const seeds = [0x5bd1e995, 0x1b873593] as const

/** Two differently seeded hashes of the uid into words[2·row] and the next; an empty uid gives 0, no other does. */
export function writeUid(bytes: Uint8Array, start: number, end: number, words: Uint32Array, row: number): void {
  if (end <= start) {
    words[2 * row] = 0
    words[2 * row + 1] = 0
    return
  }
  const low = hash32(bytes, start, end, seeds[0])
  words[2 * row] = low
  words[2 * row + 1] = hash32(bytes, start, end, seeds[1]) || (low === 0 ? 1 : 0)
}

/** Decimal digits as a port, 0 … 65535; −1 if they are anything else. */
export function parsePort(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 5) return -1
  let port = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) return -1
    port = port * 10 + digit
  }
  return port <= 65_535 ? port : -1
}
