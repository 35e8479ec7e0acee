/**
 * Which hosts a group of peers prefers: for each peer the logarithms of lift of the hosts that it drew from (share of the
 * members' contacts there over the share of everybody else's). A contact is 1 MB or more. What one half of the peers is told
 * comes from the other half, so that nobody vouches for itself and chance preferences do not feed the score that asks for them.
 */
import { clip } from '../../math/robust.ts'
import { pieceBytes } from '../sums/channels.ts'
import type { Contacts } from './contacts.ts'

/** A factor of twenty either way says all. */
const mostLift = 3
/** Added to each count: half a contact, as Jeffreys' prior has it. */
const prior = 0.5

export interface Lift {
  mean: number
  least: number
  sum: number
}

export class HostLift {
  readonly #contacts: Contacts
  readonly #members = new Map<number, number>()
  readonly #others = new Map<number, number>()
  readonly #hosts = new Set<number>()
  #memberContacts = 0
  #otherContacts = 0

  /** `weights`: of candidates, how likely each is a member; `past`: peers of the time before, who are none. */
  constructor(contacts: Contacts, weights: ReadonlyMap<number, number>, past: readonly number[]) {
    this.#contacts = contacts
    for (const [peer, weight] of weights) {
      for (const host of this.#hostsOf(peer)) {
        this.#members.set(host, (this.#members.get(host) ?? 0) + weight)
        this.#memberContacts += weight
        this.#hosts.add(host)
      }
    }
    for (const peer of past) {
      for (const host of this.#hostsOf(peer)) {
        this.#others.set(host, (this.#others.get(host) ?? 0) + 1)
        this.#otherContacts++
        this.#hosts.add(host)
      }
    }
  }

  of(peer: number): Lift {
    const lifts = [...this.#hostsOf(peer)].map((host) => this.#liftOf(host))
    if (lifts.length === 0) return { mean: 0, least: 0, sum: 0 }
    const sum = lifts.reduce((total, lift) => total + lift, 0)
    return { mean: sum / lifts.length, least: Math.min(...lifts), sum }
  }

  #liftOf(host: number): number {
    const room = prior * this.#hosts.size
    const ofMembers = ((this.#members.get(host) ?? 0) + prior) / (this.#memberContacts + room)
    const ofOthers = ((this.#others.get(host) ?? 0) + prior) / (this.#otherContacts + room)
    return clip(Math.log(ofMembers / ofOthers), -mostLift, mostLift)
  }

  *#hostsOf(peer: number): Iterable<number> {
    for (const { host, bytes } of this.#contacts.hostsOf(peer)) if (bytes >= pieceBytes) yield host
  }
}
