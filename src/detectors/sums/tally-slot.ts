/** Sums over the rows of a slot by band, all bands at once. Kept between slots and days: room for the largest so far. */
import { SumsById } from '../../model/sums-by-id.ts'
import { type DayRows, unknownAge } from '../day-rows.ts'
import { RowGroups } from '../row-groups.ts'
import { bands, isIn, type MeasureId, pieceBytes } from './channels.ts'

/** The last lane: peers that were there before anybody counted. */
export const steadyLane = bands.length

let lanes: Uint8Array | undefined

/** By `age_days`: bit `lane` is set where such peers are in that lane. */
export function lanesByAge(): Uint8Array {
  if (lanes) return lanes
  lanes = new Uint8Array(0x10000)
  for (let age = 0; age < lanes.length; age++) {
    for (let b = 0; b < bands.length; b++) if (isIn(bands[b], age)) lanes[age] |= 1 << b
    if (age >= unknownAge - 1) lanes[age] |= 1 << steadyLane
  }
  return lanes
}

export class SlotSums {
  readonly #lanesOf = lanesByAge()
  /** By measure and lane: what the last `add` found, of the measures that it was asked for. */
  readonly sums: Readonly<Record<MeasureId, Float64Array>> = {
    bytes: new Float64Array(steadyLane + 1),
    peers: new Float64Array(steadyLane + 1),
    pieces: new Float64Array(steadyLane + 1),
    spread: new Float64Array(steadyLane + 1),
  }
  readonly #peers = new SumsById()
  /** By the number of a peer in `#peers`: its bands. */
  #lanes = new Uint8Array(64)
  readonly #byPeer = new RowGroups()
  readonly #hosts = new SumsById()

  /** Takes the sums of `members`, rows of one slot. `spread` is a part of peers' sums and comes with them only. */
  add(rows: DayRows, members: Int32Array, wanted: Readonly<Record<MeasureId, boolean>>): void {
    for (const lanes of Object.values(this.sums)) lanes.fill(0)
    if (wanted.pieces) this.#addPieces(rows, members)
    if (!wanted.bytes && !wanted.peers && !wanted.spread) return
    this.#addPeers(rows, members)
    if (wanted.spread) this.#addSpread(rows, members)
  }

  #addPieces({ flows, bytes_out, age_days }: DayRows, members: Int32Array): void {
    for (let n = 0; n < members.length; n++) {
      const i = members[n]
      if (bytes_out[i] < pieceBytes) continue
      const pieces = Math.min(flows[i], Math.floor(bytes_out[i] / pieceBytes))
      if (pieces > 0) addTo(this.sums.pieces, this.#lanesOf[age_days[i]], pieces)
    }
  }

  #addPeers({ peer, bytes_out, age_days }: DayRows, members: Int32Array): void {
    const peers = this.#peers
    peers.clear()
    for (let n = 0; n < members.length; n++) {
      const i = members[n]
      const number = peers.add(peer[i], bytes_out[i])
      if (number === this.#lanes.length) {
        const larger = new Uint8Array(2 * number)
        larger.set(this.#lanes)
        this.#lanes = larger
      }
      this.#lanes[number] = this.#lanesOf[age_days[i]]
    }
    for (let number = 0; number < peers.size; number++) {
      const bytes = peers.sum(number)
      addTo(this.sums.bytes, this.#lanes[number], bytes)
      addTo(this.sums.peers, this.#lanes[number], Math.log1p(bytes / 1e6))
    }
  }

  /** Hosts of each peer with a piece or more, but for one; after `#addPeers`, whose numbers are those of the groups. */
  #addSpread({ peer, host, bytes_out }: DayRows, members: Int32Array): void {
    const hosts = this.#hosts
    this.#byPeer.group(members, (i) => peer[i])
    for (let number = 0; number < this.#peers.size; number++) {
      if (this.#peers.sum(number) < pieceBytes) continue
      hosts.clear()
      const own = this.#byPeer.of(number)
      for (let n = 0; n < own.length; n++) hosts.add(host[own[n]], bytes_out[own[n]])
      let drawn = 0
      for (let at = 0; at < hosts.size; at++) if (hosts.sum(at) >= pieceBytes) drawn++
      if (drawn > 1) addTo(this.sums.spread, this.#lanes[number], drawn - 1)
    }
  }
}

function addTo(sums: Float64Array, lanes: number, amount: number): void {
  for (let rest = lanes, lane = 0; rest !== 0; rest >>>= 1, lane++) if (rest & 1) sums[lane] += amount
}
