/** Somebody out there: popular networks and addresses come again and again, others once, and new ones every day. */
import { addressIn, peerNetworks } from '../centre/networks.ts'
import type { Stream } from '../stream.ts'

export function anybody(stream: Stream): string {
  const kind = stream.unit()
  const of = kind < 0.6 ? peerNetworks.home : kind < 0.8 ? peerNetworks.university : peerNetworks.hosting
  const network = of[Math.floor(of.length * stream.unit() * stream.unit())]
  return addressIn(network, Math.floor(network.size * stream.unit() * stream.unit()))
}
