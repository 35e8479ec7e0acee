/** Which address a host has that logs call by name: that of the flow which a login or a transfer speaks of. */
import { isSsh, isWeb } from './flow-kinds.ts'
import { grouped } from './networks.ts'
import type { Sample, SampledFlow } from './sample.ts'

export interface NamedHost {
  /** Where the flow went. */
  address: number
  host_name: string
}

export interface JoinedLogin extends NamedHost {
  account: string
}

const slackMs = 5_000

/** Logins that name their host only by name: the flow of the same 4-tuple has the address. */
export function joinLogins(sample: Sample): JoinedLogin[] {
  const byTuple = grouped(sample.flows.filter(isSsh), (flow) => flow.src * 65_536 + flow.src_port)
  return sample.sessions
    .filter(({ host, peer_port }) => host === 0 && peer_port !== 0)
    .flatMap(({ peer, peer_port, start_ms, account, host_name }) =>
      (byTuple.get(peer * 65_536 + peer_port) ?? [])
        .filter((flow) => Math.abs(flow.start_ms - start_ms) <= slackMs)
        .map((flow) => ({ address: flow.dst, account, host_name })),
    )
}

/**
 * Transfers that name their host only by name: the inside end of the flows with their peer at their time, if it is but one.
 * Web pages that the peer looked at meanwhile are no transfer.
 */
export function joinTransfers(sample: Sample, isInside: (address: number) => boolean): NamedHost[] {
  const byPeer = new Map<number, { flow: SampledFlow; inside: number }[]>()
  for (const flow of sample.flows) {
    if (isWeb(flow)) continue
    for (const [inside, peer] of [
      [flow.src, flow.dst],
      [flow.dst, flow.src],
    ]) {
      if (!isInside(inside) || isInside(peer)) continue
      const group = byPeer.get(peer)
      if (group) group.push({ flow, inside })
      else byPeer.set(peer, [{ flow, inside }])
    }
  }
  return sample.transfers
    .filter(({ host, host_name, peer }) => host === 0 && host_name !== '' && peer !== 0)
    .flatMap(({ peer, host_name, start_ms, end_ms }) => {
      const met = (byPeer.get(peer) ?? []).filter(
        ({ flow }) => flow.start_ms <= end_ms + slackMs && flow.end_ms >= start_ms - slackMs,
      )
      const addresses = new Set(met.map(({ inside }) => inside))
      return addresses.size === 1 ? [{ address: met[0].inside, host_name }] : []
    })
}

/** The name by which most records call an address, up to its first dot. */
export function namesOf(
  joined: readonly NamedHost[],
  nameOf: (text: string) => string | undefined,
): Map<number, string> {
  const found = new Map<number, string>()
  for (const [address, logins] of grouped(joined, (login) => login.address)) {
    const names = [...grouped(logins, ({ host_name }) => nameOf(host_name.split('.')[0]))]
    const [best] = names.filter(([name]) => name !== undefined).sort(([, a], [, b]) => b.length - a.length)
    if (best?.[0] !== undefined) found.set(address, best[0])
  }
  return found
}
