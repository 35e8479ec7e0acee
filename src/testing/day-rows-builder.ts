import { type DayRows, type Names, unknownAge } from '../detectors/day-rows.ts'
import { markUntold } from '../detectors/untold-rows.ts'
import { normalQuantile } from '../math/normal.ts'
import { ticksPerDay } from '../model/window.ts'
import { Shuffler } from './permutation.ts'

/** A row of a built day; what is left out is 0, or the default named here. */
export interface BuiltRow {
  peer: number
  bytes_out: number
  /** Tick within the day, 0 … 143. */
  tick?: number
  host?: number
  role?: number
  /** Default: `unknownAge`. */
  age_days?: number
  account?: number
  project?: number
  vault?: number
  client_org?: number
  gateway?: number
  client_fp?: number
  peer_asn?: number
  service?: number
  /** Default: 1. */
  flows?: number
  /** Default: true. */
  unexplained?: boolean
  /** Default: what the rows together say. */
  untold?: boolean
  explanation?: number
}

/** `rows` as a day of arrivals, in the order of their ticks; within a tick as given. */
export function dayRowsOf(day: number, rows: readonly BuiltRow[]): DayRows {
  const ordered = rows
    .map((row, i) => ({ row, i, tick: row.tick ?? 0 }))
    .sort((a, b) => a.tick - b.tick || a.i - b.i)
    .map(({ row }) => row)
  const column = (value: (row: BuiltRow) => number | undefined): number[] => ordered.map((row) => value(row) ?? 0)
  const built = {
    day,
    length: ordered.length,
    tick: Uint32Array.from(column((row) => day * ticksPerDay + (row.tick ?? 0))),
    host: Int32Array.from(column((row) => row.host)),
    role: Uint8Array.from(column((row) => row.role)),
    peer: Int32Array.from(column((row) => row.peer)),
    age_days: Uint16Array.from(column((row) => row.age_days ?? unknownAge)),
    account: Int32Array.from(column((row) => row.account)),
    project: Int32Array.from(column((row) => row.project)),
    vault: Int32Array.from(column((row) => row.vault)),
    client_org: Int32Array.from(column((row) => row.client_org)),
    gateway: Int32Array.from(column((row) => row.gateway)),
    client_fp: Int32Array.from(column((row) => row.client_fp)),
    peer_asn: Uint32Array.from(column((row) => row.peer_asn)),
    service: Int32Array.from(column((row) => row.service)),
    bytes_out: Float64Array.from(column((row) => row.bytes_out)),
    flows: Uint32Array.from(column((row) => row.flows ?? 1)),
    unexplained: Uint8Array.from(column((row) => ((row.unexplained ?? true) ? 1 : 0))),
    untold: new Uint8Array(ordered.length),
    explanation: Int32Array.from(column((row) => row.explanation)),
  }
  markUntold(built)
  ordered.forEach(({ untold }, i) => {
    if (untold !== undefined) built.untold[i] = Number(untold)
  })
  return built
}

/** Names that are the ids as text; peers are addresses, each in the /16 that `network` gives it. */
export function builtNames(network: (peer: number) => number = (peer) => peer): Names {
  return {
    text: (id) => `name-${id}`,
    peer: (index) => {
      const net = network(index) & 0xffff
      return `${16 + ((net >> 8) & 127)}.${net & 255}.${(index >> 8) & 255}.${index & 255}`
    },
  }
}

/** A peer that comes on some days, and how it behaves on them. */
export interface BuiltPeer {
  role: number
  /** It takes from so many of these hosts on a day. */
  hosts: readonly number[]
  hosts_a_day: number
  account: number
  client_fp: number
  peer_asn: number
  /** Median of a connection and spread of its logarithm; 0: always the same size. */
  bytes: number
  spread: number
  connections: number
}

/**
 * A centre as strangers' peers see it: a stock of regular peers, of whom some come each day, and strangers who come for a
 * few days. Login (role 1, 4 hosts), transfer (role 2, 6 hosts) and portal (role 3, 5 hosts behind a balancer) have programs
 * and networks of their own with popularities by Zipf's law; strangers choose programs by another law than regular peers.
 * Parameters are round numbers that resemble no scenario of the range.
 */
