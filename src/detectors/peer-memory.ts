/**
 * Every peer that ever drew bytes, by number in order of first appearance, and the day on which it first did. Staying around
 * makes nobody known: a peer of the first weeks of memory is of unknown age for good, any other has the age of its first day.
 */
import type { AddressColumn } from '../model/address.ts'
import { KeyIndex } from '../model/key-index.ts'
import { unknownAge, vouchedAge } from './day-rows.ts'

/** Until so many days after the first record nobody can be told to be new (DESIGN §3). */
export const ageUnknownDays = 30

export class PeerMemory {
  readonly #index = new KeyIndex(4)
  #first_day = new Int32Array(1024)
  #memory_day = Number.NaN
  readonly #anchor_day: number

  /** `anchor_day`: peers first seen before it are vouched for. */
  constructor(anchor_day = Number.NEGATIVE_INFINITY) {
    this.#anchor_day = anchor_day
  }

  get size(): number {
    return this.#index.size
  }

  /** First day of memory; NaN while there is none. */
  get memory_day(): number {
    return this.#memory_day
  }

  /** The number of the peer at row `i`, which is remembered from this day on. Days come in order. */
  see(peer: AddressColumn, i: number, day: number): number {
    if (Number.isNaN(this.#memory_day)) this.#memory_day = day
    const key = this.#index.key
    key[0] = peer.hi[2 * i]
    key[1] = peer.hi[2 * i + 1]
    key[2] = peer.lo[2 * i]
    key[3] = peer.lo[2 * i + 1]
    const before = this.#index.size
    const number = this.#index.add()
    if (number === before) {
      if (number === this.#first_day.length) {
        const grown = new Int32Array(2 * number)
        grown.set(this.#first_day)
        this.#first_day = grown
      }
      this.#first_day[number] = day
    }
    return number
  }

  firstDay(number: number): number {
    return this.#first_day[number]
  }

  /** Days since it was first seen, or one of the two codes. */
  ageOn(number: number, day: number): number {
    const first = this.#first_day[number]
    if (first < this.#anchor_day) return vouchedAge
    if (first < this.#memory_day + ageUnknownDays) return unknownAge
    return Math.min(day - first, vouchedAge - 1)
  }

  /** The address as its two 64-bit halves. */
  halves(number: number): { hi: bigint; lo: bigint } {
    const word = (w: number): bigint => BigInt(this.#index.word(number, w))
    return { hi: (word(1) << 32n) | word(0), lo: (word(3) << 32n) | word(2) }
  }
}
