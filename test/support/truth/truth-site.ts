/**
 * A small site whose every flow has a known owner, and the logs that it leaves behind with all that is wrong with logs:
 * VPN addresses that are handed on within seconds, lost Stop records, clocks some seconds or two whole hours off, NAT,
 * parallel streams, shared nodes. Nothing here knows how Weir joins.
 */
import { Draw } from './draw.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** A Monday. */
export const t0 = Date.parse('2026-03-02T00:00:00Z')
export const days = 3

/** One flow with who sent it, and the session, lease, transfer or job that it belongs to. */
export interface TrueFlow {
  kind: 'vpn' | 'ssh' | 'gridftp' | 'job'
  start_ms: number
  end_ms: number
  inside: string
  inside_port: number
  peer: string
  peer_port: number
  /** Who opened it. */
  from_peer: boolean
  bytes_out: number
  bytes_in: number
  account: string
  unit: string
}

export interface SiteLogs {
  flows: TrueFlow[]
  /** By file name. */
  logs: Record<string, string>
}

export const config = {
  site: {
    networks: ['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32'],
    vpn_pools: [{ gateway: 'vpn1', networks: ['10.200.0.0/16', '2001:db8:200::/48'], inner_flows: 'observed' }],
  },
  hosts: [
    { name: 'login1', addresses: ['10.1.0.1'], role: 'login' },
    { name: 'login2', addresses: ['10.1.0.2'], role: 'login' },
    { name: 'dtn1', addresses: ['10.1.0.11'], role: 'dtn' },
    { name: 'www', addresses: ['10.3.0.1'], role: 'service' },
    { name: 'nat', addresses: ['192.0.2.10', '192.0.2.11'], role: 'other' },
    ...Array.from({ length: 40 }, (_, i) => ({ name: node(i), addresses: [nodeAddress(i)], role: 'compute' })),
  ],
  sensors: [{ id: 'zeek', match: '**/conn*.log', segment: 'border', accounts: true }],
  vaults: [
    { id: 'cfd', paths: ['/proj/cfd'], project: 'physics' },
    { id: 'climate', paths: ['/proj/climate'], project: 'climate' },
  ],
}

function node(i: number): string {
  return `cn${String(i + 1).padStart(3, '0')}`
}

function nodeAddress(i: number): string {
  return `10.2.0.${i + 1}`
}

const people = Array.from({ length: 120 }, (_, i) => `user${String(i).padStart(3, '0')}`)

export function simulate(seed: number, scale = 1): SiteLogs {
  const draw = new Draw(seed)
  const logs: Record<string, string> = {}
  const flows = [
    ...vpnFlows(draw, logs, scale),
    ...sshFlows(draw, logs, scale),
    ...gridftpFlows(draw, logs, scale),
    ...jobFlows(draw, logs, scale),
  ]
  for (const flow of flows) {
    flow.start_ms = Math.floor(flow.start_ms)
    flow.end_ms = Math.max(flow.start_ms, Math.floor(flow.end_ms))
  }
  flows.sort((a, b) => a.end_ms - b.end_ms)
  logs['zeek/conn.log'] = connLog(flows)
  return { flows, logs }
}

let outsides = 0
/** Addresses of the outside, each once. */
function outside(): string {
  outsides++
  return `${[45, 81, 131, 203][outsides & 3]}.${(outsides >> 14) & 255}.${(outsides >> 7) & 127}.${(outsides & 127) + 1}`
}

