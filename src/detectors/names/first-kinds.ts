/** What can be new to an account (`FirstAccess`), as data. */

import { KeyIndex } from '../../model/key-index.ts'
import type { DayRows, Names } from '../day-rows.ts'
import { pieceBytes } from '../sums/channels.ts'

export interface FirstKind {
  id: 'first_access' | 'first_places'
  /** Firsts per day of activity that are always tolerated. */
  least_rate: number
  /** As many of a day count, and of one group. */
  most_per_day: number
  most_per_group: number
  /** Whether all accounts together are judged as well. */
  together: boolean
  /** What a row has to do with; 0: with nothing of the kind. */
  itemOf: (rows: DayRows, i: number) => number
  /** What items are let into together; 0: nothing is known of it. */
  groupOf?: (rows: DayRows, i: number) => number
  /** Whether it is no news for the account though it may be new; asked once of each row that has an item, rows in order. */
  isUsual?: (rows: DayRows, i: number) => boolean
}

/** One vault in fifty days is nobody's concern. Being let into a project of twenty counts two, into three and more on a day six. */
export const firstVaults = {
  id: 'first_access',
  least_rate: 0.02,
  most_per_day: 6,
  most_per_group: 2,
  together: true,
} as const
/**
 * People travel, their providers move them about: three subnets a day are nobody's concern. Machines of one cloud come in dozens,
 * each in a subnet of its own: of one autonomous system no more count than that.
 */
export const firstPlaces = {
  id: 'first_places',
  least_rate: 3,
  most_per_day: Number.POSITIVE_INFINITY,
  most_per_group: 3,
  together: false,
} as const

/** A project is an account's own so many days after it first drew from it. */
const ownAfterDays = 30

export interface VaultFacts {
  /** Whether anybody may have it. */
  isOpen: (vault: number) => boolean
  /** A number for its project, from 1; of a vault without one, its own. */
  projectOf: (vault: number) => number
  hasProject: (vault: number) => boolean
}

/** Vaults of projects other than those that the account is used to, the first that it ever drew from among them. */
export function vaultsKind({ isOpen, projectOf, hasProject }: VaultFacts): FirstKind {
  const first = new Map<number, number>()
  const pairs = new KeyIndex(2)
  const since: number[] = []
  return {
    ...firstVaults,
    itemOf: ({ vault }, i) => (vault[i] === 0 || isOpen(vault[i]) ? 0 : vault[i]),
    groupOf: ({ vault }, i) => (hasProject(vault[i]) ? projectOf(vault[i]) : 0),
    isUsual: ({ day, account, vault }, i) => {
      const project = projectOf(vault[i])
      if (!first.has(account[i])) first.set(account[i], project)
      pairs.key[0] = account[i]
      pairs.key[1] = project
      const pair = pairs.add()
      if (pair === since.length) since.push(day)
      return first.get(account[i]) === project || day - since[pair] >= ownAfterDays
    },
  }
}

/** Subnets, /24 of IPv4 and /48 of IPv6, that 1 MB and more went to. */
export function placesKind(names: Pick<Names, 'peer'>): FirstKind {
  const ids = new Map<string, number>()
  /** By peer. */
  let known = new Int32Array(1024)
  const subnetOf = (peer: number): number => {
    if (peer >= known.length) {
      const larger = new Int32Array(Math.max(peer + 1, 2 * known.length))
      larger.set(known)
      known = larger
    }
    if (known[peer] === 0) {
      const text = subnetText(names.peer(peer))
      const id = ids.get(text) ?? ids.size + 1
      ids.set(text, id)
      known[peer] = id
    }
    return known[peer]
  }
  return {
    ...firstPlaces,
    itemOf: ({ peer, bytes_out }, i) => (bytes_out[i] < pieceBytes ? 0 : subnetOf(peer[i])),
    groupOf: ({ peer, peer_asn }, i) => (peer_asn[i] === 0 ? -subnetOf(peer[i]) : peer_asn[i]),
  }
}

/** `192.0.2`, `2001:db8:9`. */
export function subnetText(address: string): string {
  const mark = address.includes(':') ? ':' : '.'
  return address.split(mark, 3).join(mark)
}
