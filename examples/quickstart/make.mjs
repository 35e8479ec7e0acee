/**
 * Writes the logs of the quickstart: three days of a small made-up centre. They were made once with
 *
 *     node examples/quickstart/make.mjs [FOLDER]
 *
 * and are kept in the repository; nothing runs this at run time. Seeded: it writes the same records every time. Outside addresses are those reserved for documentation (RFC 5737, RFC 3849).
 *
 * What is in them: people who pull data through the VPN, over SSH and from the web portal; GridFTP transfers; a nightly
 * mirror that an expectation covers up to its cap; one connection of 20 hours, logged while it ran; jobs that fetch
 * packages; scans. And what a real site has too: a lost VPN record, a transfer log that claims more than was carried,
 * paths that belong to no vault, a node whose log did not arrive for a day, an hour in which the sensor missed packets.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const folder = process.argv[2] ? `${process.argv[2]}/` : fileURLToPath(new URL('.', import.meta.url))
const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const began = Date.UTC(2026, 2, 9)
const days = 3
const [kB, MB, GB] = [1e3, 1e6, 1e9]

// --- chance ----------------------------------------------------------------------------------------------------------
let seed = 20260309
/** mulberry32, in [0, 1). */
function chance() {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const between = (low, high) => Math.floor(low + chance() * (high - low))
/** As likely to be in any decade of the range. */
const spread = (low, high) => Math.floor(low * (high / low) ** chance())
const oneOf = (list) => list[between(0, list.length)]
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i))
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const word = (length, alphabet = letters) => times(length, () => alphabet[between(0, alphabet.length)]).join('')
const port = () => between(32_768, 61_000)

// --- who and where ---------------------------------------------------------------------------------------------------
const login = ['10.20.1.11', '10.20.1.12']
const login6 = '2001:db8:20:1::11'
const dtn = ['10.20.2.21', '10.20.2.22']
const dtn6 = '2001:db8:20:2::21'
const portal = '10.20.3.31'
const portal6 = '2001:db8:20:3::31'
const gateway = '10.20.4.4'
const dns = '10.20.0.53'
const nfs = '10.20.5.5'
const nodes = ['10.20.16.1', '10.20.16.2', '10.20.16.3', '10.20.16.4']

/** Accounts, and where their people usually are. */
const people = [
  { account: 'akira', home: '203.0.113.17', project: 'cfd' },
  { account: 'bianca', home: '203.0.113.58', project: 'cfd' },
  { account: 'chen', home: '198.51.100.44', project: 'climate' },
  { account: 'dalia', home: '203.0.113.88', project: 'genomes' },
  { account: 'emil', home: '2001:db8:a1:7::c0de', project: 'climate' },
  { account: 'farah', home: '198.51.100.71', project: 'cfd' },
  { account: 'goran', home: '192.0.2.130', project: 'genomes' },
  { account: 'hana', home: '2001:db8:b2:19::5', project: 'climate' },
  { account: 'ines', home: '203.0.113.140', project: 'cfd' },
  { account: 'jonas', home: '198.51.100.9', project: 'genomes' },
]
const kofi = { account: 'kofi', home: '192.0.2.201', project: 'cfd' }
const mirror = '198.51.100.20'

/** Top directories of what is moved; the last two belong to no vault of weir.yaml. */
const paths = {
  cfd: '/proj/cfd/wing-2026',
  climate: '/proj/climate/public/cmip7',
  genomes: '/proj/genomes/cohort-4',
  scratch: '/scratch/shared',
}

// --- what is written -------------------------------------------------------------------------------------------------
const conns = []
const longs = []
const tls = []
const ssh = []
const events = { vpn: [], logins: [], transfers: [], jobs: [], counters: [] }

