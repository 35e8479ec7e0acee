/**
 * The clock of whoever wrote a log: from the wall time that a line shows to UTC, where the line states no zone, and to a
 * year, where it states none. Stateless per line, so that no split or order of the input changes what a line means.
 */
import { dayMs } from './window.ts'

/** The wall clock as it is in UTC: what logs with a zone of their own are read with. */
export interface LogClock {
  /** UTC of a wall time; both as epoch ms, the wall time counted as if it were UTC. */
  utcOf(wall_ms: number): number
  /**
   * The year of a date that states none: the one that brings it nearest to the span of dated sources, the later of two
   * that are equally near. `month` 1 … 12.
   */
  yearOf(month: number, day: number): number
}

/** Between what dated sources say; `from_ms` −∞: not later than `to_ms`, as for a file of which only its mtime is known. */
export interface KnownSpan {
  from_ms: number
  to_ms: number
}

export interface LogClockOptions {
  /** IANA name, `UTC` unless stated. */
  timezone?: string
  span?: KnownSpan
}

/** Nobody said anything of the year: now is the best guess, and only tests come here. */
const unknownSpan: KnownSpan = { from_ms: 0, to_ms: 0 }

export function logClock({ timezone = 'UTC', span = unknownSpan }: LogClockOptions = {}): LogClock {
  const zone = isUtc(timezone) ? undefined : new Zone(timezone)
  const years = new Map<number, number>()
  return {
    utcOf: (wall_ms) => (zone && !Number.isNaN(wall_ms) ? zone.utcOf(wall_ms) : wall_ms),
    yearOf: (month, day) => {
      const key = month * 32 + day
      let year = years.get(key)
      if (year === undefined) {
        year = nearestYear(month, day, span)
        years.set(key, year)
      }
      return year
    },
  }
}

export const utcClock: LogClock = logClock()

function isUtc(timezone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|GMT|Zulu|Universal)$/i.test(timezone)
}

function nearestYear(month: number, day: number, { from_ms, to_ms }: KnownSpan): number {
  const last = new Date(to_ms).getUTCFullYear() + 1
  const first = Math.min(Number.isFinite(from_ms) ? new Date(from_ms).getUTCFullYear() : last, last - 2) - 8
  let best = last - 1
  let bestDistance = Number.POSITIVE_INFINITY
  for (let year = first; year <= last; year++) {
    const from = Date.UTC(year, month - 1, day)
    if (new Date(from).getUTCDate() !== day) continue
    // without a beginning the span reaches back for ever: what counts is not to lie after its end
    const distance = Math.max(0, from_ms - (from + dayMs - 1), from - to_ms)
    if (distance <= bestDistance) {
      best = year
      bestDistance = distance
    }
  }
  return best
}

/** A zone's offsets from the time zone database that Node carries, remembered by quarter of an hour. */
class Zone {
  readonly #format: Intl.DateTimeFormat
  readonly #offsets = new Map<number, number>()

  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** Of a wall time that occurs twice the first; one that is skipped is read with the offset from before the gap. */
  utcOf(wall_ms: number): number {
    const earlier = wall_ms - this.#offsetAt(wall_ms - dayMs)
    if (this.#offsetAt(earlier) === wall_ms - earlier) return earlier
    const later = wall_ms - this.#offsetAt(wall_ms + dayMs)
    return this.#offsetAt(later) === wall_ms - later ? later : earlier
  }

  /** Milliseconds east of Greenwich at a moment of UTC. */
  #offsetAt(utc_ms: number): number {
    const quarter = Math.floor(utc_ms / 900_000)
    let offset = this.#offsets.get(quarter)
    if (offset === undefined) {
      const moment = quarter * 900_000
      const part = Object.fromEntries(
        this.#format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
      )
      offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - moment
      if (this.#offsets.size > 100_000) this.#offsets.clear()
      this.#offsets.set(quarter, offset)
    }
    return offset
  }
}
