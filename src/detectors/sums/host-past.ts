/**
 * The hosts of one pool and band, day after day: scores of each against its own past, and what all of them say together. Feed
 * days in order; the numbers of a day, or of a block at its last day, are there until the next.
 */
import { clip } from '../../math/robust.ts'
import { SparseMixture } from '../../math/sparse-mixture.ts'
import type { ScaleId, StatisticId } from './channels.ts'
import { type HostColumn, noHosts } from './host-column.ts'
import { berkJonesOf, beyondMiddle, judgedHosts, leastHosts, ScoreSums, sumOf } from './host-statistics.ts'
import { cut, HostSum } from './host-sum.ts'

const memoryDays = 28
type BlockScale = '7 d' | '28 d'

export class HostPast {
  /** First day with a row. */
  first_day: number
  /** Bytes by host on each day. */
  columns = new Map<number, HostColumn>()
  #hosts = new HostSum()
  #mixture = new SparseMixture(memoryDays)
  #day: Record<StatisticId, number> = { ...unknown }
  #blocks = { '7 d': new Block(), '28 d': new Block() }

  constructor(first_day: number) {
    this.first_day = first_day
  }

  copy(): HostPast {
    const copy = new HostPast(this.first_day)
    copy.columns = new Map(this.columns)
    copy.#hosts = this.#hosts.copy()
    copy.#mixture = this.#mixture.copy()
    copy.#day = { ...this.#day }
    copy.#blocks = { '7 d': this.#blocks['7 d'].copy(), '28 d': this.#blocks['28 d'].copy() }
    return copy
  }

  /** Nothing is known any more but the columns. */
  begin(first_day: number): void {
    this.first_day = first_day
    this.#hosts = new HostSum()
    this.#mixture = new SparseMixture(memoryDays)
    this.#day = { ...unknown }
    this.#blocks = { '7 d': new Block(), '28 d': new Block() }
  }

  step(day: number, quiet: boolean): void {
    const sum = this.#hosts.step(day, this.columns.get(day) ?? noHosts, quiet)
    const { scores } = this.#hosts
    const few = beyondMiddle(scores)
    const isJudged = !quiet && judgedHosts(few) >= leastHosts
    this.#day = { sum, berk_jones: berkJonesOf(few), mixture: isJudged ? this.#mixture.step(few) : Number.NaN }
    if (quiet) return
    const bounded = scores.map((score) => clip(score, -cut, cut))
    for (const block of Object.values(this.#blocks)) block.add(bounded, few)
  }

  /** After the last day of a block. */
  endBlock(scale: BlockScale): void {
    this.#blocks[scale].end()
  }

  /** NaN with too few hosts to say. */
  value(statistic: StatisticId, scale: ScaleId): number {
    return scale === '7 d' || scale === '28 d' ? this.#blocks[scale].value(statistic) : this.#day[statistic]
  }
}

const unknown: Readonly<Record<StatisticId, number>> = {
  sum: Number.NaN,
  berk_jones: Number.NaN,
  mixture: Number.NaN,
}

/** Scores added up by host over a block of days: a host that is a little up on each stands out. */
class Block {
  #all = new ScoreSums()
  #few = new ScoreSums()
  #last: Record<StatisticId, number> = { ...unknown }

  copy(): Block {
    const copy = new Block()
    copy.#all = this.#all.copy()
    copy.#few = this.#few.copy()
    copy.#last = { ...this.#last }
    return copy
  }

  add(scores: Float64Array, few: Float64Array): void {
    this.#all.add(scores)
    this.#few.add(few)
  }

  end(): void {
    this.#last = { ...unknown, sum: sumOf(this.#all.take()), berk_jones: berkJonesOf(this.#few.take()) }
  }

  value(statistic: StatisticId): number {
    return this.#last[statistic]
  }
}
