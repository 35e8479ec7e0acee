/**
 * VPN sessions: a lease of an inner address, the tunnel that the border sees, and what flows inside it to portals and login
 * nodes. One gateway speaks OpenVPN, the other tells RADIUS. An address is handed on some time after it was given back.
 */
import { timeOfDay } from '../centre/day-shape.ts'
import { leasedPrefix } from '../centre/hosts.ts'
import { addressIn } from '../centre/networks.ts'
import type { Account } from '../centre/people.ts'
import { ways } from '../centre/reference-site.ts'
import type { Sink } from '../records.ts'
import type { Stream } from '../stream.ts'
import { countOf, ephemeralPort, isLost, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

const flows_per_session = 4
export const gateways = ['vpn1', 'vpn2'] as const
export type Gateway = (typeof gateways)[number]
export const gatewayAddress = { vpn1: '198.51.100.5', vpn2: '198.51.100.6' } as const

export interface VpnSession {
  account: Pick<Account, 'name'>
  gateway: Gateway
  /** The leased address, and the one it came from. */
  inner: string
  peer: string
  from_ms: number
  until_ms: number
  /** Of the tunnel. */
  bytes_out: number
  bytes_in: number
}

export const vpn: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const stream = streamOf(context, 'vpn')
  const { per_day, egress_share, sigma } = ways.vpn
  const mean = (centre.egress_bytes_per_day * egress_share) / (per_day * centre.scale * flows_per_session)
  const sessions = countOf(context, stream, 'vpn', per_day, 'person')
  for (let n = 0; n < sessions; n++) {
    const account = centre.people.draw(stream)
    const gateway = stream.of(gateways)
    const from_ms = start_ms + timeOfDay(stream, account.home.zone_hours)
    const until_ms = from_ms + Math.max(600_000, Math.min(14 * 3_600_000, Math.round(stream.wait(3 * 3_600_000))))
    // a day's sessions have an address each, and the next day's the other half of the pool
    const inner = `${leasedPrefix[gateway]}.${(day % 2) * 128 + (n >> 8)}.${n & 255}`
    const drawn = centre.people.addressOf(account, day, stream)
    // the gateways have no IPv6
    const peer = drawn.includes(':') ? addressIn(account.home, account.index) : drawn
    let [bytes_out, bytes_in] = [0, 0]
    for (let k = stream.int(1, 2 * flows_per_session - 1); k > 0; k--) {
      const at_ms = stream.int(from_ms + 5000, until_ms - 300_000)
      const lost = isLost(context, stream, at_ms)
      const bytes = Math.max(500, Math.round(Math.min(5e11, stream.lognormal(mean, sigma))))
      // over before the session is
      const lasts_ms = Math.min(until_ms - at_ms - 60_000, lastsMs(bytes, stream.between(2e7, 3e8)))
      const answered = Math.round(bytes * 0.02) + 1500
      const host = stream.of(centre.hosts.portal)
      if (lost) continue
      bytes_out += bytes
      bytes_in += answered
      sink.flow({
        ...plainFlow,
        ...{
          uid: newUid(stream),
          start_ms: at_ms,
          end_ms: at_ms + lasts_ms,
          inside: host.addresses[0],
          inside_port: 443,
        },
        ...{
          peer: inner,
          peer_port: ephemeralPort(stream),
          from_peer: true,
          service: 'ssl',
          bytes_out: bytes,
          bytes_in: answered,
        },
        ...{ account: account.name, way: 'inner', tls: { ja4: account.ja4, server_name: 'portal.centre.example' } },
      })
    }
    const totals = { bytes_out: wrapped(bytes_out), bytes_in: wrapped(bytes_in) }
    addSession(stream, sink, { account, gateway, inner, peer, from_ms, until_ms, ...totals })
  }
}

/** What a tunnel adds to the bytes inside it. */
const wrapped = (bytes: number): number => Math.round(bytes * 1.06) + 20_000

/** What the border and the gateway see of a session: the tunnel and the lease. */
export function addSession(stream: Stream, sink: Sink, session: VpnSession): void {
  const { account, gateway, inner, peer, from_ms, until_ms, ...totals } = session
  const peer_port = ephemeralPort(stream)
  sink.flow({
    ...plainFlow,
    ...{ uid: newUid(stream), start_ms: from_ms - 2000, end_ms: until_ms + 1000, inside: gatewayAddress[gateway] },
    ...{ inside_port: gateway === 'vpn1' ? 1194 : 443, peer, peer_port, from_peer: true, proto: 'udp', service: '' },
    ...{ ...totals, account: account.name, way: 'tunnel' },
  })
  sink.put({
    ...{ kind: 'lease', start_ms: from_ms, end_ms: until_ms, gateway, account: account.name, inner, peer, peer_port },
    ...{ session: stream.hex(16).toUpperCase(), ...totals },
  })
}
