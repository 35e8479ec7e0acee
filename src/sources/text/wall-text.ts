/** Dates as people and `ctime` write them, from text to epoch ms. Everything gives NaN where the text is no such time. */
import type { LogClock } from '../../model/log-clock.ts'
import { isoMicros, millisOf } from './time-text.ts'

const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** 1 … 12 of `Jan` … `Dec`; NaN for anything else. */
export function monthNamed(name: string): number {
  const at = name.length === 3 ? monthNames.indexOf(name) : -1
  return at >= 0 && at % 3 === 0 ? at / 3 + 1 : Number.NaN
}

/** A wall time as if it were UTC; NaN if there is no such day or hour. Second 60 is the next minute's first. */
export function wallMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millis = 0,
): number {
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, millis)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? ms : Number.NaN
}

/** `Thu Mar 16 17:09:03 2017`, with or without the day of the week: the wall time of `clock`. */
export function ctimeMs(text: string, clock: LogClock): number {
  const found = /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text)
  if (!found) return Number.NaN
  const [, month, day, hour, minute, second, year] = found
  return clock.utcOf(wallMs(Number(year), monthNamed(month), Number(day), Number(hour), Number(minute), Number(second)))
}

const scratch = Buffer.alloc(64)

/** ISO 8601 in the forms of `isoMicros`, rounded down to the millisecond. */
export function isoTextMs(text: string, clock: LogClock): number {
  if (text.length > 40) return Number.NaN
  return millisOf(isoMicros(scratch, 0, scratch.write(text, 'latin1'), clock))
}

/** Seconds since the epoch, with or without a fraction. */
export function epochTextMs(text: string): number {
  return /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Math.floor(Number(text) * 1000) : Number.NaN
}
