/**
 * One record of Zeek's ssl, ssh or http stream as what the client looked like on that connection:
 * ssl `ja4:…` or `ja3:…`, ssh `hassh:…` or `ssh:` and the banner, http `ua:` and the user agent; '' where none is given.
 * `content` tells genuinely different records apart and is equal for the same record in TSV and in JSON.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { hash32 } from '../../model/hash.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import { writeUid } from '../text/connection-id.ts'
import { type FieldSpans, valueKinds } from '../text/field-spans.ts'
import { millisOf, timeProblem } from '../text/time-text.ts'
import { zeek } from './zeek-fields.ts'
import { unescapeHexInto } from './zeek-header.ts'
import { zeekMicros } from './zeek-values.ts'

export type FingerprintKind = 'ssl' | 'ssh' | 'http'

/** What is taken as a fingerprint, best first. */
const choices: Readonly<Record<FingerprintKind, readonly { field: number; prefix: Uint8Array }[]>> = {
  ssl: [
    { field: zeek.ja4, prefix: ascii('ja4:') },
    { field: zeek.ja3, prefix: ascii('ja3:') },
  ],
  ssh: [
    { field: zeek.hassh, prefix: ascii('hassh:') },
    { field: zeek.client, prefix: ascii('ssh:') },
  ],
  http: [{ field: zeek.userAgent, prefix: ascii('ua:') }],
}
const kindNames: Readonly<Record<FingerprintKind, Uint8Array>> = {
  ssl: ascii('ssl'),
  ssh: ascii('ssh'),
  http: ascii('http'),
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

const uidWords = new Uint32Array(2)
const contentSeeds = [0x9e3779b1, 0x85ebca77] as const
const head = new DataView(new ArrayBuffer(16))
const headBytes = new Uint8Array(head.buffer)
let work = new Uint8Array(4096)

/** Appends the record, or says why not. `escaped`: texts hold Zeek's TSV escapes. */
export function appendFingerprint(
  kind: FingerprintKind,
  spans: FieldSpans,
  escaped: boolean,
  offset: number,
  clock: LogClock,
  batch: ObservationBatch,
): RejectReason | undefined {
  if (!spans.has(zeek.ts)) return 'missing_field'
  const startMs = millisOf(zeekMicros(spans, zeek.ts, clock))
  const problem = timeProblem(startMs)
  if (problem !== undefined) return problem
  if (spans.has(zeek.uid)) writeUid(spans.bytes, spans.start[zeek.uid], spans.end[zeek.uid], uidWords, 0)
  else uidWords.fill(0)

  // Work area: head (time, uid), kind, NUL, transaction depth, NUL, fingerprint.
  head.setFloat64(0, startMs)
  head.setUint32(8, uidWords[0])
  head.setUint32(12, uidWords[1])
  let at = put(headBytes, 0, headBytes.length, 0)
  at = put(kindNames[kind], 0, kindNames[kind].length, at)
  at = put(separatorByte, 0, 1, at)
  if (spans.has(zeek.transDepth)) at = put(spans.bytes, spans.start[zeek.transDepth], spans.end[zeek.transDepth], at)
  const from = put(separatorByte, 0, 1, at)
  const to = putFingerprint(kind, spans, escaped, from)

  const row = batch.fingerprint.row()
  const data = batch.fingerprint.data
  data.kind[row] = batch.names.codeOfBytes(kindNames[kind], 0, kindNames[kind].length)
  data.uid[2 * row] = uidWords[0]
  data.uid[2 * row + 1] = uidWords[1]
  data.client_fp[row] = batch.names.codeOfBytes(work, from, to)
  data.start_ms[row] = startMs
  data.content[2 * row] = hash32(work, 0, to, contentSeeds[0])
  data.content[2 * row + 1] = hash32(work, 0, to, contentSeeds[1]) || 1
  data.offset[row] = offset
  return undefined
}

const separatorByte = Uint8Array.of(0)

function put(bytes: Uint8Array, start: number, end: number, at: number): number {
  if (work.length < at + end - start) {
    const larger = new Uint8Array((at + end - start) * 2)
    larger.set(work.subarray(0, at))
    work = larger
  }
  for (let i = start; i < end; i++) work[at++] = bytes[i]
  return at
}

/** The first choice that is given, as prefix and plain bytes; the place after it, `at` if none is. */
function putFingerprint(kind: FingerprintKind, spans: FieldSpans, escaped: boolean, at: number): number {
  for (const { field, prefix } of choices[kind]) {
    const start = spans.start[field]
    const end = spans.end[field]
    if (start < 0 || end <= start || spans.kind[field] !== valueKinds.text) continue
    const valueAt = put(prefix, 0, prefix.length, at)
    let valueEnd = put(spans.bytes, start, end, valueAt)
    // JSON too spells bytes that are not UTF-8 as \xHH, so the same record needs this step in either encoding.
    if (escaped) valueEnd = unescapeTsvInPlace(valueAt, valueEnd)
    return unescapeHexInto(work, valueAt, valueEnd, work, valueAt)
  }
  return at
}

/** Zeek's TSV doubles a backslash and writes other bytes as `\xHH`; here only the doubling is undone where it is plain. */
function unescapeTsvInPlace(start: number, end: number): number {
  let at = start
  for (let i = start; i < end; ) {
    if (work[i] === 0x5c && i + 1 < end && work[i + 1] === 0x5c) i++
    work[at++] = work[i++]
  }
  return at
}