/** One connection; `out` and `back` are payload bytes of originator and responder. Returns its uid. */
function connection(flow) {
  const { start, orig, resp, proto = 'tcp', service = '-', duration = 0, out = 0, back = 0, state = 'SF' } = flow
  const isTcp = proto === 'tcp'
  const headers = (isTcp ? 32 : 8) + (orig.includes(':') ? 40 : 20)
  const acks = (other) => (isTcp ? Math.ceil(other / 2) : 0)
  const data = [out, back].map((bytes) => Math.ceil(bytes / 1400))
  const extra = state === 'S0' ? [1, 0] : state === 'REJ' ? [1, 1] : isTcp ? [4, 3] : [0, 0]
  const packets = [data[0] + acks(data[1]) + extra[0], data[1] + acks(data[0]) + extra[1]]
  const conn = {
    uid: flow.uid ?? `C${word(17)}`,
    start,
    orig,
    resp,
    proto,
    service,
    duration,
    out,
    back,
    state,
    packets,
    oport: flow.oport ?? port(),
    rport: flow.rport,
    wire: [out + packets[0] * headers, back + packets[1] * headers],
    history: state === 'S0' ? 'S' : state === 'REJ' ? 'Sr' : isTcp ? 'ShADadfF' : 'Dd',
    inTunnel: flow.inTunnel ?? false,
  }
  conns.push(conn)
  if (service === 'ssl') tls.push({ ...conn, name: flow.name, ja3: flow.ja3 ?? oneOf(browsers) })
  if (service === 'ssh') ssh.push({ ...conn, ok: flow.ok ?? 'T', client: flow.client ?? oneOf(clients) })
  return conn
}

const browsers = times(6, () => word(32, '0123456789abcdef'))
const clients = ['SSH-2.0-OpenSSH_9.6', 'SSH-2.0-OpenSSH_8.7', 'SSH-2.0-OpenSSH_10.0', 'SSH-2.0-paramiko_3.4.0']
/** The same whole ms in flow and event, as far as clocks allow. */
const at = (time, low, high) => Math.floor(time + low * hour + chance() * (high - low) * hour)
const seconds = (bytes, rate) => Math.max(1, bytes / rate) * second

function vpnSession(who, start, length, pulls, given = {}) {
  const assigned = given.assigned ?? `10.99.0.${between(10, 190)}`
  const end = start + length
  let [carriedOut, carriedIn] = [0, 0]
  for (const bytes of pulls) {
    const from = start + 2 * minute + Math.floor(chance() * (length - seconds(bytes, 40 * MB) - 5 * minute))
    const asked = Math.ceil(bytes / 500) + 3 * kB
    const viaPortal = bytes < 300 * MB && chance() < 0.5
    connection({
      start: from,
      duration: seconds(bytes, 40 * MB),
      orig: assigned,
      resp: viaPortal ? portal : oneOf(login),
      rport: viaPortal ? 443 : 22,
      service: viaPortal ? 'ssl' : 'ssh',
      name: 'portal.quickstart.example',
      out: asked,
      back: bytes,
      inTunnel: true,
    })
    carriedOut += bytes
    carriedIn += asked
  }
  const read = spread(40 * kB, 4 * MB)
  connection({
    start: start + 3 * minute,
    duration: 40 * second,
    orig: assigned,
    resp: '192.0.2.80',
    rport: 443,
    service: 'ssl',
    name: 'news.example',
    out: 9 * kB,
    back: read,
    inTunnel: true,
  })
  carriedOut += read
  carriedIn += 9 * kB
  const tunnel = [Math.ceil(carriedIn * 1.06) + 60 * kB, Math.ceil(carriedOut * 1.06) + 60 * kB]
  connection({
    start,
    duration: length,
    orig: who.home,
    resp: gateway,
    rport: 1194,
    proto: 'udp',
    out: tunnel[0],
    back: tunnel[1],
    state: 'SF',
  })
  if (given.lost) return
  events.vpn.push({
    type: 'session',
    kind: 'vpn',
    account: who.account,
    peer_ip: who.home,
    assigned_ip: assigned,
    gateway: 'vpn1',
    start_ms: start,
    end_ms: given.open ? undefined : end,
    bytes_out: tunnel[1],
    bytes_in: tunnel[0],
  })
}

