/** UTC times as GridFTP servers print them, digits alone: `20190731073044.992375`. */

/** The day read last: the times of a log come in order, so that nearly every one is of the same day. */
let knownDay = -1
let knownDayMs = Number.NaN

/**
 * Epoch ms, rounded down, of `YYYYMMDDhhmmss` and microseconds after a point; NaN if it is none. Old servers print the
 * microseconds without leading zeros (`.2102` is 2.102 ms), later ones six digits: both are their number.
 */
export function gridftpMillis(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 14 || end - start > 21) return Number.NaN
  const hour = digitsAt(bytes, start + 8, start + 10)
  const minute = digitsAt(bytes, start + 10, start + 12)
  const second = digitsAt(bytes, start + 12, start + 14)
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  const point = start + 14
  if (point < end && (bytes[point] !== 0x2e || point + 1 === end)) return Number.NaN
  const micros = digitsAt(bytes, point + 1, end)
  const day_ms = midnightOf(digitsAt(bytes, start, start + 8))
  return day_ms + hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.floor(micros / 1000)
}

function midnightOf(day: number): number {
  if (day !== knownDay) {
    const moment = new Date(Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100))
    const read = moment.getUTCFullYear() * 10_000 + (moment.getUTCMonth() + 1) * 100 + moment.getUTCDate()
    knownDay = day
    knownDayMs = read === day ? moment.getTime() : Number.NaN
  }
  return knownDayMs
}

/** 0 where there are none, NaN if one of them is no digit. */
function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
