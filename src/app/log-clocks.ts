/**
 * Which clock each file is read with (CONTRACT, counting rule 6): the zone of the sensor that its path matches, else the
 * site's; where a date lacks its year, the year nearest to the span of the dated sources of the state and of this run,
 * else the last one not after the file.
 */
import { type LogClock, logClock } from '../model/log-clock.ts'
import { dayMs } from '../model/window.ts'
import { type FoundFile, isMeantBy } from './discover.ts'

export interface LogClocksOptions {
  timezone: string
  sensors: readonly { timezone?: string; matches: (path: string) => boolean }[]
  /** What the state's dated sources span, if it holds any. */
  span?: { from_ms: number; to_ms: number }
  /** The year of all dates without one, as the user said. */
  assume_year?: number
}

export class LogClocks {
  readonly #options: LogClocksOptions
  readonly #clocks = new Map<string, LogClock>()
  /** Years that the time of a file suggested. */
  readonly #guessed = new Set<number>()
  #from_ms: number
  #to_ms: number

  constructor(options: LogClocksOptions) {
    this.#options = options
    this.#from_ms = options.span?.from_ms ?? Number.POSITIVE_INFINITY
    this.#to_ms = options.span?.to_ms ?? Number.NEGATIVE_INFINITY
  }

  /** A dated source spoke of these times. Before the first undated file is read. */
  saw(times: Float64Array, length: number): void {
    for (let i = 0; i < length; i++) {
      if (times[i] < this.#from_ms) this.#from_ms = times[i]
      if (times[i] > this.#to_ms) this.#to_ms = times[i]
    }
  }

  clockOf(file: FoundFile): LogClock {
    const { sensors, timezone: ofSite, assume_year } = this.#options
    const sensor = sensors.find(({ matches }) => isMeantBy(matches, file))
    const timezone = sensor?.timezone ?? ofSite
    const [from_ms, to_ms] = this.#spanFor(file, assume_year)
    const key = `${timezone} ${from_ms} ${to_ms}`
    let clock = this.#clocks.get(key)
    if (!clock) {
      clock = logClock({ timezone, span: { from_ms, to_ms } })
      if (!Number.isFinite(from_ms)) clock = this.#noting(clock)
      this.#clocks.set(key, clock)
    }
    return clock
  }

  /** Years that were taken from the time of a file because no source that states its year has been seen. */
  get guessedYears(): number[] {
    return this.#from_ms <= this.#to_ms ? [] : [...this.#guessed].sort((a, b) => a - b)
  }

  #noting(clock: LogClock): LogClock {
    const yearOf = (month: number, day: number): number => {
      const year = clock.yearOf(month, day)
      this.#guessed.add(year)
      return year
    }
    return { utcOf: clock.utcOf, yearOf }
  }

  #spanFor(file: FoundFile, assume_year: number | undefined): [from_ms: number, to_ms: number] {
    if (assume_year !== undefined) return [Date.UTC(assume_year, 0, 1), Date.UTC(assume_year + 1, 0, 1) - 1]
    if (this.#from_ms <= this.#to_ms) return [this.#from_ms, this.#to_ms]
    // a day later: the clock that wrote the file and the one that dated it may differ, and so may their zones
    return [Number.NEGATIVE_INFINITY, Math.ceil(file.mtime_ms / dayMs) * dayMs + dayMs]
  }
}
