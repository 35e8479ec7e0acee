/** Neutral events, for what has no file format of its own here: flows of a sampling exporter, and consents of Globus. */
import type { LogFile, LogFormat } from './log.ts'

const flows: LogFile = { folder: 'flows' }
const globus: LogFile = { folder: 'globus' }
const payload_per_packet = 1380

export const sampledFlows: LogFormat = {
  flow: (flow, emit) => {
    const { sampling, start_ms, end_ms, inside, inside_port, peer, peer_port, from_peer, proto } = flow
    if (sampling === undefined) return
    // what was counted, not what it stands for
    const [out, into] = [flow.bytes_out / sampling, flow.bytes_in / sampling]
    const packets = (bytes: number): number => Math.ceil(bytes / payload_per_packet)
    const [src_ip, src_port, dst_ip, dst_port] = from_peer
      ? [peer, peer_port, inside, inside_port]
      : [inside, inside_port, peer, peer_port]
    const [bytes_src, bytes_dst] = from_peer ? [into, out] : [out, into]
    const line = {
      ...{ type: 'flow', start_ms, end_ms, src_ip, src_port, dst_ip, dst_port, proto, bytes_src, bytes_dst },
      ...{ packets_src: packets(bytes_src), packets_dst: packets(bytes_dst), sampling },
    }
    emit(flows, 'flows.ndjson', end_ms, `${JSON.stringify(line)}\n`)
  },
}

export const consents: LogFormat = {
  record: (consent, emit) => {
    if (consent.kind !== 'consent') return
    const { start_ms, end_ms, account, peer } = consent
    const line = { type: 'session', kind: 'globus', account, peer_ip: peer, start_ms, end_ms }
    emit(globus, 'consents.ndjson', end_ms, `${JSON.stringify(line)}\n`)
  },
}
