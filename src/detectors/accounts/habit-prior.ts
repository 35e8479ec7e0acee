/**
 * What the habits of a site's accounts are like, out of their closed fortnights: habits differ between accounts by a Gamma law, whose
 * mean and shape are found by moments, and the fortnights of one account vary about its own habit by more than chance (dispersion).
 * Only what lies behind the running fortnight and the one before it is used. An account is never judged by what it added itself.
 * Source: empirical Bayes for Poisson rates, Robbins (1956); moments of the Gamma–Poisson law with unequal exposures, Clayton &
 * Kaldor (Biometrics 43, 1987); dispersion as Pearson's χ² over its degrees of freedom, McCullagh & Nelder (1989), §6.2.
 */
export const fortnightDays = 14
/** Days of activity, of all together, fewer of which tell nothing of habits. */
const leastExposure = 200
/** The Gamma law is never taken to be narrower than an exponential one, nor quite without a mean. */
const shapes = { least: 0.05, most: 1 }

export interface Prior {
  /** Of the Gamma law: events, and the exposure in which they would come. */
  shape: number
  exposure: number
  /** ≥ 1: variance of an account's fortnights over what chance lets expect. */
  dispersion: number
}

/** What the fortnights of one account sum up to. */
export class Fortnights {
  events = 0
  exposure = 0
  /** Σ events² / exposure over its fortnights. */
  #squares = 0
  #count = 0
  readonly #waiting: { fortnight: number; events: number; exposure: number }[] = []

  /** `exposure` > 0. Days in order. */
  add(day: number, events: number, exposure: number): void {
    const fortnight = Math.floor(day / fortnightDays)
    const last = this.#waiting.at(-1)
    if (last?.fortnight === fortnight) {
      last.events += events
      last.exposure += exposure
    } else this.#waiting.push({ fortnight, events, exposure })
  }

  /** Takes in what is old enough on a day; whether there was anything. */
  close(day: number): boolean {
    const until = Math.floor(day / fortnightDays) - 1
    const before = this.#count
    while (this.#waiting.length > 0 && this.#waiting[0].fortnight < until) {
      const { events, exposure } = this.#waiting.shift() as { events: number; exposure: number }
      this.events += events
      this.exposure += exposure
      this.#squares += events ** 2 / exposure
      this.#count++
    }
    return this.#count > before
  }

  /** Σ (events − habit · exposure)² / exposure, and what chance lets expect of it. */
  get variation(): { found: number; expected: number } {
    if (this.#count < 2) return { found: 0, expected: 0 }
    const rate = this.events / this.exposure
    return { found: this.#squares - rate * this.events, expected: rate * (this.#count - 1) }
  }
}

interface Sums {
  n: number
  d: number
  nn: number
  nd: number
  dd: number
  found: number
  expected: number
}

export class HabitPrior {
  readonly #least_rate: number
  readonly #sums: Sums = sumsOf(new Fortnights())

  /** `least_rate`: events per day of activity that are nobody's concern. */
  constructor(least_rate: number) {
    this.#least_rate = least_rate
  }

  /** What closed fortnights of an account change; `before`: what they came to when it was called last. */
  change(before: Sums, fortnights: Fortnights): Sums {
    const now = sumsOf(fortnights)
    for (const key of sumKeys) this.#sums[key] += now[key] - before[key]
    return now
  }

  /** As all but this account let expect; undefined while they tell too little. */
  without(own: Sums): Prior | undefined {
    const { n, d, nn, nd, dd, found, expected } = difference(this.#sums, own)
    if (d < leastExposure) return undefined
    const dispersion = expected > 0 ? Math.max(1, found / expected) : 1
    const mean = n / d
    const rate = Math.max(this.#least_rate, mean)
    // what habits vary beyond what the fortnights of one and the same do
    const between = nn - 2 * mean * nd + mean ** 2 * dd - mean * dispersion * d
    const shape = between > 0 ? Math.min(shapes.most, Math.max(shapes.least, (mean ** 2 * dd) / between)) : shapes.most
    return { shape, exposure: shape / rate, dispersion }
  }
}

export type HabitSums = Sums
export const noSums: HabitSums = { n: 0, d: 0, nn: 0, nd: 0, dd: 0, found: 0, expected: 0 }
const sumKeys = Object.keys(noSums) as (keyof Sums)[]

function sumsOf({ events: n, exposure: d, variation }: Fortnights): Sums {
  return { n, d, nn: n * n, nd: n * d, dd: d * d, ...variation }
}

function difference(a: Sums, b: Sums): Sums {
  return {
    ...{ n: a.n - b.n, d: a.d - b.d, nn: a.nn - b.nn, nd: a.nd - b.nd, dd: a.dd - b.dd },
    ...{ found: a.found - b.found, expected: a.expected - b.expected },
  }
}
