/**
 * Evidence that counts of a day are higher than tolerated, since some unknown day: per factor θ M_t = e_t · (M_{t−1} + γ), the
 * factors with equal weights; held as logarithms (nats). See `EProcess`, which is the same for scores.
 */
import { logAdd, logSum } from '../../math/log-sum.ts'

/** By how much counts may exceed what is tolerated, where nobody says otherwise. */
const usualFactors = [4, 16, 64] as const
/** Nulls are models: no day is told to be rarer than one in a billion. */
const largestGain = Math.log(1e9)

export class FactorEvidence {
  readonly #factors: readonly number[]
  readonly #sum: Float64Array
  readonly #largest: Float64Array
  readonly #began: Float64Array

  constructor(factors: readonly number[] = usualFactors) {
    this.#factors = factors
    this.#sum = new Float64Array(factors.length).fill(Number.NEGATIVE_INFINITY)
    this.#largest = this.#sum.slice()
    this.#began = new Float64Array(factors.length)
  }

  /** −∞ before the first step. */
  get log_e(): number {
    return logSum(this.#sum)
  }

  /** The day from which on it explains most. */
  get since_day(): number {
    return this.#began[this.#largest.indexOf(Math.max(...this.#largest))]
  }

  /** One day; `logStake` is its γ, `gainOf` the log of e for a factor. */
  step(day: number, logStake: number, gainOf: (factor: number) => number): void {
    for (const [k, factor] of this.#factors.entries()) {
      const gain = Math.min(largestGain, gainOf(factor))
      const stake = logStake - Math.log(this.#factors.length)
      if (this.#largest[k] <= stake) {
        this.#largest[k] = stake
        this.#began[k] = day
      }
      this.#largest[k] += gain
      this.#sum[k] = logAdd(this.#sum[k], stake) + gain
    }
  }

  spend(): void {
    this.#sum.fill(Number.NEGATIVE_INFINITY)
    this.#largest.fill(Number.NEGATIVE_INFINITY)
  }
}
