/**
 * Accounts to which something is new more often than to others: vaults that they draw from (a stolen account does not know what its
 * owner is used to) and subnets that they are used from (a leaked key is used by many). Each account is a wager of its own on how
 * often that happens, per day on which it does anything of the kind:
 *
 *   M_t = e_t · (M_{t−1} + γ),  e = θ^n · exp(−(θ − 1)·λ)  for n first items on a day, θ as in `FactorEvidence`,
 *
 * an e-process as long as n is no more than Poisson with mean λ (Shin, Ramdas & Rinaldo, arXiv 2203.03532). λ is tolerated: the
 * largest of a rate of the kind, ten times what the others are used to and three times what this one is, the last two weeks left out
 * of both. Of vaults at most six a day count, two of a project, so that being let into one of twenty is no event. The stake of a year is spread
 * over its days and, on each, over the accounts that are judged. So the sum over all accounts is an e-process too, however they
 * depend on each other.
 *
 * Judged are accounts that were first seen 30 days ago or more: to whoever is new, everything is (their own habit is that from the
 * eighth day on). What an expectation explains is
 * learned and not counted. Where no log names accounts, or no vaults, this says nothing.
 */
import { logSum } from '../../math/log-sum.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { TouchOrder } from '../../model/touch-order.ts'
import type { DayRows } from '../day-rows.ts'
import type { Excluded } from '../sums/tally.ts'
import { type Crowd, CrowdAccess, type First } from './crowd-access.ts'
import { type AccountWager, newWager, pastOf } from './first-access-wager.ts'
import type { FirstKind } from './first-kinds.ts'

export const knownAfterDays = 30
/** What is its own habit shows earlier. */
const ownAfterDays = 7
const embargoDays = 14
const tolerated = { ofOthers: 10, ofOwn: 3 }
const logStake = -Math.log(365)
/** Share of the stake for accounts of which nothing ever left: numbers of an audit that nobody has told whose they are, mostly. */
const readersShare = 0.1
const none: Excluded = () => false

export interface FirstAccessSubject {
  account: number
  /** Evidence for this account alone, in nats. */
  log_e: number
  /** Day from which on it explains most. */
  since_day: number
  /** What was new to it since then, as far as it may count; and what it knew before. */
  firsts: ReadonlySet<number>
  known: ReadonlySet<number>
  /** Of the firsts, those that were read, and nothing of them had left by the end of that day. */
  read: ReadonlySet<number>
  /** Days since then on which it was judged, this one included. */
  active_days: number
  /** Firsts per such day that are tolerated. */
  rate: number
}

export class FirstAccess {
  readonly #kind: FirstKind
  readonly #pairs = new KeyIndex(2)
  readonly #accounts = new TouchOrder()
  readonly #wagers: AccountWager[] = []
  readonly #today = new TouchOrder()
  /** Firsts of this day by account and group. */
  readonly #groups = new Map<string, number>()
  #firsts: First[] = []
  readonly #crowd: CrowdAccess | undefined
  /** Firsts and active days of all accounts, day by day: those under embargo, then the sums of the others. */
  readonly #recent: { day: number; firsts: number; active: number }[] = []
  #past = { firsts: 0, active: 0 }

  constructor(kind: FirstKind) {
    this.#kind = kind
    this.#crowd = kind.together ? new CrowdAccess() : undefined
  }

  /** Days in order, each once; what `isTaken`, by open incidents, is learned and not counted. `reads`: what was read that day and
   * where, whether it left or not. Evidence of all accounts together, in nats; −∞ before the first that is judged. */
  day(rows: DayRows, isTaken: Excluded = none, reads?: DayRows): number {
    const { day } = rows
    this.#today.clear()
    this.#groups.clear()
    this.#firsts = []
    this.#learn(rows, isTaken, false)
    if (reads) this.#learn(reads, none, true)
    while (this.#recent.length > 0 && this.#recent[0].day < day - embargoDays) {
      const { firsts, active } = this.#recent.shift() as { firsts: number; active: number }
      this.#past.firsts += firsts
      this.#past.active += active
    }
    const logShareOf = this.#logShares(day)
    const today = { day, firsts: 0, active: 0 }
    for (let at = 0; at < this.#today.size; at++) {
      const wager = this.#wagers[this.#accounts.find(this.#today.id(at))]
      const age = day - wager.first_day
      if (age >= knownAfterDays) {
        today.firsts += wager.counted
        today.active++
        if (!wager.isTaken) this.#bet(wager, day, logStake + logShareOf(wager))
      }
      if (age >= ownAfterDays) wager.days.push({ day, firsts: wager.counted, isJudged: age >= knownAfterDays })
    }
    this.#recent.push(today)
    this.#crowd?.day(
      day,
      this.#firsts.filter(({ account }) => this.#isJudged(account, day)),
      today.active,
      logStake,
    )
    return logSum(this.#wagers.map(({ evidence }) => evidence.log_e))
  }

