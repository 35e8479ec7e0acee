/**
 * The logs of a made-up centre, seeded, in files of many forms: Zeek days as text, gzip and (where there is a program)
 * zstd, long connections logged again and again over days, scans, fingerprints, leases, logins, jobs and transfers, a
 * second sensor that only corroborates, one file twice. Two arrivals: `first`, and `second` with newer days, late records
 * of kept days, and a day from before everything else.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { connHeader, connLine } from './conn-lines.ts'
import { seeded } from './seeded.ts'

/** Day numbers of each arrival; gaps between days make separate transactions of booking. */
const arrivals = { first: [0, 1, 2, 4, 5], second: [-20, 6, 7, 9] }
const dayZero_s = Date.parse('2026-03-01T00:00:00Z') / 1000
const day_s = 86_400

export interface SiteLogs {
  first: string
  second: string
  config: string
  records: number
}

export const siteConfig = `site:
  networks: [10.0.0.0/8, "2001:db8:1::/48"]
  vpn_pools: [{gateway: vpn1, networks: [10.200.0.0/16], inner_flows: observed}]
hosts:
  - {name: dtn1, addresses: [10.1.0.1], role: dtn}
  - {name: login1, addresses: [10.1.0.2], role: login}
  - {name: vpn1, addresses: [10.1.0.3], role: vpn}
sensors:
  - {id: zeek, match: '*/zeek/**', segment: border, accounts: true}
  - {id: router, match: '*/router/**', segment: border, accounts: false}
vaults:
  - {id: cfd, paths: [/proj/cfd], project: cfd, client_org: aero}
  - {id: open, paths: [/proj/open], project: climate}
expectations:
  - {id: EXP-1, vaults: [open], peers: [198.51.100.0/24], max_bytes_per_day: 3000000}
  - {id: EXP-2, accounts: [user3, user7], peers: [203.0.113.0/24], max_bytes_per_day: 2000000}
retention: {flows_days: 4}
`

