import { clip } from '../../math/robust.ts'

/** A key's e-values of one day, one for each way to test it, in nats. */
export interface KeyTest {
  /** Such as `client_fp`; every kind gets the same share. */
  kind: string
  key: number
  log_e: Float64Array
}

/** Share of the capital that is put on a kind's keys as they turn up, over all kinds. */
const staked = 0.1
/** What a key that is tested again receives each day, in parts of what it received first: a key gone bad is not lost. */
const renewed = 0.01
/** Share that goes back into reserve each day: after one campaign there is capital left for the next. */
const returned = 0.02
const largestLog = 300

/**
 * Which keys carry evidence is learnt by betting: one unit of capital is spread over keys, ways to test and a reserve that
 * is never bet; each day's growth is the day's e-value. The spread of a day is fixed by the days before it and by the set of
 * keys that are tested, which the null of `Contrast` conditions on; so the growth has mean ≤ 1 given the past, and no
 * correction for the number of keys remains to be made. A quiet day is near 0 nats, and no day is below log(0.02).
 * Source: fixed-share mixtures (Herbster & Warmuth 1998) as e-values: Vovk & Wang, arXiv 1912.06116.
 */
export class Stakes {
  readonly #kinds: number
  #reserve = 1
  readonly #bets = new Map<string, Float64Array>()
  readonly #known = new Map<string, number>()

  constructor({ kinds }: { kinds: number }) {
    this.#kinds = kinds
  }

  /** log of the day's growth, in nats. */
  day(tests: readonly KeyTest[]): number {
    this.#return()
    this.#place(tests)
    for (const { kind, key, log_e } of tests) {
      const bets = this.#bets.get(`${kind}:${key}`) as Float64Array
      for (let i = 0; i < bets.length; i++) bets[i] *= Math.exp(clip(log_e[i], -largestLog, largestLog))
    }
    let growth = this.#reserve
    for (const bets of this.#bets.values()) for (const bet of bets) growth += bet
    this.#reserve /= growth
    for (const bets of this.#bets.values()) for (let i = 0; i < bets.length; i++) bets[i] /= growth
    return Math.log(growth)
  }

  #return(): void {
    for (const bets of this.#bets.values()) {
      for (let i = 0; i < bets.length; i++) {
        this.#reserve += returned * bets[i]
        bets[i] *= 1 - returned
      }
    }
  }

  #place(tests: readonly KeyTest[]): void {
    const isNew = tests.map(({ kind, key }) => !this.#bets.has(`${kind}:${key}`))
    for (const [i, { kind }] of tests.entries()) if (isNew[i]) this.#known.set(kind, (this.#known.get(kind) ?? 0) + 1)
    const shares = tests.map(
      ({ kind }, i) => ((isNew[i] ? 1 : renewed) * staked) / this.#kinds / (this.#known.get(kind) as number),
    )
    let placed = 0
    for (const share of shares) placed += share
    this.#reserve *= 1 - placed
    for (const bets of this.#bets.values()) for (let i = 0; i < bets.length; i++) bets[i] *= 1 - placed
    for (const [i, { kind, key, log_e }] of tests.entries()) {
      let bets = this.#bets.get(`${kind}:${key}`)
      if (!bets) {
        bets = new Float64Array(log_e.length)
        this.#bets.set(`${kind}:${key}`, bets)
      }
      for (let j = 0; j < bets.length; j++) bets[j] += shares[i] / log_e.length
    }
  }
}
