/**
 * Octets that the interfaces of the border counted against what flows took on the wire, a day at a time: the share of what went
 * out that no flow accounts for, by the hour. An hour takes part when as many links were counted throughout as in any hour of the
 * four weeks before: a link without its counter is no gap. A day is looked at a day late, by what was known then, so that
 * connections of hours have been told.
 */

/** As `borderHours` of the store gives them. */
export interface CountedHour {
  hour: number
  known_day: number
  links: number
  octets_out: bigint
  flow_octets_out: bigint
}

export interface ClosureDay {
  day: number
  /** Share of the octets out that no flow accounts for, by hour; NaN where it was not counted. Negative: flows that none counted. */
  shares: Float64Array
  octets: Float64Array
  /** Of all hours that take part; NaN where fewer than half of a day do. */
  share: number
}

const hoursPerDay = 24
const leastHours = 12
const linksRememberedDays = 28

export class ClosureDays {
  readonly #byDay = new Map<number, CountedHour[]>()
  /** Most links of an hour, by day. */
  readonly #links: { day: number; most: number }[] = []

  constructor(hours: readonly CountedHour[]) {
    for (const each of hours) {
      const day = Math.floor(each.hour / hoursPerDay)
      const held = this.#byDay.get(day)
      if (held) held.push(each)
      else this.#byDay.set(day, [each])
    }
  }

  get isEmpty(): boolean {
    return this.#byDay.size === 0
  }

  /** A day by what was known at the end of the next; days in order, each once. */
  of(day: number): ClosureDay {
    const octets = new Float64Array(hoursPerDay)
    const flows = new Float64Array(hoursPerDay)
    const links = new Int32Array(hoursPerDay)
    for (const each of this.#byDay.get(day) ?? []) {
      if (each.known_day > day + 1) continue
      const hour = each.hour - day * hoursPerDay
      octets[hour] += Number(each.octets_out)
      flows[hour] += Number(each.flow_octets_out)
      links[hour] += each.links
    }
    const wanted = this.#linksWanted(day, Math.max(...links))
    const shares = new Float64Array(hoursPerDay).fill(Number.NaN)
    let [counted, missed, sum] = [0, 0, 0]
    for (let hour = 0; hour < hoursPerDay; hour++) {
      if (links[hour] < wanted || octets[hour] <= 0) continue
      shares[hour] = (octets[hour] - flows[hour]) / octets[hour]
      counted++
      missed += octets[hour] - flows[hour]
      sum += octets[hour]
    }
    return { day, shares, octets, share: counted < leastHours ? Number.NaN : missed / sum }
  }

  #linksWanted(day: number, most: number): number {
    while (this.#links.length > 0 && this.#links[0].day < day - linksRememberedDays) this.#links.shift()
    if (most > 0) this.#links.push({ day, most })
    return Math.max(1, ...this.#links.map((each) => each.most))
  }
}
