/**
 * One record of Zeek's conn stream as a flow. The originator is `src`, the responder `dst`; bytes are payload by sequence
 * number (unset: 0 and flagged), `*_ip_bytes` are wire bytes. ICMP "ports" are type and code and stay as they stand.
 * What it cannot see: that conn_long and open_conn records are earlier states of one connection; they share its uid.
 */
import { isIPv4, parseAddress, parsed, storeParsed } from '../../model/address.ts'
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import { flowFlags, type RejectReason } from '../../model/observation.ts'
import { parsePort, writeUid } from '../text/connection-id.ts'
import { type FieldSpans, valueKinds } from '../text/field-spans.ts'
import { protocolNamed } from '../text/ip-protocol.ts'
import { decimalMicros, durationProblem, millisOf, secondPlaces, timeProblem } from '../text/time-text.ts'
import { zeek } from './zeek-fields.ts'
import { zeekCount, zeekMicros } from './zeek-values.ts'

const { ts, uid, origHost, origPort, respHost, respPort, proto, ipProto, service, duration, writeTs } = zeek
const { origBytes, respBytes, missedBytes, origPackets, respPackets, origIpBytes, respIpBytes } = zeek

/** Appends the record, or says why not. */
export function appendConn(
  spans: FieldSpans,
  offset: number,
  clock: LogClock,
  batch: ObservationBatch,
): RejectReason | undefined {
  const { bytes, start, end, kind } = spans
  if (start[ts] < 0 || start[origHost] < 0 || start[respHost] < 0) return 'missing_field'
  if (start[origPort] < 0 || start[respPort] < 0 || start[proto] < 0) return 'missing_field'

  const startMicros = zeekMicros(spans, ts, clock)
  const startMs = millisOf(startMicros)
  let endMs = startMs
  if (start[duration] >= 0) {
    const micros = decimalMicros(bytes, start[duration], end[duration], secondPlaces)
    if (!(micros >= 0) || kind[duration] > valueKinds.number) return timeProblem(startMs) ?? 'bad_value'
    endMs = millisOf(startMicros + micros)
  }
  const availableMs = start[writeTs] < 0 ? endMs : millisOf(zeekMicros(spans, writeTs, clock))
  const problem =
    timeProblem(startMs) ?? durationProblem(startMs, endMs) ?? timeProblem(endMs) ?? timeProblem(availableMs)
  if (problem !== undefined) return problem

  const srcPort = parsePort(bytes, start[origPort], end[origPort])
  const dstPort = parsePort(bytes, start[respPort], end[respPort])
  if (srcPort < 0 || dstPort < 0) return 'bad_port'

  const flow = batch.flow
  const row = flow.row()
  const to = flow.data
  if (!parseAddress(bytes, start[origHost], end[origHost])) return takeBack(flow, 'bad_address')
  storeParsed(to.src, row)
  if (!parseAddress(bytes, start[respHost], end[respHost])) return takeBack(flow, 'bad_address')
  storeParsed(to.dst, row)
  const isV6 = !isIPv4(parsed[0], parsed[1], parsed[2])

  let status = zeekCount(spans, origBytes, to.bytes_src, row)
  if (status === 'ok') status = zeekCount(spans, respBytes, to.bytes_dst, row)
  if (status === 'ok') status = zeekCount(spans, missedBytes, to.missed_bytes, row)
  if (status === 'ok') status = zeekCount(spans, origPackets, to.packets_src, row)
  if (status === 'ok') status = zeekCount(spans, respPackets, to.packets_dst, row)
  if (status === 'ok') status = zeekCount(spans, origIpBytes, to.wire_bytes_src, row)
  if (status === 'ok') status = zeekCount(spans, respIpBytes, to.wire_bytes_dst, row)
  if (status !== 'ok') return takeBack(flow, status)

  to.start_ms[row] = startMs
  to.end_ms[row] = endMs
  to.available_ms[row] = availableMs
  to.src_port[row] = srcPort
  to.dst_port[row] = dstPort
  to.proto[row] = protocolOf(spans, isV6)
  if (start[service] >= 0 && kind[service] === valueKinds.text) {
    to.service[row] = batch.names.codeOfBytes(bytes, start[service], end[service])
  }
  to.sampling[row] = 1
  if (start[uid] >= 0) writeUid(bytes, start[uid], end[uid], to.uid, row)
  to.flags[row] =
    (start[origBytes] < 0 ? flowFlags.bytesSrcUnknown : 0) |
    (start[respBytes] < 0 ? flowFlags.bytesDstUnknown : 0) |
    (start[origIpBytes] < 0 || start[respIpBytes] < 0 ? 0 : flowFlags.wireKnown)
  to.offset[row] = offset
  return undefined
}

function takeBack(flow: ObservationBatch['flow'], reason: RejectReason): RejectReason {
  flow.dropRow()
  return reason
}

/** `unknown_transport` and names that Weir does not know fall back on the `ip_proto` number, else 0. */
function protocolOf(spans: FieldSpans, isV6: boolean): number {
  const { bytes, start, end } = spans
  const named = protocolNamed(bytes, start[proto], end[proto], isV6)
  if (named >= 0) return named
  const field = start[ipProto] < 0 ? proto : ipProto
  const number = parsePort(bytes, start[field], end[field])
  return number >= 0 && number <= 255 ? number : 0
}
