/** The rows of one peer and day, told as a peer; and the amounts by id that this takes. */
import { TouchOrder } from '../../model/touch-order.ts'
import { type DayRows, unknownAge } from '../day-rows.ts'

/** Different values of one column that are kept for a peer and day. */
const mostValues = 64
const smallestPiece = 1_000_000
const fewestPieces = 3
/** Of the logarithm of a piece's size. */
export const binWidth = Math.log(1.01)

/** Amounts by id, in order of appearance. */
export class Tally {
  readonly #ids: number[] = []
  readonly #amounts: number[] = []
  #size = 0

  add(id: number, amount: number): void {
    const at = this.#find(id)
    if (at >= 0) this.#amounts[at] += amount
    else if (this.#size < mostValues) {
      this.#ids[this.#size] = id
      this.#amounts[this.#size++] = amount
    }
  }

  of(id: number): number {
    const at = this.#find(id)
    return at < 0 ? 0 : this.#amounts[at]
  }

  /** Id of the largest amount; 0 if there is none. */
  top(): number {
    let top = -1
    for (let i = 0; i < this.#size; i++) if (top < 0 || this.#amounts[i] > this.#amounts[top]) top = i
    return top < 0 ? 0 : this.#ids[top]
  }

  /** Its room is kept for the next. */
  clear(): void {
    this.#size = 0
  }

  #find(id: number): number {
    for (let i = 0; i < this.#size; i++) if (this.#ids[i] === id) return i
    return -1
  }
}

/** Rows of one peer, one after the other; `clear` makes it ready for the next peer. */
export class PeerTally {
  readonly roles = new Tally()
  readonly accounts = new Tally()
  readonly asns = new Tally()
  readonly clients = new Tally()
  /** Of unexplained rows, in order of appearance. */
  readonly hosts = new TouchOrder()
  age_days = unknownAge
  bytes_unexplained = 0
  last_tick = 0
  readonly #bins = new Tally()
  readonly #pieces = new Tally()

  clear(): void {
    for (const each of [this.roles, this.accounts, this.asns, this.clients, this.#bins, this.#pieces]) each.clear()
    this.hosts.clear()
    this.bytes_unexplained = 0
    this.last_tick = 0
  }

  add(rows: DayRows, i: number): void {
    const bytes = rows.bytes_out[i]
    this.age_days = rows.age_days[i]
    this.roles.add(rows.role[i], bytes)
    if (rows.account[i] !== 0) this.accounts.add(rows.account[i], bytes)
    if (rows.peer_asn[i] !== 0) this.asns.add(rows.peer_asn[i], bytes)
    if (rows.client_fp[i] !== 0) this.clients.add(rows.client_fp[i], bytes)
    if (rows.unexplained[i] !== 1) return
    this.bytes_unexplained += bytes
    this.hosts.add(rows.host[i])
    this.last_tick = rows.tick[i]
    const flows = rows.flows[i]
    if (flows === 0 || bytes / flows < smallestPiece) return
    const bin = Math.round(Math.log(bytes / flows) / binWidth)
    this.#bins.add(bin, bytes)
    this.#pieces.add(bin, flows)
  }

  /** Bin of 1 % of the piece size that at least 3 connections and half of the unexplained bytes have; 0 = none. */
  get size_bin(): number {
    const bin = this.#bins.top()
    const isFixed = this.#pieces.of(bin) >= fewestPieces && 2 * this.#bins.of(bin) >= this.bytes_unexplained
    return isFixed ? bin : 0
  }
}
