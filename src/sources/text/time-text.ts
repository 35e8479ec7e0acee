/**
 * Times and durations in log text, from bytes to whole microseconds since the epoch (UTC), without floating-point drift.
 * Microseconds are the common unit because Zeek prints %.6f in TSV and a shortest double in JSON: both round to the same
 * microsecond, so both give the same millisecond. Everything returns NaN where the text is not a time; nothing throws.
 * Exact up to 2^53 µs (the year 2255); what lies beyond is out of range anyway.
 */

import type { LogClock } from '../../model/log-clock.ts'
import { earliestMs, latestMs, longestMs } from '../../model/observation.ts'

/** Decimal places that turn a unit into microseconds. */
export const secondPlaces = 6
export const milliPlaces = 3

/**
 * A decimal number of seconds (`places` 6) or milliseconds (`places` 3) in microseconds, half a microsecond up:
 * `1258790493.773208`, `-0.5`, `1e-06`. A sign other than minus, a bare point, `nan` and `inf` are NaN.
 */
export function decimalMicros(bytes: Uint8Array, start: number, end: number, places: number): number {
  let i = start
  const negative = bytes[i] === 0x2d
  if (negative) i++
  const wholeStart = i
  let value = 0
  for (; i < end; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (i === wholeStart || i > end) return Number.NaN
  let fraction = 0
  let taken = 0
  let roundUp = false
  if (i < end && bytes[i] === 0x2e) {
    const fractionStart = ++i
    for (; i < end; i++) {
      const digit = bytes[i] - 0x30
      if (digit < 0 || digit > 9) break
      if (taken < places) fraction = fraction * 10 + digit
      else if (taken === places) roundUp = digit >= 5
      taken++
    }
    if (i === fractionStart) return Number.NaN
  }
  if (i < end) return exponentMicros(bytes, start, i, end, places)
  for (; taken < places; taken++) fraction *= 10
  for (let place = 0; place < places; place++) value *= 10
  value += roundUp ? fraction + 1 : fraction
  return negative && value > 0 ? -value : value
}

/** The rare form with an exponent at `e`: read as a double, then rounded to the microsecond. */
function exponentMicros(bytes: Uint8Array, start: number, e: number, end: number, places: number): number {
  if ((bytes[e] | 0x20) !== 0x65 || end - start > 40) return Number.NaN
  const signed = bytes[e + 1] === 0x2b || bytes[e + 1] === 0x2d ? 2 : 1
  if (e + signed >= end) return Number.NaN
  for (let i = e + signed; i < end; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return Number.NaN
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i])
  return Math.round(Number(text) * 10 ** places)
}

/**
 * ISO 8601 in microseconds: `2018-03-24T17:15:20.615923Z`, a space for the T, a fraction of any length after point or
 * comma, `Z`, `±hh:mm`, `±hhmm` or `±hh`. Without a zone it is the wall time of `clock`.
 */
export function isoMicros(bytes: Uint8Array, start: number, end: number, clock: LogClock): number {
  if (end - start < 19 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return Number.NaN
  const divider = bytes[start + 10]
  if ((divider !== 0x54 && divider !== 0x74 && divider !== 0x20) || bytes[start + 13] !== 0x3a) return Number.NaN
  if (bytes[start + 16] !== 0x3a) return Number.NaN
  const year = pairAt(bytes, start) * 100 + pairAt(bytes, start + 2)
  const month = pairAt(bytes, start + 5)
  const day = pairAt(bytes, start + 8)
  const hour = pairAt(bytes, start + 11)
  const minute = pairAt(bytes, start + 14)
  const second = pairAt(bytes, start + 17)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  let i = start + 19
  let fraction = 0
  let taken = 0
  if (i < end && (bytes[i] === 0x2e || bytes[i] === 0x2c)) {
    const fractionStart = ++i
    for (; i < end; i++) {
      const digit = bytes[i] - 0x30
      if (digit < 0 || digit > 9) break
      if (taken < 6) fraction = fraction * 10 + digit
      else if (taken === 6 && digit >= 5) fraction++
      taken++
    }
    if (i === fractionStart) return Number.NaN
    for (; taken < 6; taken++) fraction *= 10
  }
  const minutes = daysSinceEpoch(year, month, day) * 1440 + hour * 60 + minute
  const seconds = i === end ? clock.utcOf(minutes * 60_000) / 1000 : (minutes - zoneAt(bytes, i, end)) * 60
  return (seconds + second) * 1_000_000 + fraction
}

/** Minutes east of Greenwich. */
function zoneAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 1 && (bytes[start] | 0x20) === 0x7a) return 0
  const sign = bytes[start] === 0x2b ? 1 : bytes[start] === 0x2d ? -1 : Number.NaN
  const colon = bytes[start + 3] === 0x3a
  if (length !== 3 && length !== (colon ? 6 : 5)) return Number.NaN
  const hours = pairAt(bytes, start + 1)
  const minutes = length === 3 ? 0 : pairAt(bytes, start + (colon ? 4 : 3))
  return hours <= 15 && minutes <= 59 ? sign * (hours * 60 + minutes) : Number.NaN
}

function pairAt(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 0x30
  const ones = bytes[at + 1] - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && leap ? 29 : monthDays[month - 1]
}

/** Proleptic Gregorian calendar; source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** Whole milliseconds, rounded down. */
export function millisOf(micros: number): number {
  return Math.floor(micros / 1000)
}

/** Why a time in epoch ms cannot be taken. */
export function timeProblem(ms: number): 'bad_time' | 'time_out_of_range' | undefined {
  if (ms >= earliestMs && ms < latestMs) return undefined
  return Number.isNaN(ms) ? 'bad_time' : 'time_out_of_range'
}

/** Why a record cannot last from start to end: it ends before it starts, or claims more than two years. */
export function durationProblem(startMs: number, endMs: number): 'bad_value' | 'time_out_of_range' | undefined {
  if (endMs < startMs) return 'bad_value'
  return endMs - startMs > longestMs ? 'time_out_of_range' : undefined
}
