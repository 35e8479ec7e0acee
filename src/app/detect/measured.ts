/**
 * A campaign's bytes, summed over the arrivals from its first day on: by member of every kind, by day, by way. Excess is what is
 * found times the weight of its peer; sums are exact to the byte for what was sent, rounded once for what is in excess.
 */
import type { DayRows } from '../../detectors/day-rows.ts'
import { memberWeight } from '../../detectors/members/member-hosts.ts'
import type { MemberKind } from '../../model/incident.ts'
import { tickMs, ticksPerDay } from '../../model/window.ts'
import type { OpenCampaign } from './open-campaign.ts'

export interface Sum {
  gross: number
  excess: number
  first_tick: number
  last_tick: number
}

const columns = {
  hosts: 'host',
  accounts: 'account',
  projects: 'project',
  vaults: 'vault',
  client_orgs: 'client_org',
  gateways: 'gateway',
  peers: 'peer',
  peer_asns: 'peer_asn',
  client_fps: 'client_fp',
} as const satisfies Record<MemberKind, keyof DayRows>

/** Pieces whose size is remembered, for the median. */
const mostPieces = 50_000

/**
 * Bytes in excess; their variance, as if each member belonged or not by itself; and what may be wrong for all at once, since
 * members of one score share the error of their weight.
 */
export interface DayExcess {
  excess: number
  variance: number
  shared: number
}

export const noExcess: DayExcess = { excess: 0, variance: 0, shared: 0 }

export function plus(a: DayExcess, b: DayExcess): DayExcess {
  return { excess: a.excess + b.excess, variance: a.variance + b.variance, shared: a.shared + b.shared }
}

export class Measured {
  readonly campaign: OpenCampaign
  readonly members: Record<MemberKind, Map<number, Sum>>
  readonly candidates: Map<number, Sum> = new Map()
  /** Excess by day. */
  readonly byDay = new Map<number, DayExcess>()
  /** Bytes of each member peer by day. */
  readonly peerDays = new Map<number, Map<number, number>>()
  readonly hours = new Float64Array(24)
  readonly services = new Map<number, number>()
  readonly pieces: number[] = []
  readonly ways = new Map<
    string,
    { account: number; host: number; gateway: number; asn: number; peer: number; vault: number; bytes: number }
  >()
  /** On member hosts, to others: bytes, and who. */
  readonly others = { bytes: 0, users: new Set<number>(), client_orgs: new Set<number>() }
  named = { account: 0, vault: 0 }
  gross = 0
  /** Of `gross`, what expectations explain. */
  agreed = 0
  /** Of `gross`, what fits an expectation as far as that can be checked, by expectation. */
  readonly fitting = new Map<number, number>()
  /** The same bytes by peer. */
  readonly agreedPeers = new Map<number, number>()
  readonly fittingPeers = new Map<number, number>()
  at_detection = { excess: 0 }
  first_tick = Number.POSITIVE_INFINITY
  last_tick = Number.NEGATIVE_INFINITY

  constructor(campaign: OpenCampaign) {
    this.campaign = campaign
    this.members = Object.fromEntries(Object.keys(columns).map((kind) => [kind, new Map()])) as Measured['members']
  }

  add(rows: DayRows): void {
    const { campaign } = this
    const { from, to } = campaign.ticks
    let excess = 0
    let variance = 0
    let shared = 0
    for (let i = 0; i < rows.length; i++) {
      const weight = rows.tick[i] >= from && rows.tick[i] < to ? campaign.peers.get(rows.peer[i]) : undefined
      if (weight === undefined) {
        if ((campaign.hosts.get(rows.host[i]) ?? 0) >= memberWeight) this.#other(rows, i)
        continue
      }
      const bytes = rows.bytes_out[i]
      if (rows.unexplained[i] === 0) {
        if (weight >= memberWeight) this.#explained(rows, i)
        continue
      }
      if (weight < memberWeight) {
        add(this.candidates, rows.peer[i], bytes, weight, rows.tick[i])
        continue
      }
      excess += weight * bytes
      variance += weight * (1 - weight) * bytes * bytes
      shared += weight * (1 - weight) * bytes
      this.#member(rows, i, bytes, weight)
    }
    if (excess > 0) this.byDay.set(rows.day, { excess, variance, shared })
  }

  #member(rows: DayRows, i: number, bytes: number, weight: number): void {
    const tick = rows.tick[i]
    for (const kind of Object.keys(columns) as MemberKind[]) {
      const id = rows[columns[kind]][i]
      if (id !== 0 || kind === 'peers') add(this.members[kind], id, bytes, weight, tick)
    }
    this.gross += bytes
    const fits = rows.explanation[i]
    if (fits !== 0) {
      raise(this.fitting, fits, bytes)
      raise(this.fittingPeers, rows.peer[i], bytes)
    }
    if (rows.account[i] !== 0) this.named.account += bytes
    if (rows.vault[i] !== 0) this.named.vault += bytes
    if (tick <= this.campaign.detected_tick) this.at_detection.excess += weight * bytes
    this.first_tick = Math.min(this.first_tick, tick)
    this.last_tick = Math.max(this.last_tick, tick)
    this.hours[Math.floor((tick % ticksPerDay) / 6)] += bytes
    raise(this.services, rows.service[i], bytes)
    if (rows.flows[i] > 0 && this.pieces.length < mostPieces) this.pieces.push(bytes / rows.flows[i])
    const days = this.peerDays.get(rows.peer[i]) ?? new Map<number, number>()
    this.peerDays.set(rows.peer[i], days)
    raise(days, rows.day, bytes)
    const [account, host, gateway, asn, vault] = [
      rows.account[i],
      rows.host[i],
      rows.gateway[i],
      rows.peer_asn[i],
      rows.vault[i],
    ]
    const key = [account, host, gateway, asn || `p${rows.peer[i]}`, vault].join(' ')
    const way = this.ways.get(key)
    if (way) way.bytes += bytes
    else this.ways.set(key, { account, host, gateway, asn, peer: rows.peer[i], vault, bytes })
  }

  /** What a member drew with an explanation is part of all it drew, never of what is in excess. */
  #explained(rows: DayRows, i: number): void {
    this.gross += rows.bytes_out[i]
    this.agreed += rows.bytes_out[i]
    raise(this.agreedPeers, rows.peer[i], rows.bytes_out[i])
    for (const kind of ['hosts', 'peers'] as const)
      add(this.members[kind], rows[columns[kind]][i], rows.bytes_out[i], 0, rows.tick[i])
  }

  #other(rows: DayRows, i: number): void {
    this.others.bytes += rows.bytes_out[i]
    if (rows.account[i] !== 0) this.others.users.add(rows.account[i])
    if (rows.client_org[i] !== 0) this.others.client_orgs.add(rows.client_org[i])
  }
}

function raise(sums: Map<number, number>, id: number, bytes: number): void {
  sums.set(id, (sums.get(id) ?? 0) + bytes)
}

function add(sums: Map<number, Sum>, id: number, bytes: number, weight: number, tick: number): void {
  const sum = sums.get(id)
  if (!sum) sums.set(id, { gross: bytes, excess: weight * bytes, first_tick: tick, last_tick: tick })
  else {
    sum.gross += bytes
    sum.excess += weight * bytes
    sum.last_tick = tick
  }
}

/** When a row of this tick was sent at the latest: it is judged one tick after. */
export const sentMs = (tick: number): number => tick * tickMs
