/** When each sensor said something, and what its flows covered day by day. */
import { dayMs, tickOf } from '../../model/window.ts'
import { TickSpans } from './tick-spans.ts'

export interface SensorActivity {
  first_ms: number
  last_ms: number
  flows: number
  probes: number
  ticks: TickSpans
  /** First start and last end of the flows that began on each day. */
  days: Map<number, { from_ms: number; to_ms: number }>
}

export class Sensors {
  /** By the number of the sensor's name. */
  readonly all = new Map<number, SensorActivity>()
  #sensor = -1
  #day = -1
  #activity: SensorActivity | undefined
  #covered = { from_ms: 0, to_ms: 0 }

  sawFlow(sensor: number, start_ms: number, end_ms: number): void {
    const activity = this.#of(sensor)
    activity.flows++
    this.#sawSpan(activity, start_ms, end_ms)
    const day = Math.floor(start_ms / dayMs)
    if (day !== this.#day) {
      let covered = activity.days.get(day)
      if (!covered) {
        covered = { from_ms: start_ms, to_ms: end_ms }
        activity.days.set(day, covered)
      }
      this.#day = day
      this.#covered = covered
    }
    if (start_ms < this.#covered.from_ms) this.#covered.from_ms = start_ms
    if (end_ms > this.#covered.to_ms) this.#covered.to_ms = end_ms
  }

  sawProbe(sensor: number, start_ms: number): void {
    const activity = this.#of(sensor)
    activity.probes++
    this.#sawSpan(activity, start_ms, start_ms)
  }

  /** Spans of flows that reach into [from_ms, to_ms), as the store of the books tells them. */
  coverage(from_ms: number, to_ms: number): { sensor: number; from_ms: number; to_ms: number }[] {
    return [...this.all].flatMap(([sensor, { days }]) =>
      [...days.values()]
        .filter((span) => span.from_ms < to_ms && span.to_ms >= from_ms)
        .map((span) => ({ sensor, ...span })),
    )
  }

  #sawSpan(activity: SensorActivity, start_ms: number, end_ms: number): void {
    if (start_ms < activity.first_ms) activity.first_ms = start_ms
    if (end_ms > activity.last_ms) activity.last_ms = end_ms
    const first = tickOf(start_ms)
    activity.ticks.add(first, end_ms > start_ms ? tickOf(end_ms - 1) : first)
  }

  #of(sensor: number): SensorActivity {
    if (sensor === this.#sensor && this.#activity) return this.#activity
    let activity = this.all.get(sensor)
    if (!activity) {
      activity = {
        first_ms: Number.POSITIVE_INFINITY,
        last_ms: Number.NEGATIVE_INFINITY,
        flows: 0,
        probes: 0,
        ticks: new TickSpans(),
        days: new Map(),
      }
      this.all.set(sensor, activity)
    }
    this.#sensor = sensor
    this.#activity = activity
    this.#day = -1
    return activity
  }
}
