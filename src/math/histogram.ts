/**
 * How often values of a range came, in bins of 1/`perUnit`: a rank among millions in bounded memory. Two of them of equal bins merge
 * by addition. The error of a rank is the share of the values in the bin; it is on the cautious side in `upperTail`.
 */
const tailShare = 0.1
const leastTail = 12
const range = { from: -64, to: 64 }

export class Histogram {
  readonly #perUnit: number
  readonly #counts: Float64Array
  #largest = -1
  size = 0

  constructor(perUnit: number) {
    this.#perUnit = perUnit
    this.#counts = new Float64Array((range.to - range.from) * perUnit)
  }

  add(value: number): void {
    const bin = this.#binOf(value)
    this.#largest = Math.max(this.#largest, bin)
    this.#counts[bin]++
    this.size++
  }

  /** Lower end of the bin in which the share `q` of the values is reached; NaN of none. */
  quantile(q: number): number {
    let rest = q * this.size
    for (let bin = 0; bin < this.#counts.length; bin++) {
      rest -= this.#counts[bin]
      if (rest <= 0 && this.#counts[bin] > 0) return this.#valueOf(bin)
    }
    return Number.NaN
  }

  /**
   * Probability that a value is at least this large, (1 + number of as large ones) / (n + 1). Beyond the largest value seen, where the
   * largest tenth is at least 12 values, no more than an exponential tail of its mean excess at the upper end of its 95 % interval.
   * See `Past`. `leastExcess`: no tail is taken to be lighter than of this mean, however alike the values are.
   */
  upperTail(value: number, leastExcess = 0): number {
    const rank = (1 + this.#countFrom(this.#binOf(value))) / (this.size + 1)
    const from = this.#tailBin()
    const k = this.#countFrom(from)
    if (this.size * tailShare < leastTail || this.#binOf(value) <= this.#largest) return rank
    let excess = 0
    for (let bin = from; bin < this.#counts.length; bin++)
      excess += this.#counts[bin] * (this.#valueOf(bin + 1) - this.#valueOf(from))
    const mean = Math.max(leastExcess, (excess / k) * (1 + 1.96 / Math.sqrt(k)))
    return Math.min(rank, (k / this.size) * Math.exp(-(value - this.#valueOf(from + 1)) / mean))
  }

  /** First bin of the largest tenth. */
  #tailBin(): number {
    let bin = this.#counts.length - 1
    for (let above = 0; bin > 0; bin--) {
      above += this.#counts[bin]
      if (above >= tailShare * this.size) break
    }
    return bin
  }

  #countFrom(bin: number): number {
    let count = 0
    for (let i = bin; i < this.#counts.length; i++) count += this.#counts[i]
    return count
  }

  #binOf(value: number): number {
    if (Number.isNaN(value)) throw new RangeError('NaN has no rank')
    return Math.min(this.#counts.length - 1, Math.max(0, Math.floor((value - range.from) * this.#perUnit)))
  }

  #valueOf(bin: number): number {
    return range.from + bin / this.#perUnit
  }
}
