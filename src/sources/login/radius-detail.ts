/**
 * FreeRADIUS `detail` files of accounting: a date line, lines `\tAttribute = value`, a blank line. A session is told by its
 * Start, Interim-Update and Stop; what is of one session has the same NAS, Acct-Session-Id and User-Name. Output is what the
 * NAS sent to the user. Records other than those (Accounting-On, authentication) are not used; their values, which may be
 * passwords, are not kept, and the sample of a rejected record is its date line alone.
 * Source: rlm_detail(5), RFC 2866, RFC 2869 §5.1 (gigawords), RFC 3162, RFC 4818, RFC 6911.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { appendSession, plainAddress, type SessionFacts } from '../text/session-row.ts'
import { textOf } from '../text/text-lines.ts'
import { ctimeMs, epochTextMs, isoTextMs, monthNamed, wallMs } from '../text/wall-text.ts'

/** What is read of a record; all else is passed over. */
const wanted = new Set([
  ...['Acct-Status-Type', 'Acct-Session-Id', 'User-Name', 'Framed-IP-Address', 'Framed-IPv6-Address'],
  ...['Framed-IPv6-Prefix', 'Delegated-IPv6-Prefix', 'Calling-Station-Id', 'Tunnel-Client-Endpoint', 'NAS-Identifier'],
  ...['NAS-IP-Address', 'NAS-IPv6-Address', 'Acct-Output-Octets', 'Acct-Output-Gigawords', 'Acct-Input-Octets'],
  ...['Acct-Input-Gigawords', 'Acct-Session-Time', 'Acct-Delay-Time', 'Event-Timestamp', 'Timestamp'],
])
/** More addresses than this has no session, and no value is longer (RFC 2865: 253 bytes, escaped). */
const mostValues = 16
const longestValue = 1024

const attribute = /^\s+([A-Za-z0-9_.-]{1,128})(?::\d{1,3})? (?:[:+]?=|==) (.*)$/s

/** A record that is not complete yet. */
interface Pending {
  offset: number
  date: string
  values: Map<string, string[]>
  malformed: boolean
}

class RadiusDetailParser implements SourceParser {
  readonly format = 'radius_detail'
  readonly #clock: LogClock
  #pending: Pending | undefined

  constructor(clock: LogClock) {
    this.#clock = clock
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let at = start; at < end; ) {
      const found = bytes.indexOf(0x0a, at)
      const next = found < 0 || found >= end ? end : found
      this.#line(textOf(bytes, at, next).trimEnd(), offset + at - start, batch)
      at = next + 1
    }
  }

  finish(batch: ObservationBatch, brokeOff: boolean): void {
    if (this.#pending && brokeOff) this.#reject('truncated', this.#pending, batch)
    else this.#complete(batch)
    this.#pending = undefined
  }

  #line(line: string, offset: number, batch: ObservationBatch): void {
    if (line === '') this.#complete(batch)
    else if (!/^\s/.test(line)) {
      this.#complete(batch)
      this.#pending = { offset, date: line, values: new Map(), malformed: false }
    } else {
      // attributes without a date line: the file begins in the middle of a record
      this.#pending ??= { offset, date: '', values: new Map(), malformed: true }
      const found = attribute.exec(line)
      if (!found) this.#pending.malformed = true
      else if (wanted.has(found[1])) keep(this.#pending.values, found[1], plainValue(found[2].slice(0, longestValue)))
    }
  }

  #complete(batch: ObservationBatch): void {
    const pending = this.#pending
    this.#pending = undefined
    if (pending === undefined) return
    const reason = pending.malformed ? 'malformed' : takeRecord(pending, this.#clock, batch)
    if (reason !== undefined) this.#reject(reason, pending, batch)
    else batch.records_read++
  }

  #reject(reason: RejectReason, { offset, date }: Pending, batch: ObservationBatch): void {
    const shown = Buffer.from(isDate(date) ? date : '(no date line)')
    batch.records_read++
    batch.reject(reason, offset, shown, 0, shown.length)
  }
}

function keep(values: Map<string, string[]>, name: string, value: string): void {
  const known = values.get(name)
  if (known === undefined) values.set(name, [value])
  else if (known.length < mostValues) known.push(value)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** A value without its quotation marks and escapes (`\"`, `\\`, `\n`, `\ooo` of a byte). */
function plainValue(text: string): string {
  const quote = text[0]
  if ((quote !== '"' && quote !== "'") || text.length < 2 || !text.endsWith(quote)) return text
  const inner = text.slice(1, -1)
  if (!inner.includes('\\')) return inner
  const bytes = Buffer.from(inner).toString('latin1')
  const plain = bytes.replace(/\\([0-7]{3}|.)/gs, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8) & 255) : (escapes[code] ?? code),
  )
  return Buffer.from(plain, 'latin1').toString('utf8').replaceAll('\0', '\uFFFD')
}

const parts: Readonly<Record<string, number>> = {
  ...{ Start: sessionParts.opened, 'Interim-Update': sessionParts.opened, Alive: sessionParts.opened },
  ...{ Stop: sessionParts.whole, '1': sessionParts.opened, '3': sessionParts.opened, '2': sessionParts.whole },
}

