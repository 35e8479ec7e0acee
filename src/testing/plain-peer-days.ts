/** A day's peers as plain code: objects and Maps for each. What `PeerDays` must equal to the last bit, and in order. */
import { type DayRows, unknownAge, vouchedAge } from '../detectors/day-rows.ts'
import type { DayPeer } from '../detectors/keys/fan-in-peers.ts'

const leastBytes = 1_000_000
const youngDays = 30
const settledAfterDays = 7
const laterSettledAfterDays = 14
const mostValues = 64
const smallestPiece = 1_000_000
const fewestPieces = 3
const binWidth = Math.log(1.01)

export class PlainPeerDays {
  readonly #firstDay = new Map<number, number>()
  #memoryDay = Number.NaN

  day(rows: DayRows): { peers: DayPeer[]; unexplained: Float64Array } {
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
    const wasThere = first - this.#memoryDay < settledAfterDays
    const settled = day - first >= (wasThere ? settledAfterDays : laterSettledAfterDays)
    return { settled, newcomer: !settled && !wasThere }
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

class Tally {
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

  top(): number {
    let top = -1
    for (let i = 0; i < this.#ids.length; i++) if (top < 0 || this.#amounts[i] > this.#amounts[top]) top = i
    return top < 0 ? 0 : this.#ids[top]
  }
}
