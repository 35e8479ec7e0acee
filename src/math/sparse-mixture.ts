import { logSum } from './log-sum.ts'

/** Which mixtures are asked about: a share ε of the members, shifted up by λ sd a day (algorithms §2.2). */
const shares: readonly number[] = [0.1, 0.01, 0.001]
const leastShift = 0.1
/** .1, .2, .4, .8: each is twice the one before. */
const doublings = 4
/** exp(−λ²/2) of each. */
const halves = Array.from({ length: doublings }, (_, l) => Math.exp(-((leastShift * 2 ** l) ** 2) / 2))
/** Of scores within ±5 a factor lies within 0.01 and 50: so many of them stay a double. */
const mostFactors = 64

/**
 * Running log likelihood ratio of "the same few of the members are shifted up, day after day" against "none is". Members are
 * numbers 0, 1, …; a day gives each a normal score or NaN, a gap. Of each is held A = Σ z and T = its number of days, both
 * forgetting what is old, so that with ℓ = λA − λ²T/2 the ratio of a mixture is Π (1 + ε·(exp ℓ − 1)).
 *
 * `step` tells by how much a day changes it, in nats: log Σ π·Π (1 + p·(exp(λz − λ²/2) − 1)), p = ε·exp ℓ ⁄ (1 + ε·(exp ℓ − 1))
 * being the chance that the member is one of the few, and π that of the mixture, by the days before. Neighbouring days
 * share no score, so what it tells is not dependent in time by construction, as sums over overlapping windows are. The largest
 * factor of each product is left out: one member alone is no few, and one that changes for good must not speak for ever. So where
 * members are independent its exponential has a mean of at most 1, whatever went before. They are not, so it is only a statistic,
 * for its own past to calibrate. The sum over members has their order; another order changes its last digits.
 * Sources: Xie & Siegmund, arXiv 1207.2386; reference/algorithms.md §2.2; prequential ratio: Dawid (1984).
 */
export class SparseMixture {
  readonly #memory_days: number
  readonly #keep: number
  #sums = new Float64Array(16)
  #days = new Float64Array(16)
  /** Log of the ratio so far by mixture, as old days are forgotten. */
  #logs = new Float64Array(shares.length * doublings)

  /** `memory_days`: a day so long ago counts 1/e; members that are there every day hold so many. */
  constructor(memory_days: number) {
    this.#memory_days = memory_days
    this.#keep = 1 - 1 / memory_days
  }

  copy(): SparseMixture {
    const copy = new SparseMixture(this.#memory_days)
    copy.#sums = this.#sums.slice()
    copy.#days = this.#days.slice()
    copy.#logs = this.#logs.slice()
    return copy
  }

  /** Scores of a day, by member; those beyond the end of the array have none. Within ±5. */
  step(scores: Float64Array): number {
    if (scores.length > this.#sums.length) this.#grow(2 * scores.length)
    const gains = this.#gains(scores)
    const mixed = new Float64Array(gains.length)
    for (let g = 0; g < gains.length; g++) mixed[g] = this.#logs[g] + gains[g]
    const told = logSum(mixed) - logSum(this.#logs)
    for (let g = 0; g < gains.length; g++) this.#logs[g] = this.#keep * mixed[g]
    for (let i = 0; i < this.#sums.length; i++) {
      this.#sums[i] *= this.#keep
      this.#days[i] *= this.#keep
      if (i >= scores.length || Number.isNaN(scores[i])) continue
      this.#sums[i] += scores[i]
      this.#days[i]++
    }
    return told
  }

  /**
   * By mixture: what the scores add, members weighed by what they did before. Powers stand for exponentials, and products for
   * sums of logarithms, as far as a double goes: there are as many of them as members a day.
   */
  #gains(scores: Float64Array): Float64Array {
    const gains = new Float64Array(this.#logs.length)
    const products = new Float64Array(gains.length).fill(1)
    const largest = new Float64Array(gains.length).fill(1)
    let factors = 0
    for (let i = 0; i < scores.length; i++) {
      if (Number.isNaN(scores[i])) continue
      let before = Math.exp(leastShift * this.#sums[i])
      let beforeHalf = Math.exp((-leastShift * leastShift * this.#days[i]) / 2)
      let ratio = Math.exp(leastShift * scores[i])
      for (let l = 0, at = 0; l < doublings; l++) {
        const odds = before * beforeHalf
        const gain = ratio * halves[l] - 1
        for (let s = 0; s < shares.length; s++, at++) {
          const own = shares[s] * odds
          const factor = 1 + (own / (1 - shares[s] + own)) * gain
          products[at] *= factor
          if (factor > largest[at]) largest[at] = factor
        }
        before *= before
        ratio *= ratio
        beforeHalf = beforeHalf ** 4
      }
      if (++factors % mostFactors === 0) takeLogs(products, gains)
    }
    takeLogs(products, gains)
    for (let g = 0; g < gains.length; g++) gains[g] -= Math.log(largest[g])
    return gains
  }

  #grow(room: number): void {
    const [sums, days] = [new Float64Array(room), new Float64Array(room)]
    sums.set(this.#sums)
    days.set(this.#days)
    this.#sums = sums
    this.#days = days
  }
}

/** Adds the logarithms of products to `gains`, and begins new products. */
function takeLogs(products: Float64Array, gains: Float64Array): void {
  for (let g = 0; g < gains.length; g++) gains[g] += Math.log(products[g])
  products.fill(1)
}
