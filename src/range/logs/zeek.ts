/** Zeek's conn, ssl and ssh as tab-separated values, rotated daily; a connection stands in the file of the day it ended. */
import type { Flow } from '../records.ts'
import { epochSeconds, isoSeconds, type LogFile, type LogFormat } from './log.ts'

const stamp = (ms: number): string => isoSeconds(ms).replaceAll(':', '-').replace('T', '-')

function zeekLog(path: string, columns: readonly (readonly [name: string, type: string])[]): LogFile {
  const names = columns.map(([name]) => name).join('\t')
  const types = columns.map(([, type]) => type).join('\t')
  return {
    folder: 'zeek',
    head: (start_ms) =>
      `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n` +
      `#open\t${stamp(start_ms)}\n#fields\t${names}\n#types\t${types}\n`,
    foot: (end_ms) => `#close\t${stamp(end_ms)}\n`,
  }
}

const ends = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
] as const

const conn = zeekLog('conn', [
  ...ends,
  ['proto', 'enum'],
  ['service', 'string'],
  ['duration', 'interval'],
  ['orig_bytes', 'count'],
  ['resp_bytes', 'count'],
  ['conn_state', 'string'],
  ['local_orig', 'bool'],
  ['local_resp', 'bool'],
  ['missed_bytes', 'count'],
  ['history', 'string'],
  ['orig_pkts', 'count'],
  ['orig_ip_bytes', 'count'],
  ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'],
  ['tunnel_parents', 'set[string]'],
])
const ssl = zeekLog('ssl', [
  ...ends,
  ['version', 'string'],
  ['cipher', 'string'],
  ['server_name', 'string'],
  ['established', 'bool'],
  ['ja4', 'string'],
])
const ssh = zeekLog('ssh', [
  ...ends,
  ['version', 'count'],
  ['client', 'string'],
  ['server', 'string'],
  ['hassh', 'string'],
])

const history = { SF: 'ShADadFf', S0: 'S', REJ: 'Sr', RSTO: 'ShADadR' } as const
const payload_per_packet = 1380

/** Packets of so much payload with their answers, and with their headers. */
export function packetsOf(
  { conn_state, proto, bytes_out, bytes_in }: Flow,
  way: 'out' | 'in',
  sender: boolean,
): [packets: number, ip_bytes: number] {
  if (conn_state === 'S0') return sender ? [1, 44] : [0, 0]
  if (conn_state === 'REJ') return [1, 44]
  const [own, others] = way === 'out' ? [bytes_out, bytes_in] : [bytes_in, bytes_out]
  const header = proto === 'tcp' ? 52 : 28
  const data = Math.ceil(own / payload_per_packet)
  // every second packet is acknowledged
  const packets = proto === 'tcp' ? data + Math.ceil(others / payload_per_packet / 2) + 3 : Math.max(data, 1)
  return [packets, own + packets * header]
}

function endsOf({ start_ms, uid, inside, inside_port, peer, peer_port, from_peer }: Flow): string {
  const [ours, theirs] = [`${inside}\t${inside_port}`, `${peer}\t${peer_port}`]
  return `${epochSeconds(start_ms)}\t${uid}\t${from_peer ? `${theirs}\t${ours}` : `${ours}\t${theirs}`}`
}

export const zeek: LogFormat = {
  flow: (flow, emit) => {
    if (flow.sampling !== undefined) return
    const { conn_state, from_peer, bytes_out, bytes_in } = flow
    const silent = conn_state === 'S0' || conn_state === 'REJ'
    const [orig_way, resp_way] = from_peer ? (['in', 'out'] as const) : (['out', 'in'] as const)
    const orig = packetsOf(flow, orig_way, true)
    const resp = packetsOf(flow, resp_way, false)
    const [orig_bytes, resp_bytes] = from_peer ? [bytes_in, bytes_out] : [bytes_out, bytes_in]
    const lasted = silent ? '-\t-\t-' : `${epochSeconds(flow.end_ms - flow.start_ms)}\t${orig_bytes}\t${resp_bytes}`
    const local = from_peer ? 'F\tT' : 'T\tF'
    emit(
      ...([conn, 'conn.log', flow.end_ms] as const),
      `${endsOf(flow)}\t${flow.proto}\t${flow.service || '-'}\t${lasted}\t${conn_state}\t${local}\t0\t` +
        `${flow.proto === 'udp' ? 'Dd' : history[conn_state]}\t${orig.join('\t')}\t${resp.join('\t')}\t-\n`,
    )
    if (flow.tls) {
      const { ja4, server_name } = flow.tls
      const text = `${endsOf(flow)}\tTLSv13\tTLS_AES_256_GCM_SHA384\t${server_name}\tT\t${ja4}\n`
      emit(ssl, 'ssl.log', flow.start_ms, text)
    }
    if (flow.ssh) {
      const { client, hassh } = flow.ssh
      emit(ssh, 'ssh.log', flow.start_ms, `${endsOf(flow)}\t2\t${client}\tSSH-2.0-OpenSSH_8.7\t${hassh}\n`)
    }
  },
}
