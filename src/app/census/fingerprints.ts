/** Client fingerprints by connection uid: of several the most telling (ssh, then ssl, then http), as the store says. */
import { KeyIndex } from '../../model/key-index.ts'

const ranks = ['ssh', 'ssl']

export class Fingerprints {
  readonly #uids = new KeyIndex(2)
  #names = new Int32Array(256)
  #ranks = new Uint8Array(256)
  readonly #texts: readonly string[]

  /** `texts`: the names behind the numbers, which decide between two of one kind. */
  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  add(kind: string, uid_lo: number, uid_hi: number, name: number): void {
    if (name === 0 || (uid_lo === 0 && uid_hi === 0)) return
    const rank = ranks.includes(kind) ? ranks.indexOf(kind) : ranks.length
    this.#uids.key[0] = uid_lo
    this.#uids.key[1] = uid_hi
    const before = this.#uids.size
    const number = this.#uids.add()
    if (number >= this.#names.length) this.#grow()
    const known = number < before
    if (known && rank > this.#ranks[number]) return
    if (known && rank === this.#ranks[number] && this.#texts[this.#names[number]] <= this.#texts[name]) return
    this.#names[number] = name
    this.#ranks[number] = rank
  }

  /** Number of the fingerprint's name, 0 if none is known. */
  of(uid_lo: number, uid_hi: number): number {
    if (this.#uids.size === 0) return 0
    this.#uids.key[0] = uid_lo
    this.#uids.key[1] = uid_hi
    const number = this.#uids.find()
    return number < 0 ? 0 : this.#names[number]
  }

  #grow(): void {
    const names = new Int32Array(Math.ceil(this.#names.length * 1.5))
    const kinds = new Uint8Array(names.length)
    names.set(this.#names)
    kinds.set(this.#ranks)
    this.#names = names
    this.#ranks = kinds
  }
}
