/**
 * What an account read on hosts at the border and that did not leave by it within a week: it was packed, or lies somewhere to be sent
 * later. Reads are matched with what leaves by the account, whatever vault it is of (what is packed has none), explained, told of or not,
 * the oldest first. What is left of seven days of reads, a week old by then, is set against the most that the account ever left in seven
 * days, y = log2((left + c) / (most + c)), c what the middle one of them reads in seven days; and y is ranked among those of all accounts
 * and weeks before, all of them but the last two weeks, beyond the largest with an exponential tail (as in `Past`). The number of
 * as large ones in a year is what it is told with.
 *
 * An account is judged from its thirtieth day on; reads on a host whose audit is younger than that are learned. If most accounts leave
 * more than usual, that is taken off; a day on which hardly anything left or was read at all is a gap, and no read before it is judged.
 */
import { Histogram } from '../../math/histogram.ts'
import type { DayRows } from '../day-rows.ts'
import { DarkDays } from '../vaults/dark-days.ts'

const followDays = 7
const windowDays = 7
const knownAfterDays = 30
const embargoDays = 14
/** Values of weeks, fewer of which tell nothing. */
const leastValues = 100
/** So many accounts, fewer of which tell nothing of all. */
const leastAccounts = 10
const daysPerYear = 365
/** Of what is told, that its first day holds at least. */
const leastPart = 0.1
const perOctave = 8
/** In doublings: no tail is lighter than that of a Pareto law of index 2, beyond which bytes would have a variance. */
const leastExcess = 1 / (2 * Math.LN2)
/** Once in a thousand years is more than any past can tell. */
const mostLog10E = 3

export interface UnfollowedSubject {
  account: number
  /** First day of the reads. */
  since_day: number
  bytes: number
  /** The most that it ever left in seven days, until two weeks ago. */
  usual: number
  /** −log10 of how many as large a year lets expect. */
  log10_e: number
}

/** Reads of a day that nothing has followed yet. */
interface Lot {
  day: number
  /** All of them. */
  read: number
  bytes: number
  /** On hosts whose audit is young: learned. */
  young: number
}

interface Reader {
  account: number
  first_day: number
  open: Lot[]
  left: Lot[]
  /** Most in a window, of those older than the embargo; and the younger ones. */
  most: number
  waiting: { day: number; bytes: number }[]
}

export class UnfollowedReads {
  readonly #since = new Map<number, number>()
  readonly #readers = new Map<number, Reader>()
  readonly #audited = new Map<number, number>()
  readonly #dark = new DarkDays()
  readonly #values = new Histogram(perOctave)
  readonly #sizes = new Histogram(perOctave)
  #firstDay = Number.NaN
  /** Days whose values are learned: one of each week. */
  readonly #weeks = new Set<number>()
  #waiting: { day: number; value: number }[] = []

