/**
 * The hosts of a campaign: those from which more members drew than by chance. Chance is that some members are none and come to
 * hosts as everybody else does; how many, the hosts outside the campaign tell.
 */
import { median } from '../../math/robust.ts'
import { pieceBytes } from '../sums/channels.ts'
import type { Contacts } from './contacts.ts'

/** Weight from which on a peer or host is a member (CONTRACT). */
export const memberWeight = 0.5
/** A host that this small a share of the usual number of members drew from is trimmed. */
const trimmedShare = 0.1
/** Chance is taken as its mean and so many deviations of a Poisson count. */
const deviations = 2
/** Looks at which hosts are outside; it has settled long before. */
const mostRounds = 10

interface HostCounts {
  /** Members that drew from it. */
  members: number
  /** All others that did. */
  others: number
}

/** Weights by host, 0 … 1, of those that a member drew from; `weights` are those of peers. */
export function hostWeights(contacts: Contacts, weights: ReadonlyMap<number, number>): Map<number, number> {
  const { counts, stray } = countContacts(contacts, weights)
  const drawn = [...counts.values()].filter(({ members }) => members > 0)
  const usual = median(
    drawn
      .map(({ members }) => members)
      .sort((a, b) => b - a)
      .slice(0, Math.ceil(drawn.length / 2)),
  )
  const least = Math.max(Math.min(2, usual), trimmedShare * usual)
  const least_stray = ratioOf(stray, total([...counts.values()], 'others'))
  let result = new Map<number, number>()
  let outside = -1
  for (let round = 0; round < mostRounds; round++) {
    const rest = [...counts].filter(([host]) => (result.get(host) ?? (round === 0 ? 1 : 0)) < memberWeight)
    if (rest.length === outside) break
    outside = rest.length
    const others = rest.map(([, count]) => count)
    const strays = Math.max(least_stray, ratioOf(total(others, 'members'), total(others, 'others')))
    result = new Map()
    for (const [host, { members, others: usually }] of counts) {
      if (members === 0 || members < least) continue
      const mean = strays * usually
      result.set(host, Math.max(0, 1 - (mean + deviations * Math.sqrt(mean)) / members))
    }
  }
  return result
}

/** Contacts of each host, and how many of the members' are by those that are none, as their weights have it. */
function countContacts(
  contacts: Contacts,
  weights: ReadonlyMap<number, number>,
): { counts: Map<number, HostCounts>; stray: number } {
  const counts = new Map<number, HostCounts>()
  let stray = 0
  for (const peer of contacts.peers()) {
    const weight = weights.get(peer) ?? 0
    const isMember = weight >= memberWeight
    for (const { host, bytes } of contacts.hostsOf(peer)) {
      if (bytes < pieceBytes) continue
      const count = counts.get(host) ?? { members: 0, others: 0 }
      counts.set(host, count)
      if (isMember) count.members++
      else count.others++
      if (isMember) stray += 1 - weight
    }
  }
  return { counts, stray }
}

function total(counts: readonly HostCounts[], of: keyof HostCounts): number {
  return counts.reduce((sum, count) => sum + count[of], 0)
}

function ratioOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
