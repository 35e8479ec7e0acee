/**
 * Flow observations → flow events: place, orientation towards the site, sampling scaled once, bounds, identity.
 * CONTRACT, counting rules 1, 2 and 4. Pure column work: nothing is allocated per record.
 */
import type { Columns, ObservationBatch } from '../model/columns.ts'
import { setCount } from '../model/count.ts'
import { eventFlags, type flowEventTable, placeCode, type probeTable } from '../model/flow-event.ts'
import { hashWords } from '../model/hash.ts'
import { NetworkTable } from '../model/network.ts'
import { flowFlags } from '../model/observation.ts'
import type { Site } from '../model/site.ts'
import { ends, PlaceTable } from './place.ts'
import { ServiceNames } from './service-name.ts'

export interface FlowEvents {
  flows: Columns<typeof flowEventTable>
  probes: Columns<typeof probeTable>
}

/** Names in the batch's own table; `corroborates` is 0 if the sensor's bytes count. */
export interface SensorCodes {
  sensor: number
  corroborates: number
}

const mostBooked = 2 ** 62
/** Tunnel protocols that have no ports: GRE, ESP, AH. */
const tunnelProtocols = new Set([47, 50, 51])
/** Smallest headers of a packet (IPv4 + UDP): what wire bytes hold at least beside payload. */
const leastHeaderBytes = 28
/** Largest usual headers (IPv4 + TCP with options): a flow of unknown payload with no more than these is a probe. */
const usualHeaderBytes = 80
/** Half a 90 % interval of the normal distribution, in standard deviations. */
const sampledMargin = 1.645

export class FlowNormaliser {
  readonly #places: PlaceTable
  readonly #gateways: NetworkTable
  readonly #tunnelPorts: readonly ReadonlySet<number>[]
  readonly #services = new ServiceNames()
  readonly #words = new Uint32Array(32)
  /** What still fits: sums are 64-bit, so forged giants must not add up to more than 2^62. */
  #room: number

