/**
 * All streams of evidence of a site, merged. Each is a wager on one sum (pool × channel × scale); together they hold one unit of
 * stake a year, divided by weights that were fixed before any data, those of immature streams given to the mature ones. The
 * merged evidence is E = Σ w·M, an e-process whatever the dependence between the streams, so that in a year without a campaign
 * P(E ≥ 1/α) ≤ α (Ville; reference/algorithms.md §1.4, §2.4). Feed days in order.
 */
import { logSum } from '../../math/log-sum.ts'
import type { Maturity } from '../../model/incident.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import type { DayRows } from '../day-rows.ts'
import { type Pool, type PoolKind, pools, type Scale, type ScaleId, scales } from './channels.ts'
import { ObservedHours } from './observed-hours.ts'
import { blockOf, moduleOf, type Series, sinceOf, slotOf, usableFrom, type WatchModule } from './series.ts'
import { SeriesHeld, type SeriesOptions } from './series-held.ts'
import { grains, slotOfDay } from './stream.ts'
import { type Excluded, TallyRoom, tallyDay } from './tally.ts'
import { WatchedEntities } from './watched-entities.ts'

export type { Series, WatchModule } from './series.ts'

const watchModules: readonly WatchModule[] = ['bursts', 'sums']

export interface WatchOptions {
  seed: number
  /** Of each module: its evidence must reach 1/α. */
  alpha: Readonly<Record<WatchModule, number>>
  /** What an entity of a pool is called; the same in every state. */
  nameOf: (kind: PoolKind, entity: number) => string
  /** Days that are not like others (calendar). */
  isQuiet: (day: number) => boolean
  /** First day of the memory of peers, if that is older than the first day that is given. */
  memory_day?: number
}

export interface Declaration {
  module: WatchModule
  /** The tick at whose end it was declared. */
  tick: number
  log_e: number
  log_threshold: number
  /** Strongest first: what carried it. */
  leading: readonly { series: Series; log_e: number; since_ms: number; reference: number }[]
  /** When the strongest began to grow. */
  since_ms: number
}

export class Watch {
  readonly #options: WatchOptions
  #series: SeriesHeld
  /** Merged evidence of each scale as of its last slot. */
  readonly #merged = Object.fromEntries(scales.map(({ id }) => [id, nothing])) as Record<ScaleId, number>
  #totals: Record<WatchModule, number> = { sums: leastStake, bursts: leastStake }
  /** Days at whose ends a module's evidence was spent: once is for good, however often the days are replayed. */
  readonly #spentOn: Readonly<Record<WatchModule, Set<number>>> = { sums: new Set(), bursts: new Set() }
  #memory_day = Number.NaN
  #lastDay = Number.NaN
  #observed = new ObservedHours()
  readonly #room = new TallyRoom()
  #watched = new WatchedEntities((pool, entity) => this.#options.nameOf(pool.kind, entity))

  constructor(options: WatchOptions) {
    this.#options = options
    this.#series = new SeriesHeld(this.#seriesOptions)
  }