export class BuiltCentre {
  readonly #random: Shuffler
  readonly #regular: { index: number; peer: BuiltPeer }[] = []
  #strangers: { index: number; peer: BuiltPeer; last_day: number }[] = []
  readonly #firstDay: number[] = []
  readonly #strangers_a_day: number
  #accounts = 0

  constructor(seed: number, { regular = 2000, strangers_a_day = 40 } = {}) {
    this.#random = new Shuffler(seed)
    this.#strangers_a_day = strangers_a_day
    for (let i = 0; i < regular; i++) this.#regular.push({ index: -1, peer: this.person(false) })
  }

  /** In (0, 1). */
  uniform(): number {
    return (this.#random.below(0x40000000) + 0.5) / 0x40000000
  }

  normal(): number {
    return normalQuantile(this.uniform())
  }

  below(end: number): number {
    return this.#random.below(end)
  }

  /** 0 … n − 1, the k-th with probability about 1/(k + 1). */
  zipf(n: number): number {
    return Math.min(n - 1, Math.floor((n + 1) ** this.uniform()) - 1)
  }

  newPeer(day: number): number {
    this.#firstDay.push(day)
    return this.#firstDay.length - 1
  }

  person(isStranger: boolean): BuiltPeer {
    const role = 1 + this.below(3)
    const count = [0, 4, 6, 5][role]
    const hosts = Array.from({ length: count }, (_, i) => role * 100 + i)
    const named = role === 3 ? 0.2 : 0.9
    // of 40 programs a role has the first ones most; strangers have other favourites
    const program = isStranger && this.uniform() < 0.5 ? (this.zipf(40) + 7) % 40 : this.zipf(40)
    return {
      role,
      hosts,
      hosts_a_day: role === 3 ? 1 + this.below(4) : 1 + Math.floor(this.uniform() ** 3 * 3),
      account: this.uniform() < named ? ++this.#accounts : 0,
      client_fp: 1000 + ((role * 13 + program) % 60),
      peer_asn: 64_500 + ((isStranger ? 20 : 0) + this.zipf(300)),
      bytes: 2e7 * Math.exp(1.5 * this.normal()),
      spread: this.uniform() < 0.05 ? 0 : 1,
      connections: 1 + this.zipf(20),
    }
  }

  day(day: number): BuiltRow[] {
    const rows: BuiltRow[] = []
    for (const each of this.#regular) {
      if (this.uniform() > 0.3) continue
      if (each.index < 0) each.index = this.newPeer(day)
      rows.push(...this.visit(each.index, each.peer, day))
    }
    for (let i = 0; i < this.#strangers_a_day; i++) {
      const last_day = day + this.zipf(20)
      this.#strangers.push({ index: this.newPeer(day), peer: this.person(true), last_day })
    }
    this.#strangers = this.#strangers.filter(({ last_day }) => last_day >= day)
    for (const { index, peer } of this.#strangers) rows.push(...this.visit(index, peer, day))
    return rows
  }

  /** The rows of a peer's day: each connection goes to one of the day's hosts. */
  visit(index: number, peer: BuiltPeer, day: number): BuiltRow[] {
    const first = this.below(peer.hosts.length)
    const age = day - this.#firstDay[index]
    return Array.from({ length: Math.max(peer.connections, peer.hosts_a_day) }, (_, i) => ({
      peer: index,
      role: peer.role,
      host: peer.hosts[(first + (i % peer.hosts_a_day)) % peer.hosts.length],
      tick: this.below(144),
      age_days: this.#firstDay[index] < 30 ? unknownAge : age,
      account: peer.account,
      client_fp: peer.client_fp,
      peer_asn: peer.peer_asn,
      bytes_out: Math.round(peer.bytes * Math.exp(peer.spread * this.normal())),
    }))
  }
}
