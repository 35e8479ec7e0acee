/**
 * What there is most of and weighs least: visitors of web services, hosts that fetch updates and names, and scanners, whose
 * connections carry no payload. Sizes are those of flow-sizes.ts; new peers come every day.
 */
import { timeOfDay } from '../centre/day-shape.ts'
import { flowSize } from '../centre/flow-sizes.ts'
import { facing } from '../centre/hosts.ts'
import { addressIn, peerNetworks } from '../centre/networks.ts'
import { scans_per_day, smallFlows } from '../centre/reference-site.ts'
import { anybody } from './anybody.ts'
import { countOf, ephemeralPort, lastsMs, newUid, type Part, plainFlow, streamOf } from './context.ts'

const visitors = [
  't13d1516h2_8daaf6152771_02713d6af862',
  't13d1715h2_5b57614c22b0_3d5424432f57',
  't13d1517h2_8daaf6152771_b0da82dd1658',
]

export const web: Part = (context, sink) => {
  const { centre, start_ms } = context
  const stream = streamOf(context, 'web')
  const { service } = centre.hosts
  for (let left = countOf(context, stream, 'web', smallFlows.web_per_day, 'person'); left > 0; left--) {
    const peer = anybody(stream)
    const size = flowSize(stream, 'tcp')
    const bytes_out = Math.round(size * stream.between(0.6, 0.98))
    const at_ms = start_ms + timeOfDay(stream, 0)
    const host = service[Math.floor(service.length * stream.unit() * stream.unit())]
    sink.flow({
      ...plainFlow,
      ...{
        uid: newUid(stream),
        start_ms: at_ms,
        end_ms: at_ms + lastsMs(size, 5e6),
        inside: facing(host, peer),
        inside_port: 443,
      },
      ...{
        peer,
        peer_port: ephemeralPort(stream),
        from_peer: true,
        service: 'ssl',
        bytes_out,
        bytes_in: size - bytes_out,
      },
      tls: { ja4: stream.of(visitors), server_name: `${host.name}.centre.example` },
    })
  }
}

export const outbound: Part = (context, sink) => {
  const { centre, start_ms } = context
  const stream = streamOf(context, 'outbound')
  const hosts = [...centre.hosts.login, ...centre.hosts.service]
  const { outbound_per_day, dns_per_day } = smallFlows
  for (let left = countOf(context, stream, 'outbound', outbound_per_day + dns_per_day, 'program'); left > 0; left--) {
    const isDns = stream.chance(dns_per_day / (outbound_per_day + dns_per_day))
    const proto = isDns ? 'udp' : 'tcp'
    const size = flowSize(stream, proto)
    const bytes_out = Math.round(size * stream.between(0.05, 0.4))
    const at_ms = start_ms + timeOfDay(stream, 0, 'program')
    sink.flow({
      ...plainFlow,
      ...{
        uid: newUid(stream),
        start_ms: at_ms,
        end_ms: at_ms + lastsMs(size, 2e7),
        inside: stream.of(hosts).addresses[0],
      },
      ...{
        inside_port: ephemeralPort(stream),
        peer: addressIn(stream.of(peerNetworks.cloud), stream.int(0, 900)),
        peer_port: isDns ? 53 : 443,
      },
      ...{ from_peer: false, proto, service: isDns ? 'dns' : 'ssl', bytes_out, bytes_in: size - bytes_out },
    })
  }
}

export const scanners: Part = (context, sink) => {
  const { centre, day, start_ms } = context
  const stream = streamOf(context, 'scanners')
  const exposed = [...centre.hosts.login, ...centre.hosts.dtn, ...centre.hosts.portal, ...centre.hosts.service]
  const first = stream.int(0, peerNetworks.hosting.length - 1)
  for (let left = stream.poisson(scans_per_day * centre.scale); left > 0; left--) {
    const network = peerNetworks.hosting[(first + stream.int(0, 5)) % peerNetworks.hosting.length]
    const at_ms = start_ms + stream.int(0, 86_399_000)
    sink.flow({
      ...plainFlow,
      ...{ uid: newUid(stream), start_ms: at_ms, end_ms: at_ms, inside: stream.of(exposed).addresses[0] },
      ...{
        inside_port: stream.of([22, 22, 23, 80, 443, 445, 3389, 8080]),
        peer: addressIn(network, day * 7 + stream.int(0, 20)),
      },
      ...{
        peer_port: ephemeralPort(stream),
        from_peer: true,
        service: '',
        bytes_out: 0,
        bytes_in: 0,
        conn_state: stream.chance(0.7) ? 'S0' : 'REJ',
      },
    })
  }
}
