/**
 * Who belongs to a campaign: of the peers that appeared since it began, those that are more than the pool's own past lets
 * expect of their kind. New peers of the time before and new peers since are told apart by what they did in their first days
 * (hosts, connections, bytes, days, roles, accounts) and, in a second look, by whether they draw from the hosts that the first
 * look found; along that score the number expected from the past is set against the number found, and what is in excess is the
 * weight: a local false discovery rate. Peers that were there before are weighed by what they draw beyond their own past. Hosts follow from the peers' contacts, less what chance contacts of this many give.
 * Sources: Efron, Large-Scale Inference (2010) §5; two-sample discrimination as in Friedman (2003).
 */
import { logisticScores } from '../../math/logistic.ts'
import { pieceBytes } from '../sums/channels.ts'
import { isWeekend } from '../sums/season.ts'
import type { Contacts, Habit } from './contacts.ts'
import { excessShare } from './excess-share.ts'
import { HostLift } from './host-lift.ts'
import { hostWeights, memberWeight } from './member-hosts.ts'
import { sizeShare } from './size-share.ts'
import { lessUsualWaves } from './waves.ts'

/** Fewer of either kind cannot be told apart: then all weigh the same. */
const leastEach = 20
/** As many new members at least are a campaign of newcomers. */
const leastNewcomers = 5
/** A peer that was there before must draw this many times its own past to be weighed. */
const growth = 3

export interface Found {
  /** Weights by peer, 0 … 1; peers with 0 are left out. */
  peers: Map<number, number>
  hosts: Map<number, number>
}

export interface MemberQuestion {
  /** First day of the campaign, and how far back the past that it is compared with goes. */
  since_day: number
  reference_from_day: number
  until_day: number
  /** First day on which a peer is remembered at all. */
  firstSeen: (peer: number) => number
  /** Peers that were there before may be members too (sums of all peers, of old cohorts). */
  withOld: boolean
}

export function membersOf(contacts: Contacts, question: MemberQuestion): Found {
  const { since_day, reference_from_day, firstSeen, withOld } = question
  const fresh: number[] = []
  const reference: number[] = []
  const old: number[] = []
  for (const peer of contacts.peers()) {
    const habit = contacts.habit(peer)
    if (!habit || habit.bytes < pieceBytes) continue
    const first = firstSeen(peer)
    if (first >= since_day) fresh.push(peer)
    else if (first >= reference_from_day) reference.push(peer)
    else old.push(peer)
  }
  const weights = excessWeights(contacts, fresh, reference, question)
  // who was there before is asked only where newcomers do not explain it
  const newcomers = [...weights.values()].filter((weight) => weight >= memberWeight).length
  if (withOld && newcomers < leastNewcomers)
    for (const [peer, weight] of grownWeights(contacts, [...old, ...reference], question)) weights.set(peer, weight)
  return { peers: weights, hosts: hostWeights(contacts, weights) }
}

function excessWeights(
  contacts: Contacts,
  fresh: readonly number[],
  reference: readonly number[],
  question: MemberQuestion,
): Map<number, number> {
  const weights = new Map<number, number>()
  if (fresh.length === 0) return weights
  const expected = expectedNew(reference, question, question.since_day, question.until_day)
  if (fresh.length < leastEach || reference.length < leastEach) {
    const weight = Math.max(0, 1 - expected / fresh.length)
    for (const peer of fresh) if (weight > 0) weights.set(peer, weight)
    return weights
  }
  const peers = { fresh, reference, expected }
  const first = weightsBy(peers, (peer) => habitOf(contacts, peer))
  for (const [peer, weight] of first.weights) weights.set(peer, weight)
  // a second look knows which hosts the first one found
  const half = new Map([...reference, ...fresh].map((peer, i) => [peer, i % 2]))
  const lifts = [1, 0].map((other) => {
    const ofOther = (peer: number): boolean => half.get(peer) === other
    return new HostLift(contacts, new Map([...weights].filter(([peer]) => ofOther(peer))), reference.filter(ofOther))
  })
  const byHabit = weightsBy(peers, (peer) => {
    const { mean, least, sum } = lifts[half.get(peer) as number].of(peer)
    return [...habitOf(contacts, peer), mean, least, sum]
  })
  const expectedAlike = (from: number, to: number): number =>
    (expectedNew(reference, question, from, to) * byHabit.alike.length) / reference.length
  return lessUsualWaves(lessStrangers(contacts, peers, byHabit), { ...question, expected: expectedAlike })
}

