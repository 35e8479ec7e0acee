/**
 * VPN leases over flows whose peer is a leased address (CONTRACT, counting rules 5 and 6).
 * A lease holds from its start to its end; without an end record until the address's next lease, at most 24 h.
 * The lease that began last wins: leases are handed on within seconds, and Stop records get lost.
 */

import { type AddressHalves, addressKey, isStated, type LeaseRecord } from '../model/context-record.ts'
import { type Label, nameAccount } from '../model/label.ts'
import { endOf, IntervalIndex } from './intervals.ts'

const openLeaseMs = 86_400_000
/** Clocks of gateway and sensor may differ by this much. */
const slackMs = 5_000

export class LeaseJoin {
  readonly #leases: IntervalIndex<bigint, LeaseRecord>

  constructor(leases: readonly LeaseRecord[]) {
    this.#leases = new IntervalIndex(leases, (lease) => addressKey(lease.ip), openLeaseMs)
  }

  apply(peer: AddressHalves, start_ms: number, label: Label): boolean {
    let best: LeaseRecord | undefined
    let rivals = 0
    for (const lease of this.#leases.near(addressKey(peer), start_ms - slackMs, start_ms + slackMs)) {
      if (endOf(lease, openLeaseMs) + slackMs < start_ms) continue
      if (best && lease.start_ms === best.start_ms && lease.account !== best.account) rivals++
      else if (!best || lease.start_ms <= start_ms || best.start_ms > start_ms) {
        if (!best || lease.start_ms > best.start_ms) rivals = 0
        best = lease
      }
    }
    if (!best) return false
    label.gateway = best.gateway
    nameAccount(label, best.account, 'vpn_lease', rivals === 0 ? 0.95 : 1 / (rivals + 1), best.start_ms)
    if (rivals === 0 && isStated(best.peer)) {
      label.outer_hi = best.peer.hi
      label.outer_lo = best.peer.lo
    }
    return true
  }
}
