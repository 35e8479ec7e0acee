import { logSum } from '../../math/log-sum.ts'
import { bytesText } from '../../model/amount-text.ts'
import type { DayRows, Names } from '../day-rows.ts'
import { Contrast, logBinomialBet, toleratedRatio } from './fan-in-contrast.ts'
import { DayById } from './fan-in-days.ts'
import { PastMarked } from './fan-in-past.ts'
import { type DayPeers, leastBytes, PeerDays, PeerNetworks, sizeOfBin, youngDays } from './fan-in-peers.ts'
import { type KeyTest, Stakes } from './fan-in-stakes.ts'
import { Tally } from './fan-in-tally.ts'

export const fanInKinds = ['client_fp', 'peer_asn', 'chunk_size'] as const
export type FanInKind = (typeof fanInKinds)[number]

export interface FanInSubject {
  kind: FanInKind
  /** Fingerprint, `AS64500` or the size of a piece, `2.00 GB`. */
  key: string
  /** The state's id of the fingerprint, the number of the AS, or the bin of 1 % of the size. */
  key_id: number
  /** Evidence for this key since it was first tested, less log(keys tested), in nats: it ranks and explains, no more. */
  log_e: number
  /** Peers of the key on this day that are not settled, whether their evidence was spent before or not. */
  peers: number
  hosts: number
  accounts: number
  /** Unexplained bytes of these peers. */
  bytes_out: number
  peer_indexes: Int32Array
  host_ids: Int32Array
  /** Last tick of the day on which it rests. */
  tick: number
}

export interface FanInDay {
  day: number
  /** e-value of the day in nats, valid given the days before; the product over days is an e-process. */
  log_e: number
  /** Keys that show something, strongest first. */
  subjects: FanInSubject[]
}

/**
 * Do peers that share a client fingerprint, an autonomous system or a size of pieces behave as one?
 *
 * Units are compared in three ways, marked against ordinary, and per key by `Contrast`:
 * - newcomers: peers without account that were first seen lately, against settled peers;
 * - broad: such peers, and those of unknown age, that draw from 3 hosts or more in a day, against all other peers;
 * - roaming: accounts that draw from 3 networks or more in a day, against all other accounts (one account is one unit,
 *   however many peers: a person may travel). Fingerprints only.
 * A peer or account is marked once in its life for each comparison, so each day's evidence is new. A size of pieces is
 * tested also against the 36 bins of 1 % beside it, as sizes have no other clients to compare with.
 * Each comparison is made also with the marked units of the weeks before (`PastMarked`): habits are no events.
 * A key has evidence above 1 only on days on which at least 5 peers of it in 3 networks (for an AS: 3 prefixes) draw from 2
 * hosts 1 % of the unexplained bytes of their roles: smaller groups may be odd, but they are not what this looks for.
 *
 * Blind to: clients that mimic a common program, peers that each have an account of their own, fewer than 5 new peers a day,
 * peers under 1 MB a day, and newcomers in the first week of memory. Misled by: a data release whose clients nobody used
 * before, or that opens a country (AS) or consists of files of one size; in the first week of memory by a mirror whose
 * clients draw from 3 hosts. See the tests. An expectation is the remedy.
 * Nothing is drawn at random; `seed` is taken so that a later test may.
 */
export class FanIn {
  readonly #names: Names
  readonly #networks: PeerNetworks
  readonly #days = new PeerDays()
  readonly #stakes = new Stakes({ kinds: fanInKinds.length })
  /** `kind:way` → peers or accounts that were marked, with the day on which. */
  readonly #spent = new Map<string, DayById>()
  readonly #past = new Map<string, PastMarked>()
  /** `kind:key` → evidence so far for each way and factor. */
  readonly #evidence = new Map<string, Float64Array>()

  constructor({ names }: { seed: number; names: Names }) {
    this.#names = names
    this.#networks = new PeerNetworks(names)
  }