function sshLogin(who, start, out, back, given = {}) {
  const isV6 = who.home.includes(':')
  const host = given.host ?? (isV6 ? 0 : between(0, 2))
  const bytes = out + back
  const conn = connection({
    start,
    duration: given.duration ?? seconds(bytes, 60 * MB) + between(5, 900) * second,
    orig: who.home,
    resp: isV6 ? login6 : login[host],
    rport: 22,
    service: 'ssh',
    out,
    back,
  })
  if (given.lost) return conn
  events.logins.push({
    type: 'session',
    kind: 'ssh',
    account: who.account,
    peer_ip: who.home,
    peer_port: conn.oport,
    // half of the login nodes' logs name the host, as syslog does
    host_ip: isV6 || host === 1 ? conn.resp : 'login1.quickstart.example',
    start_ms: start + between(200, 1800),
    end_ms: Math.floor(start + conn.duration),
    key_fp: `SHA256:${word(43)}`,
  })
  return conn
}

/** `streams` parallel data connections beside one for control, and the line that the tool logs of them. */
function gridftp(who, start, path, bytes, given = {}) {
  const isV6 = who.home.includes(':')
  const host = isV6 ? dtn6 : (given.host ?? oneOf(dtn))
  const streams = given.streams ?? 4
  const duration = seconds(bytes, (given.rate ?? 90) * MB)
  const incoming = given.direction === 'in'
  connection({
    start: start - second,
    duration: duration + 2 * second,
    orig: who.home,
    resp: host,
    rport: 2811,
    service: 'gridftp',
    out: between(3, 9) * kB,
    back: between(5, 12) * kB,
  })
  const part = Math.ceil((bytes * (given.carried ?? 1.004)) / streams)
  for (let stream = 0; stream < streams; stream++) {
    connection({
      start,
      duration,
      orig: who.home,
      resp: host,
      rport: 50_000 + between(0, 1000),
      service: 'gridftp-data',
      ...(incoming ? { out: part, back: 0 } : { out: 0, back: part }),
    })
  }
  // on the second day the log of the second node did not arrive
  if (host === dtn[1] && Math.floor((start - began) / day) === 1) return
  events.transfers.push({
    type: 'transfer',
    tool: 'gridftp',
    account: who.account,
    host_ip: host,
    peer_ip: who.home,
    path,
    direction: given.direction ?? 'out',
    bytes,
    start_ms: start,
    end_ms: Math.floor(start + duration),
    task_id: [8, 4, 4].map((length) => word(length, '0123456789abcdef')).join('-'),
  })
}