  get #seriesOptions(): SeriesOptions {
    const { seed, nameOf } = this.#options
    return { seed, nameOf, usableFrom: (series) => usableFrom(series, this.#bandsFrom) }
  }

  /** As it stands at the end of the last day; the options of whoever goes on with it are those of the original, but for closures. */
  copy(options: WatchOptions): Watch {
    const copy = new Watch(options)
    copy.#series = this.#series.copy(copy.#seriesOptions)
    for (const { id } of scales) copy.#merged[id] = this.#merged[id]
    copy.#totals = { ...this.#totals }
    for (const module of watchModules) for (const day of this.#spentOn[module]) copy.#spentOn[module].add(day)
    copy.#memory_day = this.#memory_day
    copy.#lastDay = this.#lastDay
    copy.#observed = this.#observed.copy()
    copy.#watched = this.#watched.copy((pool, entity) => options.nameOf(pool.kind, entity))
    return copy
  }

  /** Series that it holds. */
  get size(): number {
    return this.#series.size
  }

  /** Day from which on the ages of peers are known. */
  get #bandsFrom(): number {
    return this.#options.memory_day ?? this.#memory_day
  }

  /** Takes a day in and judges it tick by tick; `at_end`: judged as a whole when it is over. */
  day(rows: DayRows, excluded: Excluded, at_end = false): Declaration | undefined {
    this.learn(rows, excluded)
    let declared: Declaration | undefined
    const first = rows.day * ticksPerDay
    for (let tick = 0; tick < ticksPerDay; tick++) {
      this.#step(rows.day, tick)
      if (declared || (at_end && tick < ticksPerDay - 1)) continue
      declared = this.#judge(first + tick)
    }
    return declared
  }

  /** Remembers a day's values without judging them; a day that is known already is replaced. */
  learn(rows: DayRows, excluded: Excluded): void {
    if (Number.isNaN(this.#memory_day)) this.#memory_day = rows.day
    this.#lastDay = Math.max(rows.day, Number.isNaN(this.#lastDay) ? rows.day : this.#lastDay)
    this.#observed.set(rows)
    this.#series.set(rows.day, tallyDay(rows, excluded, this.#room, this.#watched))
  }

  /**
   * Begins all streams anew and replays what they learned, up to the end of the last day. The evidence of the modules that
   * `spent` theirs on a declaration is spent, and what was spent before stays so; the others' goes on, on what is left.
   */
  replay(spent: ReadonlySet<WatchModule | undefined>): void {
    this.#totals = { sums: leastStake, bursts: leastStake }
    this.#series.begin()
    for (const module of watchModules) if (spent.has(module)) this.#spentOn[module].add(this.#lastDay)
    for (let day = this.#memory_day; day <= this.#lastDay; day++) {
      for (let tick = 0; tick < ticksPerDay; tick++) this.#step(day, tick)
      for (const module of watchModules) if (this.#spentOn[module].has(day)) this.#spend(module, day)
    }
  }

  #spend(module: WatchModule, day: number): void {
    for (const { id } of scalesOf[module]) {
      for (const { stream } of this.#series.of(id)) stream.spend(slotOfDay(id, day + 1))
      this.#merged[id] = nothing
    }
  }

  /** Of every pool, band and scale, by its first measure: sums over hosts may be two weeks younger. Dates are estimates. */
  maturity(): Maturity[] {
    const found = new Map<string, Maturity>()
    for (const series of this.#series.all()) {
      const key = [series.pool_name, series.band.id, series.scale].join(' ')
      if (found.has(key)) continue
      const { level, reference } = series.stream
      const missing = (series.stream.missing * grains[series.scale].ticks) / ticksPerDay
      const from = Math.max(this.#lastDay + 1, usableFrom(series, this.#bandsFrom)) + Math.ceil(missing)
      found.set(key, {
        pool: series.pool_name,
        channel: series.band.id,
        scale: series.scale,
        level,
        ticks: reference,
        mature_from_ms: level === 'mature' ? null : from * dayMs,
      })
    }
    return [...found.values()]
  }

  /** Every stream with evidence, strongest first: share of the merged evidence, for worklists. */
  strongest(): { series: Series; log_e: number }[] {
    return this.#series
      .all()
      .filter(({ stream }) => stream.bets)
      .map((series) => ({
        series,
        log_e: Math.log(series.share / this.#totals[moduleOf(series)]) + series.stream.log_e,
      }))
      .sort((a, b) => b.log_e - a.log_e || (a.series.name < b.series.name ? -1 : 1))
  }

  /** Steps every stream whose slot ends with this tick of the day. */
  #step(day: number, tick: number): void {
    if (tick === 0)
      for (const module of watchModules) this.#totals[module] = Math.max(this.#totals[module], this.#stake(module))
    const end = day * ticksPerDay + tick + 1
    if (end % ticksPerDay === 0) this.#stepHosts(day)
    for (const { id, ticks } of scales)
      if (end % ticks === 0) {
        if (ticks > ticksPerDay) this.#stepBlocks(id as '7 d' | '28 d', end / ticks - 1)
        else this.#stepSlots(id, day, (tick + 1) / ticks - 1)
      }
  }

  #stepHosts(day: number): void {
    const quiet = !this.#observed.isSeen('1 d', day, 0) || this.#options.isQuiet(day)
    // hosts learn by their own days, not only since their band could be full
    for (const hosts of this.#series.hostPasts()) if (day >= hosts.first_day) hosts.step(day, quiet)
  }

  /** Slots of a day at most. */
  #stepSlots(scale: ScaleId, day: number, slot: number): void {
    const { slotsPerDay } = grains[scale]
    const quiet = !this.#observed.isSeen(scale, day, slot) || this.#options.isQuiet(day)
    const at = day * slotsPerDay + slot
    for (const series of this.#series.of(scale)) {
      const { stream, hosts, statistic } = series
      // nothing is learned before its band could be full
      if (day < usableFrom(series, this.#bandsFrom)) continue
      if (hosts) stream.step(at, hosts.value(statistic.id, scale), Number.NaN, quiet)
      else stream.step(at, ...slotOf(series, day, slot), quiet)
    }
    this.#merge(scale)
  }

  /** Blocks of days of which nearly all were seen and like others. */
  #stepBlocks(scale: '7 d' | '28 d', block: number): void {
    const length = grains[scale].ticks / ticksPerDay
    const first = block * length
    const days = Array.from({ length }, (_, i) => first + i).filter(
      (day) => this.#observed.isSeen('1 d', day, 0) && !this.#options.isQuiet(day),
    )
    const quiet = days.length < leastShare * length
    for (const hosts of this.#series.hostPasts()) hosts.endBlock(scale)
    for (const series of this.#series.of(scale)) {
      if (first < usableFrom(series, this.#bandsFrom)) continue
      const { stream, hosts, statistic } = series
      if (hosts) stream.step(block, hosts.value(statistic.id, scale), Number.NaN, quiet)
      else if (quiet) stream.step(block, Number.NaN, Number.NaN, quiet)
      else stream.step(block, ...blockOf(series, days, length), quiet)
    }
    this.#merge(scale)
  }

  #merge(scale: ScaleId): void {
    const betting = this.#series.of(scale).filter(({ stream }) => stream.bets)
    this.#merged[scale] = logSum(betting.map(({ share, stream }) => Math.log(share) + stream.log_e))
  }

  /**
   * What the streams that bet hold of the year's stake. A pool's weight is shared by its entities that bet, however many they
   * are. A stream on a short past bets a tenth of its share: it has seen no end of a month and no beginning of a term.
   */
  #stake(module: WatchModule): number {
    let total = 0
    for (const { id } of scalesOf[module]) {
      const betting = new Map<Pool, Set<number>>(pools.map((pool) => [pool, new Set()]))
      for (const { stream, pool, entity } of this.#series.of(id)) if (stream.bets) betting.get(pool)?.add(entity)
      for (const series of this.#series.of(id)) {
        const { pool, weight, stream } = series
        const full = weight * Math.min(1, pool.entities / (betting.get(pool)?.size ?? 0))
        series.share = stream.isShort ? shortShare * full : full
        if (stream.bets) total += full
      }
    }
    return Math.max(total, leastStake)
  }

  #judge(tick: number): Declaration | undefined {
    for (const module of watchModules) {
      const merged = scalesOf[module].map(({ id }) => this.#merged[id])
      const log_e = logSum(merged) - Math.log(this.#totals[module])
      const log_threshold = -Math.log(this.#options.alpha[module])
      if (!(log_e >= log_threshold)) continue
      const leading = this.strongest()
        .filter((each) => moduleOf(each.series) === module)
        .filter((each, i) => i === 0 || each.log_e > log_e - mostBehind)
        .slice(0, mostLeading)
        .map(({ series, log_e }) => ({
          ...{ series, log_e },
          since_ms: sinceOf(series),
          reference: series.stream.reference,
        }))
      return { module, tick, log_e, log_threshold, leading, since_ms: leading[0].since_ms }
    }
    return undefined
  }
}

const scalesOf: Readonly<Record<WatchModule, readonly Scale[]>> = {
  sums: scales.filter(({ module }) => module === 'sums'),
  bursts: scales.filter(({ module }) => module === 'bursts'),
}

const mostLeading = 8
const nothing = Number.NEGATIVE_INFINITY
/** Streams this far behind the merged evidence did not carry it. */
const mostBehind = 5
/** What a stream bets of its share while its past is short. */
export const shortShare = 0.1
/** A site with few mature streams does not bet the whole year's stake on them. */
const leastStake = 0.1
/** Of the days of a block: those that it needs to be compared with others. */
const leastShare = 6 / 7
