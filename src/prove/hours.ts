/** When thieves are at work, UTC: as people do, at night, or without a pause. */
import { ticksPerDay } from '../model/window.ts'
import type { HourProfile } from './spec.ts'

const hoursOf: Record<HourProfile, readonly number[]> = {
  people: Array.from({ length: 24 }, (_, hour) => (hour < 7 || hour > 20 ? 0.1 : hour < 9 || hour > 17 ? 0.6 : 1)),
  night: Array.from({ length: 24 }, (_, hour) => (hour < 5 || hour > 21 ? 1 : 0)),
  flat: new Array<number>(24).fill(1),
}
const weekendWeight = 0.3

/** Of a UTC day, counted from the epoch: a Thursday. */
export function dayWeight(profile: HourProfile, day: number): number {
  const weekday = (((day + 4) % 7) + 7) % 7
  return profile === 'people' && (weekday === 0 || weekday === 6) ? weekendWeight : 1
}

/** The tick of a day at this share of its activity; `uniform` in [0, 1). */
export function tickWithin(profile: HourProfile, uniform: number): number {
  const weights = hoursOf[profile]
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0)
  const ticksPerHour = ticksPerDay / 24
  for (const [hour, weight] of weights.entries()) {
    if (left < weight) return hour * ticksPerHour + Math.floor((left / weight) * ticksPerHour)
    left -= weight
  }
  return ticksPerDay - 1
}
