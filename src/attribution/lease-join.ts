/**
 * VPN leases over flows whose peer is a leased address (CONTRACT, counting rules 5 and 6).
 * A lease holds from its start to its end; without an end record until the address's next lease, at most 24 h.
 * The lease that began last wins: leases are handed on within seconds, and Stop records get lost. The clocks of gateway
 * and sensor may differ by `clockSlackMs` either way, but seldom do by more than a second: their difference is taken to be
 * Laplace-distributed, and a lease weighs as much as the probability that it was the one. So a flow that begins as an
 * address is handed on has two candidates, and neither is named. An IPv6 lease whose lower half is zero is a /64.
 */

import {
  type AddressHalves,
  addressKey,
  isStated,
  type LeaseRecord,
  openEnds_ms,
  clockSlackMs as slackMs,
} from '../model/context-record.ts'
import { Candidates, type Label } from '../model/label.ts'
import { IntervalIndex } from './intervals.ts'

/** Weight of all leases together: the log may have lost one. */
const sureness = 0.95
const v4Prefix = 0xffffn << 32n
/** Scale of the clocks' difference: what NTP leaves is far less, but most logs know no more than the second. */
const clockScaleMs = 500

/** Probability that clocks differ by less than `ms`. */
function clockDistribution(ms: number): number {
  const tail = Math.exp(-Math.abs(ms) / clockScaleMs) / 2
  return ms < 0 ? tail : 1 - tail
}

export class LeaseJoin {
  readonly #leases: IntervalIndex<bigint, LeaseRecord>
  readonly #found = new Candidates()

  constructor(leases: readonly LeaseRecord[]) {
    const open = new IntervalIndex(leases, (lease) => addressKey(lease.ip), openEnds_ms.lease)
    const closed = [...open.keys()].flatMap((key) => withEnds(open.all(key)))
    this.#leases = new IntervalIndex(closed, (lease) => addressKey(lease.ip), 0)
  }

  apply(peer: AddressHalves, start_ms: number, label: Label): boolean {
    let holders = this.#holders(addressKey(peer), start_ms)
    const isV6 = peer.hi !== 0n || (peer.lo >> 32n) << 32n !== v4Prefix
    if (holders.length === 0 && isV6) holders = this.#holders(peer.hi << 64n, start_ms)
    if (holders.length === 0) return false
    label.gateway = only(holders.map(({ lease }) => lease.gateway)) ?? 0
    const found = this.#found
    found.clear()
    const all = holders.reduce((sum, { weight }) => sum + weight, 0)
    for (const { lease, weight } of holders) found.add(lease.account, (sureness * weight) / all, lease.start_ms)
    found.decide(label, 'vpn_lease')
    if (label.account === 0) return true
    const named = holders.filter(({ lease }) => lease.account === label.account)
    const outer = only(named.map(({ lease }) => (isStated(lease.peer) ? addressKey(lease.peer) : 0n)))
    if (outer !== undefined) {
      label.outer_hi = outer >> 64n
      label.outer_lo = BigInt.asUintN(64, outer)
    }
    return true
  }

  /** Who may have held the address at this moment, each with the probability of the clock differences that say so. */
  #holders(key: bigint, at_ms: number): { lease: LeaseRecord; weight: number }[] {
    const [from_ms, to_ms] = [at_ms - slackMs, at_ms + slackMs]
    const near = [...this.#leases.near(key, from_ms, to_ms)]
    const cuts = near
      .flatMap(({ start_ms, end_ms }) => [start_ms, end_ms + 1])
      .filter((cut_ms) => cut_ms > from_ms && cut_ms <= to_ms)
    const borders = [...new Set([from_ms, ...cuts, to_ms + 1])].sort((a, b) => a - b)
    const weights = new Map<LeaseRecord, number>()
    for (let i = 0; i + 1 < borders.length; i++) {
      const holding = lastBegun(near, borders[i])
      // of leases that began together each may be the one
      const weight = clockDistribution(borders[i + 1] - at_ms) - clockDistribution(borders[i] - at_ms)
      for (const lease of holding) weights.set(lease, (weights.get(lease) ?? 0) + weight / holding.length)
    }
    return [...weights].map(([lease, weight]) => ({ lease, weight }))
  }
}

/** Of the leases that hold at this moment, which are in order of their start, the one that began last; several if together. */
function lastBegun(leases: readonly LeaseRecord[], ms: number): LeaseRecord[] {
  const holding: LeaseRecord[] = []
  for (let i = leases.length - 1; i >= 0; i--) {
    const lease = leases[i]
    if (holding.length > 0 && lease.start_ms < holding[0].start_ms) break
    if (lease.start_ms <= ms && lease.end_ms >= ms) holding.push(lease)
  }
  return holding
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
