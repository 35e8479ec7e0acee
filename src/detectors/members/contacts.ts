/**
 * Who drew how much from which host over a span of days: what members are found from. Unexplained bytes only. Feed days in
 * order. What a peer is like is measured over its first `habitDays` only, so that old and young ones can be compared.
 */
import { KeyIndex } from '../../model/key-index.ts'
import type { DayRows } from '../day-rows.ts'

export const habitDays = 10

/** Growable column. */
class Numbers {
  values = new Float64Array(1024)

  at(i: number): number {
    return i < this.values.length ? this.values[i] : 0
  }

  add(i: number, value: number): void {
    this.#reach(i)
    this.values[i] += value
  }

  set(i: number, value: number): void {
    this.#reach(i)
    this.values[i] = value
  }

  #reach(i: number): void {
    if (i < this.values.length) return
    const grown = new Float64Array(Math.max(i + 1, 2 * this.values.length))
    grown.set(this.values)
    this.values = grown
  }
}

export interface Habit {
  hosts: number
  flows: number
  bytes: number
  days: number
  roles: number
  /** Share of the bytes that an account is known of. */
  named: number
}

export class Contacts {
  readonly from_day: number
  to_day: number
  readonly #pairs = new KeyIndex(2)
  readonly #pairBytes = new Numbers()
  readonly #first_day = new Map<number, number>()
  readonly #pairsOf = new Map<number, number[]>()
  readonly #habits = new Map<number, Habit & { last_day: number; roleBits: number; namedBytes: number }>()
  readonly #byDay = new Map<number, Map<number, number>>()
  readonly #inPool = new Set<number>()

  constructor(from_day: number) {
    this.from_day = from_day
    this.to_day = from_day
  }

  /** Rows of a day; who has one in the pool is asked about later, with all that it did anywhere. */
  add(rows: DayRows, inPool: (rows: DayRows, i: number) => boolean): void {
    this.to_day = Math.max(this.to_day, rows.day + 1)
    const today = this.#byDay.get(rows.day) ?? new Map<number, number>()
    this.#byDay.set(rows.day, today)
    const { peer, host, bytes_out, flows, role, account } = rows
    for (let i = 0; i < rows.length; i++) {
      if (rows.unexplained[i] === 0) continue
      const who = peer[i]
      if (inPool(rows, i)) this.#inPool.add(who)
      const key = this.#pairs.key
      key[0] = who
      key[1] = host[i]
      const before = this.#pairs.size
      const pair = this.#pairs.add()
      this.#pairBytes.add(pair, bytes_out[i])
      today.set(who, (today.get(who) ?? 0) + bytes_out[i])
      if (!this.#first_day.has(who)) this.#first_day.set(who, rows.day)
      if (pair === before) {
        const pairs = this.#pairsOf.get(who)
        if (pairs) pairs.push(pair)
        else this.#pairsOf.set(who, [pair])
      }
      if (rows.day - (this.#first_day.get(who) as number) >= habitDays) continue
      let habit = this.#habits.get(who)
      if (!habit) {
        habit = { hosts: 0, flows: 0, bytes: 0, days: 0, roles: 0, named: 0, last_day: -1, roleBits: 0, namedBytes: 0 }
        this.#habits.set(who, habit)
      }
      if (pair === before) habit.hosts++
      habit.flows += flows[i]
      habit.bytes += bytes_out[i]
      if (account[i] !== 0) habit.namedBytes += bytes_out[i]
      if (habit.last_day !== rows.day) habit.days++
      habit.last_day = rows.day
      habit.roleBits |= 1 << role[i]
    }
  }

  /** Peers with a row in the pool. */
  peers(): Iterable<number> {
    return this.#inPool
  }

  /** Bytes that each peer drew on a day. */
  onDay(day: number): ReadonlyMap<number, number> {
    return this.#byDay.get(day) ?? new Map()
  }

  habit(peer: number): Habit | undefined {
    const habit = this.#habits.get(peer)
    if (!habit) return undefined
    const { hosts, flows, bytes, days, roleBits, namedBytes } = habit
    return { hosts, flows, bytes, days, roles: bitsIn(roleBits), named: bytes === 0 ? 0 : namedBytes / bytes }
  }

  /** Hosts that the peer drew from, with bytes. */
  *hostsOf(peer: number): Iterable<{ host: number; bytes: number }> {
    for (const pair of this.#pairsOf.get(peer) ?? [])
      yield { host: this.#pairs.word(pair, 1), bytes: this.#pairBytes.at(pair) }
  }

  /** Bytes of a peer over days [from, to). */
  bytesOf(peer: number, from_day: number, to_day: number): number {
    let sum = 0
    for (let day = from_day; day < to_day; day++) sum += this.#byDay.get(day)?.get(peer) ?? 0
    return sum
  }

  firstDay(peer: number): number {
    return this.#first_day.get(peer) ?? Number.NaN
  }
}

function bitsIn(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
