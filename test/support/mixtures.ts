/**
 * Random mixtures of everything that can be logged, small enough to be understood when something fails, and an oracle
 * that counts their flows in its own way: text prefixes for places, bigints for shares, no code of ours.
 */
import fc from 'fast-check'
import type { ConfigText } from './books.ts'
import { seeded } from './seeded.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** A Monday. */
export const base_ms = Date.parse('2026-03-02T00:00:00Z')

export function siteConfig({ anchor, ...more }: { anchor?: object; [section: string]: unknown } = {}): ConfigText {
  return {
    site: {
      anchor,
      networks: ['10.0.0.0/8', '2001:db8::/32'],
      vpn_pools: [
        {
          gateway: 'vpn1',
          networks: ['10.200.0.0/24', '2001:db8:200::/64'],
          inner_flows: 'observed',
          tunnel_ports: [443, 1194],
        },
      ],
    },
    hosts: [
      { name: 'vpn1', addresses: ['10.0.0.1'], role: 'vpn' },
      { name: 'login1', addresses: ['10.1.0.1'], role: 'login' },
      { name: 'dtn1', addresses: ['10.1.0.11', '2001:db8:1::11'], role: 'dtn' },
      { name: 'node001', addresses: ['10.2.0.1'], role: 'compute' },
    ],
    sensors: [
      { id: 'zeek-a', match: '**/zeek/**', segment: 'border', accounts: true },
      { id: 'nf-b', match: '**/nf/**', segment: 'border' },
    ],
    vaults: [
      { id: 'cfd', paths: ['/proj/cfd'], buckets: ['cfd'], project: 'physics', client_org: 'aero' },
      { id: 'climate', paths: ['/data/climate'], project: 'climate' },
    ],
    expectations: [
      { id: 'EXP-1', vaults: ['climate'], peers: ['198.51.100.0/24'], max_bytes_per_day: 5000 },
      { id: 'EXP-2', accounts: ['mirror'], peers: ['203.0.113.0/24', '2001:db9::7'] },
      { id: 'EXP-3', accounts: ['alice'], peers: ['203.0.113.0/24'], max_bytes_per_day: 700 },
    ],
    ...more,
  }
}

export interface Flow {
  type: 'flow'
  start_ms: number
  end_ms: number
  src_ip: string
  src_port: number
  dst_ip: string
  dst_port: number
  proto: string
  service?: string
  bytes_src: bigint
  bytes_dst: bigint
  packets_src?: number
  uid?: string
  sensor: string
  sampling?: number
  client_fp?: string
}
export type Event = Flow | (Record<string, unknown> & { type: string })

const insides = ['10.1.0.1', '10.1.0.11', '10.2.0.1', '10.0.0.1', '10.9.9.9', '2001:db8:1::11']
const leased = ['10.200.0.5', '10.200.0.6', '2001:db8:200::5']
const outsides = ['198.51.100.7', '198.51.100.8', '203.0.113.9', '192.0.2.33', '2001:db9::7', '2001:db9::8']
const specials = ['224.0.0.251', 'fe80::1', '255.255.255.255']
const accounts = ['alice', 'bob', 'mirror', 'carol', 'dave', 'erin', 'frank']
/** Many of them are met late and seldom, one often. */
const strangers = ['203.0.113.200', ...Array.from({ length: 12 }, (_, i) => `203.0.${114 + (i % 3)}.${i + 1}`)]
const ports = [22, 443, 1194, 50_001, 50_002]

/** Moments within the span, many of them at or beside the borders of ticks, hours and days. */
function moment(span_days: number): fc.Arbitrary<number> {
  const border = fc
    .tuple(fc.nat(span_days * 24 - 1), fc.constantFrom(0, 10, 20), fc.constantFrom(-1, 0, 1, 4000, -4000))
    .map(([hours, minutes, off]) => base_ms + Math.max(0, hours * hour + minutes * 60_000 + off))
  return fc.oneof(
    border,
    fc.nat(span_days * day - 1).map((ms) => base_ms + ms),
  )
}