/** Writes the logs below `folder`; `perDay` connections a day. */
export function writeSiteLogs(folder: string, { seed, perDay }: { seed: number; perDay: number }): SiteLogs {
  const random = seeded(seed)
  const below = (n: number): number => Math.floor(random() * n)
  let records = 0
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const hosts = Array.from({ length: 60 }, (_, i) => (i < 3 ? `10.1.0.${i + 1}` : `10.2.${i % 3}.${i}`))
  const peerOf = (): string => {
    const which = below(20)
    if (which === 0) return `2001:db8:${2 + below(20)}::${1 + below(5)}`
    if (which < 3) return `198.51.100.${below(200)}`
    if (which < 5) return `203.0.113.${below(40)}`
    return `${20 + below(40)}.${below(8)}.${below(4)}.${below(250)}`
  }
  const uid = (day: number, i: number, kind: string): string => `C${kind}${day + 50}x${i.toString(36)}`

  const zeekDay = (day: number): { conn: string; long: string; ssl: string } => {
    const lines: string[] = []
    const fingerprints: string[] = []
    for (let i = 0; i < perDay; i++) {
      const ts = dayZero_s + day * day_s + (i / perDay) * (day_s - 60) + random()
      const host = hosts[below(hosts.length)]
      const kind = random()
      const pulls = random() < 0.5
      const [a, b] =
        kind < 0.05
          ? [host, hosts[below(hosts.length)]]
          : kind < 0.1
            ? [`10.200.${below(2)}.${below(40)}`, host]
            : pulls
              ? [peerOf(), host]
              : [host, peerOf()]
      const isProbe = kind > 0.92
      const isUnknown = kind > 0.91 && !isProbe
      const bytes = Math.floor(random() ** 6 * 400_000)
      const other = Math.floor(random() ** 6 * 50_000)
      lines.push(
        connLine({
          ts: ts.toFixed(6),
          uid: uid(day, i, ''),
          'id.orig_h': a,
          'id.orig_p': 20_000 + (i % 40_000),
          'id.resp_h': b,
          'id.resp_p': [443, 22, 2811, 80, 50_123][below(5)],
          service: ['ssl', 'ssh', '-', 'http', '-'][below(5)],
          duration: (random() < 0.02 ? random() * 40_000 : random() * 30).toFixed(6),
          orig_bytes: isProbe ? 0 : isUnknown ? '-' : other,
          resp_bytes: isProbe ? 0 : isUnknown ? '-' : bytes,
          missed_bytes: random() < 0.02 ? 10 : 0,
          conn_state: isProbe ? 'S0' : 'SF',
          orig_pkts: isProbe ? 1 : 10,
          orig_ip_bytes: isProbe ? 60 : isUnknown ? 9000 : other + 500,
          resp_pkts: isProbe ? 0 : 12,
          resp_ip_bytes: isProbe ? 0 : isUnknown ? 9000 : bytes + 600,
        }),
      )
      if (i % 9 === 0) fingerprints.push(`${ts.toFixed(6)}\t${uid(day, i, '')}\t${a}\t1\t${b}\t443\tja3-${i % 5}\n`)
    }
    const long: string[] = []
    for (let i = 0; i < 40; i++) {
      /* began two days before this day's end at most: totals grow with each hour that it is logged */
      const began = dayZero_s + (day - (i % 3)) * day_s + i * 600
      for (let hour = 1; hour <= 6; hour++) {
        const until = dayZero_s + day * day_s + hour * 12_000
        long.push(
          connLine({
            ts: began.toFixed(6),
            uid: `CL${day - (i % 3) + 50}x${i}`,
            'id.orig_h': `31.0.0.${i}`,
            'id.orig_p': 1000 + i,
            'id.resp_h': hosts[i],
            duration: (until - began).toFixed(6),
            orig_bytes: (until - began) * 3,
            resp_bytes: (until - began) * 1000,
          }),
        )
      }
    }
    const ssl = `#separator \\x09\n#unset_field\t-\n#path\tssl\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tja3\n${fingerprints.join('')}`
    records += lines.length + long.length + fingerprints.length
    return { conn: connHeader + lines.join(''), long: connHeader + long.join(''), ssl }
  }

  const events = (day: number, count: number): string => {
    const at = (dayZero_s + day * day_s) * 1000
    const lines: object[] = []
    for (let i = 0; i < count; i++) {
      const start_ms = at + Math.floor((i / count) * day_s * 1000)
      const account = `user${below(12)}`
      const times = { start_ms, end_ms: start_ms + below(7_200_000) }
      const peer_ip = peerOf()
      lines.push({
        type: 'lease',
        ip: `10.200.${below(2)}.${below(40)}`,
        account,
        peer_ip: `192.0.2.${below(90)}`,
        ...times,
      })
      lines.push({
        type: 'session',
        kind: 'ssh',
        account,
        peer_ip,
        peer_port: 20_000 + below(40_000),
        host_ip: hosts[below(9)],
        ...times,
      })
      lines.push({
        type: 'transfer',
        tool: 'gridftp',
        account,
        host_ip: hosts[below(5)],
        peer_ip: random() < 0.5 ? `198.51.100.${below(200)}` : peer_ip,
        path: `/proj/${['cfd', 'open', 'else'][below(3)]}/file${i}`,
        direction: 'out',
        bytes: below(500_000),
        ...times,
      })
      if (i % 4 === 0)
        lines.push({
          type: 'job',
          job_id: `${day}-${i}`,
          account,
          project: 'climate',
          nodes: ['dtn1', 'login1'],
          ...times,
        })
    }
    records += lines.length
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  }

  const router = (day: number, count: number): string => {
    const at = (dayZero_s + day * day_s) * 1000
    records += count
    return Array.from({ length: count }, (_, i) => {
      const start_ms = at + i * 1000
      const flow = {
        type: 'flow',
        start_ms,
        end_ms: start_ms + 5000,
        src_ip: hosts[i % 60],
        src_port: 443,
        dst_ip: peerOf(),
      }
      return `${JSON.stringify({ ...flow, dst_port: 50_000, proto: 'tcp', bytes_src: below(9000), bytes_dst: 10, sampling: 10, packets_src: 9, packets_dst: 1 })}\n`
    }).join('')
  }

  for (const [arrival, days] of Object.entries(arrivals)) {
    for (const [i, day] of days.entries()) {
      const { conn, long, ssl } = zeekDay(day)
      const place = `${arrival}/zeek/day${day}`
      if (i % 3 === 1) write(`${place}/conn.log.gz`, gzipSync(conn, { level: 1 }))
      else if (i % 3 === 2) write(`${place}/conn.log.zst`, zstdOf(conn))
      else write(`${place}/conn.log`, conn)
      write(`${place}/conn_long.log`, long)
      write(`${place}/ssl.log.gz`, gzipSync(ssl))
      write(`${arrival}/events/day${day}.ndjson`, events(day, 150))
      write(`${arrival}/router/day${day}.ndjson.gz`, gzipSync(router(day, perDay >> 3)))
      if (day === 5) write(`${arrival}/zeek/again/conn.log`, conn)
    }
  }
  // what becomes known only later of days that are booked, some of them without detail by then
  for (const day of [0, 4, 5]) write(`second/events/late-day${day}.ndjson`, events(day, 40))
  write('second/router/late.ndjson', router(5, 2000))
  write('weir.yaml', siteConfig)
  return { first: join(folder, 'first'), second: join(folder, 'second'), config: join(folder, 'weir.yaml'), records }
}

function zstdOf(text: string): string | Uint8Array {
  const { status, stdout } = spawnSync('zstd', ['-c', '-q', '-1'], { input: text, maxBuffer: 1 << 30 })
  return status === 0 ? stdout : text
}
