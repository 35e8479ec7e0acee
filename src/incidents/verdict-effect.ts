/**
 * What a verdict does. It is in force from when it was given until it expires or a later one takes its place. Theft and
 * harmless name the state; harmless also vouches for the members, in the past as well: what flows between these hosts and
 * these peers is no evidence any more, for as long as the verdict is in force. Between other hosts, or other peers, it is.
 */
import type { IncidentState, Member, Verdict } from '../model/incident.ts'

/** The latest verdict on an incident that is in force at `now_ms`. Of two at one moment, the later in the list. */
export function verdictInForce(verdicts: readonly Verdict[], incident: string, now_ms: number): Verdict | undefined {
  const given = verdicts.filter((each) => each.incident === incident && each.at_ms <= now_ms)
  const latest = given.reduce<Verdict | undefined>(
    (last, each) => (last && each.at_ms < last.at_ms ? last : each),
    undefined,
  )
  // an expired verdict does not bring back the one that it replaced
  return latest && isInForce(latest, now_ms) ? latest : undefined
}

export function isInForce({ at_ms, expires_ms }: Verdict, now_ms: number): boolean {
  return at_ms <= now_ms && (expires_ms === undefined || now_ms < expires_ms)
}

export function stateAfter(state: 'open' | 'closed', verdict?: Verdict): IncidentState {
  if (!verdict) return state
  return verdict.verdict === 'theft' ? 'judged_theft' : 'judged_harmless'
}

/** What one harmless verdict takes out of evidence: flows from any of the hosts to any of the peers. */
export interface Vouched {
  incident: string
  hosts: ReadonlySet<string>
  peers: ReadonlySet<string>
}

interface Judged {
  id: string
  /** All members, not cut. */
  members: { hosts: readonly Member[]; peers: readonly Member[] }
}

/** What the harmless verdicts in force at `now_ms` vouch for. */
export function vouchedBy(verdicts: readonly Verdict[], judged: readonly Judged[], now_ms: number): Vouched[] {
  return judged.flatMap(({ id, members }) => {
    if (verdictInForce(verdicts, id, now_ms)?.verdict !== 'harmless') return []
    const ids = (of: readonly Member[]): Set<string> => new Set(of.map((member) => member.id))
    return [{ incident: id, hosts: ids(members.hosts), peers: ids(members.peers) }]
  })
}

export function isVouched(vouched: readonly Vouched[], host: string, peer: string): boolean {
  return vouched.some(({ hosts, peers }) => hosts.has(host) && peers.has(peer))
}