const length = (most_h: number) =>
  fc.oneof(fc.constantFrom(0, 1, 5000, 600_000), fc.nat(2 * hour), fc.nat(most_h * hour))
const bytes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 3000n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 4_000_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 2n ** 50n }) },
)
const end = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...insides) },
  { weight: 5, arbitrary: fc.constantFrom(...outsides) },
  { weight: 3, arbitrary: fc.constantFrom(...leased) },
  { weight: 1, arbitrary: fc.constantFrom(...specials) },
)
const inOrOut = fc.oneof(
  fc.tuple(fc.constantFrom(...insides), fc.constantFrom(...outsides, ...leased)),
  fc.tuple(fc.constantFrom(...outsides, ...leased), fc.constantFrom(...insides)),
)
const pair = fc.oneof({ weight: 4, arbitrary: inOrOut }, { weight: 1, arbitrary: fc.tuple(end, end) })

/** What the sensor knows of a flow follows from its ends, so that equal flows are equal in this too. */
function told(src_ip: string, dst_port: number): Pick<Flow, 'service' | 'client_fp'> {
  return {
    service: dst_port === 443 ? 'ssl' : dst_port === 22 ? 'ssh' : undefined,
    client_fp: src_ip === '198.51.100.7' ? 'ja4:one' : undefined,
  }
}

function flow(span_days: number): fc.Arbitrary<Flow> {
  return fc
    .record({
      start_ms: moment(span_days),
      length: length(30),
      ends: pair,
      src_port: fc.constantFrom(...ports),
      dst_port: fc.constantFrom(...ports),
      bytes_src: bytes,
      bytes_dst: bytes,
      sensor: fc.oneof({ weight: 4, arbitrary: fc.constant('zeek-a') }, { weight: 1, arbitrary: fc.constant('nf-b') }),
      sampling: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(100) }),
    })
    .map(({ start_ms, length, ends: [src_ip, dst_ip], dst_port, sampling, ...rest }) => ({
      type: 'flow' as const,
      // nobody takes in a forged exabyte
      sampling: rest.bytes_src + rest.bytes_dst < 2n ** 53n ? sampling : undefined,
      start_ms,
      end_ms: start_ms + length,
      src_ip,
      dst_ip,
      dst_port,
      proto: 'tcp',
      ...told(src_ip, dst_port),
      ...rest,
    }))
}

/** A connection that was logged again and again while it lasted, with growing totals. */
function longConnection(span_days: number): fc.Arbitrary<Flow[]> {
  return fc
    .record({
      first: flow(span_days),
      uid: fc.constantFrom('Clong1', 'Clong2'),
      steps: fc.array(fc.record({ length: length(40), out: bytes, in: bytes }), { minLength: 1, maxLength: 4 }),
    })
    .map(({ first, uid, steps }) => {
      let last: Flow = { ...first, uid, sampling: undefined }
      return [
        last,
        ...steps.map((step) => {
          const { end_ms, bytes_src, bytes_dst } = last
          last = {
            ...last,
            end_ms: end_ms + step.length,
            bytes_src: bytes_src + step.out,
            bytes_dst: bytes_dst + step.in,
          }
          return last
        }),
      ]
    })
}

