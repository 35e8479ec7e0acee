/**
 * Logins over flows (CONTRACT, counting rule 6): an SSH login names the account of its own 4-tuple within ± 5 s of the
 * flow's start; any other session names flows of the same peer (and host, where stated) that overlap it in time,
 * if all such sessions are of one account. So a VPN session names what its gateway sent to its outer address: the tunnel,
 * where no sensor sees the flows inside it. It names nothing at other hosts, nor if its gateway is none that is listed.
 */

import {
  type AddressHalves,
  addressKey,
  isStated,
  openEnds_ms,
  type SessionRecord,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { Candidates, type Label } from '../model/label.ts'
import { endOf, IntervalIndex } from './intervals.ts'

export class LoginJoin {
  readonly #byTuple: IntervalIndex<bigint, SessionRecord>
  readonly #byPeer: IntervalIndex<bigint, SessionRecord>
  readonly #found = new Candidates()

  constructor(sessions: readonly SessionRecord[]) {
    const logins = sessions.filter(({ kind, host, peer }) => isStated(peer) && (kind !== 'vpn' || isStated(host)))
    this.#byTuple = new IntervalIndex(
      logins.filter((session) => session.kind === 'ssh' && session.peer_port > 0),
      (session) => tupleKey(session.peer, session.peer_port),
      0,
    )
    this.#byPeer = new IntervalIndex(logins, (session) => addressKey(session.peer), openEnds_ms.session)
  }

  get isEmpty(): boolean {
    return this.#byPeer.size === 0
  }

  apply(
    host: AddressHalves,
    peer: AddressHalves,
    peerPort: number,
    start_ms: number,
    end_ms: number,
    label: Label,
  ): boolean {
    if (this.#applyTuple(host, tupleKey(peer, peerPort), start_ms, label)) return true
    const found = this.#found
    found.clear()
    let hostStated = true
    for (const session of this.#byPeer.near(addressKey(peer), start_ms - slackMs, end_ms + slackMs)) {
      if (endOf(session, openEnds_ms.session) + slackMs < start_ms || !sameHost(session, host)) continue
      found.add(session.account, 1, session.start_ms)
      hostStated &&= isStated(session.host)
    }
    if (found.size === 0) return false
    found.shareEqually(hostStated ? 0.9 : 0.8)
    found.decide(label, 'session_overlap')
    return true
  }

  /** The login nearest in time; of equally near ones for several accounts none is named. */
  #applyTuple(host: AddressHalves, key: bigint, start_ms: number, label: Label): boolean {
    let nearest_ms = slackMs
    let nearest: SessionRecord[] = []
    for (const login of this.#byTuple.near(key, start_ms - slackMs, start_ms + slackMs)) {
      const distance_ms = Math.abs(login.start_ms - start_ms)
      if (distance_ms > nearest_ms || !sameHost(login, host)) continue
      if (distance_ms < nearest_ms) nearest = []
      nearest_ms = distance_ms
      nearest.push(login)
    }
    if (nearest.length === 0) return false
    const found = this.#found
    found.clear()
    for (const login of nearest) found.add(login.account, 1, login.start_ms)
    found.shareEqually(0.98)
    found.decide(label, 'ssh_tuple')
    return true
  }
}

function tupleKey(peer: AddressHalves, port: number): bigint {
  return (addressKey(peer) << 16n) | BigInt(port)
}

function sameHost(session: SessionRecord, host: AddressHalves): boolean {
  return !isStated(session.host) || (session.host.hi === host.hi && session.host.lo === host.lo)
}
