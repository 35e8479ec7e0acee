/**
 * Bytes by host and day, in all and to peers that came within the last seven days: what single-host rules and the oracle are given.
 * Nobody can be told to be new in the first three weeks; what an expectation explains is never new.
 */
import type { ArrivalColumns } from './background.ts'

const newDays = 7
const learningDays = 21
/** The ledger's code for bytes that an expectation explains. */
const explainedCode = 2

export interface DaySeries {
  /** Bytes by day, counted from the first. */
  all: Float64Array
  fresh: Float64Array
}

export class HostSeries {
  readonly first_day: number
  readonly length: number
  readonly site: DaySeries
  readonly hosts = new Map<number, DaySeries>()
  /** First day of each peer, by address. */
  readonly #first = new Map<string, number>()

  constructor(first_day: number, length: number) {
    this.first_day = first_day
    this.length = length
    this.site = emptySeries(length)
  }

  /** Days of which anybody can be told to be new begin here, counted from the first. */
  static readonly freshFrom = learningDays + newDays

  add(day: number, { data, length }: ArrivalColumns): void {
    const at = day - this.first_day
    for (let i = 0; i < length; i++) {
      const bytes = data.bytes_out[2 * i] + data.bytes_out[2 * i + 1] * 0x100000000
      const isFresh = this.#isNew(data, i, day) && data.explained[i] !== explainedCode
      for (const series of data.host[i] === 0 ? [this.site] : [this.site, this.#of(data.host[i])]) {
        series.all[at] += bytes
        if (isFresh) series.fresh[at] += bytes
      }
    }
  }

  #isNew({ peer: { hi, lo } }: ArrivalColumns['data'], i: number, day: number): boolean {
    const key = `${hi[2 * i + 1]} ${hi[2 * i]} ${lo[2 * i + 1]} ${lo[2 * i]}`
    const first = this.#first.get(key) ?? day
    if (first === day) this.#first.set(key, day)
    return day - first < newDays && first - this.first_day >= learningDays
  }

  #of(host: number): DaySeries {
    let series = this.hosts.get(host)
    if (!series) {
      series = emptySeries(this.length)
      this.hosts.set(host, series)
    }
    return series
  }
}

export function emptySeries(length: number): DaySeries {
  return { all: new Float64Array(length), fresh: new Float64Array(length) }
}