function context(span_days: number): fc.Arbitrary<Event> {
  const at = {
    start_ms: moment(span_days),
    length: length(30),
    open: fc.boolean(),
    account: fc.constantFrom(...accounts),
  }
  const span = (start_ms: number, ms: number, open: boolean) => ({ start_ms, end_ms: open ? undefined : start_ms + ms })
  const lease = fc
    .record({ ...at, ip: fc.constantFrom(...leased), peer_ip: fc.constantFrom(undefined, ...outsides) })
    .map(({ start_ms, length, open, ...rest }) => ({ type: 'lease', ...rest, ...span(start_ms, length, open) }))
  const vpn = fc
    .record({
      ...at,
      assigned_ip: fc.constantFrom(...leased),
      peer_ip: fc.constantFrom(...outsides),
      bytes_out: fc.constantFrom(undefined, 70_000),
    })
    .map(({ start_ms, length, open, ...rest }) => ({
      type: 'session',
      kind: 'vpn',
      gateway: 'vpn1',
      ...rest,
      ...span(start_ms, length, open),
    }))
  const login = fc
    .record({
      ...at,
      kind: fc.constantFrom('ssh', 'portal'),
      peer_ip: fc.constantFrom(...outsides),
      peer_port: fc.constantFrom(undefined, ...ports),
      host_ip: fc.constantFrom(undefined, 'login1', '10.1.0.11', 'dtn1'),
      bytes_out: fc.constantFrom(undefined, 900),
    })
    .map(({ start_ms, length, open, ...rest }) => ({ type: 'session', ...rest, ...span(start_ms, length, open) }))
  const job = fc
    .record({
      ...at,
      project: fc.constantFrom('physics', 'climate'),
      nodes: fc.constantFrom(['node001'], ['node001', 'login1'], ['node999']),
      job_id: fc.constantFrom('1', '2'),
    })
    .map(({ start_ms, length, open, ...rest }) => ({ type: 'job', ...rest, ...span(start_ms, length, open) }))
  const other = fc
    .record({
      start_ms: moment(span_days),
      link: fc.constantFrom('uplink'),
      octets_out: fc.nat(1000),
      octets_in: fc.nat(1000),
    })
    .map((each) => ({ type: 'counter', ...each, end_ms: each.start_ms + 300_000 }))
  return fc.oneof(lease, vpn, login, job, other)
}

/** A flow to a peer met rarely, and the portal login that names its account. */
function stranger(span_days: number): fc.Arbitrary<Event[]> {
  return fc
    .record({
      start_ms: moment(span_days),
      peer: fc.oneof(fc.constant(strangers[0]), fc.constantFrom(...strangers)),
      host: fc.constantFrom(...insides),
      account: fc.constantFrom(undefined, ...accounts),
      bytes_src: bytes,
    })
    .map(({ start_ms, peer, host, account, bytes_src }) => {
      const times = { start_ms, end_ms: start_ms + 5000 }
      const ends = { src_ip: host, src_port: 50_001, dst_ip: peer, dst_port: 443, proto: 'tcp', ...told(host, 443) }
      const flow: Flow = { type: 'flow', ...times, ...ends, bytes_src, bytes_dst: 7n, sensor: 'zeek-a' }
      const login = { type: 'session', kind: 'portal', account, peer_ip: peer, ...times }
      return account === undefined ? [flow] : [flow, login]
    })
}

function transfer(span_days: number): fc.Arbitrary<Event> {
  return fc
    .record({
      start_ms: moment(span_days),
      length: length(30),
      tool: fc.constantFrom('gridftp', 'globus'),
      account: fc.constantFrom(undefined, ...accounts),
      host_ip: fc.constantFrom(undefined, '10.1.0.11', 'dtn1', '2001:db8:1::11'),
      peer_ip: fc.constantFrom(undefined, ...outsides, '10.2.0.1', '10.200.0.5'),
      path: fc.constantFrom('/proj/cfd/a', '/data/climate/b', '/home/c'),
      direction: fc.oneof({ weight: 4, arbitrary: fc.constant('out') }, { weight: 1, arbitrary: fc.constant('in') }),
      bytes,
    })
    .map(({ length, ...rest }) => ({ type: 'transfer', ...rest, end_ms: rest.start_ms + length }))
}

export interface MixtureOptions {
  span_days: number
  flows: number
  /** Inside hosts that talk to many peers, with portal logins that say who. */
  strangers?: number
  long_connections?: boolean
}

