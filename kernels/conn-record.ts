/**
 * A record of Zeek's conn stream, from the spans of its values to a row in columns. Its twin and oracle is
 * `src/sources/zeek/zeek-conn.ts`, which says what each field means. Whatever is written in another way than Zeek's own (an exponent,
 * sixteen digits, a dotted IPv6, a bad value …) is not judged here: `append` says no, and the twin reads that line. So all that is
 * here must accept less than the twin, and give the same where it accepts.
 */

/** Bytes of whole lines that are read at once, and rows that they may become. */
export const inputBytes: i32 = (1 << 20) + 1
export const mostRows: i32 = 4096
const mostColumns: i32 = 64
/** Services with a number, and the bytes of the longest. */
const mostServices: i32 = 1024
const longestService: i32 = 64
const slots: i32 = 4096

// in the order in which the host names them
export const ts = 0
export const uid = 1
export const origHost = 2
export const origPort = 3
export const respHost = 4
export const respPort = 5
export const proto = 6
export const service = 7
export const duration = 8
export const origBytes = 9
export const respBytes = 10
export const missedBytes = 11
export const origPackets = 12
export const respPackets = 13
export const origIpBytes = 14
export const respIpBytes = 15
export const writeTs = 16
/** Spans that are none of a record's: the stream of a line, and what Weir does not read. */
export const path = 17
export const unread = 18

const earliestMs: i64 = 631_152_000_000
const latestMs: i64 = 4_102_444_800_000
const longestMs: i64 = 2 * 366 * 86_400_000
const bytesSrcUnknown: u8 = 1
const bytesDstUnknown: u8 = 2
const wireKnown: u8 = 8

export const newline: u8 = 0x0a
const open: u8 = 0x28
const dot: u8 = 0x2e
const zero: u8 = 0x30
const colon: u8 = 0x3a

// a whole vector may be read behind the last byte
export const input = memory.data(inputBytes + 16, 16)
export const plan = memory.data(mostColumns, 16)
export const starts = memory.data(4 * (unread + 1), 16)
export const ends = memory.data(4 * (unread + 1), 16)
const groups = memory.data(16, 16)

const start_ms = memory.data(8 * mostRows, 16)
const end_ms = memory.data(8 * mostRows, 16)
const available_ms = memory.data(8 * mostRows, 16)
const offsets = memory.data(8 * mostRows, 16)
const src_hi = memory.data(8 * mostRows, 16)
const src_lo = memory.data(8 * mostRows, 16)
const dst_hi = memory.data(8 * mostRows, 16)
const dst_lo = memory.data(8 * mostRows, 16)
const bytes_src = memory.data(8 * mostRows, 16)
const bytes_dst = memory.data(8 * mostRows, 16)
const missed_bytes = memory.data(8 * mostRows, 16)
const packets_src = memory.data(8 * mostRows, 16)
const packets_dst = memory.data(8 * mostRows, 16)
const wire_bytes_src = memory.data(8 * mostRows, 16)
const wire_bytes_dst = memory.data(8 * mostRows, 16)
const uids = memory.data(8 * mostRows, 16)
const services = memory.data(4 * mostRows, 16)
const src_port = memory.data(2 * mostRows, 16)
const dst_port = memory.data(2 * mostRows, 16)
const protos = memory.data(mostRows, 16)
const flags = memory.data(mostRows, 16)

const serviceTexts = memory.data(longestService * mostServices, 16)
const serviceLengths = memory.data(4 * mostServices, 16)
const serviceSlots = memory.data(4 * slots, 16)

let rows: i32 = 0
let servicesKnown: i32 = 1
let seed: u32 = 0

const regions: StaticArray<usize> = [
  input,
  plan,
  start_ms,
  end_ms,
  available_ms,
  offsets,
  src_hi,
  src_lo,
  dst_hi,
  dst_lo,
  bytes_src,
  bytes_dst,
  missed_bytes,
  packets_src,
  packets_dst,
  wire_bytes_src,
  wire_bytes_dst,
  uids,
  services,
  src_port,
  dst_port,
  protos,
  flags,
  serviceTexts,
  serviceLengths,
]

/** Where the host finds a region, in the order in which it names them. */
export function placeOf(region: i32): usize {
  return regions[region]
}

/** Makes room for a block's rows; the first seed is kept, as codes of services rest on it. */
export function beginRows(firstSeed: u32): void {
  rows = 0
  if (seed === 0) seed = firstSeed
}

export function rowCount(): i32 {
  return rows
}

export function clearSpans(): void {
  memory.fill(starts, 0xff, 4 * (unread + 1))
}

