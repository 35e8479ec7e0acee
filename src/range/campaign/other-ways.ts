/** Ways out that the background does not have: pushes from hosts, logins inside a VPN, datagrams of a scan, a tunnel nobody sees. */
import { type DayContext, ephemeralPort, lastsMs, newUid, plainFlow } from '../background/context.ts'
import { addLogin, type OneLogin } from '../background/logins.ts'
import { addSession, gateways } from '../background/vpn.ts'
import { type CentreHost, facing, leasedPrefix } from '../centre/hosts.ts'
import type { Account } from '../centre/people.ts'
import type { Flow, Sink } from '../records.ts'
import type { Stream } from '../stream.ts'

interface OneWay {
  host: CentreHost
  peer: string
  at_ms: number
  bytes: number
}

/** A connection that the host opens; the file audit sees the account read. */
export function addPush(
  stream: Stream,
  sink: Sink,
  one: OneWay & { account: Account; path: string; bits_per_second: number; ja4: string },
): void {
  const { host, account, peer, at_ms, bytes, path, ja4 } = one
  const end_ms = at_ms + lastsMs(bytes, one.bits_per_second)
  sink.flow({
    ...plainFlow,
    ...{ uid: newUid(stream), start_ms: at_ms, end_ms, inside: facing(host, peer), inside_port: ephemeralPort(stream) },
    ...{ peer, peer_port: 443, from_peer: false, service: 'ssl', bytes_out: bytes, bytes_in: stream.int(900, 90_000) },
    ...{ account: account.name, tls: { ja4, server_name: 'archive.cloud.example' } },
  })
  sink.put({
    ...{ kind: 'read', start_ms: at_ms, end_ms, host: host.name, uid: account.uid, bytes },
    ...{ path: `${path}/part-${stream.int(1, 99_999)}`, pid: stream.int(2000, 4_000_000) },
  })
}

/** Third octets of the day's half of a pool, from here on, are for campaigns: the background does not reach them below scale 4. */
const firstOctet = 100

/**
 * A VPN session with one SSH login inside. `number`: the lease's own of the day, below 7,168. Calls `tell` with the flow inside:
 * its peer is the leased address.
 */
export function addVpnLogin(
  { day }: DayContext,
  stream: Stream,
  sink: Sink,
  one: OneLogin & { number: number },
  tell: (flow: Flow) => void,
): void {
  const { account, peer, at_ms, bytes, number } = one
  const gateway = stream.of(gateways)
  const inner = `${leasedPrefix[gateway]}.${(day % 2) * 128 + firstOctet + ((number >> 8) % 28)}.${number & 255}`
  const [from_ms, until_ms] = [at_ms - 20_000, at_ms + one.lasts_ms + 60_000]
  const inside: Sink = {
    flow: (flow) => {
      sink.flow(flow)
      tell(flow)
    },
    put: sink.put,
  }
  addLogin(stream, inside, { ...one, peer: inner, way: 'inner' })
  const totals = { bytes_out: Math.round(bytes * 1.06) + 20_000, bytes_in: Math.round(bytes * 0.03) + 20_000 }
  addSession(stream, sink, { account, gateway, inner, peer, from_ms, until_ms, ...totals })
}

/** One datagram, and in one of twenty an answer. */
export function addScan(stream: Stream, sink: Sink, { host, peer, at_ms, bytes }: OneWay): void {
  sink.flow({
    ...plainFlow,
    ...{ uid: newUid(stream), start_ms: at_ms, end_ms: at_ms + 1000, inside: facing(host, peer), proto: 'udp' },
    ...{
      inside_port: ephemeralPort(stream),
      peer,
      peer_port: stream.of([53, 123, 443]),
      from_peer: false,
      service: '',
    },
    ...{ bytes_out: bytes, bytes_in: stream.chance(0.05) ? stream.int(40, 1200) : 0 },
  })
}

/** Past every sensor of flows; on the link all the same. */
export function addTunnel(stream: Stream, sink: Sink, one: OneWay & { bits_per_second: number }): void {
  const { host, peer, at_ms, bytes } = one
  sink.flow({
    ...plainFlow,
    ...{ uid: newUid(stream), start_ms: at_ms, end_ms: at_ms + lastsMs(bytes, one.bits_per_second), peer },
    ...{ inside: facing(host, peer), inside_port: 51_820, peer_port: 51_820, from_peer: false, proto: 'udp' },
    ...{ service: '', bytes_out: bytes, bytes_in: Math.round(bytes * 0.02), unlogged: true },
  })
}
