import { Shuffler } from './permutation.ts'

/**
 * Accounts whose habits differ by a Gamma law of shape ½, in events per day of activity: many never do anything new, a few often. Each
 * is active on a share of days between .1 and .9. `phases`: habits of a fortnight are exponential about that of the account.
 */
export class BuiltHabits {
  readonly #random: Shuffler
  readonly #rates: number[]
  readonly #active: number[]
  readonly #phases: boolean
  #phase: number[]

  constructor(seed: number, { accounts = 100, mean = 0.1, phases = false } = {}) {
    this.#random = new Shuffler(seed)
    // χ² with one degree of freedom is Gamma(½, 2): mean 1
    this.#rates = Array.from({ length: accounts }, () => mean * this.#normal() ** 2)
    this.#active = Array.from({ length: accounts }, () => 0.1 + 0.8 * this.uniform())
    this.#phases = phases
    this.#phase = this.#rates.map(() => 1)
  }

  /** In (0, 1). */
  uniform(): number {
    return (this.#random.below(0x40000000) + 0.5) / 0x40000000
  }

  /** Events of the accounts that are active on a day, by their number from 1; -1: not active. Days in order. */
  day(day: number): number[] {
    if (this.#phases && day % 14 === 0) this.#phase = this.#rates.map(() => -Math.log(this.uniform()))
    return this.#rates.map((rate, i) => (this.uniform() < this.#active[i] ? this.#poisson(rate * this.#phase[i]) : -1))
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform())
  }

  #poisson(mean: number): number {
    let [events, chance] = [0, Math.exp(-mean)]
    for (let rest = this.uniform() - chance; rest > 0 && events < 50; rest -= chance) chance *= mean / ++events
    return events
  }
}
