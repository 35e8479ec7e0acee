/**
 * VPN leases over flows whose peer is a leased address (CONTRACT, counting rules 5 and 6).
 * A lease holds from its start to its end; without an end record until the address's next lease, at most 24 h.
 * The lease that began last wins: leases are handed on within seconds, and Stop records get lost. Of leases that began
 * at the same moment for several accounts none is named.
 */

import {
  type AddressHalves,
  addressKey,
  isStated,
  type LeaseRecord,
  openEnds_ms,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { type Label, nameAccount } from '../model/label.ts'
import { IntervalIndex } from './intervals.ts'

export class LeaseJoin {
  readonly #leases: IntervalIndex<bigint, LeaseRecord>

  constructor(leases: readonly LeaseRecord[]) {
    const open = new IntervalIndex(leases, (lease) => addressKey(lease.ip), openEnds_ms.lease)
    const closed = [...open.keys()].flatMap((key) => withEnds(open.all(key)))
    this.#leases = new IntervalIndex(closed, (lease) => addressKey(lease.ip), 0)
  }

  apply(peer: AddressHalves, start_ms: number, label: Label): boolean {
    let best: LeaseRecord[] = []
    for (const lease of this.#leases.near(addressKey(peer), start_ms - slackMs, start_ms + slackMs)) {
      if (lease.end_ms + slackMs < start_ms) continue
      if (best.length > 0 && lease.start_ms === best[0].start_ms) best.push(lease)
      else if (best.length === 0 || lease.start_ms <= start_ms) best = [lease]
    }
    if (best.length === 0) return false
    label.gateway = only(best.map((lease) => lease.gateway)) ?? 0
    const accounts = new Set(best.map((lease) => lease.account))
    nameAccount(label, best[0].account, 'vpn_lease', accounts.size === 1 ? 0.95 : 1 / accounts.size, best[0].start_ms)
    if (accounts.size > 1) return true
    const outer = only(best.map((lease) => (isStated(lease.peer) ? addressKey(lease.peer) : 0n)))
    if (outer !== undefined) {
      label.outer_hi = outer >> 64n
      label.outer_lo = BigInt.asUintN(64, outer)
    }
    return true
  }
}

/** The leases of one address, in order of their start, each with an end. */
function withEnds(leases: readonly LeaseRecord[]): LeaseRecord[] {
  const stated = new Map<string, number>()
  for (const { start_ms, end_ms, account } of leases) {
    const key = `${start_ms} ${account}`
    if (!Number.isNaN(end_ms)) stated.set(key, Math.max(end_ms, stated.get(key) ?? 0))
  }
  let next_ms = Number.POSITIVE_INFINITY
  let last_ms = Number.POSITIVE_INFINITY
  const ended: LeaseRecord[] = []
  for (const lease of leases.toReversed()) {
    if (lease.start_ms !== last_ms) next_ms = last_ms
    last_ms = lease.start_ms
    const open = Math.min(lease.start_ms + openEnds_ms.lease, next_ms)
    // the same lease may be reported twice, at its start and at its end
    const end_ms = Number.isNaN(lease.end_ms)
      ? (stated.get(`${lease.start_ms} ${lease.account}`) ?? open)
      : lease.end_ms
    ended.push({ ...lease, end_ms })
  }
  return ended
}

/** The one value among those that are not 0; undefined if there is none, or several. */
function only<T extends number | bigint>(values: readonly T[]): T | undefined {
  const stated = new Set(values.filter((value) => Number(value) !== 0))
  return stated.size === 1 ? [...stated][0] : undefined
}