  /** All together, for the worklist; undefined where that is not asked, or says nothing. */
  crowd(day: number): Crowd | undefined {
    return this.#crowd?.crowd(day)
  }

  /** Accounts with most evidence first; of equal ones the first that came. */
  strongest(most: number): FirstAccessSubject[] {
    return this.#wagers
      .map((wager) => ({ wager, log_e: wager.evidence.log_e }))
      .filter(({ wager, log_e }) => !wager.isTaken && Number.isFinite(log_e))
      .sort((a, b) => b.log_e - a.log_e)
      .slice(0, most)
      .map(({ wager, log_e }) => {
        const { since_day } = wager.evidence
        const those = (which: (each: AccountWager['seen'][number]) => boolean): ReadonlySet<number> =>
          new Set(wager.seen.filter(which).map(({ item }) => item))
        const active_days = wager.days.filter(({ day, isJudged }) => isJudged && day >= since_day).length
        return {
          ...{ account: wager.account, log_e, since_day, active_days, rate: wager.rate },
          firsts: those(({ day, counts }) => counts && day >= since_day),
          read: those(({ day, counts, isRead }) => counts && isRead && day >= since_day),
          known: those(({ day }) => day < since_day),
        }
      })
  }

  /** Its evidence is spent: it is somebody's case now, and not judged again. */
  take(account: number): void {
    const wager = this.#wagers[this.#accounts.find(account)]
    wager.isTaken = true
    wager.evidence.spend()
  }

  /** It was no case of its own after all: it is judged again, its evidence stays spent. */
  release(account: number): void {
    this.#wagers[this.#accounts.find(account)].isTaken = false
  }

  #isJudged(account: number, day: number): boolean {
    const wager = this.#wagers[this.#accounts.find(account)]
    return !wager.isTaken && day - wager.first_day >= knownAfterDays
  }

  #learn(rows: DayRows, isTaken: Excluded, isRead: boolean): void {
    const { day, account, unexplained } = rows
    for (let i = 0; i < rows.length; i++) {
      if (account[i] === 0) continue
      const number = this.#accounts.add(account[i])
      if (number === this.#wagers.length) this.#wagers.push(newWager(account[i], day))
      if (!isRead) this.#wagers[number].draws = true
      const item = this.#kind.itemOf(rows, i)
      if (item === 0) continue
      const wager = this.#wagers[number]
      const came = this.#today.size
      if (this.#today.add(account[i]) === came) wager.counted = 0
      this.#pairs.key[0] = account[i]
      this.#pairs.key[1] = item
      const before = this.#pairs.size
      const isUsual = this.#kind.isUsual?.(rows, i) ?? false
      if (this.#pairs.add() !== before) continue
      const counts = !isUsual && unexplained[i] === 1 && day - wager.first_day >= ownAfterDays && !isTaken(rows, i)
      wager.seen.push({ item, day, counts, isRead })
      if (counts) this.#firsts.push({ account: account[i], item, group: this.#kind.groupOf?.(rows, i) ?? 0 })
      if (counts && this.#countsInGroup(rows, i)) wager.counted = Math.min(this.#kind.most_per_day, wager.counted + 1)
    }
  }

  /** Whether not too many of the day came with it. */
  #countsInGroup(rows: DayRows, i: number): boolean {
    const key = `${rows.account[i]} ${this.#kind.groupOf?.(rows, i) ?? 0}`
    const before = this.#groups.get(key) ?? 0
    this.#groups.set(key, before + 1)
    return before < this.#kind.most_per_group
  }

  /** Of the stake of a day, for each account that is judged. */
  #logShares(day: number): (wager: AccountWager) => number {
    const judged = this.#wagers.filter(({ first_day }) => day - first_day >= knownAfterDays)
    const drawing = judged.filter(({ draws }) => draws).length
    const reading = judged.length - drawing
    const [ofDrawing, ofReading] = reading === 0 ? [1, 0] : [1 - readersShare, readersShare]
    const logShares = [Math.log(ofReading) - Math.log(reading), Math.log(ofDrawing) - Math.log(drawing)]
    return ({ draws }) => logShares[Number(draws)]
  }

  #bet(wager: AccountWager, day: number, logShare: number): void {
    const own = pastOf(wager, day - embargoDays)
    const { judged } = own
    const ofOthers = rateOf(this.#past.firsts - judged.firsts, this.#past.active - judged.active)
    wager.rate = Math.max(
      this.#kind.least_rate,
      tolerated.ofOthers * ofOthers,
      tolerated.ofOwn * rateOf(Math.max(0, own.firsts - fewFirsts), own.active),
    )
    wager.evidence.step(day, logShare, (factor) => wager.counted * Math.log(factor) - (factor - 1) * wager.rate)
  }
}

/** As many firsts of its own are no habit. */
const fewFirsts = 2
/** Fewer days tell nothing of a habit. */
const leastDays = 5

function rateOf(firsts: number, days: number): number {
  return days < leastDays ? 0 : firsts / days
}
