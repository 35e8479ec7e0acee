/**
 * Rows of a campaign that never was, laid over a background: everything is drawn from the seed, the bytes of all rows are exactly
 * those of the plan. Peers are addresses of documentation and benchmark networks (RFC 5737, RFC 2544) whose /24 does not occur in
 * the background, and of 240.0.0.0/16, which nobody has (RFC 1112), where those are too few; hosts, services, accounts and vaults are the background's own, as they occurred before the start.
 */
import { keyedUniform } from '../math/keyed-uniform.ts'
import { normalQuantile } from '../math/normal.ts'
import type { ArrivalColumns } from '../model/arrival.ts'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { setCount } from '../model/count.ts'
import { hostRoles } from '../model/site.ts'
import { ticksPerDay } from '../model/window.ts'
import { type Background, type Source, type Way, wayNames } from './background.ts'
import { dayWeight, tickWithin } from './hours.ts'
import type { CampaignSpec } from './spec.ts'

export interface Injection {
  spec: CampaignSpec
  start_day: number
  /** Day after the last on which anything may leave. */
  end_day: number
  bytes_out: number
  days: ReadonlyMap<number, ArrivalColumns>
  /** Those that got any bytes: names of hosts, and the last 32 bits of peers. */
  hosts: ReadonlySet<number>
  peers: ReadonlySet<number>
}

const mostRowsPerDay = 20_000
/** Of the logarithm of a connection's size. */
const pieceSigma = 1
/** First and last + 1 of three octets. */
const unusedNetworks: readonly [number, number][] = [
  [0xc61200, 0xc61400],
  [0xc00002, 0xc00003],
  [0xc63364, 0xc63365],
  [0xcb0071, 0xcb0072],
]
const reservedNetworks: readonly [number, number][] = [[0xf00000, 0xf00100]]
/** Fewer unused networks than this would make the peers of a campaign neighbours. */
const enoughNetworks = 64

/** A reason why it cannot be placed here, as text, or the campaign. */
export function inject(
  background: Background,
  spec: CampaignSpec,
  { start_day, seed, key }: { start_day: number; seed: number; key: string },
): Injection | string {
  const draw = (...keys: (string | number)[]): number => keyedUniform(seed, key, ...keys)
  const hosts = chooseHosts(background, spec, start_day, draw)
  if (typeof hosts === 'string') return hosts
  const addresses = choosePeers(background, spec.peers, draw)
  if (addresses.length < spec.peers)
    return `${addresses.length} addresses are unused in this background, ${spec.peers} are asked`
  const { asns } = background
  const asnOf = (address: number): number =>
    asns.length === 0 ? 0 : asns[Math.floor(draw('asn', address >>> 8) * asns.length)]
  const dailyBytes = bytesByDay(spec, meanEgress(background, start_day) * spec.share, start_day, draw)
  const days = new Map<number, ArrivalColumns>()
  const truth = { hosts: new Set<number>(), peers: new Set<number>() }
  for (const [at, bytes] of dailyBytes.entries()) {
    if (bytes === 0) continue
    const rows = new Map<string, Row>()
    const present = presentOn(at, spec)
    const sizes = split(bytes, pieceCount(bytes, spec.piece), (i) => draw('size', at, i))
    for (const [i, size] of sizes.entries()) {
      if (size === 0) continue
      const peer = present.from + Math.floor(draw('peer', at, i) * (present.to - present.from))
      const nth = Math.floor(draw('host', at, i) * Math.min(spec.spread, hosts.length))
      // neighbours among the peers share most of their hosts, and every host has peers
      const host = hosts[(peer + nth) % hosts.length]
      const source = host[Math.floor(draw('source', peer, nth) * host.length)]
      const way = source.ways[Math.floor(draw('way', peer, nth) * source.ways.length)]
      const tick = (start_day + at) * ticksPerDay + tickWithin(spec.hours, draw('hour', at, i))
      const row = { tick, address: addresses[peer], way, bytes_out: size, flows: 1 }
      const held = rows.get(keyOf(row))
      if (held) {
        held.bytes_out += size
        held.flows++
      } else rows.set(keyOf(row), row)
      truth.hosts.add(way.host)
      truth.peers.add(row.address)
    }
    days.set(start_day + at, columnsOf([...rows.values()], asnOf))
  }
  const bytes_out = dailyBytes.reduce((sum, bytes) => sum + bytes, 0)
  return { spec, start_day, end_day: start_day + spec.days, bytes_out, days, ...truth }
}

type Draw = (...keys: (string | number)[]) => number

interface Row {
  tick: number
  address: number
  way: Way
  bytes_out: number
  flows: number
}

const keyOf = ({ tick, address, way }: Row): string => `${tick} ${way.inside_hi} ${way.inside_lo} ${address}`

/** Bytes of a mean day before the start. */
export function meanEgress({ series: { site, first_day } }: Background, start_day: number): number {
  const days = start_day - first_day
  return site.all.subarray(0, days).reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, days)
}