  /** Days in order, each once. */
  day(rows: DayRows): FanInDay {
    const today = this.#days.day(rows)
    const accounts = this.#accountsOf(today)
    const tests: KeyTest[] = []
    const subjects: FanInSubject[] = []
    for (const kind of fanInKinds) {
      const groups = this.#groups(kind, today, accounts)
      for (const { key, log_e } of this.#tests(kind, rows.day, today, accounts)) {
        const counted = groups.has(key) ? log_e : log_e.map((each) => Math.min(0, each))
        tests.push({ kind, key, log_e: counted })
        this.#record(kind, key, counted)
      }
      for (const [key_id, group] of groups) {
        const log_e = this.#evidenceOf(kind, key_id)
        if (log_e >= shownLog) subjects.push({ kind, key: this.#text(kind, key_id), key_id, log_e, ...group })
      }
    }
    this.#forget(rows.day)
    const log_e = Math.min(this.#stakes.day(tests), largestLogE)
    return { day: rows.day, log_e, subjects: subjects.sort((a, b) => b.log_e - a.log_e) }
  }

  #accountsOf(today: DayPeers): Map<number, AccountDay> {
    const accounts = new Map<number, AccountDay>()
    for (let at = 0; at < today.length; at++) {
      const bytes = today.bytes_unexplained[at]
      if (today.account[at] === 0 || bytes < leastBytes) continue
      let account = accounts.get(today.account[at])
      if (!account) {
        account = { networks: new Set(), clients: new Tally(), roles: new Tally() }
        accounts.set(today.account[at], account)
      }
      account.networks.add(this.#networks.of({ peer: today.peer[at], peer_asn: today.peer_asn[at] }))
      account.roles.add(today.role[at], bytes)
      if (today.client_fp[at] !== 0) account.clients.add(today.client_fp[at], bytes)
    }
    return accounts
  }

  /** Tests of all keys that enough units have, in order of appearance. */
  #tests(kind: FanInKind, day: number, today: DayPeers, accounts: ReadonlyMap<number, AccountDay>): KeyTest[] {
    let roles = 0
    for (let at = 0; at < today.length; at++) roles = Math.max(roles, today.role[at] + 1)
    const ways = [
      { contrast: this.#newcomers(kind, day, today, new Contrast(roles)), past: this.#pastOf(kind, 'newcomers', day) },
      { contrast: this.#broad(kind, day, today, new Contrast(roles)), past: this.#pastOf(kind, 'broad', day) },
      { contrast: this.#roaming(kind, day, accounts, new Contrast(roles)), past: this.#pastOf(kind, 'roaming', day) },
    ]
    const units = new Map<number, number>()
    for (const { contrast } of ways) {
      for (const [key, count] of contrast.totals()) units.set(key, Math.max(count, units.get(key) ?? 0))
    }
    const keys = [...units].filter(([, count]) => count >= fewestPeers).map(([key]) => key)
    const tests = keys.map((key) => {
      const log_e = ways.flatMap(({ contrast, past }) =>
        factors.map((theta) => {
          const byKey = Math.min(contrast.logE(key, theta), past.logE(contrast, key, theta))
          return kind === 'chunk_size' ? Math.min(byKey, logBesideNeighbours(contrast, key, theta)) : byKey
        }),
      )
      return { kind, key, log_e: Float64Array.from(log_e) }
    })
    for (const { contrast, past } of ways) past.add(day, contrast)
    return tests
  }

  #newcomers(kind: FanInKind, day: number, today: DayPeers, contrast: Contrast): Contrast {
    const spent = this.#spentOf(kind, 'newcomers')
    for (let at = 0; at < today.length; at++) {
      const key = keyOf(kind, today, at)
      if (key === unknownKey) continue
      if (today.settled[at] === 1) contrast.add(key, today.role[at], false)
      else if (today.newcomer[at] === 1 && isNameless(today, at) && !spent.has(today.peer[at])) {
        spent.set(today.peer[at], day)
        contrast.add(key, today.role[at], true)
      }
    }
    return contrast
  }

  #broad(kind: FanInKind, day: number, today: DayPeers, contrast: Contrast): Contrast {
    const spent = this.#spentOf(kind, 'broad')
    for (let at = 0; at < today.length; at++) {
      const key = keyOf(kind, today, at)
      if (key === unknownKey) continue
      const isYoung = today.settled[at] === 0 && isNameless(today, at)
      if (isYoung && spent.has(today.peer[at])) continue
      const isBroad = isYoung && today.hostCount(at) >= broadHosts
      if (isBroad) spent.set(today.peer[at], day)
      contrast.add(key, today.role[at], isBroad)
    }
    return contrast
  }

  #roaming(kind: FanInKind, day: number, accounts: ReadonlyMap<number, AccountDay>, contrast: Contrast): Contrast {
    if (kind !== 'client_fp') return contrast
    const spent = this.#spentOf(kind, 'roaming')
    for (const [id, account] of accounts) {
      const key = account.clients.top()
      if (key === 0) continue
      if (!isRoaming(account)) contrast.add(key, account.roles.top(), false)
      else if (!spent.has(id)) {
        spent.set(id, day)
        contrast.add(key, account.roles.top(), true)
      }
    }
    return contrast
  }

  /** By key the peers that are not settled, where they are many enough to speak of. */
  #groups(kind: FanInKind, today: DayPeers, accounts: ReadonlyMap<number, AccountDay>): Map<number, Group> {
    const members = new Map<number, number[]>()
    for (let at = 0; at < today.length; at++) {
      const key = keyOf(kind, today, at)
      if (key <= 0 || today.settled[at] === 1 || today.bytes_unexplained[at] < leastBytes) continue
      const account = accounts.get(today.account[at])
      if (account && !isRoaming(account)) continue
      const group = members.get(key)
      if (group) group.push(at)
      else members.set(key, [at])
    }
    const groups = new Map<number, Group>()
    for (const [key, group] of members) {
      const found = group.length < fewestPeers ? undefined : this.#groupOf(kind, today, group)
      if (found) groups.set(key, found)
    }
    return groups
  }

  #groupOf(kind: FanInKind, today: DayPeers, group: readonly number[]): Group | undefined {
    const networks = new Set<string>()
    const hosts = new Set<number>()
    const roles = new Set<number>()
    const accounts = new Set<number>()
    let bytes_out = 0
    let tick = 0
    for (const at of group) {
      const { peer, peer_asn, host_ids, role, account, last_tick, bytes_unexplained } = today.read(at)
      networks.add(kind === 'peer_asn' ? this.#networks.prefixOf(peer) : this.#networks.of({ peer, peer_asn }))
      for (const host of host_ids) hosts.add(host)
      roles.add(role)
      if (account !== 0) accounts.add(account)
      bytes_out += bytes_unexplained
      tick = Math.max(tick, last_tick)
    }
    let ofRoles = 0
    for (const role of roles) ofRoles += today.unexplained[role]
    if (networks.size < fewestNetworks || hosts.size < fewestHosts || bytes_out < leastShare * ofRoles) return undefined
    return {
      peers: group.length,
      hosts: hosts.size,
      accounts: accounts.size,
      bytes_out,
      peer_indexes: Int32Array.from(group, (at) => today.peer[at]).sort(),
      host_ids: Int32Array.from(hosts).sort(),
      tick,
    }
  }

  /** Adds to the key's evidence; a loss is remembered only so far, else a key once honest could never show anything. */
  #record(kind: FanInKind, key: number, log_e: Float64Array): void {
    const name = `${kind}:${key}`
    let sums = this.#evidence.get(name)
    if (!sums) {
      sums = new Float64Array(log_e.length)
      this.#evidence.set(name, sums)
    }
    for (let i = 0; i < sums.length; i++) sums[i] = Math.max(lowestLog, sums[i] + log_e[i])
  }

