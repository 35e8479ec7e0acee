import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Columns, ObservationBatch } from '../model/columns.ts'
import { eventFlags, flowEventTable, placeCode, places, probeTable } from '../model/flow-event.ts'
import { parseNetwork } from '../model/network.ts'
import { flowFlags, type observationTables } from '../model/observation.ts'
import type { Site } from '../model/site.ts'
import { addRow, plainRows, type RowValues } from '../testing/rows.ts'
import { FlowNormaliser } from './normalise-flow.ts'

fc.configureGlobal({ seed: 20_260_101 })

type Flow = RowValues<typeof observationTables.flow>

const network = (text: string) => {
  const parsed = parseNetwork(text)
  if (!parsed) throw new Error(`${text} is no network`)
  return parsed
}
const networks = (...texts: string[]) => texts.map(network)

const site: Site = {
  networks: networks('10.0.0.0/8', '2001:db8::/32'),
  vpn_pools: [
    { gateway: 'vpn1', networks: networks('10.200.0.0/16'), inner_flows: 'observed', tunnel_ports: [443, 1194] },
    { gateway: 'vpn2', networks: networks('10.201.0.0/16'), inner_flows: 'none', tunnel_ports: [443, 1194] },
  ],
  hosts: [
    { name: 'vpn1', addresses: networks('10.0.0.1', '2001:db8::1'), role: 'vpn' },
    { name: 'vpn2', addresses: networks('10.0.0.2'), role: 'vpn' },
    { name: 'dtn1', addresses: networks('10.1.0.11'), role: 'dtn' },
  ],
  vaults: [],
  expectations: [],
  sensors: [],
}

const plain: Flow = {
  start_ms: 1_700_000_000_123,
  end_ms: 1_700_000_060_456,
  available_ms: 1_700_000_060_456,
  src: '10.1.0.11',
  dst: '198.51.100.7',
  src_port: 50_000,
  dst_port: 443,
  proto: 6,
  bytes_src: 1000,
  bytes_dst: 200,
  packets_src: 10,
  packets_dst: 5,
  sampling: 1,
}

function normalise(flows: Flow[], options: { site?: Site; booked?: number; corroborates?: boolean } = {}) {
  const batch = new ObservationBatch()
  for (const flow of flows) addRow(batch.flow, { ...plain, ...flow }, batch.names)
  const events = { flows: new Columns(flowEventTable), probes: new Columns(probeTable) }
  const sensor = batch.names.codeOf('zeek')
  const codes = { sensor, corroborates: options.corroborates ? sensor : 0 }
  const refused = new FlowNormaliser(options.site ?? site, options.booked).normalise(batch, () => codes, events)
  return { flows: plainRows(events.flows, batch.names), probes: plainRows(events.probes, batch.names), refused }
}

const one = (flow: Flow, options?: Parameters<typeof normalise>[1]) => normalise([flow], options).flows[0]
const placeOf = (flow: Flow, options?: Parameters<typeof normalise>[1]) => places[Number(one(flow, options).place)]

describe('direction is by place, not by who called', () => {
  test('an inside client that pushes', () => {
    expect(one({})).toMatchObject({
      place: placeCode.border,
      inside: '10.1.0.11',
      peer: '198.51.100.7',
      inside_port: 50_000,
      peer_port: 443,
      bytes_out: 1000n,
      bytes_in: 200n,
      packets_out: 10n,
      packets_in: 5n,
      outbound: 1,
      pool: 0,
      sensor: 'zeek',
      corroborates: '',
      service: 'tcp/443',
    })
  })

  test('an outside client that pulls', () => {
    expect(one({ src: '198.51.100.7', dst: '10.1.0.11', src_port: 50_000, dst_port: 22 })).toMatchObject({
      place: placeCode.border,
      inside: '10.1.0.11',
      peer: '198.51.100.7',
      inside_port: 22,
      peer_port: 50_000,
      bytes_out: 200n,
      bytes_in: 1000n,
      packets_out: 5n,
      packets_in: 10n,
      outbound: 0,
      service: 'tcp/22',
    })
  })

  test('the service that the sensor recognised goes before the port', () => {
    expect(one({ service: 'ssl' }).service).toBe('ssl')
  })

  const inside = ['10.1.0.11', '2001:db8::11']
  const outside = ['198.51.100.7', '2001:db9::7', '192.168.1.1']
  const leased = ['10.200.0.9', '10.201.0.9']
  const special = ['224.0.0.251', 'ff02::1', '127.0.0.1', '169.254.9.9', '0.0.0.0', '255.255.255.255']
  const groups = { inside, outside, leased, special }
  const expected = (src: string, dst: string): string => {
    const [away, own] = [['outside', 'leased'], ['inside']]
    if (own.includes(src) && away.includes(dst)) return 'border'
    if (own.includes(dst) && away.includes(src)) return 'border'
    return away.includes(src) && away.includes(dst) ? 'transit' : 'internal'
  }
  const kinds = Object.keys(groups) as (keyof typeof groups)[]
  test.each(kinds.flatMap((src) => kinds.map((dst) => [src, dst, expected(src, dst)] as const)))(
    '%s → %s is %s',
    (src, dst, place) => {
      for (const from of groups[src])
        for (const to of groups[dst]) {
          const flow = one({ src: from, dst: to })
          expect([from, to, places[Number(flow.place)]]).toEqual([from, to, place])
          // where no end is ours alone, the originator stands inside
          const turned = dst === 'inside' && src !== 'inside' && place === 'border'
          expect([flow.inside, flow.peer]).toEqual(turned ? [to, from] : [from, to])
        }
    },
  )
})

