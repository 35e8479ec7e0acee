/**
 * A value's rank among all earlier ones, as a p-value.
 * While the values are exchangeable, `upperTail` before each `push`, with ties drawn uniformly from (0, 1), gives
 * independent uniform numbers; so any bet on them that is fixed beforehand is fair. Nothing is ever forgotten: a
 * reference that slides learns what it should find.
 * Source: Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005); reference/algorithms.md §1.2, §1.5.
 * Holds 8 to 16 bytes per value; `push` moves up to all of them, `upperTail` looks at log₂ of their number.
 */
export class GrowingRank {
  #sorted: Float64Array
  #size: number

  /** Starts with `values` in any order, as if each had been pushed. */
  constructor(values: ArrayLike<number> = []) {
    this.#sorted = Float64Array.from(values).sort()
    this.#size = values.length
    if (this.#size > 0 && Number.isNaN(this.#sorted[this.#size - 1])) throw new RangeError('NaN has no rank')
  }

  get size(): number {
    return this.#size
  }

  push(value: number): void {
    if (Number.isNaN(value)) throw new RangeError('NaN has no rank')
    if (this.#size === this.#sorted.length) {
      const larger = new Float64Array(Math.max(16, 2 * this.#size))
      larger.set(this.#sorted)
      this.#sorted = larger
    }
    const at = this.#countUpTo(value)
    this.#sorted.copyWithin(at + 1, at, this.#size)
    this.#sorted[at] = value
    this.#size++
  }

  /**
   * (#{r > value} + tie · (1 + #{r = value})) / (size + 1) for a `tie` in (0, 1): small if `value` is large. Always
   * inside (0, 1), so that it has a normal quantile; `tie` itself while nothing has been pushed.
   */
  upperTail(value: number, tie: number): number {
    if (Number.isNaN(value)) throw new RangeError('NaN has no rank')
    if (!(tie > 0 && tie < 1)) throw new RangeError(`tie ${tie} is not inside (0, 1)`)
    const upTo = this.#countUpTo(value)
    const equal = upTo - this.#countBelow(value)
    const p = (this.#size - upTo + tie * (1 + equal)) / (this.#size + 1)
    return Math.min(p, 1 - Number.EPSILON / 2) // the sum may round up to size + 1
  }

  #countBelow(value: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle] < value) low = middle + 1
      else high = middle
    }
    return low
  }

  #countUpTo(value: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle] <= value) low = middle + 1
      else high = middle
    }
    return low
  }
}
