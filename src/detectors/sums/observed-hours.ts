/** Hours in which anything left, by day: an hour without a row was not observed, and a day with few of them is like no other. */
import { ticksPerDay } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'
import type { ScaleId } from './channels.ts'
import { grains } from './stream.ts'

const hoursPerDay = 24
const ticksPerHour = 6
/** Hours with records that a day needs to be compared with others. */
export const leastHours = 12

export class ObservedHours {
  readonly #days = new Map<number, Uint8Array>()

  /** A day that is known already is replaced. */
  set({ day, length, tick }: DayRows): void {
    const hours = new Uint8Array(hoursPerDay)
    for (let i = 0; i < length; i++) hours[Math.floor((tick[i] - day * ticksPerDay) / ticksPerHour)] = 1
    this.#days.set(day, hours)
  }

  /** Of a scale of a day at most: whether its slot was observed. */
  isSeen(scale: ScaleId, day: number, slot: number): boolean {
    const { slotsPerDay } = grains[scale]
    const hours = this.#days.get(day)
    return slotsPerDay === 1
      ? (hours?.reduce((sum, hour) => sum + hour, 0) ?? 0) >= leastHours
      : hours?.[Math.floor((slot * hoursPerDay) / slotsPerDay)] === 1
  }

  /** Days are shared with the original: they are replaced, never written to. */
  copy(): ObservedHours {
    const copy = new ObservedHours()
    for (const [day, hours] of this.#days) copy.#days.set(day, hours)
    return copy
  }
}