// --- three days ------------------------------------------------------------------------------------------------------
for (let d = 0; d < days; d++) {
  const today = began + d * day

  for (const who of people.filter((_, i) => (i + d) % 3 !== 0)) {
    const length = between(90, 420) * minute
    const pulls = times(between(2, 7), () => spread(200 * kB, 2 * GB))
    vpnSession(who, at(today, 7, 15), length, pulls, { open: who.account === 'ines' && d === 1 })
  }
  // every night, from somewhere else, a little more than anybody else
  vpnSession({ ...kofi, home: `192.0.2.${201 + 7 * d}` }, at(today, 2.5, 2.6), 3 * hour, [9.1 * GB, 6.4 * GB, 7.7 * GB])
  if (d === 2)
    vpnSession(people[3], at(today, 9, 9.1), hour, [310 * MB, 44 * MB], { assigned: '10.99.0.231', lost: true })
  const leased = at(today, 6, 6.1)
  events.vpn.push({
    type: 'lease',
    ip: '10.99.0.240',
    account: 'svc-backup',
    peer_ip: '198.51.100.200',
    start_ms: leased,
  })
  connection({
    start: at(today, 6.5, 7),
    duration: 20 * minute,
    orig: '10.99.0.240',
    resp: login[1],
    rport: 22,
    service: 'ssh',
    client: clients[0],
    out: 2.2 * GB,
    back: 31 * MB,
    inTunnel: true,
  })

  for (const who of people) {
    for (let n = between(1, 4); n > 0; n--) {
      const pull = chance() < 0.4
      sshLogin(
        who,
        at(today, 6, 21),
        pull ? 60 * kB : spread(30 * kB, 30 * MB),
        spread(...(pull ? [5 * MB, 12 * GB] : [40 * kB, 3 * MB])),
        { lost: chance() < 0.06 },
      )
    }
  }

  // the nightly mirror; on the third day it sends more than was agreed
  const amount = [388, 402, 546][d] * GB
  for (const part of [0, 1]) {
    gridftp(
      { account: 'svc-mirror', home: mirror },
      at(today, 1 + part * 2, 1.1 + part * 2),
      `${paths.climate}/tas_day_${2026 + part}.nc`,
      amount / 2,
      { rate: 120, host: dtn[0] },
    )
  }
  for (const who of people.slice(0, 8)) {
    if (chance() < 0.3) continue
    const top = who.project === 'climate' && chance() < 0.5 ? paths.scratch : paths[who.project]
    gridftp(who, at(today, 8, 20), `${top}/run_${between(100, 999)}.h5`, spread(2 * GB, 90 * GB))
  }
  gridftp(people[2], at(today, 11, 12), `${paths.climate}/upload_${d}.nc`, spread(5 * GB, 40 * GB), { direction: 'in' })
  if (d === 1) {
    // logged by the tool, but the sensor carried three fifths of it
    gridftp(people[0], at(today, 15, 15.2), `${paths.cfd}/mesh_final.h5`, 61 * GB, { carried: 0.6 })
  }

  for (let n = 0; n < 110; n++) {
    const isV6 = chance() < 0.25
    const orig = isV6
      ? `2001:db8:${oneOf(['a1', 'b2', 'c3', 'd4'])}:${between(1, 40)}::${between(2, 60)}`
      : `${oneOf(['203.0.113', '198.51.100', '192.0.2'])}.${between(2, 250)}`
    connection({
      start: at(today, 5, 23),
      duration: between(1, 90) * second,
      orig,
      resp: isV6 ? portal6 : portal,
      rport: 443,
      service: 'ssl',
      name: 'portal.quickstart.example',
      out: spread(900, 30 * kB),
      back: spread(4 * kB, 40 * MB),
    })
  }

  for (const [i, node] of nodes.entries()) {
    const who = people[(i + d) % people.length]
    const start_ms = at(today, 0.5, 4)
    const end_ms = start_ms + between(4, 16) * hour
    events.jobs.push({
      type: 'job',
      job_id: String(48_100 + d * 10 + i),
      account: who.account,
      project: who.project,
      nodes: [`cn0${i + 1}`],
      start_ms,
      end_ms,
    })
    for (let n = 0; n < 14; n++) {
      connection({
        start: at(today, 0, 23.5),
        duration: between(1, 50) * second,
        orig: node,
        resp: oneOf(['192.0.2.80', '192.0.2.81', '198.51.100.150']),
        rport: 443,
        service: 'ssl',
        name: 'packages.example',
        ja3: browsers[0],
        out: spread(kB, 20 * kB),
        back: spread(20 * kB, 300 * MB),
      })
      connection({
        start: at(today, 0, 23.5),
        duration: 0.002 * second,
        orig: node,
        resp: dns,
        rport: 53,
        proto: 'udp',
        service: 'dns',
        out: between(30, 60),
        back: between(60, 300),
      })
    }
    connection({
      start: at(today, 4, 5),
      duration: 2 * hour,
      orig: node,
      resp: nfs,
      rport: 2049,
      out: spread(MB, GB),
      back: spread(GB, 50 * GB),
    })
  }
  for (let n = 0; n < 40; n++) {
    connection({
      start: at(today, 0, 24),
      duration: 0.03 * second,
      orig: dns,
      resp: '192.0.2.53',
      rport: 53,
      proto: 'udp',
      service: 'dns',
      out: between(30, 60),
      back: between(80, 600),
    })
  }

  for (let n = 0; n < 170; n++) {
    connection({
      start: at(today, 0, 24),
      orig: `${oneOf(['203.0.113', '192.0.2'])}.${oneOf([66, 99, 180])}`,
      resp: `10.20.${between(0, 20)}.${between(1, 250)}`,
      rport: oneOf([22, 22, 80, 443, 445, 3389, 8080]),
      state: chance() < 0.8 ? 'S0' : 'REJ',
    })
  }
  for (let n = 0; n < 25; n++) {
    connection({
      start: at(today, 0, 24),
      duration: 2 * second,
      orig: '192.0.2.99',
      resp: login[0],
      rport: 22,
      service: 'ssh',
      ok: 'F',
      client: 'SSH-2.0-Go',
      out: between(1500, 2200),
      back: between(1800, 2600),
    })
  }
}

