/**
 * Lines of JSON as Zeek writes them: one flat object without spaces, strings without escapes, numbers without exponents. What each
 * member is, and which are known, is as in `src/sources/zeek/zeek-fields.ts`.
 */
import {
  append,
  beginRows,
  clearSpans,
  duration,
  ends,
  input,
  missedBytes,
  mostRows,
  newline,
  origBytes,
  origHost,
  origIpBytes,
  origPackets,
  origPort,
  path,
  proto,
  respBytes,
  respHost,
  respIpBytes,
  respPackets,
  respPort,
  rowCount,
  service,
  starts,
  ts,
  uid,
  unread,
  writeTs,
} from './conn-record'

const quote: u8 = 0x22
const backslash: u8 = 0x5c
const space: u8 = 0x20
const comma: u8 = 0x2c
const dot: u8 = 0x2e
const zero: u8 = 0x30
const colon: u8 = 0x3a
const open: u8 = 0x7b
const close: u8 = 0x7d

/** Members that the twin must see: another way to say which stream it is. */
const elsewhere = unread + 1
/** Of the known members, by bit: those that are strings; the others are numbers. */
const strings: u32 = (1 << uid) | (1 << origHost) | (1 << respHost) | (1 << proto) | (1 << service) | (1 << path)

const slots: i32 = 128
/** Of each known name: its first eight bytes, its next eight, and one more than its field; 0 where there is none. */
const firsts = memory.data(8 * slots, 16)
const nexts = memory.data(8 * slots, 16)
const fields = memory.data(slots, 16)

learn('ts', ts)
learn('uid', uid)
learn('id.orig_h', origHost)
learn('id_orig_h', origHost)
learn('id.orig_p', origPort)
learn('id_orig_p', origPort)
learn('id.resp_h', respHost)
learn('id_resp_h', respHost)
learn('id.resp_p', respPort)
learn('id_resp_p', respPort)
learn('proto', proto)
learn('service', service)
learn('duration', duration)
learn('orig_bytes', origBytes)
learn('resp_bytes', respBytes)
learn('missed_bytes', missedBytes)
learn('orig_pkts', origPackets)
learn('resp_pkts', respPackets)
learn('orig_ip_bytes', origIpBytes)
learn('resp_ip_bytes', respIpBytes)
learn('_write_ts', writeTs)
learn('_path', path)
learn('@stream', elsewhere)

function learn(name: string, field: i32): void {
  let first: u64 = 0
  let next: u64 = 0
  for (let i = 0; i < name.length; i++) {
    const byte = <u64>name.charCodeAt(i)
    if (i < 8) first |= byte << (i << 3)
    else next |= byte << ((i - 8) << 3)
  }
  let slot = slotOf(first, next)
  while (load<u8>(fields + slot) !== 0) slot = (slot + 1) & (slots - 1)
  store<u64>(firsts + (slot << 3), first)
  store<u64>(nexts + (slot << 3), next)
  store<u8>(fields + slot, <u8>(field + 1))
}

function slotOf(first: u64, next: u64): i32 {
  return <i32>(((first ^ rotl(next, 29)) * 0x1e3779b97f4a7) >>> 57)
}

/** The field of the name input[from, end), `unread` if it is none. Known names have at most sixteen bytes. */
function fieldOf(from: i32, end: i32): i32 {
  const length = end - from
  if (length > 16 || length === 0) return unread
  let first = load<u64>(input + from)
  let next: u64 = 0
  if (length < 8) first &= ((<u64>1) << (length << 3)) - 1
  else if (length > 8) {
    next = load<u64>(input + from, 8)
    if (length < 16) next &= ((<u64>1) << ((length - 8) << 3)) - 1
  }
  let slot = slotOf(first, next)
  while (load<u8>(fields + slot) !== 0) {
    if (load<u64>(firsts + (slot << 3)) === first && load<u64>(nexts + (slot << 3)) === next) break
    slot = (slot + 1) & (slots - 1)
  }
  const known = <i32>load<u8>(fields + slot)
  return known === 0 ? unread : known - 1
}

