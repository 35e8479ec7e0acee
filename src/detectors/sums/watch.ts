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
import { ageUnknownDays } from '../peer-memory.ts'
import {
  type Band,
  bands,
  type Measure,
  type MeasureId,
  measures,
  type Pool,
  type PoolKind,
  pools,
  type Scale,
  type ScaleId,
  scales,
} from './channels.ts'
import { type HostColumn, noHosts } from './host-column.ts'
import { HostSum } from './host-sum.ts'
import { SlotValues } from './slot-values.ts'
import { grains, Stream } from './stream.ts'
import { type DayTally, type Excluded, holdsHosts, TallyRoom, tallyDay } from './tally.ts'
import { WatchedEntities } from './watched-entities.ts'

export type WatchModule = 'sums' | 'bursts'
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

/** One stream with the values it was fed, so that it can be replayed without those of a declared campaign. */
export interface Series {
  pool: Pool
  entity: number
  /** Such as `role:service`. */
  pool_name: string
  name: string
  band: Band
  measure: Measure
  scale: ScaleId
  /** As the tables say, where no more entities of its pool bet than these allow for. */
  weight: number
  /** What of it is left where more do, as of the day's first tick. */
  share: number
  first_day: number
  values: SlotValues
  /** Of robust sums: bytes by host on each day. */
  hosts: Map<number, HostColumn>
  stream: Stream
  hostSum: HostSum | undefined
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
  readonly #byScale: Record<ScaleId, Series[]> = { '10 min': [], '1 h': [], '1 d': [] }
  /** Merged evidence of each scale as of its last slot. */
  readonly #merged: Record<ScaleId, number> = { '10 min': nothing, '1 h': nothing, '1 d': nothing }
  #totals: Record<WatchModule, number> = { sums: leastStake, bursts: leastStake }
  /** Days at whose ends a module's evidence was spent: once is for good, however often the days are replayed. */
  readonly #spentOn: Readonly<Record<WatchModule, Set<number>>> = { sums: new Set(), bursts: new Set() }
  #memory_day = Number.NaN
  #lastDay = Number.NaN
  /** Slots of an hour in which anything left, by day: an hour without a row was not observed. */
  readonly #observed = new Map<number, Uint8Array>()
  readonly #room = new TallyRoom()
  readonly #watched = new WatchedEntities((pool, entity) => this.#options.nameOf(pool.kind, entity))

