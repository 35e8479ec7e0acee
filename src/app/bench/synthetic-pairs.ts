/**
 * Pairs of an inside host and a peer of a synthetic site: what is the same in all of their rows. Popularity and sizes have heavy
 * heads and tails; parameters are round numbers that resemble no scenario of the range.
 */
import type { Stream } from '../../range/stream.ts'
import { roles, type SyntheticIds } from './synthetic-ids.ts'

export interface Pair {
  /** 0, 1, …: the host's number and address. */
  host: number
  role: number
  /** IPv4 address. */
  peer: number
  service: number
  account: number
  project: number
  vault: number
  client_org: number
  gateway: number
  client_fp: number
  peer_asn: number
  /** Median of its connections. */
  bytes: number
  /** Ticks of a day on which it comes, on average. */
  visits: number
  /** Days on which it comes, from its first on. */
  stay_days: number
}

const firstRegular = 0x10000000
const firstNewcomer = 0x40000000
const firstMember = 0x70000000
const newcomersShare = 0.1
/** Days that a newcomer comes at most. */
export const longestStay = 180
const mostVisits = 60
/** Mean of the days that a newcomer stays: of a Pareto law with index 0.8, cut at `longestStay`. */
const meanStay = 10

/** A theft: so many new peers a day for each thousand pairs, who stay three days and draw 40 MB a visit from the same hosts. */
const theft = { peers_per_thousand: 10, least_peers: 25, hosts: 12, role: 2, bytes: 4e7, visits: 12, stay_days: 3 }

export class SyntheticPairs {
  readonly #ids: SyntheticIds
  readonly #entities: number

  constructor(ids: SyntheticIds, entities: number) {
    this.#ids = ids
    this.#entities = entities
  }

  /** Those that come on every day or nearly. */
  regular(random: Stream): Pair[] {
    const pairs: Pair[] = []
    const peers = Math.ceil(this.#entities / 3)
    const seen = new Set<number>()
    while (pairs.length < this.#entities * (1 - newcomersShare)) {
      const [host, peer] = [headHeavy(random, this.#ids.counts.host, 2), headHeavy(random, peers, 1.5)]
      const key = host * peers + peer
      if (seen.has(key)) continue
      seen.add(key)
      const visitor = this.#visitor(random, host)
      // each vault once before popularity decides, so that all are there
      if (pairs.length < this.#ids.counts.vault) this.#draws(visitor, pairs.length)
      pairs.push({ ...visitor, peer: firstRegular + peer, stay_days: Number.POSITIVE_INFINITY })
    }
    return sorted(pairs)
  }

  /** Those that come on day `n` for the first time, most of them from one host. */
  newcomers(random: Stream, n: number): Pair[] {
    const pairs: Pair[] = []
    const many = Math.ceil((this.#entities * newcomersShare) / meanStay)
    for (let i = 0; i < many; i++) {
      const first = headHeavy(random, this.#ids.counts.host, 2)
      const visitor = { ...this.#visitor(random, first), ...lightly(random) }
      const hosts = random.chance(0.3) ? 1 + random.int(1, 3) : 1
      const stay_days = Math.min(longestStay, Math.ceil(random.pareto(0.8)))
      const peer = firstNewcomer + n * many + i
      // hosts of one role stand side by side, one in every `roles`
      for (let at = 0; at < hosts; at++) {
        const host = first + at * roles
        if (host < this.#ids.counts.host) pairs.push({ ...visitor, host, peer, stay_days })
      }
    }
    return sorted(pairs)
  }

  /** The thieves' own of day `n`. */
  members(random: Stream, n: number): Pair[] {
    const many = Math.max(theft.least_peers, Math.round((this.#entities * theft.peers_per_thousand) / 1000))
    const hosts = Math.min(theft.hosts, Math.floor(this.#ids.counts.host / roles))
    const pairs = Array.from({ length: many }, (_, i) => ({
      ...this.#visitor(random, theft.role + roles * random.int(0, hosts - 1)),
      peer: firstMember + n * many + i,
      ...{ bytes: theft.bytes, visits: theft.visits, stay_days: theft.stay_days },
    }))
    return sorted(pairs)
  }

  #visitor(random: Stream, host: number): Omit<Pair, 'peer' | 'stay_days'> {
    const ids = this.#ids
    const { counts } = ids
    const name = (kind: Parameters<SyntheticIds['of']>[0], steepness: number): number =>
      ids.of(kind, headHeavy(random, counts[kind], steepness))
    const account = random.chance(0.6) ? headHeavy(random, counts.account, 1.5) : undefined
    const visitor = {
      ...{ host, role: host % roles },
      service: name('service', 2),
      account: account === undefined ? 0 : ids.of('account', account),
      project: account === undefined ? 0 : ids.of('project', account % counts.project),
      ...{ vault: 0, client_org: 0 },
      gateway: random.chance(0.1) ? name('gateway', 1) : 0,
      client_fp: random.chance(0.8) ? name('client_fp', 2) : 0,
      peer_asn: 64_500 + headHeavy(random, 900, 2),
      bytes: random.lognormal(2e7, 1.5),
      visits: Math.min(mostVisits, random.pareto(1.5)),
    }
    if (random.chance(0.4)) this.#draws(visitor, headHeavy(random, counts.vault, 2))
    return visitor
  }

  #draws(visitor: Pick<Pair, 'vault' | 'client_org'>, vault: number): void {
    visitor.vault = this.#ids.of('vault', vault)
    visitor.client_org = this.#ids.of('client_org', vault % this.#ids.counts.client_org)
  }
}

/** Newcomers take less, and more alike: a single heavy one would be told as a theft. */
function lightly(random: Stream): Pick<Pair, 'bytes' | 'visits'> {
  return { bytes: random.lognormal(5e6, 0.8), visits: Math.min(5, random.pareto(2)) }
}

/** 0 … many − 1, small ones more often. */
function headHeavy(random: Stream, many: number, steepness: number): number {
  return Math.floor(many * random.unit() ** steepness)
}

/** In the order in which a store hands rows out. */
function sorted(pairs: Pair[]): Pair[] {
  return pairs.sort(byAddress)
}

export function byAddress(a: Pair, b: Pair): number {
  return a.host - b.host || a.peer - b.peer
}