/**
 * As `scanTsv`, of lines of JSON; `isConn`: records that do not say which stream they are of are of this one. A newline stands at
 * input[to], so that nothing is sought beyond it.
 */
export function scanJson(from: i32, to: i32, offset: f64, seed: u32, isConn: bool): i32 {
  beginRows(seed)
  let line = from
  while (line < to && rowCount() < mostRows) {
    const end = spansOf(line)
    if (end < 0 || !isOfConn(isConn) || !append(offset + <f64>(line - from))) return line
    line = end + 1
  }
  return line > to ? to : line
}

function isOfConn(isConn: bool): bool {
  const from = load<i32>(starts + (path << 2))
  if (from < 0) return isConn
  return load<i32>(ends + (path << 2)) - from === 4 && load<u32>(input + from) === 0x6e6e6f63
}

/** Finds the members of the object that is the line; the place of its newline, −1 if it is in another form. */
function spansOf(line: i32): i32 {
  clearSpans()
  let i = line
  if (load<u8>(input + i) !== open) return -1
  do {
    if (load<u8>(input + ++i) !== quote) return -1
    const name = i + 1
    const nameEnd = stringEnd(name)
    if (nameEnd < 0 || load<u8>(input + nameEnd + 1) !== colon) return -1
    const field = fieldOf(name, nameEnd)
    if (field === elsewhere) return -1
    i = nameEnd + 2
    const byte = load<u8>(input + i)
    let from = -1
    let end = i
    if (byte === quote) {
      from = i + 1
      end = stringEnd(from)
      if (end < 0 || (field !== unread && ((strings >>> field) & 1) === 0)) return -1
      i = end + 1
    } else if (byte - zero <= 9) {
      from = i
      end = numberEnd(i)
      if (end < 0 || (field !== unread && ((strings >>> field) & 1) === 1)) return -1
      i = end
    } else {
      const length = wordLength(i)
      // a null is not there; of a wanted member the others are somebody else's mistake
      if (length === 0 || (field !== unread && byte !== 0x6e)) return -1
      i += length
    }
    store<i32>(starts + ((<usize>field) << 2), from)
    store<i32>(ends + ((<usize>field) << 2), end)
  } while (load<u8>(input + i) === comma)
  return load<u8>(input + i) === close && load<u8>(input + i + 1) === newline ? i + 1 : -1
}

/** Where the string that begins here ends; −1 if it holds anything but plain characters. */
function stringEnd(i: i32): i32 {
  const quotes = i8x16.splat(quote)
  const backslashes = i8x16.splat(backslash)
  const spaces = i8x16.splat(space)
  let mask = 0
  for (; mask === 0; i += 16) {
    const bytes = v128.load(input + i)
    const stops = v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, spaces))
    mask = i8x16.bitmask(stops)
  }
  const at = i - 16 + ctz(mask)
  return load<u8>(input + at) === quote ? at : -1
}

/** Where the number that begins here ends (RFC 8259 §6, without sign and exponent); −1 if it is none. */
function numberEnd(i: i32): i32 {
  const first = i
  while (load<u8>(input + i) - zero <= 9) i++
  if (load<u8>(input + first) === zero && i > first + 1) return -1
  if (load<u8>(input + i) === dot) {
    const fraction = ++i
    while (load<u8>(input + i) - zero <= 9) i++
    if (i === fraction) return -1
  }
  return i
}

/** Of `true`, `false` and `null`; 0 if it is none of them. */
function wordLength(i: i32): i32 {
  const word = load<u32>(input + i)
  if (word === 0x65757274 || word === 0x6c6c756e) return 4
  return word === 0x736c6166 && load<u8>(input + i, 4) === 0x65 ? 5 : 0
}
