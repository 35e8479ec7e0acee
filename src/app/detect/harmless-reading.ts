/**
 * The harmless reading of a campaign's members, kept from the evening on which it was found. It says nothing of who draws other things:
 * whoever comes later shares it if most of what he draws from then on has it too.
 */
import type { DayRows } from '../../detectors/day-rows.ts'

/** As large a share of the bytes as the reading takes of a campaign's. */
const most = 0.8

export class HarmlessReading {
  readonly #members: ReadonlySet<number>
  readonly #isSuch: (rows: DayRows, i: number) => boolean
  /** Unexplained bytes by peer since then: with the reading, and all. */
  readonly #such = new Map<number, number>()
  readonly #all = new Map<number, number>()

  /** `isSuch`: whether a row has the reading. */
  constructor(members: Iterable<number>, isSuch: (rows: DayRows, i: number) => boolean) {
    this.#members = new Set(members)
    this.#isSuch = isSuch
  }

  add(rows: DayRows): void {
    for (let i = 0; i < rows.length; i++) {
      if (rows.unexplained[i] === 0) continue
      const peer = rows.peer[i]
      this.#all.set(peer, (this.#all.get(peer) ?? 0) + rows.bytes_out[i])
      if (this.#isSuch(rows, i)) this.#such.set(peer, (this.#such.get(peer) ?? 0) + rows.bytes_out[i])
    }
  }

  isOf(peer: number): boolean {
    if (this.#members.has(peer)) return true
    const all = this.#all.get(peer)
    return all !== undefined && (this.#such.get(peer) ?? 0) >= most * all
  }
}