describe('leased addresses', () => {
  test('what flows to one has left, whoever called', () => {
    expect(one({ dst: '10.200.0.9' })).toMatchObject({ place: placeCode.border, pool: 1, bytes_out: 1000n })
    expect(one({ src: '10.201.0.9', dst: '10.1.0.11' })).toMatchObject({
      place: placeCode.border,
      pool: 2,
      inside: '10.1.0.11',
      peer: '10.201.0.9',
      bytes_out: 200n,
    })
  })

  test('the pool is that of the peer, also right after flows of another', () => {
    const { flows } = normalise([
      { dst: '10.201.0.9' },
      {},
      { dst: '10.200.0.9' },
      { src: '10.201.0.9', dst: '10.1.0.11' },
    ])
    expect(flows.map(({ pool }) => pool)).toEqual([2, 0, 1, 2])
  })
})

describe('the carrier of a tunnel', () => {
  const tunnel: Flow = { src: '198.51.100.7', dst: '10.0.0.1', dst_port: 1194, proto: 17 }

  test('is a flow to a tunnel port of a gateway whose inner flows are seen', () => {
    expect(placeOf(tunnel)).toBe('carrier')
    expect(placeOf({ ...tunnel, dst: '2001:db8::1', src: '2001:db9::7' })).toBe('carrier')
    expect(placeOf({ src: '10.0.0.1', src_port: 443, dst: '198.51.100.7', dst_port: 40_000 })).toBe('carrier')
  })

  test('is GRE, ESP or AH with that gateway, which have no ports', () => {
    for (const proto of [47, 50, 51]) expect(placeOf({ ...tunnel, proto, dst_port: 0 })).toBe('carrier')
    expect(placeOf({ ...tunnel, proto: 1, dst_port: 0 })).toBe('border')
  })

  test('is not any other port of the gateway, nor the peer’s port', () => {
    expect(placeOf({ ...tunnel, dst_port: 22 })).toBe('border')
    expect(placeOf({ ...tunnel, src_port: 1194, dst_port: 22 })).toBe('border')
    expect(placeOf({ src: '10.0.0.1', src_port: 40_000, dst: '198.51.100.7', dst_port: 443 })).toBe('border')
  })

  test('is not a gateway whose inner flows nobody sees: there the tunnel is all there is', () => {
    expect(placeOf({ ...tunnel, dst: '10.0.0.2' })).toBe('border')
  })

  test('is not another host', () => {
    expect(placeOf({ ...tunnel, dst: '10.1.0.11' })).toBe('border')
  })

  test('is not what the gateway says to inside or leased addresses', () => {
    expect(placeOf({ ...tunnel, src: '10.1.0.11' })).toBe('internal')
    expect(placeOf({ ...tunnel, src: '10.200.0.9' })).toBe('border')
  })

  test('two pools of one gateway have the tunnel ports of both', () => {
    const pools = [
      { gateway: 'vpn1', networks: networks('10.200.0.0/16'), inner_flows: 'observed' as const, tunnel_ports: [443] },
      { gateway: 'vpn1', networks: networks('10.202.0.0/16'), inner_flows: 'observed' as const, tunnel_ports: [1194] },
    ]
    for (const vpn_pools of [pools, [...pools].reverse()])
      for (const dst_port of [443, 1194])
        expect(placeOf({ ...tunnel, dst_port }, { site: { ...site, vpn_pools } })).toBe('carrier')
  })
})

