import { type Contrast, logBinomialBet, toleratedRatio } from './fan-in-contrast.ts'

/** The last days are left out, so that a campaign does not become its own past while it is being found. */
const embargoDays = 14
const lookbackDays = 30
/** Fewer marked units are no past to compare with. */
const fewestUnits = 100

/**
 * The marked units of the 30 days that ended two weeks ago: a key that was as common among them a tenth of today's share is a
 * standing habit of this site (a programme's own tool, a country's first network), not an event. Without it a habit beyond
 * `toleratedRatio` would add a little evidence on every day for ever. It takes nothing from a campaign's first two weeks.
 */
export class PastMarked {
  readonly #days: { day: number; units: number; byKey: Map<number, number> }[] = []
  /** Sums over the days between embargo and lookback. */
  readonly #byKey = new Map<number, number>()
  #units = 0
  /** Index into `#days` of the first that is under embargo. */
  #open = 0

  /** Brings the sums up to what may be compared with on `day`. */
  advance(day: number): void {
    while (this.#open < this.#days.length && this.#days[this.#open].day < day - embargoDays)
      this.#count(this.#open++, 1)
    while (this.#days.length > 0 && this.#days[0].day < day - embargoDays - lookbackDays) {
      this.#count(0, -1)
      this.#days.shift()
      this.#open--
    }
  }

  add(day: number, contrast: Contrast): void {
    const byKey = new Map<number, number>()
    for (const [key] of contrast.totals()) {
      const marked = contrast.markedOf(key)
      if (marked > 0) byKey.set(key, marked)
    }
    this.#days.push({ day, units: contrast.marked, byKey })
  }

  /** log e of `key` in today's contrast against the past, in nats; ∞ (no objection) while there is no past. */
  logE(contrast: Contrast, key: number, theta: number): number {
    if (this.#units < fewestUnits) return Infinity
    const tolerated = toleratedRatio * contrast.marked
    const r = tolerated / (tolerated + this.#units)
    return logBinomialBet(contrast.markedOf(key), this.#byKey.get(key) ?? 0, r, theta)
  }

  #count(index: number, sign: 1 | -1): void {
    const { units, byKey } = this.#days[index]
    this.#units += sign * units
    for (const [key, count] of byKey) {
      const sum = (this.#byKey.get(key) ?? 0) + sign * count
      if (sum === 0) this.#byKey.delete(key)
      else this.#byKey.set(key, sum)
    }
  }
}
