/**
 * Accounts to which something happens more often than their own habit and those of the others let expect, as e-processes.
 *
 * The habit of an account is a rate per day of activity, drawn from a Gamma law that the others tell (`HabitPrior`). After N events in
 * D days it is Gamma(r = k + N, b = k/m + D), and the count n of the next day is negative binomial. The bet that the rate is θ times
 * what is thought of it gains
 *
 *   e = [ θ^n · ((b + c)/(b + c·θ))^(r + n) ]^(1/φ),  E(e) = 1 at φ = 1,
 *
 * and M_t = e_t · (M_{t−1} + γ) as everywhere. c ≥ 1 is by how much more than expected happens to all others, today or within a week:
 * whatever happens to all is no matter of one. φ is the dispersion of fortnights (quasi-likelihood, exact for events that come φ at a
 * time). With much past, b → ∞, e is the Poisson bet of `FirstAccess`; with little, no count can gain much. Where that one tolerates
 * ten times the mean of all, this one tolerates of each what it showed itself. All of its past up to yesterday is learned: with an
 * embargo the product would not be an e-process. Averaged over the accounts, not for the worst of them: whoever changes habits for
 * good is told of once.
 * Sources: Shin, Ramdas & Rinaldo, arXiv 2203.03532; the predictive as null: Dawid, prequential analysis (JRSS A 147, 1984).
 */
import { TouchOrder } from '../../model/touch-order.ts'
import { FactorEvidence } from '../names/factor-evidence.ts'
import { Fortnights, HabitPrior, type HabitSums, noSums, type Prior } from './habit-prior.ts'

export const judgedAfterDays = 30
/** By how much a habit may be exceeded. */
const factors = [4, 16, 64] as const
const logStake = -Math.log(365)
const commonDays = 7
/** Evidence this far below the stake of a day is forgotten. */
const leastLeft = -3

export interface HabitCount {
  account: number
  count: number
  /** What happened, to be named. */
  items?: readonly number[]
}

export interface HabitSubject {
  account: number
  /** In nats; the stake is that of the year, spread over days and accounts. */
  log_e: number
  since_day: number
  /** Since then: on so many days of activity, so many events, these items. */
  active_days: number
  events: number
  items: ReadonlySet<number>
  /** Events per day of activity that were thought to be its habit before. */
  habit: number
}

interface Run {
  evidence: FactorEvidence
  days: { day: number; events: number; items: readonly number[]; habit: number }[]
}

interface Habit {
  account: number
  first_day: number
  events: number
  exposure: number
  fortnights: Fortnights
  sums: HabitSums
  run: Run | undefined
}

interface Asked {
  habit: Habit
  count: number
  items: readonly number[]
  isJudged: boolean
  prior: Prior | undefined
  /** What is thought of its habit: a Gamma law. */
  shape: number
  exposure: number
  expected: number
}

export class Habits {
  readonly #least_rate: number
  readonly #prior: HabitPrior
  readonly #accounts = new TouchOrder()
  readonly #habits: Habit[] = []
  #judged = 0
  #day = Number.NaN
  readonly #recent: { day: number; found: number; expected: number }[] = []

  constructor({ least_rate }: { least_rate: number }) {
    this.#least_rate = least_rate
    this.#prior = new HabitPrior(least_rate)
  }

  /** An account is there from now on, whatever it does: judged from `judgedAfterDays` on. */
  see(account: number, day: number): void {
    if (this.#accounts.add(account) < this.#habits.length) return
    const own = { events: 0, exposure: 0, fortnights: new Fortnights(), sums: noSums }
    this.#habits.push({ account, first_day: day, ...own, run: undefined })
  }

  /** Days in order, each once; the accounts that were active on it, each once, in an order that no id decides. */
  day(day: number, counts: readonly HabitCount[]): void {
    this.#day = day
    while (this.#judged < this.#habits.length && day - this.#habits[this.#judged].first_day >= judgedAfterDays)
      this.#judged++
    const logShare = logStake - Math.log(Math.max(1, this.#judged))
    const asked = counts.map((each) => this.#ask(each, day))
    const today = { day, found: 0, expected: 0 }
    for (const { count, expected, isJudged } of asked) {
      if (!isJudged) continue
      today.found += count
      today.expected += expected
    }
    while (this.#recent.length > 0 && this.#recent[0].day <= day - commonDays) this.#recent.shift()
    this.#recent.push(today)
    const week = { found: 0, expected: 0 }
    for (const { found, expected } of this.#recent) {
      week.found += found
      week.expected += expected
    }
    const commonOf = (count: number, expected: number): number =>
      Math.max(
        1,
        ...[today, week].map((span) => (span.found - count + 1) / (Math.max(0, span.expected - expected) + 1)),
      )
    for (const each of asked) this.#step(each, day, logShare, commonOf(each.count, each.expected))
  }

  /** Most evidence first; of equal ones the first that came. Of accounts that were active on the last day: old news is none. */
  strongest(most: number): HabitSubject[] {
    return this.#habits
      .flatMap(({ account, run }) =>
        run?.days.at(-1)?.day === this.#day ? [{ account, run, log_e: run.evidence.log_e }] : [],
      )
      .sort((a, b) => b.log_e - a.log_e)
      .slice(0, most)
      .map(({ account, run, log_e }) => {
        const { since_day } = run.evidence
        const days = run.days.filter(({ day }) => day >= since_day)
        return {
          ...{ account, log_e, since_day, active_days: days.length, habit: days[0]?.habit ?? 0 },
          events: days.reduce((sum, { events }) => sum + events, 0),
          items: new Set(days.flatMap(({ items }) => items)),
        }
      })
  }

  #ask({ account, count, items = [] }: HabitCount, day: number): Asked {
    const habit = this.#habits[this.#accounts.find(account)]
    const isJudged = day - habit.first_day >= judgedAfterDays
    if (habit.fortnights.close(day)) habit.sums = this.#prior.change(habit.sums, habit.fortnights)
    const prior = isJudged ? this.#prior.without(habit.sums) : undefined
    const shape = (prior?.shape ?? 0) + Math.max(habit.events, this.#least_rate * habit.exposure)
    const exposure = (prior?.exposure ?? 0) + habit.exposure
    return { habit, count, items, isJudged, prior, shape, exposure, expected: prior ? shape / exposure : 0 }
  }

  #step(
    { habit, count, items, prior, shape, exposure, expected }: Asked,
    day: number,
    logShare: number,
    common: number,
  ): void {
    if (prior && (count > 0 || habit.run)) {
      habit.run ??= { evidence: new FactorEvidence(factors), days: [] }
      const { evidence, days } = habit.run
      evidence.step(
        day,
        logShare,
        (factor) =>
          (count * Math.log(factor) + (shape + count) * Math.log((exposure + common) / (exposure + common * factor))) /
          prior.dispersion,
      )
      days.push({ day, events: count, items, habit: expected })
      while (days.length > 0 && days[0].day < evidence.since_day) days.shift()
      if (evidence.log_e < logShare + leastLeft) habit.run = undefined
    }
    habit.events += count
    habit.exposure += common
    habit.fortnights.add(day, count, common)
  }
}
