/**
 * Zeek's streams (`conn`, `ssl`, `dns` …): what Weir does with each, and how a file's name tells its stream where the
 * records do not.
 */
import { NameTable } from '../../model/name-table.ts'

export type StreamUse = 'conn' | 'ssl' | 'ssh' | 'http' | 'other'

const uses = new Map<string, StreamUse>([
  ['conn', 'conn'],
  ['conn_long', 'conn'],
  ['long_conn', 'conn'],
  ['open_conn', 'conn'],
  ['conn_open', 'conn'],
  ['ssl', 'ssl'],
  ['ssh', 'ssh'],
  ['http', 'http'],
])

export function useOf(stream: string): StreamUse {
  return uses.get(stream) ?? 'other'
}

/** Streams that a file name is trusted to tell: Zeek's own and the widespread packages'. */
const known = new Set([
  ...uses.keys(),
  ...[
    'analyzer',
    'broker',
    'capture_loss',
    'cluster',
    'config',
    'dce_rpc',
    'dhcp',
    'dnp3',
    'dns',
    'dpd',
    'files',
    'ftp',
  ],
  ...['intel', 'irc', 'kerberos', 'known_certs', 'known_devices', 'known_hosts', 'known_modbus', 'known_services'],
  ...['ldap', 'ldap_search', 'loaded_scripts', 'modbus', 'mqtt_connect', 'mqtt_publish', 'mqtt_subscribe', 'mysql'],
  ...['netcontrol', 'notice', 'notice_alarm', 'ntlm', 'ntp', 'ocsp', 'openflow', 'packet_filter', 'pe', 'postgresql'],
  ...[
    'print',
    'prof',
    'quic',
    'radius',
    'rdp',
    'redis',
    'reporter',
    'rfb',
    'signatures',
    'sip',
    'smb_cmd',
    'smb_files',
  ],
  ...['smb_mapping', 'smtp', 'snmp', 'socks', 'software', 'stats', 'syslog', 'telemetry', 'traceroute', 'tunnel'],
  ...['weird', 'weird_stats', 'websocket', 'x509'],
])

/**
 * The stream that a file's name tells: `conn.log`, `conn.14:00:00-15:00:00.log.gz`, `conn_20200101.log`, `NASHUA_conn.log`,
 * `zeek.known_hosts.json`; undefined for names that tell none, as `conn_summary.log`: only a prefix or a date may stand
 * beside the stream's name. Only the last part of the path counts.
 */
export function streamOfFileName(path: string): string | undefined {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  for (const part of base.toLowerCase().split('.').slice(0, 3)) {
    const words = part.split(/[_-]/).slice(0, 12)
    for (let length = words.length; length > 0; length--) {
      for (let from = 0; from + length <= words.length; from++) {
        const name = words.slice(from, from + length).join('_')
        if (known.has(name) && words.slice(from + length).every((word) => /^\d/.test(word))) return name
      }
    }
  }
  return undefined
}

/** The name of the format for reports: `zeek_dns`; `zeek_other` where the stream is unknown or its name is odd. */
export function formatOfStream(stream: string): string {
  return isStreamName(stream) ? `zeek_${stream}` : 'zeek_other'
}

/** The format of a file in which `next` follows what came so far ('' at first). */
export function joinFormats(soFar: string, next: string): string {
  return soFar === '' || soFar === next ? next : 'zeek_mixed'
}

export function isStreamName(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,47}$/i.test(text)
}

/** Looks up the streams of many records by their bytes; a stream met before costs no string. */
export class StreamTable {
  readonly #names = new NameTable()
  #uses: StreamUse[] = ['other']
  #generation = 0

  /** Forgets names that hostile input piled up; call between blocks. */
  trim(): void {
    this.#names.trim()
    if (this.#names.generation === this.#generation) return
    this.#generation = this.#names.generation
    this.#uses = ['other']
  }

  codeOf(bytes: Uint8Array, start: number, end: number): number {
    const code = this.#names.codeOfBytes(bytes, start, end)
    if (code === this.#uses.length) this.#uses.push(useOf(this.#names.texts[code]))
    return code
  }

  useOf(code: number): StreamUse {
    return this.#uses[code]
  }

  nameOf(code: number): string {
    return this.#names.texts[code]
  }
}