/** Weights of members, less those that are too large to be of their kind: as many as them as the past had of that size. */
function lessStrangers(
  contacts: Contacts,
  { reference, expected }: Compared,
  { weights, alike }: Weighed,
): Map<number, number> {
  const bytesOf = (all: readonly number[]): Float64Array =>
    Float64Array.from(all, (peer) => (contacts.habit(peer) as Habit).bytes)
  const members = [...weights].filter(([, weight]) => weight >= memberWeight).map(([peer]) => peer)
  const bySize = sizeShare(bytesOf(members), bytesOf(alike), expected / reference.length)
  const less = new Map(weights)
  for (const [i, peer] of members.entries()) {
    if (bySize[i] === 0) less.delete(peer)
    else less.set(peer, Math.min(weights.get(peer) as number, bySize[i]))
  }
  return less
}

interface Compared {
  fresh: readonly number[]
  reference: readonly number[]
  /** Of the fresh ones, so many by the past. */
  expected: number
}

interface Weighed {
  weights: Map<number, number>
  /** Those of the time before whose score is a member's. */
  alike: number[]
}

/** Weights above 0 of the fresh, along the score that tells them from those of the time before. */
function weightsBy({ fresh, reference, expected }: Compared, featuresOf: (peer: number) => readonly number[]): Weighed {
  const rows = [...reference, ...fresh].map((peer) => featuresOf(peer))
  const columns = rows[0].length
  const features = new Float64Array(rows.length * columns)
  for (const [i, row] of rows.entries()) features.set(row, i * columns)
  const labels = Uint8Array.from(rows, (_, i) => (i < reference.length ? 0 : 1))
  const scores = logisticScores(features, columns, labels)
  const local = excessShare(scores.subarray(reference.length), scores.subarray(0, reference.length), expected)
  const weights = new Map<number, number>()
  let least = Number.POSITIVE_INFINITY
  for (const [i, peer] of fresh.entries()) {
    if (local[i] > 0) weights.set(peer, local[i])
    if (local[i] >= memberWeight) least = Math.min(least, scores[reference.length + i])
  }
  return { weights, alike: reference.filter((_, i) => scores[i] >= least) }
}

/** New peers that the past lets expect over days [from, to): its mean of working days and of weekends. */
function expectedNew(
  reference: readonly number[],
  { reference_from_day, since_day, firstSeen }: MemberQuestion,
  from_day: number,
  to_day: number,
): number {
  const found = [0, 0]
  const days = [0, 0]
  for (const peer of reference) found[Number(isWeekend(firstSeen(peer)))]++
  for (let day = reference_from_day; day < since_day; day++) days[Number(isWeekend(day))]++
  let expected = 0
  for (let day = from_day; day < to_day; day++) {
    const kind = Number(isWeekend(day))
    if (days[kind] > 0) expected += found[kind] / days[kind]
  }
  return expected
}

function habitOf(contacts: Contacts, peer: number): number[] {
  const { hosts, flows, bytes, days, roles, named } = contacts.habit(peer) as Habit
  const [h, f, b] = [Math.log(hosts), Math.log(Math.max(1, flows)), Math.log(bytes)]
  const piece = b - f
  return [h, f, b, piece, Math.log(days), roles, named, h * h, f * f, piece * piece]
}

function grownWeights(contacts: Contacts, old: readonly number[], question: MemberQuestion): Map<number, number> {
  const { since_day, reference_from_day, until_day } = question
  const days = Math.max(1, since_day - reference_from_day)
  const weights = new Map<number, number>()
  for (const peer of old) {
    const gross = contacts.bytesOf(peer, since_day, until_day)
    const expected = (contacts.bytesOf(peer, reference_from_day, since_day) / days) * (until_day - since_day)
    if (gross >= pieceBytes && gross > growth * expected) weights.set(peer, 1 - expected / gross)
  }
  return weights
}
