/**
 * A day's peers as the fan-in tests see them: each with its main role, account, network, client and size of pieces. Only
 * peers that drew at least 1 MB that day; ids of the state serve to tell things apart, and ties go to what came first.
 */
import { type DayRows, type Names, unknownAge, vouchedAge } from './day-rows.ts'

export const leastBytes = 1_000_000
/** Peers are young up to this age. */
export const youngDays = 30
/** Within the first weeks of memory, where ages are unknown: a peer that was seen so long ago is settled. */
const settledAfterDays = 7
/** Different values of one column that are kept for a peer and day. */
const mostValues = 64
const smallestPiece = 1_000_000
const fewestPieces = 3
const binWidth = Math.log(1.01)

export interface DayPeer {
  peer: number
  /** Of most bytes, like the account, the client and the network. 0 = unknown, but for the role. */
  role: number
  account: number
  peer_asn: number
  client_fp: number
  /** Bin of 1 % of the piece size that at least 3 connections and half of the unexplained bytes have; 0 = none. */
  size_bin: number
  bytes_unexplained: number
  /** Of the unexplained rows, as are `host_ids` and `last_tick`. */
  host_ids: number[]
  last_tick: number
  /** Settled: vouched for, older than 30 days, or of unknown age and seen at least 7 days ago. */
  settled: boolean
  /** First seen within 30 days; of unknown age only if memory is a week older than the peer. */
  newcomer: boolean
}

export interface DayPeers {
  peers: DayPeer[]
  /** Unexplained bytes by role. */
  unexplained: Float64Array
}

export const sizeOfBin = (bin: number): number => Math.exp(bin * binWidth)

/** Remembers on which day each peer of unknown age was seen first. */
export class PeerDays {
  readonly #firstDay = new Map<number, number>()
  #memoryDay = Number.NaN

  day(rows: DayRows): DayPeers {
    if (Number.isNaN(this.#memoryDay)) this.#memoryDay = rows.day
    const unexplained = new Float64Array(256)
    const totals = new Map<number, number>()
    for (let i = 0; i < rows.length; i++) {
      totals.set(rows.peer[i], (totals.get(rows.peer[i]) ?? 0) + rows.bytes_out[i])
      if (rows.unexplained[i] === 1) unexplained[rows.role[i]] += rows.bytes_out[i]
    }
    const tallies = new Map<number, PeerTally>()
    for (let i = 0; i < rows.length; i++) {
      const peer = rows.peer[i]
      if (rows.age_days[i] === unknownAge && !this.#firstDay.has(peer)) this.#firstDay.set(peer, rows.day)
      if ((totals.get(peer) as number) < leastBytes) continue
      let tally = tallies.get(peer)
      if (!tally) {
        tally = new PeerTally()
        tallies.set(peer, tally)
      }
      tally.add(rows, i)
    }
    const peers = [...tallies].map(([peer, tally]) => ({
      peer,
      ...tally.read(),
      ...this.#standing(peer, tally, rows.day),
    }))
    return { peers, unexplained }
  }

  #standing(peer: number, { age_days }: PeerTally, day: number): Pick<DayPeer, 'settled' | 'newcomer'> {
    if (age_days !== unknownAge) {
      const settled = age_days === vouchedAge || age_days > youngDays
      return { settled, newcomer: !settled }
    }
    const first = this.#firstDay.get(peer) ?? day
    const settled = day - first >= settledAfterDays
    return { settled, newcomer: !settled && first - this.#memoryDay >= settledAfterDays }
  }
}

class PeerTally {
  age_days = unknownAge
  readonly #roles = new Tally()
  readonly #accounts = new Tally()
  readonly #asns = new Tally()
  readonly #clients = new Tally()
  readonly #bins = new Tally()
  readonly #pieces = new Tally()
  readonly #hosts = new Set<number>()
  #unexplained = 0
  #last_tick = 0

  add(rows: DayRows, i: number): void {
    const bytes = rows.bytes_out[i]
    this.age_days = rows.age_days[i]
    this.#roles.add(rows.role[i], bytes)
    if (rows.account[i] !== 0) this.#accounts.add(rows.account[i], bytes)
    if (rows.peer_asn[i] !== 0) this.#asns.add(rows.peer_asn[i], bytes)
    if (rows.client_fp[i] !== 0) this.#clients.add(rows.client_fp[i], bytes)
    if (rows.unexplained[i] !== 1) return
    this.#unexplained += bytes
    this.#hosts.add(rows.host[i])
    this.#last_tick = rows.tick[i]
    const flows = rows.flows[i]
    if (flows === 0 || bytes / flows < smallestPiece) return
    const bin = Math.round(Math.log(bytes / flows) / binWidth)
    this.#bins.add(bin, bytes)
    this.#pieces.add(bin, flows)
  }

  read(): Omit<DayPeer, 'peer' | 'settled' | 'newcomer'> {
    const bin = this.#bins.top()
    const isFixed = this.#pieces.of(bin) >= fewestPieces && 2 * this.#bins.of(bin) >= this.#unexplained
    return {
      role: this.#roles.top(),
      account: this.#accounts.top(),
      peer_asn: this.#asns.top(),
      client_fp: this.#clients.top(),
      size_bin: isFixed ? bin : 0,
      bytes_unexplained: this.#unexplained,
      host_ids: [...this.#hosts],
      last_tick: this.#last_tick,
    }
  }
}

/** Amounts by id, in order of appearance. */
export class Tally {
  readonly #ids: number[] = []
  readonly #amounts: number[] = []

  add(id: number, amount: number): void {
    const at = this.#ids.indexOf(id)
    if (at >= 0) this.#amounts[at] += amount
    else if (this.#ids.length < mostValues) {
      this.#ids.push(id)
      this.#amounts.push(amount)
    }
  }

  of(id: number): number {
    const at = this.#ids.indexOf(id)
    return at < 0 ? 0 : this.#amounts[at]
  }

  /** Id of the largest amount; 0 if there is none. */
  top(): number {
    let top = -1
    for (let i = 0; i < this.#ids.length; i++) if (top < 0 || this.#amounts[i] > this.#amounts[top]) top = i
    return top < 0 ? 0 : this.#ids[top]
  }
}

/** Networks of peers: the autonomous system, else the /16 of IPv4 and the /32 of IPv6. */
export class PeerNetworks {
  readonly #names: Names
  readonly #prefixes = new Map<number, string>()

  constructor(names: Names) {
    this.#names = names
  }

  of({ peer, peer_asn }: DayPeer): string {
    return peer_asn === 0 ? this.prefixOf(peer) : `AS${peer_asn}`
  }

  /** Forgets the texts of the day. */
  clear(): void {
    this.#prefixes.clear()
  }

  prefixOf(peer: number): string {
    let prefix = this.#prefixes.get(peer)
    if (prefix === undefined) {
      const text = this.#names.peer(peer)
      const mark = text.includes(':') ? ':' : '.'
      prefix = text.split(mark, 2).join(mark)
      this.#prefixes.set(peer, prefix)
    }
    return prefix
  }
}