describe('sampling', () => {
  test('scales every count once, and says so', () => {
    const flow: Flow = { sampling: 1000, wire_bytes_src: 1300, wire_bytes_dst: 300, flags: flowFlags.wireKnown }
    expect(one(flow)).toMatchObject({
      bytes_out: 1_000_000n,
      bytes_in: 200_000n,
      packets_out: 10_000n,
      packets_in: 5000n,
      wire_bytes_out: 1_300_000n,
      wire_bytes_in: 300_000n,
      flags: flowFlags.wireKnown | eventFlags.sampled,
    })
  })

  test('is exact past 2^53', () => {
    expect(one({ bytes_src: 9_007_199_254_740_993n, sampling: 10 }).bytes_out).toBe(90_071_992_547_409_930n)
  })

  test('1 in 1, and not stated, change nothing', () => {
    for (const sampling of [0, 1]) expect(one({ sampling })).toMatchObject({ bytes_out: 1000n, flags: 0 })
  })
})

describe('bounds', () => {
  const boundsOf = (flow: Flow) => {
    const { bytes_out_lo, bytes_out, bytes_out_hi } = one(flow)
    return [bytes_out_lo, bytes_out, bytes_out_hi]
  }

  test('a complete record is certain', () => {
    expect(boundsOf({})).toEqual([1000n, 1000n, 1000n])
  })

  test('missed bytes may not have been sent: lo = best − missed, never below zero', () => {
    expect(boundsOf({ missed_bytes: 300 })).toEqual([700n, 1000n, 1000n])
    expect(boundsOf({ missed_bytes: 1001 })).toEqual([0n, 1000n, 1000n])
  })

  test('unstated payload: zero, and at most the wire bytes less the smallest headers', () => {
    const wire: Flow = {
      bytes_src: 0,
      wire_bytes_src: 10_000,
      packets_src: 10,
      flags: flowFlags.bytesSrcUnknown | flowFlags.wireKnown,
    }
    expect(boundsOf(wire)).toEqual([0n, 0n, 9720n])
    // the other side is what left when the peer is the originator
    expect(boundsOf({ ...wire, src: '198.51.100.7', dst: '10.1.0.11' })).toEqual([200n, 200n, 200n])
  })

  test('sampled: 90 % of a normal error of √n packets, never below what was seen', () => {
    // 1.645 · 100,000 / √10 = 52,019.4…
    expect(boundsOf({ sampling: 100 })).toEqual([47_980n, 100_000n, 152_020n])
    expect(boundsOf({ sampling: 100, packets_src: 1 })).toEqual([1000n, 100_000n, 264_500n])
  })

  test('lo ≤ best ≤ hi, whatever is stated', () => {
    const count = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 53n), fc.bigInt({ min: 0n, max: 2n ** 40n }))
    const flow = fc.record({
      bytes_src: count,
      bytes_dst: count,
      packets_src: count,
      packets_dst: count,
      wire_bytes_src: count,
      wire_bytes_dst: count,
      missed_bytes: count,
      sampling: fc.constantFrom(0, 1, 2, 1000),
      flags: fc.constantFrom(0, 1, 2, 3, 8, 11),
      src: fc.constantFrom('10.1.0.11', '198.51.100.7'),
      dst: fc.constantFrom('10.1.0.12', '198.51.100.8'),
    })
    fc.assert(
      fc.property(flow, (each) => {
        for (const { bytes_out_lo, bytes_out, bytes_out_hi } of normalise([each]).flows) {
          expect(bytes_out_lo).toBeGreaterThanOrEqual(0n)
          expect(bytes_out_lo).toBeLessThanOrEqual(bytes_out as bigint)
          expect(bytes_out_hi).toBeGreaterThanOrEqual(bytes_out as bigint)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('flows without payload', () => {
  test('are probes: counted, not booked', () => {
    const { flows, probes } = normalise([
      { bytes_src: 0, bytes_dst: 0, offset: 77 },
      { bytes_src: 0, bytes_dst: 1 },
    ])
    expect(flows.map(({ bytes_in }) => bytes_in)).toEqual([1n])
    expect(probes).toMatchObject([{ start_ms: plain.start_ms, place: placeCode.border, sensor: 'zeek', offset: 77 }])
  })

  test('of unstated payload too, while their packets are no larger than headers', () => {
    const flags = flowFlags.bytesSrcUnknown | flowFlags.bytesDstUnknown | flowFlags.wireKnown
    const unstated: Flow = { bytes_src: 0, bytes_dst: 0, packets_src: 10, packets_dst: 0, flags }
    expect(normalise([{ ...unstated, wire_bytes_src: 800 }]).probes).toHaveLength(1)
    const { flows, probes } = normalise([{ ...unstated, wire_bytes_src: 801 }])
    expect(probes).toHaveLength(0)
    expect(flows).toMatchObject([{ bytes_out_lo: 0n, bytes_out: 0n, bytes_out_hi: 521n }])
  })

  test('keep their place', () => {
    const { probes } = normalise([
      { bytes_src: 0, bytes_dst: 0, dst: '10.1.0.12' },
      { bytes_src: 0, bytes_dst: 0, src: '198.51.100.9' },
    ])
    expect(probes.map(({ place }) => places[Number(place)])).toEqual(['internal', 'transit'])
  })
})

describe('which connection a record is of', () => {
  const connOf = (flow: Flow) => one(flow).conn
  const withUid: Flow = { uid: 0x1234_5678_9abcn }

  test('with a uid: uid, 5-tuple and second of the start; totals and the end may grow', () => {
    const conn = connOf(withUid)
    expect(connOf({ ...withUid, end_ms: 1_700_009_999_999, bytes_src: 5000, bytes_dst: 7, packets_src: 99 })).toBe(conn)
    expect(connOf({ ...withUid, start_ms: 1_700_000_000_999 })).toBe(conn)
    const others: Flow[] = [
      { uid: 1n },
      { ...withUid, start_ms: 1_700_000_001_000 },
      { ...withUid, src: '10.1.0.12' },
      { ...withUid, dst: '198.51.100.8' },
      { ...withUid, src_port: 50_001 },
      { ...withUid, dst_port: 444 },
      { ...withUid, proto: 17 },
    ]
    const conns = others.map(connOf)
    expect(new Set([conn, ...conns]).size).toBe(others.length + 1)
  })

  test('without: everything that was counted', () => {
    const conn = connOf({})
    expect(connOf({ offset: 9, sensor: 'other', service: 'ssl' })).toBe(conn)
    const others: Flow[] = [
      { start_ms: 1_700_000_000_124 },
      { end_ms: 1_700_000_060_457 },
      { end_ms: 1_700_000_060_456 + 2 ** 32 },
      { bytes_src: 1001 },
      { bytes_dst: 201 },
      { packets_src: 11 },
      { packets_dst: 6 },
      { bytes_src: 1000n + 2n ** 32n },
    ]
    const conns = others.map(connOf)
    expect(new Set([conn, ...conns]).size).toBe(others.length + 1)
  })
})

describe('more than the books can hold', () => {
  const claim = (bytes: bigint, sampling = 1): Flow => ({ bytes_src: bytes, bytes_dst: 0, sampling })

  test('is refused, the rest is not', () => {
    const giant = 2n ** 61n + 2n ** 60n
    const { flows, refused } = normalise([claim(giant), claim(giant), claim(5n)])
    expect(refused).toBe(1)
    expect(flows.map(({ bytes_out }) => bytes_out)).toEqual([giant, 5n])
  })

  test('counts what the books hold already, and sampling', () => {
    expect(normalise([claim(2n ** 61n)], { booked: 2 ** 62 - 2 ** 60 }).refused).toBe(1)
    expect(normalise([claim(2n ** 50n, 2 ** 10)]).refused).toBe(0)
    expect(normalise([claim(2n ** 50n, 2 ** 11)]).refused).toBe(1)
  })

  test('no column of the sums can pass 2^63, whatever the records claim', () => {
    const most = 2n ** 63n - 1n
    const unknown = flowFlags.bytesSrcUnknown | flowFlags.bytesDstUnknown | flowFlags.wireKnown
    const claims: Flow[] = [
      { packets_src: most, packets_dst: most },
      { bytes_src: 0, bytes_dst: 0, wire_bytes_src: most, wire_bytes_dst: most, packets_src: 1, flags: unknown },
      { bytes_src: 2n ** 59n, packets_src: 1, sampling: 4 },
      { bytes_src: 2n ** 59n, packets_src: 1, packets_dst: most, sampling: 2 },
      { bytes_src: most, bytes_dst: most },
    ]
    for (const each of claims) {
      const { flows } = normalise(Array.from({ length: 5 }, () => each))
      for (const name of [
        'bytes_out',
        'bytes_in',
        'bytes_out_lo',
        'bytes_out_hi',
        'packets_out',
        'packets_in',
      ] as const) {
        const sum = flows.reduce((total, flow) => total + (flow[name] as bigint), 0n)
        expect([each, name, sum > most]).toEqual([each, name, false])
      }
    }
  })
})

test('a sensor that only corroborates marks its records', () => {
  expect(one({}, { corroborates: true }).corroborates).toBe('zeek')
})
