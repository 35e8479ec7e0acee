import { keyedWords } from '../math/keyed-uniform.ts'
import { KeyIndex } from '../model/key-index.ts'
import type { Names } from './day-rows.ts'

/**
 * Networks of peers, numbered from 0 in order of appearance: the /24 of IPv4, the /64 of IPv6 (as which peers come). 16 bytes for each
 * and 4 for each peer; 64 bits of a hash stand for the text.
 */
export class Subnets {
  readonly #names: Pick<Names, 'peer'>
  readonly #index = new KeyIndex(2)
  /** 1 + number of the network, by peer. */
  #of = new Int32Array(1024)

  constructor(names: Pick<Names, 'peer'>) {
    this.#names = names
  }

  of(peer: number): number {
    if (peer >= this.#of.length) {
      const larger = new Int32Array(Math.max(peer + 1, 2 * this.#of.length))
      larger.set(this.#of)
      this.#of = larger
    }
    if (this.#of[peer] === 0) {
      this.#index.key.set(keyedWords(0, [this.text(peer)]))
      this.#of[peer] = 1 + this.#index.add()
    }
    return this.#of[peer] - 1
  }

  /** `192.0.2.0/24`, `2001:db8::/64`. */
  text(peer: number): string {
    const address = this.#names.peer(peer)
    return address.includes(':') ? `${address}/64` : `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  }
}
