/**
 * What rises further while an incident is open. Its members are left out of the sums, and newcomers beyond the past become its
 * members: a rise that turned out to be a term's visitors would so take in a thief who comes a month later. So all that leaves is
 * judged a second time, members included, by what is usual since the incident was declared (a reference anchored at that day). A
 * site without an open incident has no such sums.
 */
import type { DayRows } from '../../detectors/day-rows.ts'
import { Watch, type WatchOptions } from '../../detectors/sums/watch.ts'
import { type Told, tellSums } from './told.ts'

export interface FurtherRiseOptions extends Omit<WatchOptions, 'alpha' | 'memory_day'> {
  /** Its evidence must reach 1/α. */
  alpha: number
  /** First day of the site's memory, by which the ages of peers are known. */
  memory_day: () => number
}

const nobody = (): boolean => false

export class FurtherRise {
  readonly #options: FurtherRiseOptions
  #watch: Watch | undefined

  constructor(options: FurtherRiseOptions) {
    this.#options = options
  }

  /** `isOpen`: whether an incident was open when the day began. Judged at the end of the day; what is told is the reference from then on. */
  day(rows: DayRows, isOpen: boolean): Told | undefined {
    if (!isOpen) {
      this.#watch = undefined
      return undefined
    }
    this.#watch ??= this.#anchored()
    const declared = this.#watch.day(rows, nobody, true)
    if (!declared) return undefined
    this.#watch = undefined
    return { ...tellSums(declared, rows.day), detector: 'further_rise', module: undefined, is_further: true }
  }

  #anchored(): Watch {
    const { alpha, memory_day, ...options } = this.#options
    // bursts see hours, which no open incident takes in
    return new Watch({ ...options, alpha: { sums: alpha, bursts: 0 }, memory_day: memory_day() })
  }
}
