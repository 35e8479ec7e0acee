/**
 * Clients (fingerprints) that this site never saw before and that take much at once: a program that was brought along. Programs come
 * and go everywhere, so it is work and no evidence of theft: what ranks a newcomer is how many of the newcomers before it took as
 * large a share of what left in the days after they came. Says nothing in the first 30 days of memory.
 */
import type { DayRows } from '../day-rows.ts'
import type { Excluded } from '../sums/tally.ts'

const knownAfterDays = 30
/** Days after its first in which a client is new. */
export const newDays = 14
/** Share of the unexplained bytes of its days that is worth a look. */
const leastShare = 0.01

export interface NewClient {
  client: number
  first_day: number
  /** Days since then on which anything left, this one included. */
  days: number
  bytes_out: number
  /** Of all unexplained bytes of these days. */
  share: number
  peers: number
  hosts: number
  /** Newcomers before it, at the end of their own time, and how many of them had as large a share. */
  earlier: number
  as_large: number
}

interface Newcomer {
  first_day: number
  bytes: number
  /** Unexplained bytes of all, up to the day before it came. */
  before: number
  days: number
  peers: Set<number>
  hosts: Set<number>
}

export class NewClients {
  readonly #known = new Set<number>()
  readonly #newcomers = new Map<number, Newcomer>()
  /** Shares of those whose time is over. */
  readonly #earlier: number[] = []
  #memory_day = Number.NaN
  #total = 0

  /** Days in order; what open incidents have taken does not count. Those worth a look, largest first. */
  day(rows: DayRows, isTaken: Excluded): NewClient[] {
    const { day, client_fp, bytes_out, peer, host, unexplained } = rows
    if (Number.isNaN(this.#memory_day)) this.#memory_day = day
    this.#retire(day)
    const isYoung = day - this.#memory_day < knownAfterDays
    const before = this.#total
    for (let i = 0; i < rows.length; i++) {
      const client = client_fp[i]
      if (client !== 0 && !this.#known.has(client)) {
        this.#known.add(client)
        if (!isYoung)
          this.#newcomers.set(client, { first_day: day, bytes: 0, before, days: 0, peers: new Set(), hosts: new Set() })
      }
      if (unexplained[i] === 0 || isTaken(rows, i)) continue
      this.#total += bytes_out[i]
      const newcomer = this.#newcomers.get(client)
      if (!newcomer) continue
      newcomer.bytes += bytes_out[i]
      newcomer.peers.add(peer[i])
      newcomer.hosts.add(host[i])
    }
    for (const newcomer of this.#newcomers.values()) newcomer.days++
    return this.#worthALook()
  }

  #retire(day: number): void {
    for (const [client, newcomer] of this.#newcomers) {
      if (day - newcomer.first_day < newDays) continue
      this.#earlier.push(this.#shareOf(newcomer))
      this.#newcomers.delete(client)
    }
  }

  #shareOf({ bytes, before }: Newcomer): number {
    const total = this.#total - before
    return total === 0 ? 0 : bytes / total
  }

  #worthALook(): NewClient[] {
    const found: NewClient[] = []
    for (const [client, newcomer] of this.#newcomers) {
      const share = this.#shareOf(newcomer)
      if (share < leastShare) continue
      const { first_day, days, bytes, peers, hosts } = newcomer
      found.push({
        ...{ client, first_day, days, bytes_out: bytes, share, peers: peers.size, hosts: hosts.size },
        ...{ earlier: this.#earlier.length, as_large: this.#earlier.filter((each) => each >= share).length },
      })
    }
    return found.sort((a, b) => b.share - a.share)
  }
}
