/**
 * A synthetic Zeek conn.log for measurements: connections with payload, 20,000 inside hosts and 200,000 peers drawn with a heavy
 * head, 3 % IPv6, 2 % long connections, most bytes in few flows. Seeded; the same arguments give the same file. For measuring
 * only: nothing is fitted to it. Inside is 10/8, and nobody else is there.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

export interface ConnLogOptions {
  rows: number
  days: number
  start_s?: number
  seed?: number
  /** Default: tab-separated, as Zeek writes it by itself. */
  form?: 'tsv' | 'json'
  /** After each few thousand rows. */
  onRows?: (rows: number) => void
}

export interface WrittenLog {
  rows: number
  /** Those of the header among them. */
  lines: number
  bytes: number
  /** Payload that crossed the border, by the writer's own account. */
  bytes_out: bigint
}

interface Conn {
  ts: number
  uid: string
  orig_h: string
  orig_p: number
  resp_h: string
  resp_p: number
  service: string
  duration: number
  orig_bytes: number
  resp_bytes: number
}

const header =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n' +
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\t' +
  'local_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n' +
  '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\t' +
  'count\tcount\tcount\tset[string]\n'
const headerLines = header.split('\n').length - 1
const services = ['ssl', 'http', 'dns', 'ssh', '-', 'ssl', 'ssl']
const ports = [443, 80, 53, 22, 2811]
const rowsAtOnce = 8192

export function writeConnLog(path: string, options: ConnLogOptions): WrittenLog {
  const { rows, form = 'tsv', onRows } = options
  const lineOf = form === 'tsv' ? tsvLine : jsonLine
  const file = openSync(path, 'w')
  const written: WrittenLog = { rows, lines: rows, bytes: 0, bytes_out: 0n }
  const write = (text: string): void => {
    written.bytes += writeSync(file, text)
  }
  try {
    if (form === 'tsv') {
      write(header)
      written.lines += headerLines
    }
    let lines: string[] = []
    let bytes_out = 0
    for (const conn of conns(options)) {
      lines.push(lineOf(conn))
      bytes_out += conn.orig_h.startsWith('10.') ? conn.orig_bytes : conn.resp_bytes
      if (lines.length < rowsAtOnce) continue
      write(lines.join(''))
      written.bytes_out += BigInt(bytes_out)
      onRows?.(lines.length)
      lines = []
      bytes_out = 0
    }
    write(lines.join(''))
    written.bytes_out += BigInt(bytes_out)
    onRows?.(lines.length)
  } finally {
    closeSync(file)
  }
  return written
}

function* conns({ rows, days, start_s = 1_700_006_400, seed = 12345 }: ConnLogOptions): Generator<Conn> {
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const headHeavy = (many: number): number => Math.floor(many * random() ** 3)
  for (let i = 0; i < rows; i++) {
    const ts = start_s + (i / rows) * days * 86_400 + random()
    const h = headHeavy(20_000)
    const p = headHeavy(200_000)
    const host = `10.${(h >> 14) & 255}.${(h >> 7) & 127}.${h & 127}`
    const peer =
      random() < 0.03
        ? `2a02:${(p & 0xffff).toString(16)}::${(p >> 3).toString(16)}`
        : `${20 + (p >> 16)}.${(p >> 8) & 255}.${p & 255}.${p % 250}`
    const outwards = random() < 0.6
    const duration = random() < 0.02 ? random() * 5000 : random() * 3
    const orig_bytes = Math.floor(random() ** 6 * 1e6) + 60
    const resp_bytes = Math.floor(random() ** 6 * 3e6) + 100
    const [orig_h, resp_h] = outwards ? [host, peer] : [peer, host]
    yield {
      ...{ ts, uid: `C${i.toString(36)}x${state.toString(36)}`, orig_h, resp_h, duration, orig_bytes, resp_bytes },
      ...{ orig_p: 1024 + ((state >>> 16) % 60_000), resp_p: ports[state % 5], service: services[state % 7] },
    }
  }
}

function tsvLine(conn: Conn): string {
  const { ts, uid, orig_h, orig_p, resp_h, resp_p, service, duration, orig_bytes, resp_bytes } = conn
  return (
    `${ts.toFixed(6)}\t${uid}\t${orig_h}\t${orig_p}\t${resp_h}\t${resp_p}\ttcp\t${service}\t${duration.toFixed(6)}\t` +
    `${orig_bytes}\t${resp_bytes}\tSF\tT\tF\t0\tShADadFf\t${1 + (orig_bytes >> 10)}\t${orig_bytes + 60}\t` +
    `${1 + (resp_bytes >> 10)}\t${resp_bytes + 60}\t-\n`
  )
}

/** As Zeek writes it: what is unset is left out. */
function jsonLine(conn: Conn): string {
  const { ts, uid, orig_h, orig_p, resp_h, resp_p, service, duration, orig_bytes, resp_bytes } = conn
  const named = service === '-' ? '' : `"service":"${service}",`
  return (
    `{"ts":${ts.toFixed(6)},"uid":"${uid}","id.orig_h":"${orig_h}","id.orig_p":${orig_p},"id.resp_h":"${resp_h}",` +
    `"id.resp_p":${resp_p},"proto":"tcp",${named}"duration":${duration.toFixed(6)},"orig_bytes":${orig_bytes},` +
    `"resp_bytes":${resp_bytes},"conn_state":"SF","local_orig":true,"local_resp":false,"missed_bytes":0,"history":"ShADadFf",` +
    `"orig_pkts":${1 + (orig_bytes >> 10)},"orig_ip_bytes":${orig_bytes + 60},"resp_pkts":${1 + (resp_bytes >> 10)},` +
    `"resp_ip_bytes":${resp_bytes + 60}}\n`
  )
}
