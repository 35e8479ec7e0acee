/**
 * One neutral event as strictly typed values: each reader checks its field and notes the first reason against the record.
 * A reader that finds fault returns an empty value, so that a row can be filled first and judged once at the end.
 * null and '' count as not stated.
 */
import { isIPv4, parseAddress, parsed, storeParsed } from '../../model/address.ts'
import type { NameTable } from '../../model/name-table.ts'
import type { RejectReason } from '../../model/observation.ts'
import { parsePort, writeUid } from '../text/connection-id.ts'
import { valueKinds } from '../text/field-spans.ts'
import { protocolNamed } from '../text/ip-protocol.ts'
import { parseJsonCount } from '../text/json-count.ts'
import { JsonScanner } from '../text/json-scan.ts'
import { quote, skipSpace, unescapeInto, valueEnd } from '../text/json-text.ts'
import { decimalMicros, durationProblem, milliPlaces, millisOf, timeProblem } from '../text/time-text.ts'

const names = [
  ...(['type', 'start_ms', 'end_ms', 'available_ms', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'proto'] as const),
  ...(['service', 'bytes_src', 'bytes_dst', 'packets_src', 'packets_dst', 'uid', 'sensor', 'sampling'] as const),
  ...(['client_fp', 'kind', 'account', 'peer_ip', 'peer_port', 'assigned_ip', 'host_ip', 'gateway', 'key_fp'] as const),
  ...(['bytes_out', 'bytes_in', 'tool', 'path', 'bucket', 'object', 'direction', 'bytes', 'task_id'] as const),
  ...(['job_id', 'project', 'nodes', 'vault', 'link', 'octets_out', 'octets_in', 'ip'] as const),
  ...(['inside_ip', 'inside_port', 'outside_ip', 'outside_port'] as const),
]
export type NeutralField = (typeof names)[number]
const fieldOf = Object.fromEntries(names.map((name, i) => [name, i])) as Record<NeutralField, number>

type AddressColumn = { hi: Uint32Array; lo: Uint32Array }
type Need = 'required' | 'optional'

const scratchCount = new Uint32Array(2)

export class NeutralRecord {
  readonly #scanner = new JsonScanner(names.map((name) => [name]))
  /** The first thing wrong with the record. */
  reason: RejectReason | undefined

  /** Begins with the line [start, end); false if it is not a JSON object. */
  begin(bytes: Uint8Array, start: number, end: number): boolean {
    this.reason = undefined
    return this.#scanner.scan(bytes, start, end)
  }

  has(name: NeutralField): boolean {
    return this.#scanner.spans.has(fieldOf[name])
  }

  /** How many fields of neutral events the record has. */
  get knownFields(): number {
    let known = 0
    for (const name of names) if (this.has(name)) known++
    return known
  }

  is(name: NeutralField, text: string): boolean {
    return this.#scanner.spans.is(fieldOf[name], text)
  }

  isText(name: NeutralField): boolean {
    return this.has(name) && this.#scanner.spans.kind[fieldOf[name]] === valueKinds.text
  }

  fail(reason: RejectReason): void {
    this.reason ??= reason
  }