function takeRecord(
  { date, values, offset }: Pending,
  clock: LogClock,
  batch: ObservationBatch,
): RejectReason | undefined {
  if (!isDate(date)) return 'malformed'
  const first = (name: string): string => values.get(name)?.[0] ?? ''
  const status = first('Acct-Status-Type')
  const part = Object.hasOwn(parts, status) ? parts[status] : undefined
  if (part === undefined) return 'stream_not_used'
  const account = first('User-Name')
  const id = first('Acct-Session-Id')
  if (account === '' || id === '') return 'missing_field'
  const assigned = assignedOf(values)
  if (assigned === undefined) return 'bad_address'
  const bytes_out = octets(first('Acct-Output-Octets'), first('Acct-Output-Gigawords'))
  const bytes_in = octets(first('Acct-Input-Octets'), first('Acct-Input-Gigawords'))
  if (bytes_out === undefined || bytes_in === undefined) return 'bad_count'
  const seconds = first('Acct-Session-Time')
  if (!/^\d{0,10}$/.test(seconds)) return 'bad_value'
  const time_ms = timeOf(date, first('Event-Timestamp'), first('Timestamp'), first('Acct-Delay-Time'), clock)
  const gateway = first('NAS-Identifier') || first('NAS-IP-Address') || first('NAS-IPv6-Address')
  const facts: SessionFacts = {
    ...{ kind: 'vpn', account, peer: outerAddress(first), gateway, sid: [gateway, id, account] },
    ...spanOf(part, time_ms, seconds),
  }
  const reason = appendSession(batch, { ...facts, assigned: assigned[0], bytes_out, bytes_in }, offset)
  if (reason !== undefined) return reason
  for (const more of assigned.slice(1)) appendSession(batch, { ...facts, assigned: more }, offset)
  return undefined
}

/** Without Acct-Session-Time a Stop tells the end alone, and an update that the session was there by then. */
function spanOf(part: number, time_ms: number, seconds: string): Pick<SessionFacts, 'part' | 'start_ms' | 'end_ms'> {
  const start_ms = time_ms - Number(seconds) * 1000
  if (part === sessionParts.opened) return { part, start_ms, end_ms: Number.NaN }
  if (seconds === '') return { part: sessionParts.closed, start_ms: time_ms, end_ms: time_ms }
  return { part, start_ms, end_ms: time_ms }
}

/** No address: unspecified, or left to the user's or the NAS's choice (RFC 2865 §5.8). */
const chosenByOthers = new Set(['0.0.0.0', '::', '255.255.255.255', '255.255.255.254'])

/** IPv4, IPv6, and of prefixes of 64 bits the network's own address, which stands for what is in it. */
function assignedOf(values: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const found = new Set<string>()
  for (const name of ['Framed-IP-Address', 'Framed-IPv6-Address', 'Framed-IPv6-Prefix', 'Delegated-IPv6-Prefix']) {
    for (const value of values.get(name) ?? []) {
      const [text, length] = value.split('/')
      const address = plainAddress(text)
      if (address === undefined) return undefined
      const isPrefix = name.endsWith('-Prefix')
      if (isPrefix && length !== '64' && length !== '128') continue
      if (!chosenByOthers.has(address)) found.add(address)
    }
  }
  return [...found]
}

function outerAddress(first: (name: string) => string): string {
  for (const name of ['Calling-Station-Id', 'Tunnel-Client-Endpoint']) {
    const address = plainAddress(first(name))
    if (address !== undefined && !chosenByOthers.has(address)) return address
  }
  return ''
}

/** Decimal digits of octets + gigawords · 2^32; undefined if either is no such count. */
function octets(low: string, high: string): string | undefined {
  if (!/^\d{0,19}$/.test(low) || !/^\d{0,10}$/.test(high)) return undefined
  return String(BigInt(low || '0') + (BigInt(high || '0') << 32n))
}

/** When it happened: as the NAS says, else when it was received, less the delay that the NAS admits. */
function timeOf(date: string, event: string, received: string, delay: string, clock: LogClock): number {
  const received_ms = received === '' ? dateMs(date, clock) : epochTextMs(received)
  const event_ms = event === '' ? Number.NaN : eventMs(event, received !== '', clock)
  if (!Number.isNaN(event_ms)) return event_ms
  return received_ms - (/^\d{1,7}$/.test(delay) ? Number(delay) * 1000 : 0)
}

const monthDate = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([A-Za-z0-9+:-]{1,8})$/

/**
 * Epoch, ISO 8601, or `Jan  1 2026 00:00:00 UTC`. Short names of other zones mean several things, so such a time is the wall
 * time of the server, unless there is a better one.
 */
function eventMs(text: string, hasBetter: boolean, clock: LogClock): number {
  const found = monthDate.exec(text)
  if (!found) return /^\d/.test(text) && text.includes('-') ? isoTextMs(text, clock) : epochTextMs(text)
  const [, name, day, year, hour, minute, second, zone] = found
  const month = monthNamed(name)
  const wall = wallMs(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
  if (/^(?:UTC|GMT|Z)$/.test(zone)) return wall
  return hasBetter ? Number.NaN : clock.utcOf(wall)
}

function dateMs(date: string, clock: LogClock): number {
  const local = ctimeMs(date, clock)
  return Number.isNaN(local) ? isoTextMs(date, clock) : local
}

function isDate(line: string): boolean {
  return /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,12})$/.test(
    line,
  )
}

export const radiusDetail: SourceFormat = {
  id: 'radius_detail',
  title: 'FreeRADIUS detail file',
  unshown: true,
  recognise: (head) => {
    const lines = textOf(head, 0, head.length).split(/\r?\n/, 200)
    let records = 0
    let attributes = 0
    let others = 0
    for (const [i, line] of lines.entries()) {
      if (isDate(line.trimEnd()) && attribute.test(lines[i + 1] ?? '')) records++
      else if (attribute.test(line)) attributes++
      else if (line.trim() !== '' && i < lines.length - 1) others++
    }
    return records > 0 && attributes > 0 && others * 2 <= records + attributes
  },
  open: ({ clock }) => new RadiusDetailParser(clock),
}
