/**
 * What is usual at this time: the median of a series' own past in the same bin of the week (hour of day, weekday or weekend;
 * for days weekday or weekend; blocks of weeks are all alike), all of it, never only the recent part. Times are UTC. Undefined while the bin is younger than
 * `leastPerBin`: no opinion.
 */
const leastPerBin = 4

export class Season {
  #bins: number[][]
  readonly #slotsPerDay: number

  constructor(slotsPerDay: number) {
    this.#slotsPerDay = slotsPerDay
    this.#bins = Array.from({ length: slotsPerDay < 1 ? 1 : slotsPerDay === 1 ? 2 : 48 }, () => [])
  }

  copy(): Season {
    const copy = new Season(this.#slotsPerDay)
    copy.#bins = this.#bins.map((bin) => bin.slice())
    return copy
  }

  usual(slot: number): number | undefined {
    const bin = this.#bins[this.#binOf(slot)]
    const n = bin.length
    if (n < leastPerBin) return undefined
    return n % 2 === 1 ? bin[n >> 1] : (bin[n / 2 - 1] + bin[n / 2]) / 2
  }

  add(slot: number, value: number): void {
    const bin = this.#bins[this.#binOf(slot)]
    let low = 0
    let high = bin.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bin[middle] <= value) low = middle + 1
      else high = middle
    }
    bin.splice(low, 0, value)
  }

  #binOf(slot: number): number {
    if (this.#slotsPerDay < 1) return 0
    const day = Math.floor(slot / this.#slotsPerDay)
    const weekend = isWeekend(day) ? 1 : 0
    if (this.#slotsPerDay === 1) return weekend
    return 2 * Math.floor(((slot % this.#slotsPerDay) * 24) / this.#slotsPerDay) + weekend
  }
}

/** Days since the epoch; the first was a Thursday. */
export function isWeekend(day: number): boolean {
  return (day + 4) % 7 === 0 || (day + 4) % 7 === 6
}