/** Up to so many flows and long connections, and half as much of everything else. */
export function mixture({
  span_days,
  flows,
  strangers = 0,
  long_connections = true,
}: MixtureOptions): fc.Arbitrary<Event[]> {
  const some = <T>(each: fc.Arbitrary<T>, most: number) => fc.array(each, { maxLength: most })
  return fc
    .tuple(
      fc.array(flow(span_days), { minLength: 1, maxLength: flows }),
      long_connections ? some(longConnection(span_days), Math.ceil(flows / 6)) : fc.constant([]),
      some(context(span_days), Math.ceil(flows / 2)),
      some(transfer(span_days), Math.ceil(flows / 3)),
      fc.array(stranger(span_days), { minLength: strangers >> 1, maxLength: strangers }),
    )
    .map(([plain, long, rest, claims, met]) => [...plain, ...long.flat(), ...rest, ...claims, ...met.flat()])
}

type Files = Record<string, object[]>

/**
 * The same events in some other way: over so many runs and several files, in any order, some of them twice, and what Zeek
 * could have logged as Zeek's JSON.
 */
export function arranged(events: readonly Event[], seed: number, runs: number): Files[] {
  const next = seeded(seed)
  const random = (below: number) => Math.floor(next() * below)
  const copies = events.flatMap((event) => (random(6) === 0 ? [event, event] : [event]))
  const shuffled = copies.map((event) => ({ event, at: random(1_000_000) })).sort((a, b) => a.at - b.at)
  const result: Files[] = Array.from({ length: runs }, () => ({}))
  for (const { event } of shuffled) {
    const files = result[random(runs)]
    const asZeek = canBeZeek(event) && random(3) === 0
    const name = asZeek ? `zeek/conn.${random(2)}.log` : `events-${random(2)}.ndjson`
    files[name] ??= []
    files[name].push(asZeek ? zeekRecord(event) : event)
  }
  return result.filter((files) => Object.keys(files).length > 0)
}

/** All in one file, in the order of the list. */
export function plainly(events: readonly Event[]): Files {
  return { 'events.ndjson': [...events] }
}

function canBeZeek(event: Event): event is Flow {
  return (
    event.type === 'flow' && event.sensor === 'zeek-a' && event.sampling === undefined && event.client_fp === undefined
  )
}

function zeekRecord(flow: Flow): object {
  return {
    ts: flow.start_ms / 1000,
    uid: flow.uid,
    'id.orig_h': flow.src_ip,
    'id.orig_p': flow.src_port,
    'id.resp_h': flow.dst_ip,
    'id.resp_p': flow.dst_port,
    proto: flow.proto,
    service: flow.service,
    duration: (flow.end_ms - flow.start_ms) / 1000,
    orig_bytes: flow.bytes_src,
    resp_bytes: flow.bytes_dst,
    conn_state: 'SF',
  }
}

type Place = 'border' | 'internal' | 'transit' | 'carrier'

function endOf(address: string): 'inside' | 'leased' | 'outside' | 'special' {
  if (address.startsWith('10.200.0.') || address.startsWith('2001:db8:200:')) return 'leased'
  if (address.startsWith('10.') || address.startsWith('2001:db8:')) return 'inside'
  return specials.includes(address) ? 'special' : 'outside'
}

/** Seen from the site: which place, and which of the two ends is ours. */
function seen(flow: Flow): { place: Place; srcIsOurs: boolean } {
  const [src, dst] = [endOf(flow.src_ip), endOf(flow.dst_ip)]
  const away = ['outside', 'leased']
  if (src === 'inside' && away.includes(dst)) {
    const carrier = dst === 'outside' && flow.src_ip === '10.0.0.1' && [443, 1194].includes(flow.src_port)
    return { place: carrier ? 'carrier' : 'border', srcIsOurs: true }
  }
  if (dst === 'inside' && away.includes(src)) {
    const carrier = src === 'outside' && flow.dst_ip === '10.0.0.1' && [443, 1194].includes(flow.dst_port)
    return { place: carrier ? 'carrier' : 'border', srcIsOurs: false }
  }
  return { place: away.includes(src) && away.includes(dst) ? 'transit' : 'internal', srcIsOurs: true }
}

export interface Counted {
  /** By day and sensor: bytes out, in, and flows of the border. */
  border: Record<string, [bigint, bigint, bigint]>
  /** Bytes both ways of each other place, by accounting sensors; and of all places by the others. */
  elsewhere: Record<'internal' | 'transit' | 'carrier' | 'corroborating', bigint>
  probes: number
}

