/**
 * Who belongs to a burst: the peers that drew in it more pieces within an hour than all but one in a thousand of the pool's
 * peer-hours of the weeks before, weighed by what they drew beyond that. Minutes tell nothing of habits, but much of rates.
 * Feed days in order; only pieces (connections of 1 MB and more) of the pool count. Hosts are those that such peers drew from.
 */
import { quantile } from '../../math/robust.ts'
import { ticksPerDay } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'
import { pieceBytes } from '../sums/channels.ts'
import type { Found } from './members.ts'

const usualQuantile = 0.999
const ticksPerHour = 6
/** A burst is looked at for so long after it began. */
const longestTicks = ticksPerDay / 4

export class BurstContacts {
  readonly #from_tick: number
  /** Pieces of each peer-hour of the time before. */
  readonly #usual: number[] = []
  readonly #hours = new Map<string, { peer: number; pieces: number; hosts: Map<number, number> }>()

  constructor(from_tick: number) {
    this.#from_tick = from_tick
  }

  get until_tick(): number {
    return this.#from_tick + longestTicks
  }

  add(rows: DayRows, inPool: (rows: DayRows, i: number) => boolean): void {
    const today = new Map<string, number>()
    for (let i = 0; i < rows.length; i++) {
      const tick = rows.tick[i]
      if (rows.unexplained[i] === 0 || tick >= this.until_tick || !inPool(rows, i)) continue
      const pieces = Math.min(rows.flows[i], Math.floor(rows.bytes_out[i] / pieceBytes))
      if (pieces === 0) continue
      const key = `${rows.peer[i]} ${Math.floor((tick - this.#from_tick) / ticksPerHour)}`
      if (tick < this.#from_tick) {
        today.set(key, (today.get(key) ?? 0) + pieces)
        continue
      }
      const held = this.#hours.get(key) ?? { peer: rows.peer[i], pieces: 0, hosts: new Map<number, number>() }
      held.pieces += pieces
      held.hosts.set(rows.host[i], (held.hosts.get(rows.host[i]) ?? 0) + pieces)
      this.#hours.set(key, held)
    }
    for (const pieces of today.values()) this.#usual.push(pieces)
  }

  found(): Found {
    const line = Math.max(1, quantile(Float64Array.from(this.#usual).sort(), usualQuantile) || 1)
    const peers = new Map<number, number>()
    const drawn = new Map<number, number>()
    for (const { peer, pieces, hosts } of this.#hours.values()) {
      const weight = Math.max(0, 1 - line / pieces)
      if (weight > (peers.get(peer) ?? 0)) peers.set(peer, weight)
      if (weight >= 0.5) for (const [host, n] of hosts) drawn.set(host, (drawn.get(host) ?? 0) + n)
    }
    const most = Math.max(0, ...drawn.values())
    return {
      peers,
      hosts: new Map([...drawn].filter(([, n]) => n >= most / 100).map(([host, n]) => [host, Math.max(0.5, n / most)])),
    }
  }
}
