/**
 * How much commoner a client, a network or a piece size may be among some than among the rest, before it says anything:
 * ten times. Organic habits differ by less: newcomers to a public data set use other programs than staff do.
 */
export const toleratedRatio = 10

/**
 * A day's units (peers or accounts), each with a key and a role, divided into the marked and the ordinary ones.
 *
 * Null of a key: in every role, or else over all roles together, its share among the marked is at most `toleratedRatio` (ρ)
 * times its share among the ordinary. With Poisson counts, or binomial ones, which vary less, of a + b units with the key
 * the marked ones number at most Binomial(a + b, r), r = ρn/(ρn + u) for n marked and u ordinary units in the role. So for
 * every factor θ > 1
 *   e = Π θ^a / (1 + r(θ − 1))^(a + b)
 * over independent roles has mean ≤ 1 given a + b; the smaller of both readings of the null has it if either holds.
 * Keys that everybody has give e < 1, and where nobody is ordinary (r = 1) nothing is ever evidence.
 * Source: conditional test of two Poisson means (Przyborowski & Wilenski, Biometrika 31, 1940), its likelihood ratio as a bet.
 */
export class Contrast {
  readonly #roles: number
  readonly #marked: Float64Array
  readonly #ordinary: Float64Array
  /** Marked, then ordinary ones by role. */
  readonly #keys = new Map<number, Float64Array>()

  constructor(roles: number) {
    this.#roles = roles
    this.#marked = new Float64Array(roles)
    this.#ordinary = new Float64Array(roles)
  }

  /** Key 0: counted, but of no key that is tested. */
  add(key: number, role: number, isMarked: boolean): void {
    const sums = isMarked ? this.#marked : this.#ordinary
    sums[role]++
    if (key === 0) return
    let counts = this.#keys.get(key)
    if (!counts) {
      counts = new Float64Array(2 * this.#roles)
      this.#keys.set(key, counts)
    }
    counts[isMarked ? role : this.#roles + role]++
  }

  /** Keys in order of appearance, with a + b. */
  *totals(): Generator<[number, number]> {
    for (const [key, counts] of this.#keys) yield [key, sum(counts)]
  }

  /** Marked units of all keys. */
  get marked(): number {
    return sum(this.#marked)
  }

  markedOf(key: number): number {
    const counts = this.#keys.get(key)
    return counts ? sum(counts.subarray(0, this.#roles)) : 0
  }

  /** log e of `key` against the factor `theta`, in nats. */
  logE(key: number, theta: number): number {
    const counts = this.#keys.get(key)
    if (!counts) return 0
    let byRole = 0
    for (let role = 0; role < this.#roles; role++) {
      const n = this.#marked[role]
      byRole += logBinomialBet(counts[role], counts[this.#roles + role], ratio(n, this.#ordinary[role]), theta)
    }
    const all = ratio(sum(this.#marked), sum(this.#ordinary))
    const a = sum(counts.subarray(0, this.#roles))
    const b = sum(counts.subarray(this.#roles))
    return Math.min(byRole, logBinomialBet(a, b, all, theta))
  }
}

/** log of θ^a / (1 + r(θ − 1))^(a + b): mean of the exponential ≤ 1 if a is Binomial(a + b, at most r). */
export function logBinomialBet(a: number, b: number, r: number, theta: number): number {
  return a === 0 && b === 0 ? 0 : a * Math.log(theta) - (a + b) * Math.log1p(r * (theta - 1))
}

function ratio(marked: number, ordinary: number): number {
  return marked === 0 ? 0 : (toleratedRatio * marked) / (toleratedRatio * marked + ordinary)
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
