/**
 * The graph of hosts and what their new peers share: a column for each key, an edge where a host had to do with it within the window.
 * Peers may be many and all different; their networks, systems, programs and rhythm are fewer, and so are met by more hosts.
 */
import { columnWeights, type Edges } from '../../math/peel.ts'
import { KeyIndex } from '../../model/key-index.ts'
import { ticksPerDay } from '../../model/window.ts'
import { newDays, type PairDay } from './novel-pairs.ts'

export const lockstepKinds = ['peer', 'network', 'peer_asn', 'client_fp', 'rhythm'] as const
/**
 * What makes a column: the peer itself; its /24 (IPv6: /64); its autonomous system; its client; a size of pieces, and a tick in
 * which peers begin together with about as many bytes.
 */
export type LockstepKind = (typeof lockstepKinds)[number]

/** Edges that are peeled: 16 bytes each, and about a microsecond. */
export const mostEdges = 250_000

export interface KeyGraph {
  /** Weighted by their column, as `columnWeights`. */
  edges: Edges
  /** Host of each row. */
  host: Int32Array
  cols: number
  /** Edges of columns with more than one host that found no room: those of the smallest fan-in. */
  left_out: number
  /** Row and column of a pair's key and host, −1 where they are not in the graph. */
  rowOf(host: number): number
  colOf(key: number): number
}

export interface KeySource {
  days: readonly PairDay[]
  /** Peers first seen before are no part of it. */
  from_day: number
  networkOf(peer: number): number
  isTaken(peer: number): boolean
}

/** Each key of each pair in order; a key is a whole number below 2³², of one kind. */
export function eachKey(
  kind: LockstepKind,
  { days, from_day, networkOf, isTaken }: KeySource,
  visit: (pairs: PairDay, at: number, key: number) => void,
): void {
  for (const pairs of days) {
    const isIn = (at: number): boolean => pairs.first_day[at] >= from_day && !isTaken(pairs.peer[at])
    for (let at = 0; at < pairs.length; at++) {
      const key = keyOf(kind, pairs, at, networkOf)
      if (key !== 0 && isIn(at)) visit(pairs, at, key)
    }
    if (kind !== 'rhythm') continue
    const dayKey = (1 + (pairs.day % (newDays + 1))) * tokensPerDay
    for (let n = 0; n < pairs.token.length; n++)
      if (isIn(pairs.token_pair[n])) visit(pairs, pairs.token_pair[n], dayKey + pairs.token[n])
  }
}

/** More than there are bins of sizes, so that a tick's key is no size's. */
const tokensPerDay = ticksPerDay * 64

/** Of a peer that shares nothing of this kind 0. */
function keyOf(kind: LockstepKind, pairs: PairDay, at: number, networkOf: (peer: number) => number): number {
  switch (kind) {
    case 'peer':
      return pairs.peer[at] + 1
    case 'network':
      return networkOf(pairs.peer[at]) + 1
    case 'peer_asn':
      return pairs.peer_asn[at]
    case 'client_fp':
      return pairs.client_fp[at]
    case 'rhythm':
      return pairs.size_bin[at]
  }
}

/** Columns that one host alone has are left out: they are no lockstep, and most of what there is. */
export function keyGraph(kind: LockstepKind, source: KeySource, most_edges = mostEdges): KeyGraph {
  const hosts = new KeyIndex(1)
  const keys = new KeyIndex(1)
  const pairs = new KeyIndex(2)
  eachKey(kind, source, (day, at, key) => {
    hosts.key[0] = day.host[at]
    keys.key[0] = key
    pairs.key[0] = hosts.add()
    pairs.key[1] = keys.add()
    pairs.add()
  })
  const fanIn = new Int32Array(keys.size)
  for (let n = 0; n < pairs.size; n++) fanIn[pairs.word(n, 1)]++
  const { least, left_out } = leastFanIn(fanIn, most_edges)
  const numbers = new Int32Array(keys.size).fill(-1)
  let cols = 0
  for (let key = 0; key < keys.size; key++) if (fanIn[key] >= least) numbers[key] = cols++
  const row: number[] = []
  const col: number[] = []
  for (let n = 0; n < pairs.size; n++) {
    const number = numbers[pairs.word(n, 1)]
    if (number < 0) continue
    row.push(pairs.word(n, 0))
    col.push(number)
  }
  const columns = Int32Array.from(col)
  return {
    edges: { row: Int32Array.from(row), col: columns, weight: columnWeights(columns, cols) },
    host: Int32Array.from({ length: hosts.size }, (_, n) => hosts.word(n, 0)),
    cols,
    left_out,
    rowOf: (host) => {
      hosts.key[0] = host
      return hosts.find()
    },
    colOf: (key) => {
      keys.key[0] = key
      const number = keys.find()
      return number < 0 ? -1 : numbers[number]
    },
  }
}

/** The smallest fan-in, from 2, whose columns and all larger ones have no more edges than there is room for. */
function leastFanIn(fanIn: Int32Array, most_edges: number): { least: number; left_out: number } {
  const largest = fanIn.reduce((most, each) => Math.max(most, each), 0)
  const edgesBy = new Float64Array(largest + 1)
  for (const each of fanIn) edgesBy[each] += each
  let shared = 0
  for (let k = 2; k <= largest; k++) shared += edgesBy[k]
  let least = 2
  let left_out = 0
  for (; least < largest && shared - left_out > most_edges; least++) left_out += edgesBy[least]
  return { least, left_out }
}
