/**
 * Fields of access logs: separated by spaces, where "…" and […] are one field however many spaces they hold.
 */
import { monthNamed, wallMs } from './wall-text.ts'

const space = 0x20
const backslash = 0x5c

/**
 * The first `most` fields, quoted and bracketed ones with their marks. Such a field ends at the first mark that is followed
 * by a space or the end of the line, so that marks inside (user agents hold anything) do no harm; a backslash takes the
 * meaning from the character behind it. One that never ends takes the rest of the line and lacks its last mark. Linear time.
 */
export function logFields(line: string, most: number): string[] {
  const fields: string[] = []
  for (let i = 0; i < line.length && fields.length < most; ) {
    const first = line[i]
    if (first === ' ') i++
    else {
      const end =
        first === '"' ? markedEnd(line, i, '"') : first === '[' ? markedEnd(line, i, ']') : spaceAfter(line, i)
      fields.push(line.slice(i, end))
      i = end
    }
  }
  return fields
}

/** What stands between the quotes; undefined if the field is not quoted. */
export function quotedText(field: string | undefined): string | undefined {
  return field !== undefined && field.length >= 2 && field.startsWith('"') && field.endsWith('"')
    ? field.slice(1, -1)
    : undefined
}

function spaceAfter(line: string, i: number): number {
  const at = line.indexOf(' ', i)
  return at < 0 ? line.length : at
}

function markedEnd(line: string, start: number, mark: '"' | ']'): number {
  const code = mark.charCodeAt(0)
  for (let i = start + 1; i < line.length; i++) {
    const character = line.charCodeAt(i)
    if (character === backslash) i++
    else if (character === code && (i + 1 === line.length || line.charCodeAt(i + 1) === space)) return i + 1
  }
  return line.length
}

const clfForm = /^\[?(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\]?$/

let lastText = ''
let lastMs = Number.NaN

/** Epoch ms of `10/Oct/2000:13:55:36 -0700`, with or without its brackets; NaN if it is no such time. */
export function clfMillis(text: string): number {
  // busy servers write many lines of the same second
  if (text !== lastText) {
    lastMs = parseClf(text)
    lastText = text
  }
  return lastMs
}

function parseClf(text: string): number {
  const match = text.length <= 28 ? clfForm.exec(text) : null
  if (!match) return Number.NaN
  const [day, year, hour, minute, second, zoneHours, zoneMinutes] = [1, 3, 4, 5, 6, 8, 9].map((at) => Number(match[at]))
  if (zoneHours > 15 || zoneMinutes > 59) return Number.NaN
  const zone = (zoneHours * 60 + zoneMinutes) * (match[7] === '-' ? -1 : 1)
  return wallMs(year, monthNamed(match[2]), day, hour, minute, second) - zone * 60_000
}