// One pull of 20 hours and 40 minutes from the first evening on, logged while it ran and at its end.
const length = 20 * hour + 40 * minute
const whole = 148 * GB
const pull = sshLogin(people[3], began + 19 * hour + 12 * minute, 3 * MB, whole, { host: 1, duration: length })
for (const after of [10 * minute, 30 * minute, hour, 12 * hour]) {
  const share = (count) => Math.floor(count * (after / length))
  longs.push({
    ...pull,
    duration: after,
    out: share(pull.out),
    back: share(pull.back),
    state: 'S1',
    history: 'ShADad',
    packets: pull.packets.map(share),
    wire: pull.wire.map(share),
  })
}

// --- counters of the border link: what crossed it, whether the sensor saw it or not ------------------------------------
const ethernet = 18
const octets = times(days * 24, () => [0, 0])
const isInside = (address) => address.startsWith('10.20.') || address.startsWith('2001:db8:20:')
for (const conn of conns) {
  if (conn.inTunnel || isInside(conn.orig) === isInside(conn.resp)) continue
  const sides = isInside(conn.orig) ? [0, 1] : [1, 0]
  for (const [direction, side] of sides.entries()) {
    const bytes = conn.wire[side] + ethernet * conn.packets[side]
    const last = Math.max(conn.start + 1, conn.start + conn.duration)
    for (let h = Math.floor((conn.start - began) / hour); began + h * hour < last && h < octets.length; h++) {
      const part = Math.min(last, began + (h + 1) * hour) - Math.max(conn.start, began + h * hour)
      octets[h][direction] += (bytes * part) / (last - conn.start)
    }
  }
}
for (const [h, [octets_out, octets_in]] of octets.entries()) {
  const unseen = 1.008 + chance() * 0.006
  const missed = h === 24 + 13 ? 1.24 : 1
  events.counters.push({
    type: 'counter',
    link: 'border-1',
    octets_out: Math.round(octets_out * unseen * missed + 4e6),
    octets_in: Math.round(octets_in * unseen + 6e6),
    start_ms: began + h * hour,
    end_ms: began + (h + 1) * hour,
  })
}

// --- files -----------------------------------------------------------------------------------------------------------
const time = (ms) => {
  const micros = Math.round(ms * 1000)
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`
}
const stamp = (ms) => new Date(ms).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')

function zeekLog(stream, columns, records, from, endOf) {
  const lines = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${stream}`,
    `#open\t${stamp(from)}`,
    `#fields\t${columns.map(([name]) => name).join('\t')}`,
    `#types\t${columns.map(([, type]) => type).join('\t')}`,
    ...records
      .sort((a, b) => endOf(a) - endOf(b))
      .map((record) => columns.map(([, , value]) => value(record)).join('\t')),
    `#close\t${stamp(from + day)}`,
  ]
  return gzipSync(`${lines.join('\n')}\n`, { level: 9 })
}

