/**
 * Short texts that recur (services, accounts, sensors) as small integer codes; code 0 is the empty text.
 * Lookup works on the raw bytes, so that a known name costs a hash and a comparison and allocates nothing.
 * Codes mean something only within this table; the store translates them to its own ids.
 */
import { hash32 } from './hash.ts'

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
const encoder = new TextEncoder()
/** Past this many names the table starts again at the next block, so that hostile input cannot fill the memory. */
const mostNames = 65_536
/** Longer names are cut: no honest account or service comes near. */
const longestName = 512

export class NameTable {
  texts: string[] = ['']
  #bytes: Uint8Array[] = [new Uint8Array(0)]
  #slots = new Int32Array(1024).fill(-1)
  /** Drawn anew each time, so that nobody can prepare names that collide. Codes do not depend on it. */
  readonly #seed = Math.floor(Math.random() * 0x100000000)
  /** Grows by one whenever codes lose their meaning, so that whoever cached translations starts again. */
  generation = 0

  get size(): number {
    return this.texts.length
  }

  codeOfBytes(bytes: Uint8Array, start: number, end: number): number {
    if (end <= start) return 0
    if (end - start > longestName) end = start + longestName
    const mask = this.#slots.length - 1
    let slot = hash32(bytes, start, end, this.#seed) & mask
    for (;;) {
      const code = this.#slots[slot]
      if (code < 0) return this.#add(bytes.slice(start, end), slot)
      if (sameBytes(this.#bytes[code], bytes, start, end)) return code
      slot = (slot + 1) & mask
    }
  }

  codeOf(text: string): number {
    if (text === '') return 0
    const bytes = encoder.encode(text)
    return this.codeOfBytes(bytes, 0, bytes.length)
  }

  trim(): void {
    if (this.texts.length <= mostNames) return
    this.texts = ['']
    this.#bytes = [new Uint8Array(0)]
    this.#slots = new Int32Array(1024).fill(-1)
    this.generation++
  }

  #add(bytes: Uint8Array, slot: number): number {
    const code = this.texts.length
    // NUL ends texts of other programs, and a mark at the beginning is lost in decoding: the name of somebody else would be left
    this.texts.push(decoder.decode(bytes).replaceAll(/\0|^\uFEFF/g, '\uFFFD'))
    this.#bytes.push(bytes)
    this.#slots[slot] = code
    if (code * 2 > this.#slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let code = 1; code < this.#bytes.length; code++) {
      const bytes = this.#bytes[code]
      let slot = hash32(bytes, 0, bytes.length, this.#seed) & mask
      while (slots[slot] >= 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.#slots = slots
  }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