  /** Days in order, each once. Who read what does not leave, rarest first; those that a year lets expect once or less. */
  day(rows: DayRows, reads: DayRows): UnfollowedSubject[] {
    const { day } = rows
    if (Number.isNaN(this.#firstDay) && reads.length > 0) this.#firstDay = day
    const departed = this.#departures(rows)
    if (this.#dark.isDark(sumOf(reads), sumOf(rows))) {
      for (const reader of this.#readers.values()) reader.open = []
      return []
    }
    this.#read(reads)
    for (const [account, bytes] of departed) follow(this.#readers.get(account), bytes)
    this.#learn(day)
    return this.#judge(day)
  }

  #departures(rows: DayRows): Map<number, number> {
    const departed = new Map<number, number>()
    for (let i = 0; i < rows.length; i++) {
      const account = rows.account[i]
      if (account === 0) continue
      if (!this.#since.has(account)) this.#since.set(account, rows.day)
      departed.set(account, (departed.get(account) ?? 0) + rows.bytes_out[i])
    }
    return departed
  }

  #read({ day, length, account, host, bytes_out }: DayRows): void {
    for (let i = 0; i < length; i++) {
      const since = this.#audited.get(host[i]) ?? day
      if (since === day) this.#audited.set(host[i], day)
      const isYoung = since > this.#firstDay + windowDays && day - since < knownAfterDays + embargoDays
      const first_day = this.#since.get(account[i]) ?? day
      if (first_day === day) this.#since.set(account[i], day)
      let reader = this.#readers.get(account[i])
      if (!reader) {
        reader = { account: account[i], first_day, open: [], left: [], most: 0, waiting: [] }
        this.#readers.set(account[i], reader)
      }
      const last = reader.open.at(-1)
      const lot = last?.day === day ? last : { day, read: 0, bytes: 0, young: 0 }
      if (lot !== last) reader.open.push(lot)
      lot.read += bytes_out[i]
      lot[isYoung ? 'young' : 'bytes'] += bytes_out[i]
    }
  }

  #learn(day: number): void {
    const isOld = (each: { day: number }): boolean => each.day < day - embargoDays
    for (const each of this.#waiting.filter(isOld)) {
      this.#values.add(each.value)
      this.#weeks.add(each.day)
    }
    this.#waiting = this.#waiting.filter((each) => !isOld(each))
  }

  #judge(day: number): UnfollowedSubject[] {
    const base = this.#sizes.size < leastValues ? 0 : 2 ** this.#sizes.quantile(0.5)
    const found: { reader: Reader; bytes: number; value: number; since_day: number }[] = []
    for (const reader of this.#readers.values()) {
      while (reader.open.length > 0 && day - reader.open[0].day >= followDays)
        reader.left.push(reader.open.shift() as Lot)
      while (reader.left.length > 0 && day - reader.left[0].day >= followDays + windowDays) reader.left.shift()
      while (reader.waiting.length > 0 && reader.waiting[0].day < day - embargoDays)
        reader.most = Math.max(reader.most, (reader.waiting.shift() as { bytes: number }).bytes)
      const bytes = reader.left.reduce((sum, lot) => sum + lot.bytes, 0)
      const all = reader.left.reduce((sum, lot) => sum + lot.young, bytes)
      const read = reader.left.reduce((sum, lot) => sum + lot.read, 0)
      if (all > 0) reader.waiting.push({ day, bytes: all })
      const isLearned = (day - this.#firstDay) % windowDays === 0
      if (isLearned && read >= 1) this.#sizes.add(Math.log2(read))
      if (read < 1 || day - reader.first_day < knownAfterDays) continue
      // without a scale the smallest readers would stand out
      const value = base === 0 ? Number.NaN : Math.log2((bytes + base) / (reader.most + base))
      // one value of each week is learned, on the day of the week on which the books began
      if (isLearned && base > 0) this.#waiting.push({ day, value })
      const since_day = (reader.left.find((lot) => lot.bytes >= bytes * leastPart) ?? reader.left[0]).day
      found.push({ reader, bytes, value, since_day })
    }
    if (base === 0 || this.#values.size < leastValues) return []
    return this.#rarest(found)
  }

  #rarest(found: { reader: Reader; bytes: number; value: number; since_day: number }[]): UnfollowedSubject[] {
    const values = found.map(({ value }) => value).sort((a, b) => a - b)
    const common = found.length < leastAccounts ? 0 : Math.max(0, values[values.length >> 1])
    // each account is asked once a week, more or less
    const perYear = (this.#values.size / (windowDays * this.#weeks.size)) * daysPerYear
    return found
      .map(({ reader, bytes, value, since_day }) => ({
        ...{ account: reader.account, since_day, bytes, usual: reader.most },
        log10_e: Math.min(mostLog10E, -Math.log10(perYear * this.#values.upperTail(value - common, leastExcess))),
      }))
      .filter(({ bytes, log10_e }) => bytes >= 1 && log10_e >= 0)
      .sort((a, b) => b.log10_e - a.log10_e)
  }
}

/** Takes off what was read, the oldest first; on hosts whose audit is young last, so that it changes nothing of the others. */
function follow(reader: Reader | undefined, bytes: number): void {
  let rest = bytes
  for (const kind of ['bytes', 'young'] as const) {
    for (const lot of reader?.open ?? []) {
      const part = Math.min(rest, lot[kind])
      rest -= part
      lot[kind] -= part
    }
  }
}

function sumOf({ bytes_out }: DayRows): number {
  return bytes_out.reduce((sum, bytes) => sum + bytes, 0)
}
