/**
 * Accounts that look at something new a little more often than they used to, for weeks: one vault a day. `FirstAccess` tolerates ten
 * times what others are used to, so that no habit is taken for a theft; where others draw from something new once in ten days that is
 * one a day, for ever. Here each account is held against its own habit (`Habits`).
 *
 * Counted per day are vaults new to the account, as there, but of a project only the first, second, fourth, eighth … that comes, and
 * one a day: being let into a project of twenty is a few events, whatever their pace. Rows on a host are learned in the first 30 days
 * in which it names vaults of accounts (reads and departures apart): an audit that is switched on shows what always was.
 */
import { KeyIndex } from '../../model/key-index.ts'
import { TouchOrder } from '../../model/touch-order.ts'
import type { DayRows } from '../day-rows.ts'
import type { FirstKind } from '../names/first-kinds.ts'
import type { Excluded } from '../sums/tally.ts'
import { type HabitSubject, Habits } from './habits.ts'

/** One vault in fifty days is nobody's concern. */
const least_rate = 0.02
/** More at once is for `FirstAccess`. */
const mostPerDay = 2
/** From then on its habit shows. */
const ownAfterDays = 7
/** Days for which a host that begins to name vaults is only learned. */
const sourceDays = 30
const none: Excluded = () => false

export class SlowAccess {
  readonly #kind: FirstKind
  readonly #habits = new Habits({ least_rate })
  readonly #pairs = new KeyIndex(2)
  /** Vaults of a project that came to an account, and the day on which one last counted. */
  readonly #groups = new KeyIndex(2)
  readonly #inGroup: { items: number; day: number }[] = []
  readonly #accounts = new TouchOrder()
  readonly #since: number[] = []
  readonly #hosts = [new Map<number, number>(), new Map<number, number>()]
  #firstDay = Number.NaN

  constructor(kind: FirstKind) {
    this.#kind = kind
  }

  /** Days in order, each once; what `isTaken` is learned and not counted. `reads`: what was read that day on hosts at the border. */
  day(rows: DayRows, isTaken: Excluded = none, reads?: DayRows): void {
    if (Number.isNaN(this.#firstDay)) this.#firstDay = rows.day
    const today = new Map<number, number[]>()
    this.#learn(rows, isTaken, false, today)
    if (reads) this.#learn(reads, none, true, today)
    const counts = [...today].map(([account, items]) => ({
      ...{ account, items, count: Math.min(mostPerDay, items.length) },
    }))
    this.#habits.day(rows.day, counts)
  }

  strongest(most: number): HabitSubject[] {
    return this.#habits.strongest(most)
  }

  #learn(rows: DayRows, isTaken: Excluded, isRead: boolean, today: Map<number, number[]>): void {
    const { day, account, unexplained } = rows
    for (let i = 0; i < rows.length; i++) {
      if (account[i] === 0) continue
      const number = this.#accounts.add(account[i])
      if (number === this.#since.length) this.#since.push(day)
      this.#habits.see(account[i], day)
      const item = this.#kind.itemOf(rows, i)
      if (item === 0) continue
      const isNewSource = this.#isNewSource(rows, i, isRead)
      const items = today.get(account[i]) ?? []
      today.set(account[i], items)
      const isUsual = this.#kind.isUsual?.(rows, i) ?? false
      this.#pairs.key[0] = account[i]
      this.#pairs.key[1] = item
      const before = this.#pairs.size
      if (this.#pairs.add() !== before) continue
      const isOwn = isUsual || isNewSource || unexplained[i] === 0 || day - this.#since[number] < ownAfterDays
      if (!isOwn && !isTaken(rows, i) && this.#countsInGroup(rows, i)) items.push(item)
    }
  }

  #isNewSource({ day, host }: DayRows, i: number, isRead: boolean): boolean {
    const since = this.#hosts[Number(isRead)]
    const first = since.get(host[i]) ?? day
    if (first === day) since.set(host[i], day)
    // of hosts that were there when the books began nobody knows since when
    return first > this.#firstDay + ownAfterDays && day - first < sourceDays
  }

  /** Whether it is the first, second, fourth … of its project, and none of it has counted today. */
  #countsInGroup(rows: DayRows, i: number): boolean {
    const group = this.#kind.groupOf?.(rows, i) ?? 0
    if (group === 0) return true
    this.#groups.key[0] = rows.account[i]
    this.#groups.key[1] = group
    const number = this.#groups.add()
    if (number === this.#inGroup.length) this.#inGroup.push({ items: 0, day: Number.NEGATIVE_INFINITY })
    const known = this.#inGroup[number]
    const items = ++known.items
    if ((items & (items - 1)) !== 0 || known.day === rows.day) return false
    known.day = rows.day
    return true
  }
}