  #evidenceOf(kind: FanInKind, key: number): number {
    const sums = this.#evidence.get(`${kind}:${key}`)
    return sums ? logSum(sums) - Math.log(sums.length) - Math.log(this.#evidence.size) : 0
  }

  #pastOf(kind: FanInKind, way: string, day: number): PastMarked {
    const name = `${kind}:${way}`
    let past = this.#past.get(name)
    if (!past) {
      past = new PastMarked()
      this.#past.set(name, past)
    }
    past.advance(day)
    return past
  }

  #spentOf(kind: FanInKind, way: string): DayById {
    const name = `${kind}:${way}`
    let spent = this.#spent.get(name)
    if (!spent) {
      spent = new DayById()
      this.#spent.set(name, spent)
    }
    return spent
  }

  /** A peer that was marked more than 30 days ago is settled: it cannot be marked again. Accounts are kept. */
  #forget(day: number): void {
    this.#networks.clear()
    for (const [name, spent] of this.#spent) if (!name.endsWith(':roaming')) spent.forgetBefore(day - youngDays)
  }

  #text(kind: FanInKind, key: number): string {
    if (kind === 'client_fp') return this.#names.text(key)
    return kind === 'peer_asn' ? `AS${key}` : bytesText(Math.round(sizeOfBin(key)))
  }
}

type Group = Omit<FanInSubject, 'kind' | 'key' | 'key_id' | 'log_e'>

interface AccountDay {
  networks: Set<string>
  clients: Tally
  roles: Tally
}

const fewestPeers = 5
const fewestNetworks = 3
const fewestHosts = 2
const leastShare = 0.01
const broadHosts = 3
const roamingNetworks = 3
/** By how much the odds that a unit of the key is marked may exceed what is tolerated. */
const factors = [2, 8, 64]
/** Nulls are models: no day is told to be rarer than one in a million. */
const largestLogE = Math.log(1e6)
const lowestLog = -5
const shownLog = Math.log(20)
const unknownKey = -1

/** 0: none that is shared; `unknownKey`: not observed, so the peer takes no part. */
function keyOf(kind: FanInKind, today: DayPeers, at: number): number {
  if (kind === 'chunk_size') return today.size_bin[at]
  return (kind === 'client_fp' ? today.client_fp[at] : today.peer_asn[at]) || unknownKey
}

function isNameless(today: DayPeers, at: number): boolean {
  return today.account[at] === 0 && today.bytes_unexplained[at] >= leastBytes
}

function isRoaming(account: AccountDay): boolean {
  return account.networks.size >= roamingNetworks
}

/** As `Contrast`, of one bin against the 18 on each side beyond its nearest two: what density of sizes is usual there. */
function logBesideNeighbours(contrast: Contrast, bin: number, theta: number): number {
  const own = contrast.markedOf(bin)
  let beside = 0
  for (let distance = 3; distance <= 20; distance++) {
    beside += contrast.markedOf(bin - distance) + contrast.markedOf(bin + distance)
  }
  return logBinomialBet(own, beside, toleratedRatio / (toleratedRatio + 36), theta)
}