const id = [
  ['ts', 'time', (c) => time(c.start)],
  ['uid', 'string', (c) => c.uid],
  ['id.orig_h', 'addr', (c) => c.orig],
  ['id.orig_p', 'port', (c) => c.oport],
  ['id.resp_h', 'addr', (c) => c.resp],
  ['id.resp_p', 'port', (c) => c.rport],
]
const isProbe = (c) => c.state === 'S0' || c.state === 'REJ'
const connColumns = [
  ...id,
  ['proto', 'enum', (c) => c.proto],
  ['service', 'string', (c) => c.service],
  ['duration', 'interval', (c) => (isProbe(c) ? '-' : time(c.duration))],
  ['orig_bytes', 'count', (c) => (c.state === 'S0' ? '-' : c.out)],
  ['resp_bytes', 'count', (c) => (c.state === 'S0' ? '-' : c.back)],
  ['conn_state', 'string', (c) => c.state],
  ['local_orig', 'bool', (c) => (isInside(c.orig) || c.inTunnel ? 'T' : 'F')],
  ['local_resp', 'bool', (c) => (isInside(c.resp) ? 'T' : 'F')],
  ['missed_bytes', 'count', () => 0],
  ['history', 'string', (c) => c.history],
  ['orig_pkts', 'count', (c) => c.packets[0]],
  ['orig_ip_bytes', 'count', (c) => c.wire[0]],
  ['resp_pkts', 'count', (c) => c.packets[1]],
  ['resp_ip_bytes', 'count', (c) => c.wire[1]],
  ['tunnel_parents', 'set[string]', () => '-'],
]
const tlsColumns = [
  ...id,
  ['version', 'string', () => 'TLSv13'],
  ['server_name', 'string', (c) => c.name],
  ['established', 'bool', () => 'T'],
  ['ja3', 'string', (c) => c.ja3],
]
const sshColumns = [
  ...id,
  ['version', 'count', () => 2],
  ['auth_success', 'bool', (c) => c.ok],
  ['client', 'string', (c) => c.client],
  ['server', 'string', () => 'SSH-2.0-OpenSSH_9.6'],
]

const ended = (c) => c.start + c.duration
const started = (c) => c.start
rmSync(`${folder}zeek`, { recursive: true, force: true })
for (let d = 0; d < days; d++) {
  const from = began + d * day
  // Zeek writes a connection when it ends, and its handshake when it happens
  const on = (list, when) =>
    list.filter((c) => Math.min(d, days - 1) === Math.min(Math.floor((when(c) - began) / day), days - 1))
  const name = `${folder}zeek/${new Date(from).toISOString().slice(0, 10)}`
  mkdirSync(name, { recursive: true })
  for (const [stream, columns, records, when] of [
    ['conn', connColumns, conns, ended],
    ['conn_long', connColumns, longs, ended],
    ['ssl', tlsColumns, tls, started],
    ['ssh', sshColumns, ssh, started],
  ]) {
    const rows = on(records, when)
    if (rows.length > 0) writeFileSync(`${name}/${stream}.log.gz`, zeekLog(stream, columns, rows, from, when))
  }
}
rmSync(`${folder}events`, { recursive: true, force: true })
mkdirSync(`${folder}events`, { recursive: true })
for (const [name, list] of Object.entries(events)) {
  const lines = list.sort((a, b) => a.start_ms - b.start_ms).map((event) => JSON.stringify(event))
  writeFileSync(`${folder}events/${name}.ndjson`, `${lines.join('\n')}\n`)
}
