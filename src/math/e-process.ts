import { betSizes, logBet } from './bet.ts'
import { logAdd, logSum } from './log-sum.ts'

export interface EProcessOptions {
  /** Tolerated mean of z, in standard deviations. */
  drift: number
  /** Tolerated variance of z. */
  dispersion: number
  /** Ticks per year: each tick gets the same share of the year's one unit of stake. */
  yearlyStarts: number
  /** In bets per standard deviation; default: `betSizes`. */
  sizes?: readonly number[]
}

/**
 * Evidence that z has been higher than tolerated since some unknown tick: per bet size M_t = e_t · (M_{t−1} + γ) with
 * γ = 1/yearlyStarts and M_0 = 0, mixed with equal weights; held and reported as logarithms (nats).
 *
 * While the null of `logBet` holds, M_t + γ·(ticks left) is a supermartingale that starts at 1. So from a new or reset
 * process P(M ≥ 1/α at any tick of the year) ≤ α, by Ville's inequality, however often one looks. A later year that
 * starts with M carried over has α·(1 + M) instead.
 * Source: Shin, Ramdas & Rinaldo, E-detectors, arXiv 2203.03532; reference/algorithms.md §1.4.
 * The price: evidence has to outgrow log(yearlyStarts) + log(bet sizes) before it counts, 7.5 nats on daily ticks.
 */
export class EProcess {
  readonly #drift: number
  readonly #dispersion: number
  readonly #yearlyStarts: number
  readonly #logStart: number
  /** Per bet size the log of all starts' terms together, of the largest term, and the tick at which that one began. */
  readonly #sizes: readonly number[]
  readonly #sum: Float64Array
  readonly #largest: Float64Array
  readonly #began: Float64Array
  #ticks = 0
  #value = -Infinity

  constructor({ drift, dispersion, yearlyStarts, sizes = betSizes }: EProcessOptions) {
    if (sizes.length === 0) throw new RangeError('no bet sizes')
    if (!(yearlyStarts >= 1)) throw new RangeError(`${yearlyStarts} starts in a year`)
    if (!(dispersion > 0)) throw new RangeError(`dispersion ${dispersion}`)
    this.#drift = drift
    this.#dispersion = dispersion
    this.#yearlyStarts = yearlyStarts
    this.#logStart = -Math.log(yearlyStarts)
    this.#sizes = sizes
    this.#sum = new Float64Array(sizes.length)
    this.#largest = new Float64Array(sizes.length)
    this.#began = new Float64Array(sizes.length)
    this.reset()
  }

  /** log M, in nats; −∞ before the first `step`. */
  get value(): number {
    return this.#value
  }

  /**
   * One tick with a finite normal score; returns `value`. `drift` and `dispersion` may be what was measured before this
   * tick, never what it tells itself; `dispersion` by the ticks since the largest term began, this one counted.
   */
  step(z: number, drift = this.#drift, dispersion: number | ((ticks: number) => number) = this.#dispersion): number {
    if (!Number.isFinite(z)) throw new RangeError(`score ${z}`)
    for (let k = 0; k < this.#sizes.length; k++) {
      if (this.#largest[k] <= this.#logStart) {
        this.#largest[k] = this.#logStart
        this.#began[k] = this.#ticks
      }
      const tolerated = typeof dispersion === 'number' ? dispersion : dispersion(this.#ticks - this.#began[k] + 1)
      const gain = logBet(z, this.#sizes[k], drift, tolerated)
      this.#largest[k] += gain
      this.#sum[k] = logAdd(this.#sum[k], this.#logStart) + gain
    }
    this.#ticks++
    this.#value = this.#mixed()
    return this.#value
  }

  /** One tick without opinion: M keeps, and the tick's stake stays unspent. */
  skip(): void {
    this.#ticks++
  }

  /**
   * Since when: the tick (0 = the first `step` or `skip` after construction or `reset`) from which on a bet explains
   * most, that is the start of the largest term of all starts and bet sizes. Undefined before the first `step`.
   * It is the CUSUM's estimate of the change: chance ticks just before the change may be counted in, and without
   * evidence it merely names the last low.
   */
  startOf(): number | undefined {
    let best = 0
    for (let k = 1; k < this.#sizes.length; k++) if (this.#largest[k] > this.#largest[best]) best = k
    return this.#largest[best] === -Infinity ? undefined : this.#began[best]
  }

  copy(): EProcess {
    const copy = new EProcess({
      ...{ drift: this.#drift, dispersion: this.#dispersion },
      ...{ yearlyStarts: this.#yearlyStarts, sizes: this.#sizes },
    })
    copy.restore(this.state())
    return copy
  }

  /** Everything that `restore` needs: per bet size sum, largest term and its start; then the number of ticks. */
  state(): Float64Array {
    return Float64Array.of(...this.#sum, ...this.#largest, ...this.#began, this.#ticks)
  }

  restore(state: Float64Array): void {
    const count = this.#sizes.length
    if (state.length !== 3 * count + 1) throw new RangeError(`a state of ${state.length} numbers`)
    this.#sum.set(state.subarray(0, count))
    this.#largest.set(state.subarray(count, 2 * count))
    this.#began.set(state.subarray(2 * count, 3 * count))
    this.#ticks = state[3 * count]
    this.#value = this.#mixed()
  }

  /** Forgets all evidence and counts ticks from 0 again; the year's stake is granted anew. */
  reset(): void {
    this.#sum.fill(-Infinity)
    this.#largest.fill(-Infinity)
    this.#began.fill(0)
    this.#ticks = 0
    this.#value = this.#mixed()
  }

  #mixed(): number {
    return logSum(this.#sum) - Math.log(this.#sizes.length)
  }
}
