/** Downloads from the object store behind the portals: by people of a project from its buckets, by anybody from open ones. */
import { timeOfDay } from '../centre/day-shape.ts'
import { facing } from '../centre/hosts.ts'
import { addressIn, peerNetworks } from '../centre/networks.ts'
import { ways } from '../centre/reference-site.ts'
import type { Sink } from '../records.ts'
import type { Stream } from '../stream.ts'
import { countOf, ephemeralPort, isLost, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

export const objects: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const stream = streamOf(context, 'objects')
  const { per_day, egress_share, sigma } = ways.objects
  const mean = (centre.egress_bytes_per_day * egress_share) / (per_day * centre.scale)
  for (let left = countOf(context, stream, 'objects', per_day, 'person'); left > 0; left--) {
    const account = centre.people.draw(stream)
    const isOpen = stream.chance(0.25)
    const vaults = isOpen
      ? centre.openVaults
      : (centre.vaultsOf.get(centre.projects[account.project]) ?? centre.openVaults)
    const at_ms = start_ms + timeOfDay(stream, account.home.zone_hours)
    const peer = isOpen
      ? addressIn(stream.of(peerNetworks.home), stream.int(0, 4000))
      : centre.people.addressOf(account, day, stream)
    const lost = isLost(context, stream, at_ms)
    const { bucket } = stream.of(vaults)
    const bytes = Math.max(2000, Math.round(Math.min(2e12, stream.lognormal(mean, sigma))))
    const host = stream.of(centre.hosts.portal)
    const user_agent = isOpen ? 'curl/8.5.0' : stream.of(['aws-cli/2.15.30', 'rclone/v1.66.0', 'Boto3/1.34'])
    const one = {
      inside: facing(host, peer),
      peer,
      account: isOpen ? '' : account.name,
      bucket,
      at_ms,
      bytes,
      user_agent,
      ja4: account.ja4,
      bits_per_second: stream.between(2e7, 8e8),
    }
    if (!lost) addObjectRead(stream, sink, one)
  }
}

export interface OneObjectRead {
  inside: string
  peer: string
  account: string
  bucket: string
  at_ms: number
  bytes: number
  user_agent: string
  ja4: string
  bits_per_second: number
}

export function addObjectRead(stream: Stream, sink: Sink, one: OneObjectRead): void {
  const { inside, peer, account, bucket, at_ms, bytes } = one
  const lasted_ms = lastsMs(bytes, one.bits_per_second)
  sink.flow({
    ...plainFlow,
    ...{ uid: newUid(stream), start_ms: at_ms, end_ms: at_ms + lasted_ms + 400, inside, inside_port: 443, peer },
    ...{
      peer_port: ephemeralPort(stream),
      from_peer: true,
      service: 'ssl',
      bytes_out: bytes,
      bytes_in: stream.int(900, 4000),
    },
    ...{ account, tls: { ja4: one.ja4, server_name: 'objects.centre.example' } },
  })
  sink.put({
    ...{
      kind: 'object',
      start_ms: at_ms + 120,
      end_ms: at_ms + 120 + lasted_ms,
      bucket,
      object: `data/part-${stream.int(1, 99_999)}.nc`,
    },
    ...{
      account,
      peer,
      bytes: Math.floor(bytes * 0.998),
      trans_id: `tx${stream.hex(21)}-centre`,
      user_agent: one.user_agent,
    },
  })
}
