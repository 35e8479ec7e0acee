/** Days on which the audit, or the flows, say next to nothing: not measured, which is not zero. */
import { median } from '../../math/robust.ts'

const usualDays = 28
const leastDays = 7
/** Of what is usual. */
const darkShare = 0.1

/** One source: the audit of a host, or of all; flows. */
export class UsualBytes {
  readonly #past: number[] = []

  /** Days in order, each once. Whether it is next to nothing of what is usual; nothing is, before there was anything. */
  isLow(bytes: number): boolean {
    if (this.#past.length === 0 && bytes === 0) return false
    const isLow = this.#past.length >= leastDays && bytes < darkShare * median(this.#past)
    // a source that is gone for good is usual at some time
    this.#past.push(bytes)
    if (this.#past.length > usualDays) this.#past.shift()
    return isLow
  }
}

export class DarkDays {
  readonly #reads = new UsualBytes()
  readonly #departures = new UsualBytes()
  #began = false

  /** Days in order, each once; bytes of the whole site. Days before the first read are dark. */
  isDark(reads: number, departures: number): boolean {
    this.#began ||= reads > 0
    const isLow = [this.#reads.isLow(reads), this.#departures.isLow(departures)]
    return !this.#began || isLow.includes(true)
  }
}
