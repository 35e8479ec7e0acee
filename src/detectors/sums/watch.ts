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
import { HostPast } from './host-past.ts'
import {
  blockOf,
  isOverHosts,
  keyOf,
  kindsOf,
  measureOf,
  moduleOf,
  plainSum,
  type Series,
  type SeriesKind,
  sinceOf,
  slotOf,
  usableFrom,
  type WatchModule,
  weightOf,
} from './series.ts'
import { SlotValues } from './slot-values.ts'
import { grains, Stream, slotOfDay } from './stream.ts'
import { type DayTally, type Excluded, type Tallied, TallyRoom, tallyDay } from './tally.ts'
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
  /** By `keyOf`. */
  readonly #series = new Map<number, Series>()
  readonly #byScale: Record<ScaleId, Series[]> = { '10 min': [], '1 h': [], '1 d': [], '7 d': [], '28 d': [] }
  /** Merged evidence of each scale as of its last slot. */
  readonly #merged = Object.fromEntries(scales.map(({ id }) => [id, nothing])) as Record<ScaleId, number>
  /** By the key of their sum of a day. */
  readonly #hostPasts = new Map<number, HostPast>()
  #totals: Record<WatchModule, number> = { sums: leastStake, bursts: leastStake }
  /** Days at whose ends a module's evidence was spent: once is for good, however often the days are replayed. */
  readonly #spentOn: Readonly<Record<WatchModule, Set<number>>> = { sums: new Set(), bursts: new Set() }
  #memory_day = Number.NaN
  #lastDay = Number.NaN
  /** Slots of an hour in which anything left, by day: an hour without a row was not observed. */
  readonly #observed = new Map<number, Uint8Array>()
  readonly #room = new TallyRoom()
  #watched = new WatchedEntities((pool, entity) => this.#options.nameOf(pool.kind, entity))

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** As it stands at the end of the last day; the options of whoever goes on with it are those of the original, but for closures. */
  copy(options: WatchOptions): Watch {
    const copy = new Watch(options)
    const values = copied<SlotValues>()
    const hosts = copied<HostPast>()
    for (const [key, series] of this.#series) {
      const own: Series = {
        ...series,
        stream: series.stream.copy(),
        values: values(series.values),
        hosts: series.hosts && hosts(series.hosts),
      }
      copy.#series.set(key, own)
      copy.#byScale[series.scale].push(own)
    }
    for (const [key, each] of this.#hostPasts) copy.#hostPasts.set(key, hosts(each))
    for (const { id } of scales) copy.#merged[id] = this.#merged[id]
    copy.#totals = { ...this.#totals }
    for (const module of watchModules) for (const day of this.#spentOn[module]) copy.#spentOn[module].add(day)
    copy.#memory_day = this.#memory_day
    copy.#lastDay = this.#lastDay
    for (const [day, hours] of this.#observed) copy.#observed.set(day, hours)
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
    const observed = new Uint8Array(24)
    for (let i = 0; i < rows.length; i++) observed[Math.floor((rows.tick[i] - rows.day * ticksPerDay) / 6)] = 1
    this.#observed.set(rows.day, observed)
    for (const { values } of this.#series.values()) values.delete(rows.day)
    for (const { columns } of this.#hostPasts.values()) columns.delete(rows.day)
    this.#add(rows.day, tallyDay(rows, excluded, this.#room, this.#watched))
  }

  /**
   * Begins all streams anew and replays what they learned, up to the end of the last day. The evidence of the modules that
   * `spent` theirs on a declaration is spent, and what was spent before stays so; the others' goes on, on what is left.
   */
  replay(spent: ReadonlySet<WatchModule | undefined>): void {
    this.#totals = { sums: leastStake, bursts: leastStake }
    for (const [key, series] of this.#series) {
      // only what was taken out of the sums ever wrote to it
      if (series.values.isEmpty) {
        this.#series.delete(key)
        this.#hostPasts.delete(key)
        this.#byScale[series.scale] = this.#byScale[series.scale].filter((each) => each !== series)
        continue
      }
      series.first_day = series.values.firstDay
      series.stream = this.#newStream(series)
      this.#hostPasts.get(key)?.begin(series.first_day)
    }
    for (const module of watchModules) if (spent.has(module)) this.#spentOn[module].add(this.#lastDay)
    for (let day = this.#memory_day; day <= this.#lastDay; day++) {
      for (let tick = 0; tick < ticksPerDay; tick++) this.#step(day, tick)
      for (const module of watchModules) if (this.#spentOn[module].has(day)) this.#spend(module, day)
    }
  }

  #spend(module: WatchModule, day: number): void {
    for (const { id } of scalesOf[module]) {
      for (const { stream } of this.#byScale[id]) stream.spend(slotOfDay(id, day + 1))
      this.#merged[id] = nothing
    }
  }

  /** Of every pool, band and scale, by its first measure: sums over hosts may be two weeks younger. Dates are estimates. */
  maturity(): Maturity[] {
    const found = new Map<string, Maturity>()
    for (const series of this.#series.values()) {
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
    return [...this.#series.values()]
      .filter(({ stream }) => stream.bets)
      .map((series) => ({
        series,
        log_e: Math.log(series.share / this.#totals[moduleOf(series)]) + series.stream.log_e,
      }))
      .sort((a, b) => b.log_e - a.log_e || (a.series.name < b.series.name ? -1 : 1))
  }

  #add(day: number, { streams, hosts }: DayTally): void {
    for (const tallied of streams) {
      const { pool, entity, band, values, control } = tallied
      const [first] = this.#seriesOf(tallied, day)
      first.values.set(day, values, control)
      if (!first.hosts) continue
      const held = hosts.find((each) => each.pool === pool && each.entity === entity && each.band === band)
      if (held) first.hosts.columns.set(day, held.hosts)
    }
  }

  /** All that is judged of these values; they hold them together. */
  #seriesOf({ pool, entity, band, measure: id, scale }: Tallied, day: number): Series[] {
    const measure = measureOf[id]
    const common = { pool, entity, band, measure }
    const key = keyOf({ ...common, statistic: plainSum, scale })
    const known = this.#series.get(key)
    if (known) return [known]
    const values = new SlotValues(day, grains[scale].slotsPerDay)
    const hosts = isOverHosts(pool, measure, scale) ? new HostPast(day) : undefined
    if (hosts) this.#hostPasts.set(key, hosts)
    return kindsOf(pool, band, measure, scale).map((kind) =>
      this.#newSeries({ ...common, ...kind }, day, values, hosts),
    )
  }

  #newSeries(kind: SeriesKind, first_day: number, values: SlotValues, hosts: HostPast | undefined): Series {
    const { pool, band, measure, statistic, scale } = kind
    const pool_name = pool.kind === 'site' ? 'site' : `${pool.kind}:${this.#options.nameOf(pool.kind, kind.entity)}`
    const name = [pool_name, band.id, measure.id, scale, ...(statistic === plainSum ? [] : [statistic.id])].join(' ')
    const weight = weightOf(kind)
    const unborn = { ...kind, pool_name, name, weight, share: weight, first_day, values, hosts }
    const series: Series = { ...unborn, stream: this.#newStream(unborn) }
    this.#series.set(keyOf(kind), series)
    this.#byScale[scale].push(series)
    return series
  }

  #newStream(series: Omit<Series, 'stream'>): Stream {
    return new Stream({
      name: series.name,
      seed: this.#options.seed,
      scale: series.scale,
      usable_from_day: usableFrom(series, this.#bandsFrom),
      weak: series.pool.weak,
    })
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
    const quiet = !this.#isSeen('1 d', day, 0) || this.#options.isQuiet(day)
    // hosts learn by their own days, not only since their band could be full
    for (const hosts of this.#hostPasts.values()) if (day >= hosts.first_day) hosts.step(day, quiet)
  }

  /** Slots of a day at most. */
  #stepSlots(scale: ScaleId, day: number, slot: number): void {
    const { slotsPerDay } = grains[scale]
    const quiet = !this.#isSeen(scale, day, slot) || this.#options.isQuiet(day)
    const at = day * slotsPerDay + slot
    for (const series of this.#byScale[scale]) {
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
      (day) => this.#isSeen('1 d', day, 0) && !this.#options.isQuiet(day),
    )
    const quiet = days.length < leastShare * length
    for (const hosts of this.#hostPasts.values()) hosts.endBlock(scale)
    for (const series of this.#byScale[scale]) {
      if (first < usableFrom(series, this.#bandsFrom)) continue
      const { stream, hosts, statistic } = series
      if (hosts) stream.step(block, hosts.value(statistic.id, scale), Number.NaN, quiet)
      else if (quiet) stream.step(block, Number.NaN, Number.NaN, quiet)
      else stream.step(block, ...blockOf(series, days, length), quiet)
    }
    this.#merge(scale)
  }

  #isSeen(scale: ScaleId, day: number, slot: number): boolean {
    const { slotsPerDay } = grains[scale]
    const observed = this.#observed.get(day)
    return slotsPerDay === 1
      ? (observed?.reduce((sum, hour) => sum + hour, 0) ?? 0) >= leastHours
      : observed?.[Math.floor((slot * 24) / slotsPerDay)] === 1
  }

  #merge(scale: ScaleId): void {
    const betting = this.#byScale[scale].filter(({ stream }) => stream.bets)
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
      for (const { stream, pool, entity } of this.#byScale[id]) if (stream.bets) betting.get(pool)?.add(entity)
      for (const series of this.#byScale[id]) {
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

/** One copy of each, however many hold it. */
function copied<T extends { copy(): T }>(): (of: T) => T {
  const copies = new Map<T, T>()
  return (of) => {
    const copy = copies.get(of) ?? of.copy()
    copies.set(of, copy)
    return copy
  }
}

const mostLeading = 8
const nothing = Number.NEGATIVE_INFINITY
/** Hours with records that a day needs to be compared with others. */
export const leastHours = 12
/** Streams this far behind the merged evidence did not carry it. */
const mostBehind = 5
/** What a stream bets of its share while its past is short. */
export const shortShare = 0.1
/** A site with few mature streams does not bet the whole year's stake on them. */
const leastStake = 0.1
/** Of the days of a block: those that it needs to be compared with others. */
const leastShare = 6 / 7
