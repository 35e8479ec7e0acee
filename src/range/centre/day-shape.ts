/**
 * When things happen: hours of a day and of a night, weekends, holidays, deadlines, growth, slow drift, and shocks that hit
 * everybody at once. Hours come from tables, not from sines: tables are the same on every machine.
 */
import { exp } from '../portable-math.ts'
import type { BackgroundEvents } from '../scenarios/scenario.ts'
import { Stream, Weighted } from '../stream.ts'
import { growth_per_year } from './reference-site.ts'

export const dayMs = 86_400_000
export const hourMs = 3_600_000
/** A Monday, so that day 5 and 6 of every week are its weekend. */
export const firstDayMs = Date.UTC(2026, 0, 5)

/** People, by the hour of their own clock. */
export const peopleHours = [4, 3, 2, 2, 2, 3, 5, 12, 28, 48, 58, 60, 50, 54, 60, 58, 50, 40, 30, 24, 20, 16, 11, 7]
/** Programs that run by themselves, with a little of their masters' day in them. */
export const machineHours = [
  36, 36, 36, 36, 35, 34, 34, 35, 38, 42, 44, 45, 43, 44, 45, 44, 42, 40, 39, 38, 37, 37, 36, 36,
]
const peopleChoice = new Weighted(peopleHours)
const machineChoice = new Weighted(machineHours)

export interface CalendarEntry {
  from_day: number
  until_day: number
  kind: 'holiday' | 'deadline' | 'maintenance'
  /** Absent from the calendar that the operators keep. */
  untold?: boolean
}

/** What runs at all during a shutdown. */
const shutdown_level = 0.02
/** Storage is down for all: transfers, downloads and logins of that time do not take place. */
export interface Outage {
  start_ms: number
  end_ms: number
}

/** ms of a day (UTC) at which a person in this zone, or a program, does something. */
export function timeOfDay(stream: Stream, zone_hours: number, who: 'person' | 'program' = 'person'): number {
  const hour = (who === 'person' ? peopleChoice : machineChoice).draw(stream) - (who === 'person' ? zone_hours : 0)
  return ((hour + 24) % 24) * hourMs + stream.int(0, hourMs - 1)
}

export class DayShape {
  readonly calendar: readonly CalendarEntry[]
  readonly outages: readonly Outage[]
  /** A week in which many travel at once; −1 = none in this span. */
  readonly conference_day: number
  readonly #level: Float64Array
  readonly #shutdown: BackgroundEvents['shutdown']
  readonly #drift = new Map<string, Float64Array>()
  readonly #seed: number
  readonly #days: number

  /** `declared`: share of events of which the operators' calendar knows. Without events all is drawn as it always was. */
  constructor(seed: number, days: number, events: BackgroundEvents = {}, declared = 1) {
    this.#seed = seed
    this.#days = days
    const stream = new Stream(seed, 'shape')
    const calendar: CalendarEntry[] = []
    for (let day = 20; day < days; day += stream.int(35, 60)) {
      const monday = day - (day % 7)
      calendar.push({ from_day: monday, until_day: monday + 4, kind: stream.chance(0.6) ? 'deadline' : 'holiday' })
    }
    this.calendar = withEvents(calendar, events, (name) => new Stream(seed, 'declared', name).unit() >= declared)
    this.#shutdown = events.shutdown
    this.outages = Array.from({ length: Math.floor(days / 45) }, (_, i) => {
      const start_ms = firstDayMs + (i * 45 + stream.int(10, 44)) * dayMs + stream.int(0, 18) * hourMs
      return { start_ms, end_ms: start_ms + stream.int(3, 6) * hourMs }
    })
    this.conference_day = days > 30 ? stream.int(14, days - 8) : -1
    this.#level = walk(new Stream(seed, 'shape', 'level'), days, 0.8, 0.06)
  }

  /** How busy day `day` is for this way out: 1 = a usual working day at the start. */
  level(day: number, way: string, who: 'person' | 'program'): number {
    let drift = this.#drift.get(way)
    if (!drift) {
      drift = walk(new Stream(this.#seed, 'drift', way), this.#days, 1, 0.006)
      this.#drift.set(way, drift)
    }
    const weekend = day % 7 >= 5 ? (who === 'person' ? 0.35 : 0.85) : 1
    const entry = this.calendar.find(({ from_day, until_day }) => day >= from_day && day <= until_day)
    if (entry?.kind === 'maintenance') return shutdown_level * (1 + (growth_per_year * day) / 365)
    const special = entry === undefined ? 1 : entry.kind === 'deadline' ? 1.4 : who === 'person' ? 0.45 : 0.8
    const usual = weekend * special * (1 + (growth_per_year * day) / 365) * exp(this.#level[day] + drift[day])
    return usual * this.#catchUp(day)
  }

  /** What a shutdown left undone, spread over the days after it. */
  #catchUp(day: number): number {
    if (this.#shutdown === undefined) return 1
    const { day: from_day, lasts_days, catch_up_days } = this.#shutdown
    const since = day - from_day - lasts_days
    return since >= 0 && since < catch_up_days ? 1 + lasts_days / catch_up_days : 1
  }

  /** Whether nothing is switched on that runs jobs. */
  isShut(day: number): boolean {
    return this.calendar.some(
      ({ from_day, until_day, kind }) => kind === 'maintenance' && day >= from_day && day <= until_day,
    )
  }

  isDown(ms: number): boolean {
    return this.outages.some(({ start_ms, end_ms }) => ms >= start_ms && ms < end_ms)
  }
}

/** The first holiday replaces all others; a shutdown stands before what else is on its days. */
function withEvents(
  calendar: readonly CalendarEntry[],
  { first_holiday, shutdown }: BackgroundEvents,
  isUntold: (name: string) => boolean,
): CalendarEntry[] {
  const span = (event: { day: number; lasts_days: number }, name: string) => ({
    ...{ from_day: event.day, until_day: event.day + event.lasts_days - 1, untold: isUntold(name) },
  })
  return [
    ...(shutdown ? [{ ...span(shutdown, 'shutdown'), kind: 'maintenance' as const }] : []),
    ...(first_holiday ? [{ ...span(first_holiday, 'holiday'), kind: 'holiday' as const }] : []),
    ...calendar.filter(({ kind }) => first_holiday === undefined || kind !== 'holiday'),
  ]
}

/** An autoregressive walk: `keep` of yesterday's value and a normal step. */
function walk(stream: Stream, days: number, keep: number, step: number): Float64Array {
  const values = new Float64Array(days)
  for (let day = 1; day < days; day++) values[day] = keep * values[day - 1] + step * stream.normal()
  return values
}
