/**
 * What is added up while flows stream past: bytes over the border by host, peer, service, account, vault and hour, and
 * which host exchanged bytes with which peer. Names and addresses are numbers; nothing is allocated per flow.
 * Memory follows what is distinct: about 100 bytes a peer, 20 a pair of host and peer.
 */

import { shareOf } from '../../ledger/spread.ts'
import { type AddressColumn, formatAddress } from '../../model/address.ts'
import { setCount } from '../../model/count.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { isIPv4At } from '../../model/peer-key.ts'
import { ExactSums } from './exact-sums.ts'

export const hourMs = 3_600_000

/** Sums of one dimension, by the number of its member. */
export class FlowSums {
  readonly bytes_out = new ExactSums()
  readonly bytes_in = new ExactSums()
  readonly flows = new ExactSums()

  add(i: number, bytes_out: number | bigint, bytes_in: number | bigint, flows: number): void {
    this.bytes_out.add(i, bytes_out)
    this.bytes_in.add(i, bytes_in)
    this.flows.add(i, flows)
  }
}

/** Who and what: numbers of hosts, peers and names; 0 of the names is unknown. */
export interface Subject {
  host: number
  peer: number
  service: number
  account: number
  project: number
  vault: number
}

export class Tallies {
  /** Inside addresses, four words each; number 0 is "not stated". */
  readonly hosts = new KeyIndex(4)
  /** Two words of an IPv6 prefix of 64 bits and 0, or 0, 0 and the IPv4 address. */
  readonly peers = new KeyIndex(3)
  /** Host and peer that bytes went between. */
  readonly pairs = new KeyIndex(2)
  readonly total = new FlowSums()
  readonly byHost = new FlowSums()
  readonly byPeer = new FlowSums()
  readonly byService = new FlowSums()
  readonly byAccount = new FlowSums()
  readonly byProject = new FlowSums()
  readonly byVault = new FlowSums()
  /** In the order in which hours first came. */
  readonly hours: number[] = []
  readonly byHour = new FlowSums()
  readonly #hourNumbers = new Map<number, number>()
  #lastHour = Number.NaN
  #lastHourNumber = 0
  #firstSeen = new Float64Array(256)
  #lastSeen = new Float64Array(256)
  readonly #words = new Uint32Array(4)

  constructor() {
    this.hosts.key.fill(0)
    this.hosts.add()
  }

  hostAt(address: AddressColumn, i: number): number {
    const { key } = this.hosts
    key[0] = address.hi[2 * i + 1]
    key[1] = address.hi[2 * i]
    key[2] = address.lo[2 * i + 1]
    key[3] = address.lo[2 * i]
    return this.hosts.add()
  }

  peerAt(address: AddressColumn, i: number): number {
    const { key } = this.peers
    key[0] = address.hi[2 * i + 1]
    key[1] = address.hi[2 * i]
    key[2] = isIPv4At(address, i) ? address.lo[2 * i] : 0
    const number = this.peers.add()
    if (number >= this.#firstSeen.length) this.#growSeen(number)
    return number
  }

  /** `10.0.0.1`, or `2001:db8::/64`: the books know an IPv6 peer by its prefix. */
  peerText(number: number): string {
    const [high, low, v4] = [0, 1, 2].map((w) => this.peers.word(number, w))
    if (high === 0 && low === 0 && v4 !== 0) return formatAddress(0, 0, 0xffff, v4)
    return `${formatAddress(high, low, 0, 0)}/64`
  }

  /** A flow of less than an hour or two, at once. `ms` epoch. */
  addFlow(
    subject: Subject,
    start_ms: number,
    end_ms: number,
    out: number | bigint,
    back: number | bigint,
    flows: number,
  ): void {
    this.#addSubject(subject, out, back, flows)
    this.seen(subject, start_ms, end_ms, out)
    const first = Math.floor(start_ms / hourMs)
    const duration = Math.max(0, end_ms - start_ms)
    const last = duration > 0 ? Math.floor((end_ms - 1) / hourMs) : first
    if (first === last) {
      this.byHour.add(this.#hour(first), out, back, flows)
      return
    }
    const words = this.#words
    setCount(words, 0, out)
    setCount(words, 1, back)
    for (let hour = first; hour <= last; hour++) {
      const since = Math.max(0, hour * hourMs - start_ms)
      const until = Math.min(duration, (hour + 1) * hourMs - start_ms)
      const [share_out, share_in] = [0, 1].map((i) => shareOf(words, i, since, until, duration))
      this.byHour.add(this.#hour(hour), share_out, share_in, hour === first ? flows : 0)
    }
  }

  /** What lies within one hour; may be a reversal. */
  addShare(subject: Subject, ms: number, out: number | bigint, back: number | bigint, flows: number): void {
    this.#addSubject(subject, out, back, flows)
    this.byHour.add(this.#hour(Math.floor(ms / hourMs)), out, back, flows)
    this.seen(subject, ms, ms, out)
  }

  /** First and last time of a peer; bytes that went to it make it a pair with the host. */
  seen({ host, peer }: Subject, start_ms: number, end_ms: number, out: number | bigint): void {
    if (this.#firstSeen[peer] === 0 || start_ms < this.#firstSeen[peer]) this.#firstSeen[peer] = start_ms
    if (end_ms > this.#lastSeen[peer]) this.#lastSeen[peer] = end_ms
    if (out <= 0) return
    this.pairs.key[0] = peer
    this.pairs.key[1] = host
    this.pairs.add()
  }

  firstSeen(peer: number): number {
    return this.#firstSeen[peer]
  }

  lastSeen(peer: number): number {
    return this.#lastSeen[peer]
  }

  #addSubject(subject: Subject, out: number | bigint, back: number | bigint, flows: number): void {
    this.total.add(0, out, back, flows)
    this.byHost.add(subject.host, out, back, flows)
    this.byPeer.add(subject.peer, out, back, flows)
    this.byService.add(subject.service, out, back, flows)
    this.byAccount.add(subject.account, out, back, flows)
    this.byProject.add(subject.project, out, back, flows)
    this.byVault.add(subject.vault, out, back, flows)
  }

  #hour(hour: number): number {
    if (hour === this.#lastHour) return this.#lastHourNumber
    let number = this.#hourNumbers.get(hour)
    if (number === undefined) {
      number = this.hours.length
      this.hours.push(hour)
      this.#hourNumbers.set(hour, number)
    }
    this.#lastHour = hour
    this.#lastHourNumber = number
    return number
  }

  #growSeen(number: number): void {
    const capacity = Math.max(number + 1, Math.ceil(this.#firstSeen.length * 1.5))
    const [first, last] = [this.#firstSeen, this.#lastSeen]
    this.#firstSeen = new Float64Array(capacity)
    this.#lastSeen = new Float64Array(capacity)
    this.#firstSeen.set(first)
    this.#lastSeen.set(last)
  }
}
