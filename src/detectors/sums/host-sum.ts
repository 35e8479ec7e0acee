/**
 * The robust sum over a pool's hosts (reference/algorithms.md §1.1, §2.2 "dense"): Σ ψ(r) / √n of each host's log bytes of the
 * day, set against the host's own past (median and deviation of working days or weekends) and cut at ±2.5, so that thirty hosts
 * that each send a little more weigh more than one that sends a lot. Hosts with fewer than 8 days of past take no part.
 */
import { clip, median, scale } from '../../math/robust.ts'
import { TouchOrder } from '../../model/touch-order.ts'
import { HostColumn } from './host-column.ts'
import { isWeekend } from './season.ts'

const bytesFloor = 1e6
export const cut = 2.5
const leastDays = 8
/** Deviations below a third of a factor e are not believed. */
const leastScale = 0.3
/** Baselines are taken anew every so many days: what is usual for a host changes slowly. */
const renewDays = 7
/** Hosts that sent nothing for so long no longer take part. */
const forgottenDays = 45
const never = -0x80000000

/** What is known of a host, by its number in order of appearance; [working day, weekend] side by side. */
interface HostPasts {
  first_day: Int32Array
  /** On which it sent anything. */
  last_day: Int32Array
  /** Up to which it has values; the day before the first while there is none. */
  valued_day: Int32Array
  baseline_day: Int32Array
  centre: Float64Array
  spread: Float64Array
}

export class HostSum {
  #hosts = new TouchOrder()
  #pasts = pastsOf(16)
  /** Log bytes of the hosts by day, by their numbers; NaN where nothing is learned. Days that teach nothing are absent. */
  #values = new Map<number, Float64Array>()
  #sent = new Float64Array(16)
  #scores = new Float64Array(16)
  #own = new Float64Array(16)

  /**
   * How far each host was from its own past on the last day, in deviations, not cut; NaN of those that were not judged. By the
   * hosts' numbers, which they keep: a view, overwritten by the next day.
   */
  get scores(): Float64Array {
    return this.#scores.subarray(0, this.#hosts.size)
  }

  copy(): HostSum {
    const copy = new HostSum()
    copy.#hosts = this.#hosts.copy()
    copy.#pasts = pastsOf(this.#sent.length)
    for (const name of Object.keys(copy.#pasts) as (keyof HostPasts)[]) copy.#pasts[name].set(this.#pasts[name])
    // a day's values are written once
    copy.#values = new Map(this.#values)
    copy.#sent = this.#sent.slice()
    copy.#scores = this.#scores.slice()
    return copy
  }

  /** The statistic of a day; every host of the pool learns its day. NaN with no host to judge. Days in order, each once. */
  step(day: number, bytes: HostColumn | ReadonlyMap<number, number>, quiet: boolean): number {
    this.#take(day, bytes instanceof HostColumn ? bytes : HostColumn.of(bytes))
    const { last_day, valued_day, baseline_day, centre, spread } = this.#pasts
    const weekend = isWeekend(day) ? 1 : 0
    const values = quiet ? undefined : new Float64Array(this.#hosts.size).fill(Number.NaN)
    let sum = 0
    let judged = 0
    this.#scores.fill(Number.NaN)
    for (let host = 0; host < this.#hosts.size; host++) {
      const isSent = last_day[host] === day
      if (!isSent && day - last_day[host] > forgottenDays) continue
      if (day >= baseline_day[host] + renewDays) this.#renew(host, day)
      const value = Math.log((isSent ? this.#sent[host] : 0) + bytesFloor)
      const usual = 2 * host + weekend
      if (!Number.isNaN(centre[usual])) {
        const score = (value - centre[usual]) / spread[usual]
        this.#scores[host] = score
        sum += clip(score, -cut, cut)
        judged++
      }
      if (values) values[host] = value
      valued_day[host] = day
    }
    if (values) this.#values.set(day, values)
    return judged === 0 ? Number.NaN : sum / Math.sqrt(judged)
  }

  /** What each host sent today, `last_day` of those that did. */
  #take(day: number, { ids, bytes }: HostColumn): void {
    for (let i = 0; i < ids.length; i++) {
      const before = this.#hosts.size
      const host = this.#hosts.add(ids[i])
      if (host === this.#sent.length) this.#grow()
      if (host === before) {
        this.#pasts.first_day[host] = day
        this.#pasts.valued_day[host] = day - 1
      }
      this.#pasts.last_day[host] = day
      this.#sent[host] = bytes[i]
    }
  }

  #renew(host: number, day: number): void {
    const { first_day, valued_day, baseline_day, centre, spread } = this.#pasts
    baseline_day[host] = day
    if (valued_day[host] - first_day[host] + 1 < leastDays) return
    for (const weekend of [0, 1]) {
      const own = this.#pastOf(host, weekend)
      // young hosts: all days together
      const values = own.length >= leastDays / 2 ? own : this.#pastOf(host)
      if (values.length < leastDays / 2) continue
      centre[2 * host + weekend] = median(values)
      spread[2 * host + weekend] = Math.max(leastScale, scale(values, centre[2 * host + weekend]))
    }
  }

  /** Values that the host learned, of weekends (1), working days (0) or all: a view, overwritten by the next. */
  #pastOf(host: number, weekend?: number): Float64Array {
    const { first_day, valued_day } = this.#pasts
    if (this.#own.length < this.#values.size) this.#own = new Float64Array(2 * this.#values.size)
    let length = 0
    for (let day = first_day[host]; day <= valued_day[host]; day++) {
      if (weekend !== undefined && Number(isWeekend(day)) !== weekend) continue
      const value = this.#values.get(day)?.[host]
      if (value !== undefined && !Number.isNaN(value)) this.#own[length++] = value
    }
    return this.#own.subarray(0, length)
  }

  #grow(): void {
    const room = 2 * this.#sent.length
    const larger = pastsOf(room)
    for (const name of Object.keys(larger) as (keyof HostPasts)[]) larger[name].set(this.#pasts[name])
    this.#pasts = larger
    const sent = new Float64Array(room)
    sent.set(this.#sent)
    this.#sent = sent
    this.#scores = new Float64Array(room)
  }
}

function pastsOf(room: number): HostPasts {
  return {
    first_day: new Int32Array(room),
    last_day: new Int32Array(room),
    valued_day: new Int32Array(room),
    baseline_day: new Int32Array(room).fill(never),
    centre: new Float64Array(2 * room).fill(Number.NaN),
    spread: new Float64Array(2 * room).fill(1),
  }
}
