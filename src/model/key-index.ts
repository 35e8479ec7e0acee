/**
 * Keys of a fixed number of 32-bit words → numbers 0, 1, 2 … in the order in which they first came. Open addressing over
 * typed arrays: no object per key, about 4 · words + 8 bytes each. Whoever writes the logs cannot prepare keys that
 * collide: the seed is drawn anew for each index (numbers do not depend on it).
 */
import { hashWords } from './hash.ts'

const firstSlots = 1024
/** Filled beyond this share, the slots are doubled. */
const mostFilled = 0.7

export class KeyIndex {
  /** The key that is asked for: set its words, then call. */
  readonly key: Uint32Array
  size = 0
  readonly #words: number
  readonly #seed = Math.floor(Math.random() * 0x100000000)
  #keys: Uint32Array
  /** 1 + number of the key, 0 = empty. */
  #slots = new Uint32Array(firstSlots)

  constructor(words: number) {
    this.#words = words
    this.key = new Uint32Array(words)
    this.#keys = new Uint32Array(words * 512)
  }

  /** The number of `key`, −1 if it never came. */
  find(): number {
    return this.#slots[this.#slotOf()] - 1
  }

  /** The number of `key`, which is added if it is new: then the answer is `size` as it was before. */
  add(): number {
    const slot = this.#slotOf()
    const known = this.#slots[slot]
    if (known > 0) return known - 1
    const number = this.size++
    const words = this.#words
    if (this.size * words > this.#keys.length) {
      const grown = new Uint32Array(Math.ceil((this.#keys.length * 3) / 2 / words) * words)
      grown.set(this.#keys)
      this.#keys = grown
    }
    for (let w = 0; w < words; w++) this.#keys[number * words + w] = this.key[w]
    this.#slots[slot] = number + 1
    if (this.size > this.#slots.length * mostFilled) this.#rehash()
    return number
  }

  word(number: number, w: number): number {
    return this.#keys[number * this.#words + w]
  }

  /** The slot that holds `key`, or the empty one where it belongs. */
  #slotOf(): number {
    const words = this.#words
    const slots = this.#slots
    const keys = this.#keys
    const key = this.key
    const mask = slots.length - 1
    let slot = hashWords(key, words, this.#seed) & mask
    for (;;) {
      const number = slots[slot] - 1
      if (number < 0) return slot
      let w = 0
      while (w < words && keys[number * words + w] === key[w]) w++
      if (w === words) return slot
      slot = (slot + 1) & mask
    }
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < this.size; number++) {
      for (let w = 0; w < this.#words; w++) this.key[w] = this.#keys[number * this.#words + w]
      let slot = hashWords(this.key, this.#words, this.#seed) & mask
      while (slots[slot] > 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}
