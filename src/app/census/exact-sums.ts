/**
 * Sums of whole numbers by a small index, exact at any size: doubles while they hold every integer, carried over to
 * bigint before they no longer do. Nothing is allocated for a common addition.
 */
const safe = 2 ** 52

export class ExactSums {
  #low = new Float64Array(256)
  readonly #carried = new Map<number, bigint>()

  /** `value` may be negative: a reversal. */
  add(i: number, value: number | bigint): void {
    if (i >= this.#low.length) this.#grow(i)
    if (typeof value === 'bigint' || value > safe || value < -safe) {
      this.#carry(i, BigInt(value))
      return
    }
    const sum = this.#low[i] + value
    if (sum > safe || sum < -safe) {
      this.#low[i] = 0
      this.#carry(i, BigInt(sum))
    } else this.#low[i] = sum
  }

  at(i: number): bigint {
    return BigInt(i < this.#low.length ? this.#low[i] : 0) + (this.#carried.get(i) ?? 0n)
  }

  /** The sum as a double: for ranking. */
  near(i: number): number {
    return (i < this.#low.length ? this.#low[i] : 0) + Number(this.#carried.size > 0 ? (this.#carried.get(i) ?? 0n) : 0)
  }

  #carry(i: number, value: bigint): void {
    this.#carried.set(i, (this.#carried.get(i) ?? 0n) + value)
  }

  #grow(i: number): void {
    const grown = new Float64Array(Math.max(i + 1, Math.ceil(this.#low.length * 1.5)))
    grown.set(this.#low)
    this.#low = grown
  }
}
