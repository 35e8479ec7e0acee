/**
 * A day's peers as the fan-in tests see them: each with its main role, account, network, client and size of pieces. Only
 * peers that drew at least 1 MB that day; ids of the state serve to tell things apart, and ties go to what came first.
 */
import { SumsById } from '../../model/sums-by-id.ts'
import { type DayRows, type Names, unknownAge, vouchedAge } from '../day-rows.ts'
import { RowGroups } from '../row-groups.ts'
import { DayById } from './fan-in-days.ts'
import { binWidth, PeerTally } from './fan-in-tally.ts'

export const leastBytes = 1_000_000
/** Peers are young up to this age. */
export const youngDays = 30
/** Peers of the first week of memory, whose age nobody knows, are settled after another. */
const settledAfterDays = 7
/** Who came later is new for as long as a campaign is no part of its own past (`PastMarked`). */
const laterSettledAfterDays = 14

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

export const sizeOfBin = (bin: number): number => Math.exp(bin * binWidth)

/** Columns of a `DayPeer` each, in the order in which the peers first came; hosts side by side. */
export class DayPeers {
  length = 0
  readonly peer: Int32Array
  readonly role: Uint8Array
  readonly account: Int32Array
  readonly peer_asn: Uint32Array
  readonly client_fp: Int32Array
  readonly size_bin: Int32Array
  readonly bytes_unexplained: Float64Array
  readonly last_tick: Uint32Array
  readonly settled: Uint8Array
  readonly newcomer: Uint8Array
  /** Where the hosts of each end in `#hosts`. */
  readonly #hostsEnd: Int32Array
  #hosts: Int32Array
  /** Unexplained bytes by role, of all peers. */
  readonly unexplained = new Float64Array(256)

  /** `room`: peers at most; `hosts`: of all of them, as they are expected. */
  constructor(room: number, hosts: number) {
    this.peer = new Int32Array(room)
    this.role = new Uint8Array(room)
    this.account = new Int32Array(room)
    this.peer_asn = new Uint32Array(room)
    this.client_fp = new Int32Array(room)
    this.size_bin = new Int32Array(room)
    this.bytes_unexplained = new Float64Array(room)
    this.last_tick = new Uint32Array(room)
    this.settled = new Uint8Array(room)
    this.newcomer = new Uint8Array(room)
    this.#hostsEnd = new Int32Array(room)
    this.#hosts = new Int32Array(hosts)
  }

  add(peer: number, tally: PeerTally, { settled, newcomer }: Pick<DayPeer, 'settled' | 'newcomer'>): void {
    const at = this.length++
    this.peer[at] = peer
    this.role[at] = tally.roles.top()
    this.account[at] = tally.accounts.top()
    this.peer_asn[at] = tally.asns.top()
    this.client_fp[at] = tally.clients.top()
    this.size_bin[at] = tally.size_bin
    this.bytes_unexplained[at] = tally.bytes_unexplained
    this.last_tick[at] = tally.last_tick
    this.settled[at] = Number(settled)
    this.newcomer[at] = Number(newcomer)
    const start = this.#hostsStart(at)
    const end = start + tally.hosts.size
    if (end > this.#hosts.length) {
      const larger = new Int32Array(Math.max(end, Math.ceil(1.5 * this.#hosts.length)))
      larger.set(this.#hosts)
      this.#hosts = larger
    }
    for (let number = 0; number < tally.hosts.size; number++) this.#hosts[start + number] = tally.hosts.id(number)
    this.#hostsEnd[at] = end
  }

  /** Of all peers. */
  get hosts(): number {
    return this.#hostsStart(this.length)
  }

  hostCount(at: number): number {
    return this.#hostsEnd[at] - this.#hostsStart(at)
  }

  /** One of them as an object. */
  read(at: number): DayPeer {
    return {
      ...{ peer: this.peer[at], role: this.role[at], account: this.account[at], peer_asn: this.peer_asn[at] },
      ...{ client_fp: this.client_fp[at], size_bin: this.size_bin[at], last_tick: this.last_tick[at] },
      bytes_unexplained: this.bytes_unexplained[at],
      host_ids: Array.from(this.#hosts.subarray(this.#hostsStart(at), this.#hostsEnd[at])),
      settled: this.settled[at] === 1,
      newcomer: this.newcomer[at] === 1,
    }
  }

  /** All of them as objects: for days of few. */
  get peers(): DayPeer[] {
    return Array.from({ length: this.length }, (_, at) => this.read(at))
  }

  #hostsStart(at: number): number {
    return at === 0 ? 0 : this.#hostsEnd[at - 1]
  }
}

/** Remembers on which day each peer of unknown age was seen first; what it works in is kept for the next day. */
export class PeerDays {
  readonly #firstDay = new DayById()
  #memoryDay = Number.NaN
  readonly #totals = new SumsById()
  readonly #rows = new RowGroups()
  readonly #tally = new PeerTally()
  #expectedHosts = 0

  day(rows: DayRows): DayPeers {
    if (Number.isNaN(this.#memoryDay)) this.#memoryDay = rows.day
    this.#totals.clear()
    for (let i = 0; i < rows.length; i++) {
      const peer = rows.peer[i]
      this.#totals.add(peer, rows.bytes_out[i])
      if (rows.age_days[i] === unknownAge && !this.#firstDay.has(peer)) this.#firstDay.set(peer, rows.day)
    }
    const bytesOf = (peer: number): number => this.#totals.sum(this.#totals.find(peer))
    this.#rows.groupSome(rows.length, (i) => (bytesOf(rows.peer[i]) >= leastBytes ? rows.peer[i] : -1))
    const result = new DayPeers(this.#rows.keys.size, this.#expectedHosts)
    for (let i = 0; i < rows.length; i++)
      if (rows.unexplained[i] === 1) result.unexplained[rows.role[i]] += rows.bytes_out[i]
    for (let number = 0; number < this.#rows.keys.size; number++) {
      this.#tally.clear()
      for (const i of this.#rows.of(number)) this.#tally.add(rows, i)
      const peer = this.#rows.keys.id(number)
      result.add(peer, this.#tally, this.#standing(peer, this.#tally, rows.day))
    }
    this.#expectedHosts = Math.ceil(1.5 * result.hosts)
    return result
  }

  #standing(peer: number, { age_days }: PeerTally, day: number): Pick<DayPeer, 'settled' | 'newcomer'> {
    if (age_days !== unknownAge) {
      const settled = age_days === vouchedAge || age_days > youngDays
      return { settled, newcomer: !settled }
    }
    const first = this.#firstDay.get(peer) ?? day
    const wasThere = first - this.#memoryDay < settledAfterDays
    const settled = day - first >= (wasThere ? settledAfterDays : laterSettledAfterDays)
    return { settled, newcomer: !settled && !wasThere }
  }
}

/** Networks of peers: the autonomous system, else the /16 of IPv4 and the /32 of IPv6. */
export class PeerNetworks {
  readonly #names: Names
  readonly #prefixes = new Map<number, string>()

  constructor(names: Names) {
    this.#names = names
  }

  of({ peer, peer_asn }: Pick<DayPeer, 'peer' | 'peer_asn'>): string {
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
