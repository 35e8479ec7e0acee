/**
 * In which ticks of the last two weeks a host sent anything without an explanation to a class of peers: a bit for each tick, 252
 * bytes a pair. However few bytes: arrivals hold whatever left, from one byte of payload on.
 */
import { ticksPerDay } from '../../model/window.ts'

export const windowDays = 14
export const windowTicks = windowDays * ticksPerDay
const bytesPerDay = ticksPerDay / 8
export const bytesPerPair = windowDays * bytesPerDay

/** A ring of days for pairs that are numbers 0, 1, … */
export class PairActivity {
  #bits = new Uint8Array(64 * bytesPerPair)
  readonly #most: number
  pairs = 0

  /** `most` pairs are held. */
  constructor(most: number) {
    this.#most = most
  }

  get isFull(): boolean {
    return this.pairs >= this.#most
  }

  /** The number of a pair that is new. */
  add(): number {
    const end = (this.pairs + 1) * bytesPerPair
    if (end > this.#bits.length) {
      const larger = new Uint8Array(Math.min(2 * this.#bits.length, this.#most * bytesPerPair))
      larger.set(this.#bits)
      this.#bits = larger
    }
    this.#bits.fill(0, this.pairs * bytesPerPair, end)
    return this.pairs++
  }

  /** Forgets what is two weeks old, on the day that takes its place. */
  begin(day: number): void {
    const from = (day % windowDays) * bytesPerDay
    for (let pair = 0; pair < this.pairs; pair++)
      this.#bits.fill(0, pair * bytesPerPair + from, pair * bytesPerPair + from + bytesPerDay)
  }

  mark(pair: number, tick: number): void {
    const at = tick % windowTicks
    this.#bits[pair * bytesPerPair + (at >> 3)] |= 1 << (at & 7)
  }

  isActive(pair: number, tick: number): boolean {
    const at = tick % windowTicks
    return ((this.#bits[pair * bytesPerPair + (at >> 3)] >> (at & 7)) & 1) === 1
  }

  /** Moves a pair to a lower number, where another one was. */
  move(pair: number, to: number): void {
    this.#bits.copyWithin(to * bytesPerPair, pair * bytesPerPair, (pair + 1) * bytesPerPair)
  }

  /**
   * Ticks, from 0 at the window's first, in which activity begins after a tick without; into `into`, their number. `last_day` is the
   * last of the window.
   */
  onsets(pair: number, last_day: number, into: Uint16Array): number {
    const first = (last_day + 1 - windowDays) * ticksPerDay
    let found = 0
    let before = false
    for (let t = 0; t < windowTicks; t++) {
      const at = (first + t) % windowTicks
      const byte = this.#bits[pair * bytesPerPair + (at >> 3)]
      if (byte === 0 && (at & 7) === 0) {
        before = false
        t += 7
        continue
      }
      const now = ((byte >> (at & 7)) & 1) === 1
      if (now && !before) into[found++] = t
      before = now
    }
    return found
  }

  isEmpty(pair: number): boolean {
    for (let at = pair * bytesPerPair; at < (pair + 1) * bytesPerPair; at++) if (this.#bits[at] !== 0) return false
    return true
  }
}
