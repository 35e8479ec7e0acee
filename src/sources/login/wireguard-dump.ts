/**
 * `wg show all dump` and `wg show IFACE dump`, one poll or many in a file. WireGuard keeps no sessions: a peer whose last
 * handshake is known was there from then until the poll, under each whole address it may use.
 * The time of a poll stands in a line before it (epoch or ISO 8601, after `#` or not) or before each of its lines (epoch);
 * else it is when the file was written. Peers are named by their public key. Counters are left alone: they run since the
 * interface came up, over all handshakes.
 * Private and preshared keys stand in these lines: nothing is kept of them, and no line is ever shown as a sample.
 * Source: wireguard-tools show.c (dump_print).
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { appendSession, plainAddress, type SessionFacts } from '../text/session-row.ts'
import { eachLine, mostTextLinesAre } from '../text/text-lines.ts'
import { epochTextMs, isoTextMs } from '../text/wall-text.ts'

/** 32 bytes in base64. */
const key = /^[A-Za-z0-9+/]{43}=$/
/** What stands where there is no key, port, endpoint or address. */
const none = '(none)'
const interfaceFields = 4
const peerFields = 8

interface Line {
  /** Time of the poll, if the line tells it; NaN if not. */
  poll_ms: number
  /** '' for `wg show IFACE dump`. */
  gateway: string
  /** As of `wg show IFACE dump`: 4 of an interface, 8 of a peer, else the line is none of a dump. */
  fields: readonly string[]
}

/** Takes epoch and interface name off the front; what is left begins with a key. */
function lineOf(text: string): Line {
  const epoch = /^(\d{9,11}(?:\.\d{1,9})?)[\t ]+/.exec(text)
  const fields = text.slice(epoch?.[0].length ?? 0).split('\t')
  const named = fields.length === interfaceFields + 1 || fields.length === peerFields + 1
  return {
    poll_ms: epoch ? epochTextMs(epoch[1]) : Number.NaN,
    gateway: named ? fields[0] : '',
    fields: named ? fields.slice(1) : fields,
  }
}

function isDumpLine({ fields }: Line): boolean {
  const [first, second, third, fourth] = fields
  const keys = key.test(first) || first === none
  if (!keys || !(key.test(second) || second === none)) return false
  if (fields.length === interfaceFields) return /^\d{1,5}$/.test(third) && /^(?:off|0x[0-9a-f]{1,8})$/.test(fourth)
  return fields.length === peerFields && first !== none && fields.slice(4, 7).every((field) => field !== '')
}

/** The time that a line of its own tells of the poll after it; NaN if it is no such line. */
function pollTimeOf(line: string): number {
  const text = line.replace(/^#/, '').trim()
  const epoch = /^\d{9,11}(?:\.\d{1,9})?$/.test(text) ? epochTextMs(text) : Number.NaN
  return Number.isNaN(epoch) ? isoTextMs(text, utcClock) : epoch
}

class WireGuardParser implements SourceParser {
  readonly format = 'wireguard_dump'
  #poll_ms: number

  constructor(mtime_ms: number) {
    this.#poll_ms = mtime_ms
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at) => {
      const poll_ms = pollTimeOf(line)
      if (!Number.isNaN(poll_ms)) this.#poll_ms = poll_ms
      else if (!line.startsWith('#')) {
        batch.records_read++
        const place = offset + at - start
        const reason = this.#take(lineOf(line), place, batch)
        if (reason !== undefined) rejectUnseen(reason, place, line, batch)
      }
    })
  }

  #take(line: Line, offset: number, batch: ObservationBatch): RejectReason | undefined {
    if (!isDumpLine(line)) return 'malformed'
    if (line.fields.length === interfaceFields) return 'stream_not_used'
    const poll_ms = Number.isNaN(line.poll_ms) ? this.#poll_ms : line.poll_ms
    return takePeer(line, poll_ms, offset, batch)
  }
}

function takePeer(
  { gateway, fields }: Line,
  poll_ms: number,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const [publicKey, , endpoint, allowed, handshake] = fields
  if (handshake === '0') return 'stream_not_used'
  const outer = endpoint === none ? undefined : /^(.*):(\d{1,5})$/.exec(endpoint)
  const peer = outer ? plainAddress(outer[1]) : ''
  if (outer === null || peer === undefined) return 'bad_address'
  const own = allowed === none ? [] : wholeAddresses(allowed)
  if (own === undefined) return 'bad_address'
  const facts: SessionFacts = {
    ...{ kind: 'vpn', part: sessionParts.whole, account: `wg:${publicKey}`, peer, peer_port: outer?.[2], gateway },
    ...{ start_ms: epochTextMs(handshake), end_ms: poll_ms },
  }
  if (Number.isNaN(poll_ms)) return 'bad_time'
  for (const assigned of own.length > 0 ? own : ['']) {
    const reason = appendSession(batch, { ...facts, assigned }, offset)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Of `10.0.0.2/32,10.9.0.0/16` the addresses that are one host; undefined if one is no prefix. */
function wholeAddresses(list: string): string[] | undefined {
  const whole: string[] = []
  for (const prefix of list.split(',')) {
    const [text, length] = prefix.split('/')
    const address = plainAddress(text)
    if (address === undefined || !/^\d{1,3}$/.test(length ?? '')) return undefined
    if (length === (text.includes(':') ? '128' : '32')) whole.push(address)
  }
  return whole
}

/** Its keys may stand anywhere in a damaged line, so the sample tells its size and shape alone. */
function rejectUnseen(reason: RejectReason, offset: number, line: string, batch: ObservationBatch): void {
  const shown = Buffer.from(`(not shown, may hold keys: ${line.split('\t').length} fields, ${line.length} characters)`)
  batch.reject(reason, offset, shown, 0, shown.length)
}

export const wireGuardDump: SourceFormat = {
  id: 'wireguard_dump',
  title: 'WireGuard, wg show … dump',
  unshown: true,
  recognise: (head) => {
    let dumped = 0
    const all = mostTextLinesAre(head, (line) => {
      const mine = isDumpLine(lineOf(line))
      if (mine) dumped++
      return mine || !Number.isNaN(pollTimeOf(line))
    })
    return all && dumped > 0
  },
  open: ({ mtime_ms }) => new WireGuardParser(mtime_ms),
}