  constructor(options: WatchOptions) {
    this.#options = options
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
    for (const series of this.#series.values()) {
      series.values.delete(rows.day)
      series.hosts.delete(rows.day)
    }
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
        this.#byScale[series.scale] = this.#byScale[series.scale].filter((each) => each !== series)
        continue
      }
      series.first_day = series.values.firstDay
      series.stream = this.#newStream(series)
      series.hostSum = series.hostSum && new HostSum()
    }
    for (const module of watchModules) if (spent.has(module)) this.#spentOn[module].add(this.#lastDay)
    for (let day = this.#memory_day; day <= this.#lastDay; day++) {
      for (let tick = 0; tick < ticksPerDay; tick++) this.#step(day, tick)
      for (const module of watchModules) if (this.#spentOn[module].has(day)) this.#spend(module, day)
    }
  }

  #spend(module: WatchModule, day: number): void {
    for (const { id } of scalesOf[module]) {
      for (const { stream } of this.#byScale[id]) stream.spend((day + 1) * grains[id].slotsPerDay)
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
      const missing = series.stream.missing / grains[series.scale].slotsPerDay
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
    for (const { pool, entity, band, measure: id, scale, values, control } of streams) {
      const measure = measureOf[id]
      const key = keyOf(pool, entity, band, measure, scale)
      const series = this.#series.get(key) ?? this.#newSeries(key, { pool, entity, band, measure, scale }, day)
      const isHostSum = series.hostSum !== undefined
      const held = isHostSum
        ? hosts.find((each) => each.pool === pool && each.entity === entity && each.band === band)
        : undefined
      series.values.set(day, values, control)
      if (held) series.hosts.set(day, held.hosts)
    }
  }

  #newSeries(key: number, what: Pick<Series, 'pool' | 'entity' | 'band' | 'measure' | 'scale'>, day: number): Series {
    const { pool, band, measure, scale } = what
    const pool_name = pool.kind === 'site' ? 'site' : `${pool.kind}:${this.#options.nameOf(pool.kind, what.entity)}`
    const name = `${pool_name} ${band.id} ${measure.id} ${scale}`
    const weight =
      (pool.weight / pool.entities) *
      band.weight *
      measure.weight *
      (scales.find(({ id }) => id === scale)?.weight ?? 0)
    const hostSum = scale === '1 d' && measure.id === 'bytes' && holdsHosts(pool) ? new HostSum() : undefined
    const values = new SlotValues(day, grains[scale].slotsPerDay)
    const series = {
      ...what,
      pool_name,
      name,
      weight,
      share: weight,
      first_day: day,
      values,
      hosts: new Map(),
      hostSum,
    } as unknown as Series
    series.stream = this.#newStream(series)
    this.#series.set(key, series)
    this.#byScale[scale].push(series)
    return series
  }

  #newStream(series: Series): Stream {
    return new Stream({
      name: series.name,
      seed: this.#options.seed,
      scale: series.scale,
      usable_from_day: usableFrom(series, this.#bandsFrom),
    })
  }

  /** Steps every stream whose slot ends with this tick of the day. */
  #step(day: number, tick: number): void {
    if (tick === 0)
      for (const module of watchModules) this.#totals[module] = Math.max(this.#totals[module], this.#stake(module))
    for (const { id, ticks } of scales) if ((tick + 1) % ticks === 0) this.#stepScale(id, day, (tick + 1) / ticks - 1)
  }

  #stepScale(scale: ScaleId, day: number, slot: number): void {
    const { slotsPerDay } = grains[scale]
    const observed = this.#observed.get(day)
    const isSeen =
      slotsPerDay === 1
        ? (observed?.reduce((sum, hour) => sum + hour, 0) ?? 0) >= leastHours
        : observed?.[Math.floor((slot * 24) / slotsPerDay)] === 1
    const quiet = !isSeen || this.#options.isQuiet(day)
    const logs: number[] = []
    for (const series of this.#byScale[scale]) {
      // nothing is learned before its band could be full, but by hosts of their own days
      if (day < (series.hostSum ? series.first_day : usableFrom(series, this.#bandsFrom))) continue
      if (series.hostSum) {
        const value = series.hostSum.step(day, series.hosts.get(day) ?? noHosts, quiet)
        series.stream.step(day * slotsPerDay + slot, value, Number.NaN, quiet)
      } else {
        const held = series.values.has(day)
        const value = held ? series.values.value(day, slot) : emptyValue(series)
        const control = held ? series.values.control(day, slot) : emptyControl(series)
        series.stream.step(day * slotsPerDay + slot, value, control, quiet)
      }
      if (series.stream.bets) logs.push(Math.log(series.share) + series.stream.log_e)
    }
    this.#merged[scale] = logSum(logs)
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
          since_ms: ((series.stream.since() ?? 0) / grains[series.scale].slotsPerDay) * dayMs,
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

function moduleOf({ scale }: Series): WatchModule {
  return scale === '10 min' ? 'bursts' : 'sums'
}

const measureOf = Object.fromEntries(measures.map((measure) => [measure.id, measure])) as Record<MeasureId, Measure>

/** A number of its own for each stream; ids of entities have 32 bits. */
function keyOf(pool: Pool, entity: number, band: Band, measure: Measure, scale: ScaleId): number {
  const kind = (pools.indexOf(pool) * bands.length + bands.indexOf(band)) * measures.length + measures.indexOf(measure)
  return (entity * pools.length * bands.length * measures.length + kind) * scales.length + scaleIds.indexOf(scale)
}
const scaleIds = scales.map(({ id }) => id)

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

/** A band is comparable with its own past once it could be full. */
function usableFrom({ band, first_day }: Pick<Series, 'band' | 'first_day'>, memory_day: number): number {
  const full = band.with_unknown ? memory_day : memory_day + ageUnknownDays + band.to_days
  return Math.max(full, first_day)
}

function emptyValue({ measure }: Series): number {
  return measure.id === 'bytes' ? Math.log(1e7) : 0
}

function emptyControl(series: Series): number {
  return series.band.with_unknown ? Number.NaN : emptyValue(series)
}
