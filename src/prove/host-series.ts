/**
 * Bytes by host and day, in all and to peers that came within the last seven days, and how many those are: what rules for single
 * hosts and the oracle are given. Nobody can be told to be new in the first week; what an expectation explains is never new.
 */
import type { ArrivalColumns } from '../model/arrival.ts'

const newDays = 7
const learningDays = 7
/** The ledger's code for bytes that an expectation explains. */
const explainedCode = 2

export interface DaySeries {
  /** Bytes by day, counted from the first. */
  all: Float64Array
  fresh: Float64Array
  /** Peers, not bytes: those that came within the last seven days. */
  fresh_peers: Float64Array
}

export class HostSeries {
  readonly first_day: number
  readonly length: number
  readonly site: DaySeries
  readonly hosts = new Map<number, DaySeries>()
  /** First day of each peer, by address. */
  readonly #first = new Map<string, number>()
  /** Of the day that is added: new peers of each host, and of the site, under −1. */
  readonly #today = new Set<string>()
  #todaysDay = Number.NaN

  constructor(first_day: number, length: number) {
    this.first_day = first_day
    this.length = length
    this.site = emptySeries(length)
  }

  /** Days of which anybody can be told to be new begin here, counted from the first. */
  static readonly freshFrom = learningDays + newDays

  /** Rows of a day or of a part of it; days come in order. */
  add(day: number, { data, length }: ArrivalColumns): void {
    if (day !== this.#todaysDay) this.#today.clear()
    this.#todaysDay = day
    const at = day - this.first_day
    for (let i = 0; i < length; i++) {
      const bytes = data.bytes_out[2 * i] + data.bytes_out[2 * i + 1] * 0x100000000
      const peer = peerKey(data.peer, i)
      const isFresh = this.#isNew(peer, day) && data.explained[i] !== explainedCode
      this.#count(this.site, -1, at, bytes, isFresh ? peer : undefined)
      const host = data.host[i]
      if (host !== 0) this.#count(this.#of(host), host, at, bytes, isFresh ? peer : undefined)
    }
  }

  #count(series: DaySeries, host: number, at: number, bytes: number, freshPeer: string | undefined): void {
    series.all[at] += bytes
    if (freshPeer === undefined) return
    series.fresh[at] += bytes
    const key = `${host} ${freshPeer}`
    if (this.#today.has(key)) return
    this.#today.add(key)
    series.fresh_peers[at]++
  }

  #isNew(peer: string, day: number): boolean {
    const first = this.#first.get(peer) ?? day
    if (first === day) this.#first.set(peer, day)
    return day - first < newDays && first - this.first_day >= learningDays
  }

  #of(host: number): DaySeries {
    let series = this.hosts.get(host)
    if (!series) {
      series = emptySeries(this.length)
      this.hosts.set(host, series)
    }
    return series
  }
}

export function emptySeries(length: number): DaySeries {
  return { all: new Float64Array(length), fresh: new Float64Array(length), fresh_peers: new Float64Array(length) }
}

function peerKey({ hi, lo }: ArrivalColumns['data']['peer'], i: number): string {
  return `${hi[2 * i + 1]} ${hi[2 * i]} ${lo[2 * i + 1]} ${lo[2 * i]}`
}
