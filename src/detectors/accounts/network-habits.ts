/**
 * Accounts that are used from several networks at once, or handed from one to the next, more often than they and others are used to:
 * whoever shares a stolen account with its owner. Asked of VPN sessions and of hosts where people log in, by bytes that nothing
 * explains; a network is an autonomous system, where that is unknown a /24 (IPv6: /48), and counts in a tick with 1 MB and more. A
 * day's count is the most networks in one tick beyond the first, and the networks that begin within an hour after another one ended;
 * habits and evidence as in `Habits`. A phone that leaves the house does this every day, and so has a habit of it.
 *
 * Beside it, identities: an autonomous system and a client that are both new to an account, and come together. One is a journey with a
 * new machine. All accounts together they are judged by `CrowdAccess`.
 */
import { KeyIndex } from '../../model/key-index.ts'
import { hostRoles } from '../../model/site.ts'
import type { DayRows, Names } from '../day-rows.ts'
import { type Crowd, CrowdAccess, type First } from '../names/crowd-access.ts'
import { subnetText } from '../names/first-kinds.ts'
import { pieceBytes } from '../sums/channels.ts'
import type { Excluded } from '../sums/tally.ts'
import { type HabitSubject, Habits, judgedAfterDays } from './habits.ts'

/** Once in twenty days is nobody's concern: people travel. */
const least_rate = 0.05
/** Of a day: one that hops through ten networks is one event of some weight. */
const mostPerDay = 4
const handOverTicks = 6
/** From then on its habit shows. */
const ownAfterDays = 7
const logStake = -Math.log(365)
const loginRoles = new Set((['login', 'portal', 'vpn'] as const).map((role) => hostRoles.indexOf(role)))

interface NetworkUse {
  /** First and last tick of the day, by network. */
  spans: Map<number, { first: number; last: number }>
  tick: number
  inTick: Set<number>
  most: number
}

export class NetworkHabits {
  readonly #names: Pick<Names, 'peer'>
  readonly #habits = new Habits({ least_rate })
  readonly #since = new Map<number, number>()
  readonly #subnets = new Map<string, number>()
  /** What an account has used: kind and number. */
  readonly #known = new KeyIndex(3)
  readonly #identities = new KeyIndex(2)
  readonly #crowd = new CrowdAccess()

  constructor(names: Pick<Names, 'peer'>) {
    this.#names = names
  }

  /** Days in order, each once; what `isTaken`, by open incidents, is left out. */
  day(rows: DayRows, isTaken: Excluded = () => false): void {
    const uses = new Map<number, NetworkUse>()
    const firsts: First[] = []
    const { day, account, bytes_out, unexplained, gateway, role, tick } = rows
    for (let i = 0; i < rows.length; i++) {
      if (account[i] === 0) continue
      if (!this.#since.has(account[i])) this.#since.set(account[i], day)
      this.#habits.see(account[i], day)
      if (gateway[i] === 0 && !loginRoles.has(role[i])) continue
      if (unexplained[i] === 0 || isTaken(rows, i)) continue
      this.#learnIdentity(rows, i, firsts)
      if (bytes_out[i] < pieceBytes) continue
      const use = uses.get(account[i]) ?? { spans: new Map(), tick: -1, inTick: new Set(), most: 1 }
      uses.set(account[i], use)
      addTo(use, tick[i], this.#networkOf(rows, i))
    }
    const counts = [...uses].map(([id, use]) => ({
      account: id,
      count: this.#ageOf(id, day) < ownAfterDays ? 0 : Math.min(mostPerDay, use.most - 1 + handOvers(use)),
    }))
    this.#habits.day(day, counts)
    const judged = counts.filter(({ account: id }) => this.#ageOf(id, day) >= judgedAfterDays)
    this.#crowd.day(
      day,
      firsts.filter(({ account: id }) => this.#ageOf(id, day) >= judgedAfterDays),
      judged.length,
      logStake,
    )
  }

  strongest(most: number): HabitSubject[] {
    return this.#habits.strongest(most)
  }

  /** Accounts that began to be somebody else, all together. */
  identities(day: number): Crowd | undefined {
    return this.#crowd.crowd(day)
  }

  #ageOf(account: number, day: number): number {
    return day - (this.#since.get(account) ?? day)
  }

  /** Positive: an autonomous system; negative: a subnet, in the order in which they came. */
  #networkOf({ peer, peer_asn }: DayRows, i: number): number {
    if (peer_asn[i] !== 0) return peer_asn[i]
    const text = subnetText(this.#names.peer(peer[i]))
    const id = this.#subnets.get(text) ?? -1 - this.#subnets.size
    this.#subnets.set(text, id)
    return id
  }

  #learnIdentity({ account, peer_asn, client_fp }: DayRows, i: number, firsts: First[]): void {
    if (peer_asn[i] === 0 || client_fp[i] === 0) return
    const isNew = [peer_asn[i], client_fp[i]].map((value, kind) => {
      this.#known.key[0] = account[i]
      this.#known.key[1] = kind
      this.#known.key[2] = value
      const before = this.#known.size
      return this.#known.add() === before
    })
    if (!isNew[0] || !isNew[1]) return
    this.#identities.key[0] = peer_asn[i]
    this.#identities.key[1] = client_fp[i]
    firsts.push({ account: account[i], item: 1 + this.#identities.add(), group: 0 })
  }
}

/** Ticks of a day in order. */
function addTo(use: NetworkUse, tick: number, network: number): void {
  if (tick !== use.tick) use.inTick.clear()
  use.tick = tick
  use.inTick.add(network)
  use.most = Math.max(use.most, use.inTick.size)
  const span = use.spans.get(network)
  if (span) span.last = tick
  else use.spans.set(network, { first: tick, last: tick })
}

/** Networks that begin within an hour after another one was seen for the last time. */
function handOvers({ spans }: NetworkUse): number {
  let found = 0
  const ends = new Set([...spans.values()].map(({ last }) => last))
  for (const { first } of spans.values())
    for (let tick = first - handOverTicks; tick < first; tick++)
      if (ends.has(tick)) {
        found++
        break
      }
  return found
}