  /** `booked_bytes`: what the largest sum of the books holds already. */
  constructor(site: Site, booked_bytes = 0) {
    this.#room = mostBooked - booked_bytes
    this.#places = new PlaceTable(site)
    const observed = site.vpn_pools.filter((pool) => pool.inner_flows === 'observed')
    const gateways = [...new Set(observed.map((pool) => pool.gateway))]
    this.#tunnelPorts = gateways.map(
      (gateway) => new Set(observed.filter((pool) => pool.gateway === gateway).flatMap((pool) => pool.tunnel_ports)),
    )
    this.#gateways = new NetworkTable(
      gateways.flatMap((gateway, value) =>
        site.hosts
          .filter((host) => host.name === gateway)
          .flatMap((host) => host.addresses.map((network) => ({ network, value }))),
      ),
    )
  }

  /**
   * Appends the batch's flows to `events`: both columns together grow by the batch's flows less the returned number of
   * flows that claim more than the books can still hold.
   */
  normalise(batch: ObservationBatch, sensorOf: (code: number) => SensorCodes, events: FlowEvents): number {
    const from = batch.flow.data
    let refused = 0
    for (let i = 0; i < batch.flow.length; i++) {
      const a = 2 * i
      const claimed = claimOf(from, i)
      if (claimed > this.#room) {
        refused++
        continue
      }
      this.#room -= claimed
      const srcEnd = this.#places.endOf(from.src.hi[a + 1], from.src.hi[a], from.src.lo[a + 1], from.src.lo[a])
      const srcPool = this.#places.pool
      const dstEnd = this.#places.endOf(from.dst.hi[a + 1], from.dst.hi[a], from.dst.lo[a + 1], from.dst.lo[a])
      const outwards = srcEnd === ends.inside && (dstEnd === ends.outside || dstEnd === ends.leased)
      const inwards = dstEnd === ends.inside && (srcEnd === ends.outside || srcEnd === ends.leased)
      const srcInside = !inwards
      const peerEnd = srcInside ? dstEnd : srcEnd
      let place: number = placeCode.internal
      if (outwards || inwards) place = placeCode.border
      else if (isAway(srcEnd) && isAway(dstEnd)) place = placeCode.transit
      if (place === placeCode.border && peerEnd === ends.outside && this.#isTunnel(from, i, srcInside))
        place = placeCode.carrier

      const { sensor, corroborates } = sensorOf(from.sensor[i])
      const unknownPayload = this.#unknownPayload(from, i)
      if (isZero(from.bytes_src, i) && isZero(from.bytes_dst, i) && !unknownPayload) {
        const p = events.probes.row()
        const probe = events.probes.data
        this.#setConn(from, i, probe.conn, p)
        probe.start_ms[p] = from.start_ms[i]
        probe.place[p] = place
        probe.sensor[p] = sensor
        probe.offset[p] = from.offset[i]
        continue
      }
      const row = events.flows.row()
      const to = events.flows.data
      this.#setConn(from, i, to.conn, row)
      copyPair(from.uid, i, to.uid, row)
      to.start_ms[row] = from.start_ms[i]
      to.end_ms[row] = from.end_ms[i]
      to.available_ms[row] = from.available_ms[i]
      to.place[row] = place
      to.sensor[row] = sensor
      to.corroborates[row] = corroborates
      copyAddress(srcInside ? from.src : from.dst, i, to.inside, row)
      copyAddress(srcInside ? from.dst : from.src, i, to.peer, row)
      to.inside_port[row] = srcInside ? from.src_port[i] : from.dst_port[i]
      to.peer_port[row] = srcInside ? from.dst_port[i] : from.src_port[i]
      to.proto[row] = from.proto[i]
      to.service[row] = from.service[i] || this.#services.codeOf(batch.names, from.proto[i], from.dst_port[i])
      to.outbound[row] = outwards ? 1 : 0
      to.pool[row] = peerEnd === ends.leased ? 1 + (srcInside ? this.#places.pool : srcPool) : 0
      to.client_fp[row] = from.client_fp[i]
      to.offset[row] = from.offset[i]
      const sampling = from.sampling[i] || 1
      to.flags[row] = from.flags[i] | (sampling > 1 ? eventFlags.sampled : 0)
      scale(srcInside ? from.bytes_src : from.bytes_dst, i, sampling, to.bytes_out, row)
      scale(srcInside ? from.bytes_dst : from.bytes_src, i, sampling, to.bytes_in, row)
      scale(srcInside ? from.packets_src : from.packets_dst, i, sampling, to.packets_out, row)
      scale(srcInside ? from.packets_dst : from.packets_src, i, sampling, to.packets_in, row)
      scale(srcInside ? from.wire_bytes_src : from.wire_bytes_dst, i, sampling, to.wire_bytes_out, row)
      scale(srcInside ? from.wire_bytes_dst : from.wire_bytes_src, i, sampling, to.wire_bytes_in, row)
      setBounds(from, i, srcInside, sampling, to, row)
    }
    return refused
  }

  /** Whether payload is unstated yet the packets are large enough to have carried some. */
  #unknownPayload(from: FlowColumns, i: number): boolean {
    if ((from.flags[i] & (flowFlags.bytesSrcUnknown | flowFlags.bytesDstUnknown)) === 0) return false
    const wire = toNumber(from.wire_bytes_src, i) + toNumber(from.wire_bytes_dst, i)
    const packets = toNumber(from.packets_src, i) + toNumber(from.packets_dst, i)
    return wire > packets * usualHeaderBytes
  }

  #isTunnel(from: FlowColumns, i: number, srcInside: boolean): boolean {
    const end = srcInside ? from.src : from.dst
    const gateway = this.#gateways.find(end.hi[2 * i + 1], end.hi[2 * i], end.lo[2 * i + 1], end.lo[2 * i])
    if (gateway < 0) return false
    if (tunnelProtocols.has(from.proto[i])) return true
    return this.#tunnelPorts[gateway].has(srcInside ? from.src_port[i] : from.dst_port[i])
  }

  #setConn(from: FlowColumns, i: number, conn: Uint32Array, row: number): void {
    const words = this.#words
    const a = 2 * i
    let n = 0
    n = putPairs(from.src.hi, a, words, n)
    n = putPairs(from.src.lo, a, words, n)
    n = putPairs(from.dst.hi, a, words, n)
    n = putPairs(from.dst.lo, a, words, n)
    words[n++] = from.src_port[i] * 65_536 + from.dst_port[i]
    words[n++] = from.proto[i]
    words[n++] = Math.floor(from.start_ms[i] / 1000)
    words[n++] = from.uid[a]
    words[n++] = from.uid[a + 1]
    if (from.uid[a] === 0 && from.uid[a + 1] === 0) {
      words[n++] = from.start_ms[i]
      words[n++] = from.end_ms[i]
      words[n++] = from.end_ms[i] / 4294967296
      n = putPairs(from.bytes_src, a, words, n)
      n = putPairs(from.bytes_dst, a, words, n)
      n = putPairs(from.packets_src, a, words, n)
      n = putPairs(from.packets_dst, a, words, n)
    }
    conn[2 * row] = hashWords(words, n, 0x77656972)
    conn[2 * row + 1] = hashWords(words, n, 0x626f6f6b)
  }
}