/** The record between the spans as a row, where `offset` is its place in the file; false if anything of it is not in the usual form. */
export function append(offset: f64): bool {
  const start = timeOf(ts)
  if (start < 0) return false
  const startMs = start / 1000
  let endMs = startMs
  if (isSet(duration)) {
    const length = timeOf(duration)
    if (length < 0) return false
    endMs = (start + length) / 1000
  }
  let availableMs = endMs
  if (isSet(writeTs)) {
    const written = timeOf(writeTs)
    if (written < 0) return false
    availableMs = written / 1000
  }
  if (startMs < earliestMs || endMs >= latestMs || endMs - startMs > longestMs) return false
  if (availableMs < earliestMs || availableMs >= latestMs) return false

  const row8 = rows << 3
  if (!addressOf(origHost, src_hi + row8, src_lo + row8) || !addressOf(respHost, dst_hi + row8, dst_lo + row8))
    return false
  const isV6 = load<u64>(dst_hi + row8) !== 0 || load<u64>(dst_lo + row8) >>> 32 !== 0xffff
  const number = protocolOf(isV6)
  const from = portOf(origPort)
  const to = portOf(respPort)
  if (number === 0 || from < 0 || to < 0) return false

  if (!countOf(origBytes, bytes_src + row8) || !countOf(respBytes, bytes_dst + row8)) return false
  if (!countOf(missedBytes, missed_bytes + row8)) return false
  if (!countOf(origPackets, packets_src + row8) || !countOf(respPackets, packets_dst + row8)) return false
  if (!countOf(origIpBytes, wire_bytes_src + row8) || !countOf(respIpBytes, wire_bytes_dst + row8)) return false

  const code = serviceOf()
  if (code < 0 || !uidOf(uids + row8)) return false
  store<f64>(start_ms + row8, <f64>startMs)
  store<f64>(end_ms + row8, <f64>endMs)
  store<f64>(available_ms + row8, <f64>availableMs)
  store<f64>(offsets + row8, offset)
  store<i32>(services + (rows << 2), code)
  store<u16>(src_port + (rows << 1), <u16>from)
  store<u16>(dst_port + (rows << 1), <u16>to)
  store<u8>(protos + rows, number)
  store<u8>(
    flags + rows,
    (isSet(origBytes) ? 0 : bytesSrcUnknown) |
      (isSet(respBytes) ? 0 : bytesDstUnknown) |
      (isSet(origIpBytes) && isSet(respIpBytes) ? wireKnown : 0),
  )
  rows++
  return true
}

function isSet(field: i32): bool {
  return load<i32>(starts + (field << 2)) >= 0
}

/** Seconds as microseconds, half of one up: at most ten digits, a point and more of them. −1 if it is anything else. */
function timeOf(field: i32): i64 {
  let i = load<i32>(starts + (field << 2))
  const end = load<i32>(ends + (field << 2))
  if (i < 0) return -1
  const whole = i
  let value: i64 = 0
  for (; i < end; i++) {
    const digit = load<u8>(input + i) - zero
    if (digit > 9) break
    value = value * 10 + <i64>digit
  }
  if (i === whole || i - whole > 10) return -1
  let places = 6
  let half: i64 = 0
  if (i < end) {
    if (load<u8>(input + i) !== dot || i + 1 === end) return -1
    for (i++; i < end; i++) {
      const digit = load<u8>(input + i) - zero
      if (digit > 9) return -1
      if (places > 0) value = value * 10 + <i64>digit
      else if (places === 0 && digit >= 5) half = 1
      places--
    }
  }
  for (; places > 0; places--) value *= 10
  return value + half
}

function portOf(field: i32): i32 {
  const from = load<i32>(starts + (field << 2))
  const end = load<i32>(ends + (field << 2))
  if (from < 0 || end === from || end - from > 5) return -1
  let port: i32 = 0
  for (let i = from; i < end; i++) {
    const digit = load<u8>(input + i) - zero
    if (digit > 9) return -1
    port = port * 10 + <i32>digit
  }
  return port <= 65_535 ? port : -1
}

/** A count of at most fifteen digits, 0 if it is unset. */
function countOf(field: i32, to: usize): bool {
  const from = load<i32>(starts + (field << 2))
  const end = load<i32>(ends + (field << 2))
  let value: u64 = 0
  if (from >= 0) {
    if (end === from || end - from > 15) return false
    for (let i = from; i < end; i++) {
      const digit = load<u8>(input + i) - zero
      if (digit > 9) return false
      value = value * 10 + <u64>digit
    }
  }
  store<u64>(to, value)
  return true
}

/** The three that make up nearly all records; 0 for others. */
function protocolOf(isV6: bool): u8 {
  const from = load<i32>(starts + (proto << 2))
  const length = load<i32>(ends + (proto << 2)) - from
  if (from < 0) return 0
  if (length === 3) {
    const text = load<u32>(input + from) & 0xffffff
    return text === 0x706374 ? 6 : text === 0x706475 ? 17 : 0
  }
  return length === 4 && load<u32>(input + from) === 0x706d6369 ? (isV6 ? 58 : 1) : 0
}

