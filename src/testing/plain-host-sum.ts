/** The robust sum over hosts as plain code: an object for each host. What `HostSum` must equal to the last bit. */
import { isWeekend } from '../detectors/sums/season.ts'
import { clip, median, scale } from '../math/robust.ts'

const bytesFloor = 1e6
const cut = 2.5
const leastDays = 8
const leastScale = 0.3
const renewDays = 7
const forgottenDays = 45

interface HostPast {
  first_day: number
  last_day: number
  /** Log bytes by day since `first_day`; NaN where the day was not observed. */
  values: number[]
  baseline_day: number
  centre: [number, number]
  spread: [number, number]
}

export class PlainHostSum {
  readonly #hosts = new Map<number, HostPast>()

  /** The statistic of a day; every host of the pool learns its day. NaN with no host to judge. */
  step(day: number, bytes: ReadonlyMap<number, number>, quiet: boolean): number {
    let sum = 0
    let judged = 0
    const weekend = isWeekend(day) ? 1 : 0
    for (const host of bytes.keys()) {
      if (!this.#hosts.has(host))
        this.#hosts.set(host, {
          ...{ first_day: day, last_day: day, values: [], baseline_day: Number.NEGATIVE_INFINITY },
          ...{ centre: [Number.NaN, Number.NaN], spread: [1, 1] },
        })
    }
    for (const [host, past] of this.#hosts) {
      const sent = bytes.get(host)
      if (sent !== undefined) past.last_day = day
      else if (day - past.last_day > forgottenDays) continue
      if (day >= past.baseline_day + renewDays) renew(past, day)
      const value = Math.log((sent ?? 0) + bytesFloor)
      if (!Number.isNaN(past.centre[weekend])) {
        sum += clip((value - past.centre[weekend]) / past.spread[weekend], -cut, cut)
        judged++
      }
      while (past.values.length < day - past.first_day) past.values.push(Number.NaN)
      past.values.push(quiet ? Number.NaN : value)
    }
    return judged === 0 ? Number.NaN : sum / Math.sqrt(judged)
  }
}

function renew(past: HostPast, day: number): void {
  past.baseline_day = day
  for (const weekend of [0, 1]) {
    const own = past.values.filter(
      (value, i) => !Number.isNaN(value) && Number(isWeekend(past.first_day + i)) === weekend,
    )
    // young hosts: all days together
    const values = own.length >= leastDays / 2 ? own : past.values.filter((value) => !Number.isNaN(value))
    if (past.values.length < leastDays || values.length < leastDays / 2) continue
    past.centre[weekend] = median(values)
    past.spread[weekend] = Math.max(leastScale, scale(values, past.centre[weekend]))
  }
}
