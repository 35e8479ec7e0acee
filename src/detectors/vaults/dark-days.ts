/** Days on which the audit, or the flows, say next to nothing: not measured, which is not zero. */
import { median } from '../../math/robust.ts'

const usualDays = 28
const leastDays = 7
/** Of what is usual. */
const darkShare = 0.1

export class DarkDays {
  readonly #reads: number[] = []
  readonly #departures: number[] = []

  /** Days in order, each once; bytes of the whole site. Days before the first read are dark. */
  isDark(reads: number, departures: number): boolean {
    const isDark =
      (this.#reads.length === 0 && reads === 0) || isLow(reads, this.#reads) || isLow(departures, this.#departures)
    // a source that is gone for good is usual at some time
    push(this.#reads, reads)
    push(this.#departures, departures)
    return isDark
  }
}

function isLow(bytes: number, past: readonly number[]): boolean {
  return past.length >= leastDays && bytes < darkShare * median(past)
}

function push(values: number[], value: number): void {
  if (values.length === 0 && value === 0) return
  values.push(value)
  if (values.length > usualDays) values.shift()
}
