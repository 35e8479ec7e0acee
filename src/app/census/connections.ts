/**
 * Which connections were counted already, and how far: long connections are logged several times with growing totals
 * (conn_long, open_conn, conn), and files may hold the same records. A record adds what it states beyond the largest of
 * its connection so far, each direction for itself; so any order and any repetition give the same totals.
 * About 25 bytes a connection.
 */
import { KeyIndex } from '../../model/key-index.ts'

/** Stands for counts of 2^32 − 1 bytes and more, which are kept aside. */
const aside = 0xffffffff

export class Connections {
  readonly #index = new KeyIndex(2)
  #out = new Uint32Array(512)
  #in = new Uint32Array(512)
  readonly #large = new Map<number, { out: bigint; in: bigint }>()
  /** What the last record added, and whether its connection had no payload before. */
  grown_out: number | bigint = 0
  grown_in: number | bigint = 0
  began = false

  get size(): number {
    return this.#index.size
  }

  /** Takes in a record of the connection (64 bits, low word first); false if it says nothing new. */
  grow(conn_lo: number, conn_hi: number, bytes_out: number | bigint, bytes_in: number | bigint): boolean {
    this.#index.key[0] = conn_lo
    this.#index.key[1] = conn_hi
    const before = this.#index.size
    const number = this.#index.add()
    const isNew = number === before
    if (isNew) this.#fit(number)
    const large = this.#large.get(number)
    if (large === undefined && bytes_out < aside && bytes_in < aside) {
      const out = Number(bytes_out)
      const back = Number(bytes_in)
      const [out_before, in_before] = [this.#out[number], this.#in[number]]
      this.began = out_before + in_before === 0
      this.grown_out = out > out_before ? out - out_before : 0
      this.grown_in = back > in_before ? back - in_before : 0
      if (out > out_before) this.#out[number] = out
      if (back > in_before) this.#in[number] = back
    } else this.#growLarge(number, large, BigInt(bytes_out), BigInt(bytes_in))
    return isNew || this.grown_out > 0 || this.grown_in > 0
  }

  /** How far the connection was counted; undefined if it never came. */
  known(conn_lo: number, conn_hi: number): { out: bigint; in: bigint } | undefined {
    this.#index.key[0] = conn_lo
    this.#index.key[1] = conn_hi
    const number = this.#index.find()
    if (number < 0) return undefined
    return this.#large.get(number) ?? { out: BigInt(this.#out[number]), in: BigInt(this.#in[number]) }
  }

  #growLarge(number: number, large: { out: bigint; in: bigint } | undefined, out: bigint, back: bigint): void {
    const known = large ?? { out: BigInt(this.#out[number]), in: BigInt(this.#in[number]) }
    this.began = known.out + known.in === 0n
    this.grown_out = out > known.out ? out - known.out : 0
    this.grown_in = back > known.in ? back - known.in : 0
    if (out > known.out) known.out = out
    if (back > known.in) known.in = back
    this.#large.set(number, known)
    this.#out[number] = aside
    this.#in[number] = aside
  }

  #fit(number: number): void {
    if (number < this.#out.length) return
    const capacity = Math.ceil(this.#out.length * 1.5)
    const grown = [this.#out, this.#in].map((counts) => {
      const larger = new Uint32Array(capacity)
      larger.set(counts)
      return larger
    })
    this.#out = grown[0]
    this.#in = grown[1]
  }
}