/** What the books must say of the flows among these events, however often each is given. */
export function counted(events: readonly Event[]): Counted {
  const distinct = new Map<string, Flow>()
  for (const event of events) {
    if (event.type !== 'flow') continue
    const flow = event as Flow
    const values = Object.entries(flow).filter(([, value]) => value !== undefined)
    distinct.set(
      values
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join(),
      flow,
    )
  }
  const groups = new Map<string, Flow[]>()
  const probes = new Set<string>()
  let others = 0
  for (const flow of distinct.values()) {
    const { uid, start_ms, src_ip, src_port, dst_ip, dst_port, sensor } = flow
    const connection = [uid, start_ms, src_ip, src_port, dst_ip, dst_port].join()
    if (flow.bytes_src === 0n && flow.bytes_dst === 0n) {
      probes.add(uid ? connection : `${connection},${flow.end_ms}`)
      continue
    }
    const key = uid ? `${connection},${sensor}` : `${others++}`
    groups.set(key, [...(groups.get(key) ?? []), flow])
  }
  const result: Counted = {
    border: {},
    elsewhere: { internal: 0n, transit: 0n, carrier: 0n, corroborating: 0n },
    probes: probes.size,
  }
  for (const group of groups.values()) addConnection(group, result)
  return result
}

/** The records of one connection, each adding what it has beyond those before it, over the time since the one before. */
function addConnection(records: Flow[], result: Counted): void {
  const size = ({ bytes_src, bytes_dst }: Flow) => bytes_src + bytes_dst
  const side = (flow: Flow) => (seen(flow).srcIsOurs ? flow.bytes_src : flow.bytes_dst)
  const inOrder = [...records].sort(
    (a, b) => a.end_ms - b.end_ms || Number(size(a) - size(b)) || Number(side(a) - side(b)),
  )
  const { place, srcIsOurs } = seen(records[0])
  const { sensor, start_ms } = records[0]
  const before = { end_ms: start_ms, out: 0n, in: 0n }
  for (const [i, record] of inOrder.entries()) {
    const factor = BigInt(record.sampling ?? 1)
    const out = (srcIsOurs ? record.bytes_src : record.bytes_dst) * factor
    const into = (srcIsOurs ? record.bytes_dst : record.bytes_src) * factor
    const grown = { out: out > before.out ? out - before.out : 0n, in: into > before.in ? into - before.in : 0n }
    if (sensor === 'nf-b') result.elsewhere.corroborating += grown.out + grown.in
    else if (place !== 'border') result.elsewhere[place] += grown.out + grown.in
    else {
      spread(grown.out, before.end_ms, record.end_ms, (at, bytes) => add(result, `${at} ${sensor}`, [bytes, 0n, 0n]))
      spread(grown.in, before.end_ms, record.end_ms, (at, bytes) => add(result, `${at} ${sensor}`, [0n, bytes, 0n]))
      if (i === 0) add(result, `${dayText(start_ms)} ${sensor}`, [0n, 0n, 1n])
    }
    before.end_ms = Math.max(before.end_ms, record.end_ms)
    if (out > before.out) before.out = out
    if (into > before.in) before.in = into
  }
}

function add(result: Counted, key: string, [out, into, flows]: [bigint, bigint, bigint]): void {
  const before = result.border[key] ?? [0n, 0n, 0n]
  result.border[key] = [before[0] + out, before[1] + into, before[2] + flows]
}

const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Bytes over days pro rata: what lies before a midnight is the floor of its share. */
function spread(bytes: bigint, from_ms: number, to_ms: number, give: (day: string, bytes: bigint) => void): void {
  let given = 0n
  for (let midnight = (Math.floor(from_ms / day) + 1) * day; ; midnight += day) {
    const until = midnight >= to_ms ? bytes : (bytes * BigInt(midnight - from_ms)) / BigInt(to_ms - from_ms)
    give(dayText(midnight - day), until - given)
    given = until
    if (midnight >= to_ms) return
  }
}