/** Twelve access servers with clocks of their own; each hands out five IPv4 and five IPv6 addresses. */
function vpnFlows(draw: Draw, logs: Record<string, string>, scale: number): TrueFlow[] {
  const flows: TrueFlow[] = []
  for (let server = 0; server < Math.ceil(12 * scale); server++) {
    const skew_ms = draw.between(-4000, 4000)
    const records: { at_ms: number; text: string }[] = []
    for (let i = 0; i < 5; i++) {
      const isV6 = i >= 3
      const assigned = isV6 ? `2001:db8:200:${server + 1}::${i}` : `10.200.${server}.${i + 5}`
      for (let start_ms = t0 + draw.wait(hour); start_ms < t0 + days * day; ) {
        const end_ms = start_ms + Math.max(60_000, draw.wait(2 * hour))
        const account = draw.of(people)
        const session = {
          unit: `lease ${assigned} ${start_ms}`,
          account,
          outer: outside(),
          id: `${server}-${records.length}`,
        }
        const record = (status: string, at_ms: number, more: string[]): void => {
          const stamp = Math.floor((at_ms + skew_ms) / 1000)
          const lines = [
            `Acct-Status-Type = ${status}`,
            `User-Name = "${account}"`,
            `Acct-Session-Id = "${session.id}"`,
            `NAS-Identifier = "nas${server}"`,
            `${isV6 ? 'Framed-IPv6-Address' : 'Framed-IP-Address'} = ${assigned}`,
            `Calling-Station-Id = "${session.outer}"`,
            `Event-Timestamp = ${stamp}`,
            ...more,
          ]
          const heading = new Date(stamp * 1000)
            .toUTCString()
            .replace(/^(...), (\d\d) (...) (\d{4}) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4')
          records.push({ at_ms, text: `${heading}\n${lines.map((line) => `\t${line}\n`).join('')}\n` })
        }
        record('Start', start_ms, [])
        const seconds = Math.round((end_ms - start_ms) / 1000)
        if (!draw.chance(0.05)) record('Stop', end_ms, [`Acct-Session-Time = ${seconds}`, 'Acct-Output-Octets = 0'])
        for (let at_ms = start_ms + draw.between(300, 20_000); at_ms < end_ms; at_ms += draw.wait(15 * 60_000)) {
          const lasts_ms = Math.min(end_ms - at_ms, draw.wait(30_000))
          flows.push({
            kind: 'vpn',
            start_ms: at_ms,
            end_ms: at_ms + lasts_ms,
            inside: isV6 ? '2001:db8:3::1' : '10.3.0.1',
            inside_port: 443,
            peer: assigned,
            peer_port: draw.int(1024, 65_535),
            from_peer: true,
            bytes_out: draw.bytes(200_000),
            bytes_in: draw.bytes(3000),
            account,
            unit: session.unit,
          })
        }
        start_ms = end_ms + (draw.chance(0.4) ? draw.between(1000, 9000) : draw.wait(20 * 60_000))
      }
    }
    records.sort((a, b) => a.at_ms - b.at_ms)
    logs[`radius/nas${server}/detail`] = records.map(({ text }) => text).join('')
  }
  return flows
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 3164: no year, no zone. */
function syslogTime(ms: number): string {
  const at = new Date(ms)
  return `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
}

/** Two login nodes: the clock of one is slow by 4 s, the other writes local time two hours ahead. */
function sshFlows(draw: Draw, logs: Record<string, string>, scale: number): TrueFlow[] {
  const flows: TrueFlow[] = []
  const campus = Array.from({ length: 3 }, outside)
  for (const [host, inside, skew_ms] of [
    ['login1', '10.1.0.1', -4000],
    ['login2', '10.1.0.2', 2 * hour + 1500],
  ] as const) {
    const lines: { at_ms: number; text: string }[] = []
    const log = (at_ms: number, pid: number, text: string): void => {
      lines.push({ at_ms, text: `${syslogTime(at_ms + skew_ms)} ${host} sshd[${pid}]: ${text}\n` })
    }
    for (let at_ms = t0 + draw.wait(60_000); at_ms < t0 + days * day; at_ms += draw.wait((7 * 60_000) / scale)) {
      const account = draw.of(people)
      const peer = draw.chance(0.3) ? draw.of(campus) : outside()
      const [port, pid] = [draw.int(1024, 65_535), draw.int(1000, 60_000)]
      const end_ms = at_ms + Math.max(1500, draw.wait(20 * 60_000))
      const accepted_ms = at_ms + draw.between(100, 900)
      if (draw.chance(0.5))
        log(at_ms, pid + 1, `Failed password for invalid user ${account} from ${outside()} port ${port} ssh2`)
      log(
        accepted_ms,
        pid,
        `Accepted publickey for ${account} from ${peer} port ${port} ssh2: ED25519 SHA256:${account}${'k'.repeat(35)}`,
      )
      log(accepted_ms, pid, `pam_unix(sshd:session): session opened for user ${account}(uid=1000) by (uid=0)`)
      if (!draw.chance(0.05)) log(end_ms, pid, `Disconnected from user ${account} ${peer} port ${port}`)
      const ends = { inside, inside_port: 22, peer, peer_port: port, from_peer: true }
      const bytes = { bytes_out: draw.bytes(5_000_000), bytes_in: draw.bytes(20_000) }
      flows.push({
        kind: 'ssh',
        start_ms: at_ms,
        end_ms,
        ...ends,
        ...bytes,
        account,
        unit: `login ${host} ${peer} ${port} ${at_ms}`,
      })
    }
    lines.sort((a, b) => a.at_ms - b.at_ms)
    logs[`syslog/${host}/auth.log`] = lines.map(({ text }) => text).join('')
  }
  return flows
}

/** A data transfer node: each transfer over 4 to 16 streams; one in ten to a peer that another person fetches from as well. */
function gridftpFlows(draw: Draw, logs: Record<string, string>, scale: number): TrueFlow[] {
  const flows: TrueFlow[] = []
  const lines: { at_ms: number; text: string }[] = []
  const stamp = (ms: number): string => `${new Date(ms).toISOString().replaceAll(/[-:TZ]/g, '')}000`
  const write = (account: string, peer: string, start_ms: number, end_ms: number, bytes: number): void => {
    const vault = draw.of(['cfd', 'climate'])
    const streams = draw.int(4, 16)
    lines.push({
      at_ms: end_ms,
      text:
        `DATE=${stamp(end_ms)} HOST=dtn1.example.org PROG=globus-gridftp-server NL.EVNT=FTP_INFO START=${stamp(start_ms)} ` +
        `USER=${account} FILE=/proj/${vault}/${account}/run ${draw.int(1, 99)}.h5 BUFFER=235104 BLOCK=4194304 ` +
        `NBYTES=${bytes} VOLUME=/ STREAMS=${streams} STRIPES=1 DEST=[${peer}] TYPE=RETR CODE=226\n`,
    })
    const unit = `transfer ${peer} ${account} ${start_ms}`
    for (let left = bytes, stream = 0; stream < streams; stream++) {
      const part =
        stream === streams - 1 ? left : Math.min(left, Math.round((bytes / streams) * draw.between(0.8, 1.2)))
      left -= part
      flows.push({
        kind: 'gridftp',
        start_ms: start_ms + draw.between(-300, 300),
        end_ms: end_ms + draw.between(-300, 300),
        inside: '10.1.0.11',
        inside_port: 50_000 + stream,
        peer,
        peer_port: draw.int(1024, 65_535),
        from_peer: true,
        bytes_out: part + Math.round(part * 0.002),
        bytes_in: 2000,
        account,
        unit,
      })
    }
  }
  for (
    let at_ms = t0 + draw.wait(hour);
    at_ms < t0 + days * day - 3 * hour;
    at_ms += draw.wait((40 * 60_000) / scale)
  ) {
    const [account, peer] = [draw.of(people), outside()]
    const end_ms = at_ms + Math.max(30_000, draw.wait(40 * 60_000))
    write(account, peer, at_ms, end_ms, draw.bytes(50_000_000))
  }
  lines.sort((a, b) => a.at_ms - b.at_ms)
  logs['gridftp/transfer.log'] = lines.map(({ text }) => text).join('')
  return flows
}

/** Thirty exclusive nodes and ten shared ones behind two NAT addresses whose ports are used again and again. */
function jobFlows(draw: Draw, logs: Record<string, string>, scale: number): TrueFlow[] {
  const flows: TrueFlow[] = []
  const jobs: string[] = []
  const bindings: { at_ms: number; text: string }[] = []
  const skew_ms = 1200
  const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19)
  let nextPort = 1024
  for (let i = 0; i < 40; i++) {
    const isShared = i >= 30
    for (let lane = 0; lane < (isShared ? 2 : 1); lane++) {
      for (let start_ms = t0 + draw.wait(hour); start_ms < t0 + days * day; ) {
        const end_ms = start_ms + Math.max(120_000, draw.wait(4 * hour))
        const account = draw.of(people)
        const job = 1000 + jobs.length
        jobs.push(
          `${job}|${account}|${draw.of(['physics', 'climate'])}|${node(i)}|${iso(start_ms)}|${iso(end_ms)}|COMPLETED`,
        )
        const transfers = draw.chance(0.3 * scale) ? draw.int(1, 6) : 0
        for (let n = 0; n < transfers; n++) {
          const at_ms = draw.between(Math.ceil(start_ms / 1000) * 1000 + 1000, end_ms - 20_000)
          const lasts_ms = Math.min(end_ms - at_ms - 1000, draw.wait(60_000))
          const [nat, port, peer] = [draw.of(['192.0.2.10', '192.0.2.11']), nextPort, outside()]
          nextPort = nextPort === 65_535 ? 1024 : nextPort + 1
          const inner = draw.int(30_000, 60_000)
          const stamp = ((at_ms + skew_ms) / 1000).toFixed(6)
          bindings.push({
            at_ms,
            text:
              `[${stamp}]\t    [NEW] tcp      6 120 SYN_SENT src=${nodeAddress(i)} dst=${peer} sport=${inner} dport=443 ` +
              `[UNREPLIED] src=${peer} dst=${nat} sport=443 dport=${port}\n`,
          })
          const ends = { inside: nat, inside_port: port, peer, peer_port: 443, from_peer: false }
          const bytes = { bytes_out: draw.bytes(2_000_000), bytes_in: draw.bytes(10_000) }
          flows.push({
            kind: 'job',
            start_ms: at_ms,
            end_ms: at_ms + lasts_ms,
            ...ends,
            ...bytes,
            account,
            unit: `job ${job}`,
          })
        }
        start_ms = end_ms + draw.wait(hour)
      }
    }
  }
  bindings.sort((a, b) => a.at_ms - b.at_ms)
  logs['nat/conntrack.log'] = bindings.map(({ text }) => text).join('')
  logs['slurm/sacct.txt'] = `JobID|User|Account|NodeList|Start|End|State\n${jobs.map((line) => `${line}\n`).join('')}`
  return flows
}

function connLog(flows: readonly TrueFlow[]): string {
  const fields =
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state'
  const types = 'time string addr port addr port enum string interval count count string'
  const tab = (text: string): string => text.replaceAll(' ', '\t')
  const head = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${tab(fields)}\n#types\t${tab(types)}\n`
  const rows = flows.map((flow, i) => {
    const ours = [flow.inside, flow.inside_port]
    const theirs = [flow.peer, flow.peer_port]
    const [orig, resp] = flow.from_peer ? [theirs, ours] : [ours, theirs]
    const [orig_bytes, resp_bytes] = flow.from_peer ? [flow.bytes_in, flow.bytes_out] : [flow.bytes_out, flow.bytes_in]
    const times = [(flow.start_ms / 1000).toFixed(6), ((flow.end_ms - flow.start_ms) / 1000).toFixed(6)]
    return [times[0], `C${i}`, ...orig, ...resp, 'tcp', '-', times[1], orig_bytes, resp_bytes, 'SF'].join('\t')
  })
  return `${head}${rows.join('\n')}\n`
}