/** What left each host that was chosen. */
function chooseHosts(background: Background, spec: CampaignSpec, start_day: number, draw: Draw): Source[][] | string {
  const role = spec.role === undefined ? undefined : hostRoles.indexOf(spec.role as (typeof hostRoles)[number])
  const byHost = new Map<number, Source[]>()
  for (const source of background.sourcesBefore(start_day, { vault: spec.vault, role }))
    byHost.set(source.host, [...(byHost.get(source.host) ?? []), source])
  const of = [spec.vault && ` out of vault '${spec.vault}'`, spec.role && ` as ${spec.role}`].filter(Boolean).join('')
  if (byHost.size < spec.hosts)
    return `${byHost.size} hosts sent anything${of} before the start, ${spec.hosts} are asked`
  return [...byHost.values()]
    .map((sources) => {
      const bytes = sources.reduce((sum, source) => sum + source.bytes, 0)
      return { sources, clock: -Math.log(draw('choose', background.text(sources[0].host))) / Math.sqrt(bytes) }
    })
    .sort((a, b) => a.clock - b.clock)
    .slice(0, spec.hosts)
    .map(({ sources }) => sources)
}

/** One of each /24 in turn. */
function choosePeers(background: Background, count: number, draw: Draw): number[] {
  const unused = (spans: readonly [number, number][]): number[] =>
    spans
      .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))
      .filter((network) => !background.isUsed(network))
      .map((network) => ({ network, order: draw('network', network) }))
      .sort((a, b) => a.order - b.order)
      .map(({ network }) => network)
  const first = unused(unusedNetworks)
  const networks = first.length < Math.min(count, enoughNetworks) ? [...first, ...unused(reservedNetworks)] : first
  const addresses: number[] = []
  for (let round = 0; round < 254 && addresses.length < count; round++)
    for (const network of networks.slice(0, count - addresses.length)) {
      const last = 1 + ((Math.floor(draw('first', network) * 254) + round * 89) % 254)
      addresses.push(network * 256 + last)
    }
  return addresses
}

/** Peers come one after the other, so that as many are there at any time; where there are few, they stay longer. */
function presentOn(at: number, { peers, days, stay }: CampaignSpec): { from: number; to: number } {
  const stays = Math.min(days, Math.max(stay, Math.ceil(days / peers)))
  // peer i comes on day floor(i · (days − stays + 1) / peers)
  const waves = days - stays + 1
  const from = Math.ceil((Math.max(0, at - stays + 1) * peers) / waves)
  const to = Math.min(peers, Math.ceil(((Math.min(at, waves - 1) + 1) * peers) / waves))
  return to > from ? { from, to } : { from: Math.max(0, to - 1), to: Math.max(1, to) }
}

/** Whole bytes of each day, with exactly the plan's sum. */
function bytesByDay(
  { days, duty, hours, ramp = 1 }: CampaignSpec,
  daily: number,
  start_day: number,
  draw: Draw,
): number[] {
  const isActive = (at: number): boolean => at === 0 || draw('duty', at) < duty
  const risen = (at: number): number => Math.min(1, (at + 1) / ramp)
  const weights = Array.from({ length: days }, (_, at) =>
    isActive(at) ? risen(at) * dayWeight(hours, start_day + at) : 0,
  )
  return apportion(Math.round(daily * days), weights)
}

function pieceCount(bytes: number, piece: number): number {
  return Math.max(1, Math.min(mostRowsPerDay, Math.round(bytes / piece)))
}

function split(bytes: number, count: number, uniform: (i: number) => number): number[] {
  return apportion(
    bytes,
    Array.from({ length: count }, (_, i) => Math.exp(pieceSigma * normalQuantile(uniform(i)))),
  )
}

/** By cumulative floor: the parts add up to the whole. */
function apportion(whole: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  let seen = 0
  let given = 0
  return weights.map((weight, i) => {
    seen += weight
    const upTo = i === weights.length - 1 ? whole : Math.min(whole, Math.floor((whole * seen) / sum))
    const part = upTo - given
    given = upTo
    return part
  })
}

/** In the store's order: tick, inside address, peer. */
function columnsOf(rows: Row[], asnOf: (address: number) => number): ArrivalColumns {
  const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  rows.sort(
    (a, b) =>
      a.tick - b.tick ||
      compare(a.way.inside_hi, b.way.inside_hi) ||
      compare(a.way.inside_lo, b.way.inside_lo) ||
      a.address - b.address,
  )
  const columns = new Columns(arrivalTable, Math.max(1, rows.length))
  for (const { tick, address, way, bytes_out, flows } of rows) {
    const row = columns.row()
    const { data } = columns
    data.tick[row] = tick
    for (const name of wayNames) data[name][row] = way[name]
    setCount(data.inside.hi, row, way.inside_hi)
    setCount(data.inside.lo, row, way.inside_lo)
    data.peer.lo[2 * row] = address
    data.peer.lo[2 * row + 1] = 0xffff
    data.peer_asn[row] = asnOf(address)
    setCount(data.bytes_out, row, bytes_out)
    setCount(data.flows, row, flows)
  }
  return columns
}
