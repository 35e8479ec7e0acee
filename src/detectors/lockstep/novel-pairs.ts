/**
 * Pairs of a host and a peer that is new to the site, day by day, for as long as the longest window. A pair counts on a day on which
 * the host sent the peer 1 MB and more without an explanation: answers to a scan are no pairs.
 */
import { KeyIndex } from '../../model/key-index.ts'
import { ticksPerDay } from '../../model/window.ts'
import { type DayRows, unknownAge, vouchedAge } from '../day-rows.ts'
import { DayById } from '../keys/fan-in-days.ts'
import { leastBytes } from '../keys/fan-in-peers.ts'
import { PeerTally } from '../keys/fan-in-tally.ts'
import { RowGroups } from '../row-groups.ts'
import type { Excluded } from '../sums/tally.ts'

/** Peers are new for so long, which is the longest window. */
export const newDays = 28
/** Who comes in the first days of memory was there before, for all one knows. */
export const settlingDays = 7
/** Pairs of a host, a peer and a day that are held: 36 bytes each. What comes beyond is left out until days go. */
const mostPairs = 1_000_000
/** Beginnings that are held, 8 bytes each. */
const mostTokens = 1_000_000

/** Pairs of one day in the order in which they first came; columns of equal length. 0 = unknown, none. */
export interface PairDay {
  day: number
  length: number
  host: Int32Array
  peer: Int32Array
  /** Day on which the peer was first seen. */
  first_day: Int32Array
  peer_asn: Uint32Array
  client_fp: Int32Array
  /** Bin of 1 % of the size that at least 3 connections and half of the bytes have; 0 = none. */
  size_bin: Int32Array
  bytes_out: Float64Array
  /** Beginnings: index of the pair, and its tick of the day · 64 + binary logarithm of the bytes of that tick. */
  token_pair: Int32Array
  token: Int32Array
}

export class NovelPairs {
  readonly #days: PairDay[] = []
  readonly #firstDay = new DayById()
  /** Peers of open incidents. */
  readonly #taken = new DayById()
  #memory_day = Number.NaN
  readonly #rows = new RowGroups()
  readonly #tally = new PeerTally()
  #held = { pairs: 0, tokens: 0 }
  /** Pairs of the last day that found no room. */
  left_out = 0

  readonly #most_pairs: number

  constructor(most_pairs = mostPairs) {
    this.#most_pairs = most_pairs
  }

  /** Days in order, each once. */
  day(rows: DayRows, isTaken: Excluded): void {
    if (Number.isNaN(this.#memory_day)) this.#memory_day = rows.day
    while (this.#days.length > 0 && this.#days[0].day <= rows.day - newDays) {
      const [gone] = this.#days.splice(0, 1)
      this.#held.pairs -= gone.length
      this.#held.tokens -= gone.token.length
    }
    const { pairOf, bytes } = this.#paired(rows, isTaken)
    this.#rows.groupSome(pairOf.length, (i) => (pairOf[i] >= 0 && bytes[pairOf[i]] >= leastBytes ? pairOf[i] : -1))
    const found = this.#rows.keys.size
    const kept = Math.min(found, this.#most_pairs - this.#held.pairs)
    this.left_out = found - kept
    const day = this.#dayOf(rows, kept)
    this.#days.push(day)
    this.#held.pairs += day.length
    this.#held.tokens += day.token.length
  }

  /** The days from `from_day` on. */
  since(from_day: number): readonly PairDay[] {
    return this.#days.filter(({ day }) => day >= from_day)
  }

  isTaken(peer: number): boolean {
    return this.#taken.has(peer)
  }

  /** Whether a window of so many days that ends with this one has room for peers of each of them. */
  isFull(day: number, window_days: number): boolean {
    return day - window_days + 1 >= this.#memory_day + settlingDays
  }

  /** The day on which a peer came that is new; undefined: it is not. */
  #newSince(rows: DayRows, i: number): number | undefined {
    const age = rows.age_days[i]
    if (age === vouchedAge) return undefined
    if (age !== unknownAge) return age < newDays ? rows.day - age : undefined
    const first = this.#firstDay.get(rows.peer[i]) ?? rows.day
    return first >= this.#memory_day + settlingDays && rows.day - first < newDays ? first : undefined
  }

  /** In the first days of memory nobody is new, and a busy day has millions of rows. */
  #hasNew({ day }: DayRows): boolean {
    return day >= this.#memory_day + settlingDays
  }

  #paired(rows: DayRows, isTaken: Excluded): { pairOf: Int32Array; bytes: Float64Array } {
    const index = new KeyIndex(2)
    const pairOf = new Int32Array(this.#hasNew(rows) ? rows.length : 0).fill(-1)
    const bytes = new Float64Array(pairOf.length)
    for (let i = 0; i < rows.length; i++) {
      const peer = rows.peer[i]
      if (rows.age_days[i] === unknownAge && !this.#firstDay.has(peer)) this.#firstDay.set(peer, rows.day)
      if (pairOf.length === 0 || rows.unexplained[i] === 0 || this.#newSince(rows, i) === undefined) continue
      if (isTaken(rows, i)) this.#taken.set(peer, rows.day)
      else {
        index.key[0] = rows.host[i]
        index.key[1] = peer
        pairOf[i] = index.add()
        bytes[pairOf[i]] += rows.bytes_out[i]
      }
    }
    return { pairOf, bytes }
  }

  #dayOf(rows: DayRows, length: number): PairDay {
    const int = (): Int32Array<ArrayBuffer> => new Int32Array(length)
    const day = {
      ...{ day: rows.day, length, host: int(), peer: int(), first_day: int(), client_fp: int(), size_bin: int() },
      ...{ peer_asn: new Uint32Array(length), bytes_out: new Float64Array(length) },
    }
    const token_pair: number[] = []
    const token: number[] = []
    for (let at = 0; at < length; at++) {
      const tally = this.#tally
      tally.clear()
      const own = this.#rows.of(at)
      for (const i of own) tally.add(rows, i)
      const [first] = own
      day.host[at] = rows.host[first]
      day.peer[at] = rows.peer[first]
      day.first_day[at] = this.#newSince(rows, first) as number
      day.peer_asn[at] = tally.asns.top()
      day.client_fp[at] = tally.clients.top()
      day.size_bin[at] = tally.size_bin
      day.bytes_out[at] = tally.bytes_unexplained
      if (this.#held.tokens + token.length + own.length <= mostTokens)
        for (const each of beginnings(rows, own)) {
          token_pair.push(at)
          token.push(each)
        }
    }
    return { ...day, token_pair: Int32Array.from(token_pair), token: Int32Array.from(token) }
  }
}

/** Ticks in which a pair is active and was not in the one before, with the size of what they moved. Rows are in order of ticks. */
function beginnings(rows: DayRows, own: Int32Array): number[] {
  const found: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (let n = 0; n < own.length; ) {
    const tick = rows.tick[own[n]]
    let bytes = 0
    for (; n < own.length && rows.tick[own[n]] === tick; n++) bytes += rows.bytes_out[own[n]]
    if (tick > last + 1) found.push((tick % ticksPerDay) * 64 + Math.floor(Math.log2(Math.max(1, bytes))))
    last = tick
  }
  return found
}
