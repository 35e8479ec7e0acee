/**
 * The past of one statistic, against which its next value is ranked. Within the bulk the p-value is the conformal rank; in the
 * top tenth it goes on beyond the largest value seen with an exponential tail, of the mean excess of that tenth at the upper end
 * of its 95 % interval: a rank alone can never be smaller than 1/(n + 1), however far a value lies beyond all others.
 * Sources: reference/algorithms.md §1.2; Balkema & de Haan (1974), Pickands (1975) for tails of excesses, of which the
 * exponential is the conservative case for statistics that are logarithms, roots or robust sums. Not exact: whether it holds
 * on this stream is measured by the dispersion of its scores (see stream.ts).
 */
const tailShare = 0.1
const leastTail = 12
/** Tail probability that is never undercut: what no history of this length can support. */
const leastTailProbability = 1e-15

/** So many values wait, sorted among themselves: moving a long array for each would cost more. */
const mostWaiting = 256
/** Room for so many to begin with: most streams are of days. */
const fewestWaiting = 16

export class Past {
  #sorted = new Float64Array(0)
  #waiting = new Float64Array(fewestWaiting)
  #waits = 0
  #largest = Number.NEGATIVE_INFINITY
  #lowest = { value: Number.NEGATIVE_INFINITY, count: 0 }

  copy(): Past {
    const copy = new Past()
    // written anew, never into
    copy.#sorted = this.#sorted
    copy.#waiting = this.#waiting.slice()
    copy.#waits = this.#waits
    copy.#largest = this.#largest
    copy.#lowest = { ...this.#lowest }
    return copy
  }

  get size(): number {
    return this.#lowest.count + this.#sorted.length + this.#waits
  }

  push(value: number): void {
    if (Number.isNaN(value)) throw new RangeError('NaN has no rank')
    if (this.#waits === this.#waiting.length) {
      const larger = new Float64Array(2 * this.#waits)
      larger.set(this.#waiting)
      this.#waiting = larger
    }
    let at = this.#waits++
    for (; at > 0 && this.#waiting[at - 1] > value; at--) this.#waiting[at] = this.#waiting[at - 1]
    this.#waiting[at] = value
    this.#largest = Math.max(this.#largest, value)
    if (this.#waits === mostWaiting) this.#merge()
  }

  /** So many values than which none is smaller, and always the same: counted, not held. */
  pushLowest(value: number, count: number): void {
    this.#lowest = { value, count: this.#lowest.count + count }
    if (count > 0) this.#largest = Math.max(this.#largest, value)
  }

  /** Probability under the past that a value is at least this large; `tie` in (0, 1) splits equal ones. */
  upperTail(value: number, tie: number): number {
    const notAbove = this.#count(value, true)
    const above = this.size - notAbove
    const equal = notAbove - this.#count(value, false)
    const rank = (above + tie * (1 + equal)) / (this.size + 1)
    return value > this.#largest ? Math.min(rank, this.#beyond(value)) : rank
  }

  /** Of a value beyond all others; 1 where the tail is too short to tell. */
  #beyond(value: number): number {
    const k = Math.floor(this.size * tailShare)
    if (k < leastTail) return 1
    this.#merge()
    const size = this.#sorted.length
    const threshold = k < size ? this.#sorted[size - 1 - k] : this.#lowest.value
    let excess = 0
    for (let i = Math.max(0, size - k); i < size; i++) excess += this.#sorted[i] - threshold
    const mean = (excess / k) * (1 + 1.96 / Math.sqrt(k))
    if (!(mean > 0)) return 1
    return Math.max(leastTailProbability, (k / this.size) * Math.exp(-(value - threshold) / mean))
  }

  #merge(): void {
    const [sorted, waiting, waits] = [this.#sorted, this.#waiting, this.#waits]
    const merged = new Float64Array(sorted.length + waits)
    let at = merged.length
    let old = sorted.length - 1
    for (let young = waits - 1; young >= 0; ) {
      if (old >= 0 && sorted[old] > waiting[young]) merged[--at] = sorted[old--]
      else merged[--at] = waiting[young--]
    }
    merged.set(sorted.subarray(0, old + 1))
    this.#sorted = merged
    this.#waits = 0
  }

  /** Values below `value`, or not above it. */
  #count(value: number, orEqual: boolean): number {
    const { value: lowest, count } = this.#lowest
    return (
      (lowest < value || (orEqual && lowest === value) ? count : 0) +
      countIn(this.#sorted, this.#sorted.length, value, orEqual) +
      countIn(this.#waiting, this.#waits, value, orEqual)
    )
  }
}

/** Of the first `length`, ascending. */
function countIn(values: Float64Array, length: number, value: number, orEqual: boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle] < value || (orEqual && values[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}
