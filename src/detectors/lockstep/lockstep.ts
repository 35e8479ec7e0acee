import { logCalibrated } from '../../math/calibrate.ts'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { logAdd } from '../../math/log-sum.ts'
import { type Block, peel } from '../../math/peel.ts'
import type { DayRows, Names } from '../day-rows.ts'
import { Subnets } from '../subnets.ts'
import { isWeekend } from '../sums/season.ts'
import type { Excluded } from '../sums/tally.ts'
import { DensityPast, type DensityRank } from './density-past.ts'
import { HostUsual } from './host-usual.ts'
import { eachKey, type KeyGraph, type KeySource, keyGraph, type LockstepKind, lockstepKinds } from './key-graph.ts'
import { NovelPairs, newDays } from './novel-pairs.ts'
import { WeeklyWager } from './weekly-wager.ts'

/**
 * Windows of a week are looked at every day, of four weeks at the end of each: what takes so long can wait so long. Ticks of a month are met
 * by all hosts of a busy site: rhythm is of a week.
 */
const numbers: readonly { kind: LockstepKind; window_days: number; every_days: 1 | 7 }[] = [
  ...lockstepKinds.map((kind) => ({ kind, window_days: 7, every_days: 1 as const })),
  ...lockstepKinds
    .filter((kind) => kind !== 'rhythm')
    .map((kind) => ({ kind, window_days: newDays, every_days: 7 as const })),
]
/** So rarely that, of all numbers together, one span in a year is as dense by chance. */
const rarity = (window_days: number): number => window_days / (365 * numbers.length)
/** Evidence of weeks that is worth a look by itself: a stake of the kind's share that has grown twentyfold. */
const manyLogE = Math.log(20 * lockstepKinds.length)
/** Hosts that are fewer are no group. */
const fewestHosts = 3

export interface LockstepBlock {
  kind: LockstepKind
  window_days: number
  /** Weight of the edges inside for each host and key of the block. */
  density: number
  rank: DensityRank
  /** Evidence for this number, less log(numbers), in nats: it ranks. */
  log_e: number
  /** Of the weeks, `WeeklyWager`; −∞ for windows of four weeks. */
  weeks_log_e: number
  host_ids: Int32Array
  /** Columns of the block: networks, systems, programs … */
  keys: number
  peer_indexes: Int32Array
  /** Unexplained, of these hosts to these peers within the window. */
  bytes_out: number
  /** Edges that found no room. */
  left_out: number
}

/**
 * Are there hosts that have more to do with the same newcomers, or with newcomers of the same kind, than hosts of this site ever had?
 *
 * Once a day, for each kind of key and window (of four weeks at the end of each week), the densest block of the graph of hosts and keys (`KeyGraph`) is found by greedy
 * peeling; its density is one number, set against its own past (`DensityPast`). An edge weighs the less the more hosts its key has
 * (1 / log(hosts + 5): whoever also visits what everybody visits hides nothing by it), and the more of them its host usually has
 * (`HostUsual`), so that a block that is always there hides no other.
 * Source: reference/algorithms.md §2.5; Hooi et al., FRAUDAR (KDD 2016), for the weights of columns.
 *
 * Blind to: a theft in whose graph a key is met by two hosts or less; one that was there when its window was first full; peers under
 * 1 MB a day; a rhythm at sites whose hosts are busy with newcomers in every tick. Misled by: a load balancer that is new, more
 * newcomers than ever, a data release. Open incidents are left out from the day on which their peers are seen again.
 * At most 1,000,000 pairs of host, peer and day are held, and 250,000 edges peeled (the keys of fewest hosts go first).
 */
export class Lockstep {
  readonly #seed: number
  readonly #pairs: NovelPairs
  readonly #subnets: Subnets
  readonly #pasts = numbers.map(({ window_days, every_days }) => new DensityPast(window_days / every_days))
  readonly #usual = numbers.map(({ window_days, every_days }) => new HostUsual(window_days / every_days))
  readonly #wagers = numbers.map(() => new WeeklyWager())

  constructor({ seed, names, most_pairs }: { seed: number; names: Pick<Names, 'peer'>; most_pairs?: number }) {
    this.#seed = seed
    this.#subnets = new Subnets(names)
    this.#pairs = new NovelPairs(most_pairs)
  }

  /** Days in order, each once. Blocks that are denser than the past lets expect. */
  day(rows: DayRows, isTaken: Excluded): LockstepBlock[] {
    this.#pairs.day(rows, isTaken)
    return numbers.flatMap((_, n) => this.#judge(n, rows.day) ?? [])
  }

  /** One number. */
  #judge(n: number, day: number): LockstepBlock | undefined {
    const { kind, window_days, every_days } = numbers[n]
    // the week from Monday to Sunday
    const endsWeek = isWeekend(day) && !isWeekend(day + 1)
    if (!this.#pairs.isFull(day, window_days) || (every_days === 7 && !endsWeek)) return undefined
    const source = this.#sourceOf(day - window_days + 1)
    const graph = keyGraph(kind, source)
    const { edges, host } = graph
    const usual = this.#usual[n]
    const isKnown = usual.isKnown
    const ofHost = usual.weights(host)
    usual.push(host, edges.row)
    if (!isKnown) return undefined
    for (let e = 0; e < edges.row.length; e++) edges.weight[e] *= ofHost[edges.row[e]]
    const block = peel(edges, host.length, graph.cols)
    const rank = this.#pasts[n].next(block.density)
    const wager = this.#wagers[n]
    if (window_days === 7 && endsWeek) wager.week(block.density, keyedUniform(this.#seed, kind, day))
    const isMany = endsWeek && wager.log_e >= manyLogE && rank.p <= 0.5
    if (block.rows.length < fewestHosts || (rank.p > rarity(window_days) && !isMany)) return undefined
    // the mean of two e-values is one, whatever they have in common
    const log_e = logAdd(logCalibrated(rank.p), wager.log_e) - Math.log(2 * numbers.length)
    return {
      ...{ kind, window_days, density: block.density, rank, log_e, weeks_log_e: wager.log_e },
      ...membersOf(kind, source, graph, block),
      left_out: graph.left_out + this.#pairs.left_out,
    }
  }

  #sourceOf(from_day: number): KeySource {
    return {
      days: this.#pairs.since(from_day),
      from_day,
      networkOf: (peer) => this.#subnets.of(peer),
      isTaken: (peer) => this.#pairs.isTaken(peer),
    }
  }
}

/** Whom the block's edges are of. */
function membersOf(
  kind: LockstepKind,
  source: KeySource,
  graph: KeyGraph,
  block: Block,
): Pick<LockstepBlock, 'host_ids' | 'keys' | 'peer_indexes' | 'bytes_out'> {
  const isRow = new Set(block.rows)
  const isCol = new Set(block.cols)
  const peers = new Set<number>()
  const counted = new Set<string>()
  let bytes_out = 0
  eachKey(kind, source, (pairs, at, key) => {
    if (!isRow.has(graph.rowOf(pairs.host[at])) || !isCol.has(graph.colOf(key))) return
    peers.add(pairs.peer[at])
    // a pair may have several keys of a rhythm
    const pair = `${pairs.day} ${at}`
    if (!counted.has(pair)) bytes_out += pairs.bytes_out[at]
    counted.add(pair)
  })
  const host_ids = Int32Array.from(block.rows, (row) => graph.host[row])
  return { host_ids, keys: block.cols.length, peer_indexes: Int32Array.from(peers), bytes_out }
}