  /** The field's number if it holds a value of this kind, else −1 with the reason noted. */
  #expect(name: NeutralField, kind: number, need: Need, wrong: RejectReason): number {
    const field = fieldOf[name]
    const spans = this.#scanner.spans
    if (spans.start[field] < 0) {
      if (need === 'required') this.fail('missing_field')
      return -1
    }
    if (spans.kind[field] === kind) return field
    this.fail(wrong)
    return -1
  }

  /** Epoch ms, rounded down; `otherwise` if not stated. */
  time(name: NeutralField, need: Need, otherwise = Number.NaN): number {
    const field = this.#expect(name, valueKinds.number, need, 'bad_time')
    if (field < 0) return otherwise
    const { bytes, start, end } = this.#scanner.spans
    const ms = millisOf(decimalMicros(bytes, start[field], end[field], milliPlaces))
    const problem = timeProblem(ms)
    if (problem !== undefined) this.fail(problem)
    return ms
  }

  /** Fails the record if it ends before it starts or lasts too long; an open end is fine. */
  lasts(startMs: number, endMs: number): void {
    const problem = durationProblem(startMs, endMs)
    if (problem !== undefined) this.fail(problem)
  }

  /** An address into its column; whether it is IPv6. */
  address(name: NeutralField, need: Need, column: AddressColumn, row: number): boolean {
    const field = this.#expect(name, valueKinds.text, need, 'bad_address')
    if (field < 0) return false
    const { bytes, start, end } = this.#scanner.spans
    if (!parseAddress(bytes, start[field], end[field])) {
      this.fail('bad_address')
      return false
    }
    storeParsed(column, row)
    return !isIPv4(parsed[0], parsed[1], parsed[2])
  }

  /** An optional address into its column, or a host name, whose code is returned. */
  addressOrName(name: NeutralField, column: AddressColumn, row: number, table: NameTable): number {
    const field = this.#expect(name, valueKinds.text, 'optional', 'bad_address')
    if (field < 0) return 0
    const { bytes, start, end } = this.#scanner.spans
    if (parseAddress(bytes, start[field], end[field])) storeParsed(column, row)
    else if (isHostName(bytes, start[field], end[field])) {
      return table.codeOfBytes(bytes, start[field], end[field])
    } else this.fail('bad_address')
    return 0
  }

  port(name: NeutralField, need: Need): number {
    const field = this.#expect(name, valueKinds.number, need, 'bad_port')
    if (field < 0) return 0
    const { bytes, start, end } = this.#scanner.spans
    const port = parsePort(bytes, start[field], end[field])
    if (port < 0) this.fail('bad_port')
    return Math.max(port, 0)
  }

  count(name: NeutralField, need: Need, words: Uint32Array, row: number): void {
    const field = this.#expect(name, valueKinds.number, need, 'bad_count')
    if (field < 0) return
    const { bytes, start, end } = this.#scanner.spans
    const status = parseJsonCount(bytes, start[field], end[field], words, row)
    if (status !== 'ok') this.fail(status)
  }

  /** 1 packet in N; 1 if not stated. */
  sampling(): number {
    const field = this.#expect('sampling', valueKinds.number, 'optional', 'bad_value')
    if (field < 0) return 1
    const { bytes, start, end } = this.#scanner.spans
    const status = parseJsonCount(bytes, start[field], end[field], scratchCount, 0)
    if (status !== 'ok' || scratchCount[1] > 0 || scratchCount[0] === 0) this.fail('bad_value')
    return scratchCount[0]
  }

  /** An IP protocol by number or name. */
  protocol(isV6: boolean): number {
    const { bytes, start, end, kind } = this.#scanner.spans
    const field = fieldOf.proto
    if (kind[field] === valueKinds.number && start[field] >= 0) {
      const number = parsePort(bytes, start[field], end[field])
      if (number < 0 || number > 255) this.fail('bad_value')
      return number & 255
    }
    if (this.#expect('proto', valueKinds.text, 'required', 'bad_value') < 0) return 0
    const number = protocolNamed(bytes, start[field], end[field], isV6)
    if (number < 0) this.fail('bad_value')
    return number & 255
  }

  uid(words: Uint32Array, row: number): void {
    const field = this.#expect('uid', valueKinds.text, 'optional', 'bad_value')
    const { bytes, start, end } = this.#scanner.spans
    if (field >= 0) writeUid(bytes, start[field], end[field], words, row)
  }

  /** A text as its code in `table`. */
  name(name: NeutralField, need: Need, table: NameTable): number {
    const field = this.#expect(name, valueKinds.text, need, 'bad_value')
    if (field < 0) return 0
    const { bytes, start, end } = this.#scanner.spans
    if (need === 'required' && end[field] === start[field]) this.fail('missing_field')
    return table.codeOfBytes(bytes, start[field], end[field])
  }

  /** The same for a field with a closed set of values. */
  oneOf(name: NeutralField, values: readonly string[], table: NameTable): number {
    const code = this.name(name, 'required', table)
    if (this.reason === undefined && !values.some((value) => this.is(name, value))) this.fail('bad_value')
    return code
  }

  text(name: NeutralField, need: Need): string {
    const field = this.#expect(name, valueKinds.text, need, 'bad_value')
    const text = field < 0 ? '' : this.#scanner.spans.text(field)
    if (need === 'required' && text === '') this.fail('missing_field')
    return text
  }

  /** An identifier that writers give as a text or as a number: its characters. */
  id(name: NeutralField, need: Need): string {
    const isNumber = this.has(name) && this.#scanner.spans.kind[fieldOf[name]] === valueKinds.number
    return isNumber ? this.#scanner.spans.text(fieldOf[name]) : this.text(name, need)
  }

  /** The codes of the texts in a required array, none of them empty. */
  nameList(name: NeutralField, table: NameTable): number[] {
    const field = this.#expect(name, valueKinds.array, 'required', 'bad_value')
    const codes: number[] = []
    if (field < 0) return codes
    const { bytes, start, end } = this.#scanner.spans
    let i = skipSpace(bytes, start[field] + 1, end[field])
    while (bytes[i] !== 0x5d) {
      const next = valueEnd(bytes, i, end[field], Number.POSITIVE_INFINITY)
      const code = bytes[i] === quote ? codeOfLiteral(bytes, i, next, table) : 0
      if (code === 0) {
        this.fail('bad_value')
        return codes
      }
      codes.push(code)
      i = skipSpace(bytes, next, end[field])
      if (bytes[i] === 0x2c) i = skipSpace(bytes, i + 1, end[field])
    }
    if (codes.length === 0) this.fail('missing_field')
    return codes
  }
}

/** The code of a string literal, quotes included. */
function codeOfLiteral(bytes: Uint8Array, start: number, end: number, table: NameTable): number {
  const plain = new Uint8Array(end - start)
  return table.codeOfBytes(plain, 0, unescapeInto(bytes, start + 1, end - 1, plain, 0))
}

/** RFC 1123 letters, digits, dots and hyphens, and the underscore that people use; with a letter, so that no bad address passes. */
function isHostName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 253) return false
  let letters = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i]
    const lower = byte | 0x20
    if (lower >= 0x61 && lower <= 0x7a) letters++
    else if (!(byte >= 0x30 && byte <= 0x39) && byte !== 0x2d && byte !== 0x2e && byte !== 0x5f) return false
  }
  return letters > 0
}