function addressOf(field: i32, hi: usize, lo: usize): bool {
  const from = load<i32>(starts + (field << 2))
  const end = load<i32>(ends + (field << 2))
  if (from < 0) return false
  for (let i = from; i < min(end, from + 5); i++) if (load<u8>(input + i) === colon) return sixOf(from, end, hi, lo)
  let value: u32 = 0
  let octet: i32 = -1
  let dots = 0
  for (let i = from; i < end; i++) {
    const byte = load<u8>(input + i)
    const digit = byte - zero
    if (digit <= 9) {
      if (octet === 0) return false
      octet = octet < 0 ? <i32>digit : octet * 10 + <i32>digit
      if (octet > 255) return false
    } else if (byte === dot && octet >= 0 && dots < 3) {
      value = (value << 8) | octet
      octet = -1
      dots++
    } else return false
  }
  if (dots !== 3 || octet < 0) return false
  store<u64>(hi, 0)
  store<u64>(lo, ((<u64>0xffff) << 32) | <u64>((value << 8) | octet))
  return true
}

/** RFC 4291 §2.2, forms 1 and 2. */
function sixOf(from: i32, end: i32, hi: usize, lo: usize): bool {
  if (end - from > 39) return false
  let count = 0
  let gap = -1
  let i = from
  if (load<u8>(input + i) === colon) {
    if (end - i < 2 || load<u8>(input + i + 1) !== colon) return false
    gap = 0
    i += 2
  }
  while (i < end) {
    if (count === 8) return false
    let group: u16 = 0
    let digits = 0
    for (; i < end; i++) {
      const digit = hexOf(load<u8>(input + i))
      if (digit < 0) break
      group = <u16>((group << 4) | digit)
      if (++digits > 4) return false
    }
    if (digits === 0) return false
    store<u16>(groups + (count++ << 1), group)
    if (i === end) break
    if (load<u8>(input + i) !== colon) return false
    i++
    if (i === end) return false
    if (load<u8>(input + i) === colon) {
      if (gap >= 0) return false
      gap = count
      i++
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false
  let high: u64 = 0
  let low: u64 = 0
  for (let g = 0; g < count; g++) {
    const place = gap >= 0 && g >= gap ? g + 8 - count : g
    const group = (<u64>load<u16>(groups + (g << 1))) << (48 - ((place & 3) << 4))
    if (place < 4) high |= group
    else low |= group
  }
  store<u64>(hi, high)
  store<u64>(lo, low)
  return true
}

function hexOf(byte: u8): i32 {
  const digit = byte - zero
  if (digit <= 9) return digit
  const lower = (byte | 0x20) - 0x61
  return lower < 6 ? <i32>lower + 10 : -1
}

/** The number of the service, 0 for none; −1 if it is to be asked of the twin. */
function serviceOf(): i32 {
  const from = load<i32>(starts + (service << 2))
  const length = load<i32>(ends + (service << 2)) - from
  if (from < 0 || length === 0) return 0
  // `(empty)`, or a text that only looks like it
  if (length > longestService || load<u8>(input + from) === open) return -1
  let slot = hash32(input + from, length, seed) & (slots - 1)
  for (;;) {
    const code = load<i32>(serviceSlots + (slot << 2))
    if (code === 0) break
    if (
      load<i32>(serviceLengths + (code << 2)) === length &&
      memory.compare(serviceTexts + code * longestService, input + from, length) === 0
    )
      return code
    slot = (slot + 1) & (slots - 1)
  }
  if (servicesKnown === mostServices) return -1
  const code = servicesKnown++
  store<i32>(serviceSlots + (slot << 2), code)
  store<i32>(serviceLengths + (code << 2), length)
  memory.copy(serviceTexts + code * longestService, input + from, length)
  return code
}

/** As `writeUid` in connection-id.ts. */
function uidOf(to: usize): bool {
  const from = load<i32>(starts + (uid << 2))
  const length = load<i32>(ends + (uid << 2)) - from
  if (from < 0 || length === 0) {
    store<u64>(to, 0)
    return true
  }
  if (load<u8>(input + from) === open) return false
  const low = hash32(input + from, length, 0x5bd1e995)
  const high = hash32(input + from, length, 0x1b873593)
  store<u32>(to, low)
  store<u32>(to, high !== 0 ? high : low === 0 ? 1 : 0, 4)
  return true
}

/** MurmurHash3 (x86, 32 bit), as in src/model/hash.ts. */
function hash32(at: usize, length: i32, seed: u32): u32 {
  let h = seed
  const end = at + (length & ~3)
  for (; at < end; at += 4) {
    h ^= rotl(load<u32>(at) * 0xcc9e2d51, 15) * 0x1b873593
    h = rotl(h, 13) * 5 + 0xe6546b64
  }
  const tail = length & 3
  if (tail > 0) {
    let k: u32 = load<u8>(at)
    if (tail > 1) k |= (<u32>load<u8>(at, 1)) << 8
    if (tail > 2) k |= (<u32>load<u8>(at, 2)) << 16
    h ^= rotl(k * 0xcc9e2d51, 15) * 0x1b873593
  }
  h ^= length
  h = (h ^ (h >>> 16)) * 0x85ebca6b
  h = (h ^ (h >>> 13)) * 0xc2b2ae35
  return h ^ (h >>> 16)
}