type FlowColumns = ObservationBatch['flow']['data']
type EventColumns = FlowEvents['flows']['data']

/** The most that any sum of the books can grow by this record: bytes, packets, or the upper bound of bytes. */
function claimOf(from: FlowColumns, i: number): number {
  const bytes = toNumber(from.bytes_src, i) + toNumber(from.bytes_dst, i)
  const packets = toNumber(from.packets_src, i) + toNumber(from.packets_dst, i)
  const isUnknown = (from.flags[i] & (flowFlags.bytesSrcUnknown | flowFlags.bytesDstUnknown)) !== 0
  const wire = isUnknown ? toNumber(from.wire_bytes_src, i) + toNumber(from.wire_bytes_dst, i) : 0
  const largest = Math.max(bytes, packets, wire)
  const sampling = from.sampling[i]
  return sampling > 1 ? largest * sampling * (1 + sampledMargin) : largest
}

/** Outside the site for counting: strangers and leased addresses alike. */
function isAway(end: number): boolean {
  return end === ends.outside || end === ends.leased
}

function putPairs(from: Uint32Array, a: number, words: Uint32Array, n: number): number {
  words[n] = from[a]
  words[n + 1] = from[a + 1]
  return n + 2
}

function isZero(words: Uint32Array, i: number): boolean {
  return words[2 * i] === 0 && words[2 * i + 1] === 0
}

function toNumber(words: Uint32Array, i: number): number {
  return words[2 * i + 1] * 4294967296 + words[2 * i]
}

function toBig(words: Uint32Array, i: number): bigint {
  return (BigInt(words[2 * i + 1]) << 32n) | BigInt(words[2 * i])
}

function copyPair(from: Uint32Array, i: number, to: Uint32Array, row: number): void {
  to[2 * row] = from[2 * i]
  to[2 * row + 1] = from[2 * i + 1]
}

function copyAddress(from: { hi: Uint32Array; lo: Uint32Array }, i: number, to: typeof from, row: number): void {
  copyPair(from.hi, i, to.hi, row)
  copyPair(from.lo, i, to.lo, row)
}

const mostBytes = (1n << 63n) - 1n

/** count × sampling, exact; a product past 2^63 − 1 stays there. */
function scale(from: Uint32Array, i: number, sampling: number, to: Uint32Array, row: number): void {
  if (sampling === 1) copyPair(from, i, to, row)
  else setCount(to, row, clampBytes(toBig(from, i) * BigInt(sampling)))
}

function clampBytes(value: bigint): bigint {
  return value < 0n ? 0n : value > mostBytes ? mostBytes : value
}

/**
 * Bounds of bytes_out. Complete records: lo = best − missed bytes, hi = best; unstated payload: hi = wire bytes less
 * the smallest headers. Sampled 1:N: a normal 90 % interval for n sampled packets of equal size, ± `sampledMargin` · best / √n,
 * and never below what was really seen (reference/hpc-ops.md, sampling error).
 */
function setBounds(
  from: FlowColumns,
  i: number,
  srcInside: boolean,
  sampling: number,
  to: EventColumns,
  row: number,
): void {
  const stated = srcInside ? from.bytes_src : from.bytes_dst
  const missed = from.missed_bytes
  const unknownBit = srcInside ? flowFlags.bytesSrcUnknown : flowFlags.bytesDstUnknown
  const unknown = (from.flags[i] & unknownBit) !== 0
  if (sampling === 1 && !unknown && isZero(missed, i)) {
    copyPair(stated, i, to.bytes_out_lo, row)
    copyPair(stated, i, to.bytes_out_hi, row)
    return
  }
  const seen = toBig(stated, i)
  const best = clampBytes(seen * BigInt(sampling))
  let lo = clampBytes(best - toBig(missed, i))
  let hi = best
  if (sampling > 1) {
    const packets = Math.max(1, toNumber(srcInside ? from.packets_src : from.packets_dst, i))
    const margin = BigInt(Math.ceil((sampledMargin * Number(best)) / Math.sqrt(packets)))
    const below = clampBytes(best - margin)
    const least = below > seen ? below : seen
    if (least < lo) lo = least
    hi = clampBytes(best + margin)
  }
  if (unknown) {
    const wire = toBig(srcInside ? from.wire_bytes_src : from.wire_bytes_dst, i)
    const packets = toBig(srcInside ? from.packets_src : from.packets_dst, i)
    const most = clampBytes((wire - packets * BigInt(leastHeaderBytes)) * BigInt(sampling))
    if (most > hi) hi = most
  }
  setCount(to.bytes_out_lo, row, lo)
  setCount(to.bytes_out_hi, row, hi)
}
