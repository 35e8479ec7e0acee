/**
 * Downloads from science gateways and visualisation servers: large answers over HTTPS, to people and to anybody, of whom no log of
 * the centre says who they are. The file audit sees the service's own account read.
 */

import { timeOfDay } from '../centre/day-shape.ts'
import type { CentreHost } from '../centre/hosts.ts'
import { facing } from '../centre/hosts.ts'
import { ways } from '../centre/reference-site.ts'
import type { Sink } from '../records.ts'
import type { Stream } from '../stream.ts'
import { anybody } from './anybody.ts'
import { countOf, ephemeralPort, isLost, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

/** The account under which services run. */
const serviceUid = 990

export const services: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const stream = streamOf(context, 'services')
  const { per_day, egress_share, sigma } = ways.services
  const mean = (centre.egress_bytes_per_day * egress_share) / (per_day * centre.scale)
  const hosts = centre.hosts.service
  for (let left = countOf(context, stream, 'services', per_day, 'person'); left > 0; left--) {
    const account = centre.people.draw(stream)
    const peer = stream.chance(0.6) ? centre.people.addressOf(account, day, stream) : anybody(stream)
    const at_ms = start_ms + timeOfDay(stream, account.home.zone_hours)
    const lost = isLost(context, stream, at_ms)
    const host = hosts[Math.floor(hosts.length * stream.unit() * stream.unit())]
    const vault = centre.vaults[Math.floor(centre.vaults.length * stream.unit() * stream.unit())]
    const bytes = Math.max(20_000, Math.round(Math.min(5e11, stream.lognormal(mean, sigma))))
    const bits_per_second = stream.between(5e6, 2e8)
    if (!lost)
      addDownload(stream, sink, { host, peer, at_ms, bytes, path: vault.path, bits_per_second, ja4: account.ja4 })
  }
}

export interface OneDownload {
  host: CentreHost
  peer: string
  at_ms: number
  bytes: number
  /** Folder of what is sent. */
  path: string
  bits_per_second: number
  ja4: string
}

export function addDownload(stream: Stream, sink: Sink, one: OneDownload): void {
  const { host, peer, at_ms, bytes, ja4 } = one
  const end_ms = at_ms + lastsMs(bytes, one.bits_per_second)
  sink.flow({
    ...plainFlow,
    ...{
      uid: newUid(stream),
      start_ms: at_ms,
      end_ms,
      inside: facing(host, peer),
      inside_port: 443,
      peer,
      from_peer: true,
    },
    ...{ peer_port: ephemeralPort(stream), service: 'ssl', bytes_out: bytes, bytes_in: stream.int(900, 9000) },
    tls: { ja4, server_name: `${host.name}.centre.example` },
  })
  const path = `${one.path}/part-${stream.int(1, 99_999)}`
  const pid = stream.int(2000, 4_000_000)
  sink.put({ kind: 'read', start_ms: at_ms, end_ms, host: host.name, uid: serviceUid, path, bytes, pid })
}
