/**
 * The framing of syslog, whichever daemon wrote it: RFC 3164 with or without <PRI> and year, ISO 8601 as rsyslog and
 * `journalctl -o short-iso` print it, RFC 5424, an octet count before any of them (RFC 6587), and journald's JSON export.
 * Linear in the line, whatever it holds.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import { jsonObject } from '../text/json-members.ts'
import { isoTextMs, monthNamed, wallMs } from '../text/wall-text.ts'

/** One line; used again for the next. What is not stated is ''. */
export interface SyslogLine {
  /** Epoch ms; NaN if it is no time. */
  time_ms: number
  host: string
  program: string
  pid: string
  message: string
}

/** Takes the message of a program that it knows: appends, or says why not. */
export type MessageReader = (line: SyslogLine, offset: number, batch: ObservationBatch) => RejectReason | undefined

export const emptyLine = (): SyslogLine => ({ time_ms: Number.NaN, host: '', program: '', pid: '', message: '' })

/** Whether the line is framed as syslog; then `into` holds its parts. */
export function readSyslogLine(line: string, clock: LogClock, into: SyslogLine): boolean {
  if (line.charCodeAt(0) === 0x7b) return readJournalLine(line, into)
  const at = afterPriority(line)
  if (at > 0 && line.startsWith('1 ', at)) return readStructured(line, at + 2, clock, into)
  return readPlain(line, at, clock, into)
}

/** Whether a file of such lines is syslog: a bare date and two words are not enough, there must be a program or <PRI>. */
export function looksLikeSyslog(line: string, clock: LogClock): boolean {
  const read = emptyLine()
  return readSyslogLine(line, clock, read) && (read.program !== '' || afterPriority(line) > 0)
}

const priority = /(?:\d{1,7} )?<\d{1,3}>/y

/** The place after octet count and <PRI>, 0 if there is none. */
function afterPriority(line: string): number {
  priority.lastIndex = 0
  return priority.test(line) ? priority.lastIndex : 0
}

const bsdTime =
  /([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ((?:19|20)\d\d)(?= ))?:? /y
const isoTime = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d(?::?\d\d)?)?) /y
const tag = /([^\s:[\]]{1,128})(?:\[([^\]\s]{1,32})\])?:(?: |$)/y
/** Solaris puts a message number and facility before the message. */
const messageNumber = /\[ID \d{1,10} [a-z0-9.]{1,32}\] /y

function readPlain(line: string, start: number, clock: LogClock, into: SyslogLine): boolean {
  const first = line.charCodeAt(start)
  let at: number
  if (first >= 0x30 && first <= 0x39) {
    isoTime.lastIndex = start
    const found = isoTime.exec(line)
    if (!found) return false
    into.time_ms = isoTextMs(found[1], clock)
    at = isoTime.lastIndex
  } else {
    bsdTime.lastIndex = start
    const found = bsdTime.exec(line)
    if (!found) return false
    into.time_ms = bsdMillis(found, clock)
    at = bsdTime.lastIndex
  }
  // what a program wrote to its own machine's socket names no host
  tag.lastIndex = at
  if (tag.test(line)) into.host = ''
  else {
    const space = line.indexOf(' ', at)
    if (space <= at) return false
    into.host = line.slice(at, space)
    at = space + 1
  }
  takeTag(line, at, into)
  return true
}

function takeTag(line: string, start: number, into: SyslogLine): void {
  let at = start
  tag.lastIndex = at
  const found = tag.exec(line)
  into.program = found?.[1] ?? ''
  into.pid = found?.[2] ?? ''
  if (found) at = tag.lastIndex
  messageNumber.lastIndex = at
  if (messageNumber.test(line)) at = messageNumber.lastIndex
  into.message = line.slice(at)
}

function bsdMillis(found: readonly string[], clock: LogClock): number {
  const [, name, dayText, yearBefore, hour, minute, second, fraction = '', yearAfter] = found
  const month = monthNamed(name)
  const day = Number(dayText)
  if (Number.isNaN(month) || day < 1 || day > 31) return Number.NaN
  const year = Number(yearBefore ?? yearAfter ?? clock.yearOf(month, day))
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return clock.utcOf(wallMs(year, month, day, Number(hour), Number(minute), Number(second), millis))
}

const header = /(\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/y

/** RFC 5424 after `<PRI>1 `. */
function readStructured(line: string, start: number, clock: LogClock, into: SyslogLine): boolean {
  header.lastIndex = start
  const found = header.exec(line)
  if (!found) return false
  const [, time, host, program, pid] = found
  const at = afterStructuredData(line, header.lastIndex)
  if (at < 0) return false
  into.time_ms = isoTextMs(time, clock)
  into.host = stated(host)
  into.program = stated(program)
  into.pid = stated(pid)
  const mark = line.charCodeAt(at) === 0xfeff ? 1 : 0
  // rsyslog's template for this framing keeps the space that stood between the tag and the message
  const space = line[at + mark] === ' ' ? 1 : 0
  into.message = line.slice(at + mark + space)
  return true
}

const stated = (value: string): string => (value === '-' ? '' : value)

/** The place of the message after `-` or `[id name="value"]…`; −1 if the structured data do not end. */
function afterStructuredData(line: string, start: number): number {
  let at = start
  if (line[at] === '-') at++
  else {
    while (line[at] === '[') {
      let quoted = false
      for (at++; at < line.length && (quoted || line[at] !== ']'); at++) {
        if (line[at] === '\\' && quoted) at++
        else if (line[at] === '"') quoted = !quoted
      }
      if (at++ >= line.length) return -1
    }
    if (at === start) return -1
  }
  return line[at] === ' ' ? at + 1 : at === line.length ? at : -1
}

/** One object of `journalctl -o json`; when the sender stated a time of its own, it is that one, as journalctl shows it. */
function readJournalLine(line: string, into: SyslogLine): boolean {
  if (!line.includes('"__REALTIME_TIMESTAMP"')) return false
  const entry = jsonObject(line)
  if (entry === undefined || entry.__REALTIME_TIMESTAMP === undefined) return false
  const sent = microsToMs(entry._SOURCE_REALTIME_TIMESTAMP)
  into.time_ms = Number.isNaN(sent) ? microsToMs(entry.__REALTIME_TIMESTAMP) : sent
  into.host = textOfField(entry._HOSTNAME)
  into.program = textOfField(entry.SYSLOG_IDENTIFIER) || textOfField(entry._COMM)
  into.pid = textOfField(entry._PID) || textOfField(entry.SYSLOG_PID)
  into.message = textOfField(entry.MESSAGE)
  return true
}

function microsToMs(field: unknown): number {
  const text = typeof field === 'number' ? String(field) : field
  return typeof text === 'string' && /^\d{1,17}$/.test(text) ? Math.floor(Number(text) / 1000) : Number.NaN
}

/** A field's text: its bytes where it is not valid UTF-8 or holds control characters, its first value where there are many. */
function textOfField(field: unknown): string {
  if (typeof field === 'string') return field.replaceAll('\0', '\uFFFD')
  if (typeof field === 'number') return String(field)
  if (!Array.isArray(field) || field.length === 0) return ''
  const isBytes = field.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)
  if (isBytes)
    return Buffer.from(field as number[])
      .toString('utf8')
      .replaceAll('\0', '\uFFFD')
  return typeof field[0] === 'string' ? field[0] : ''
}
