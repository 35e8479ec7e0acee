/**
 * Accounts that draw from vaults new to them, all together: a thief with many accounts lets each look at something new so rarely that
 * none stands out. A day's count n takes each account once and each project once, so that neither an account let into many projects
 * nor a project that everybody is let into is more than one event. It is held against
 *
 *   λ = 1 + 3 · (earlier counts per active account) · active, the last two weeks left out,
 *
 * and both are divided by the dispersion φ of the earlier counts (quasi-Poisson): M_t = θ^(n/φ) · exp(−(θ − 1)·λ/φ) · (M_{t−1} + γ).
 */
import { firstFrom } from '../../math/first-from.ts'
import { FactorEvidence } from './factor-evidence.ts'

const embargoDays = 14
const tolerated = { ofPast: 3, perDay: 1 }
/** By how much counts may exceed what is tolerated: many accounts are steadier than one. */
const factors = [2, 4, 16] as const
/** Earlier days that it takes to know what is usual: before, nothing is said. */
const leastDays = 28

/** What was new to a known account on a day; `group`: the project of the item, 0 if it has none. */
export interface First {
  account: number
  item: number
  group: number
}

interface CountOfDay {
  day: number
  count: number
  active: number
}

export interface Crowd {
  log_e: number
  since_day: number
  /** Of each account, what was new to it since then. */
  accounts: ReadonlyMap<number, ReadonlySet<number>>
  projects: number
  /** Firsts of different accounts and projects per day since then, and how many are tolerated. */
  per_day: number
  rate: number
}

export class CrowdAccess {
  readonly #evidence = new FactorEvidence(factors)
  readonly #past: CountOfDay[] = []
  /** Firsts of days that evidence may reach back to. */
  readonly #firsts: { day: number; first: First }[] = []
  #rate = 0

  get log_e(): number {
    return this.#evidence.log_e
  }

  /** Days in order, each once. `active`: known accounts that had to do with any vault. */
  day(day: number, firsts: readonly First[], active: number, logStake: number): void {
    const count = distinctCount(firsts)
    const tolerated = active === 0 ? undefined : this.#tolerated(day, active)
    if (tolerated) {
      const { rate, dispersion } = tolerated
      this.#rate = rate
      this.#evidence.step(day, logStake, (factor) => (count * Math.log(factor) - (factor - 1) * rate) / dispersion)
    }
    this.#past.push({ day, count, active })
    for (const first of firsts) this.#firsts.push({ day, first })
  }

  /** As of the end of `day`; undefined before there is any evidence. */
  crowd(day: number): Crowd | undefined {
    const { log_e, since_day } = this.#evidence
    if (!Number.isFinite(log_e)) return undefined
    const accounts = this.#beyondUsual(since_day, day + 1)
    const groups = new Set<number>()
    for (const { day: at, first } of this.#firsts)
      if (at >= since_day && accounts.has(first.account)) groups.add(groupOf(first))
    let [count, days] = [0, 0]
    for (const each of this.#past) {
      if (each.day < since_day || each.active === 0) continue
      count += each.count
      days++
    }
    return { log_e, since_day, accounts, projects: groups.size, per_day: count / Math.max(1, days), rate: this.#rate }
  }

  /**
   * Accounts with so many firsts in the span that most of those who have as many are more than the days before let expect, with
   * these firsts.
   */
  #beyondUsual(from_day: number, to_day: number): Map<number, ReadonlySet<number>> {
    const now = this.#firstsIn(from_day, to_day)
    const earliest = Math.max(from_day - (to_day - from_day), this.#past[0].day)
    const before = this.#firstsIn(earliest, from_day)
    const longer = (to_day - from_day) / Math.max(1, from_day - earliest)
    const [sizesNow, sizesBefore] = [now, before].map((of) => Int32Array.from(of.values(), ({ size }) => size).sort())
    const withAtLeast = (sizes: Int32Array, least: number): number => sizes.length - firstFrom(sizes, least)
    return new Map(
      [...now].filter(([, { size }]) => longer * withAtLeast(sizesBefore, size) <= withAtLeast(sizesNow, size) / 2),
    )
  }

  #firstsIn(from_day: number, to_day: number): Map<number, Set<number>> {
    const found = new Map<number, Set<number>>()
    for (const { day, first } of this.#firsts)
      if (day >= from_day && day < to_day)
        found.set(first.account, (found.get(first.account) ?? new Set()).add(first.item))
    return found
  }

  #tolerated(day: number, active: number): { rate: number; dispersion: number } | undefined {
    const past = this.#past.filter((each) => each.day < day - embargoDays && each.active > 0)
    if (past.length < leastDays) return undefined
    const sum = (of: (each: CountOfDay) => number): number => past.reduce((total, each) => total + of(each), 0)
    const expected = sum(({ count }) => count)
    const perActive = expected / sum((each) => each.active)
    const squares = sum((each) => (each.count - perActive * each.active) ** 2)
    const dispersion = expected === 0 ? 1 : Math.max(1, squares / expected)
    return { rate: tolerated.perDay + tolerated.ofPast * perActive * active, dispersion }
  }
}

/** Each account once, each project once; in the order in which they came. */
function distinctCount(firsts: readonly First[]): number {
  const [accounts, groups] = [new Set<number>(), new Set<number>()]
  for (const first of firsts) {
    const group = groupOf(first)
    if (accounts.has(first.account) || groups.has(group)) continue
    accounts.add(first.account)
    groups.add(group)
  }
  return accounts.size
}

/** Items without a group are each one of their own; negative, as groups are counted from 1. */
const groupOf = ({ group, item }: First): number => (group === 0 ? -item : group)
