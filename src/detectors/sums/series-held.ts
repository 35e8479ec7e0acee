/** All series of a site: by key and by scale, with the values that several of them are judged by together. */
import type { Pool, ScaleId } from './channels.ts'
import { HostPast } from './host-past.ts'
import { isOverHosts, keyOf, kindsOf, measureOf, plainSum, type Series, type SeriesKind, weightOf } from './series.ts'
import { SlotValues } from './slot-values.ts'
import { grains, Stream } from './stream.ts'
import type { DayTally, Tallied } from './tally.ts'

export interface SeriesOptions {
  /** Of all streams, of which each draws by its name. */
  seed: number
  /** What an entity of a pool is called; the same in every state. */
  nameOf: (kind: Pool['kind'], entity: number) => string
  /** First day on which a band is comparable with its own past. */
  usableFrom: (series: Pick<Series, 'band' | 'first_day'>) => number
}

export class SeriesHeld {
  readonly #options: SeriesOptions
  /** By `keyOf`. */
  readonly #series = new Map<number, Series>()
  readonly #byScale: Record<ScaleId, Series[]> = { '10 min': [], '1 h': [], '1 d': [], '7 d': [], '28 d': [] }
  /** By the key of their sum of a day. */
  readonly #hostPasts = new Map<number, HostPast>()

  constructor(options: SeriesOptions) {
    this.#options = options
  }

  copy(options: SeriesOptions): SeriesHeld {
    const copy = new SeriesHeld(options)
    const values = copied<SlotValues>()
    const hosts = copied<HostPast>()
    for (const [key, series] of this.#series)
      copy.#hold(key, {
        ...series,
        stream: series.stream.copy(),
        values: values(series.values),
        hosts: series.hosts && hosts(series.hosts),
      })
    for (const [key, each] of this.#hostPasts) copy.#hostPasts.set(key, hosts(each))
    return copy
  }

  get size(): number {
    return this.#series.size
  }

  all(): Series[] {
    return [...this.#series.values()]
  }

  of(scale: ScaleId): readonly Series[] {
    return this.#byScale[scale]
  }

  hostPasts(): Iterable<HostPast> {
    return this.#hostPasts.values()
  }

  /** A day that is known already is replaced. */
  set(day: number, { streams, hosts }: DayTally): void {
    for (const { values } of this.#series.values()) values.delete(day)
    for (const { columns } of this.#hostPasts.values()) columns.delete(day)
    for (const tallied of streams) {
      const { pool, entity, band, values, control } = tallied
      const first = this.#firstOf(tallied, day)
      first.values.set(day, values, control)
      if (!first.hosts) continue
      const held = hosts.find((each) => each.pool === pool && each.entity === entity && each.band === band)
      if (held) first.hosts.columns.set(day, held.hosts)
    }
  }

  /** Begins all streams anew, as if nothing had been judged. */
  begin(): void {
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
  }

  /** The first of all that are judged of these values; they hold them together. */
  #firstOf({ pool, entity, band, measure: id, scale }: Tallied, day: number): Series {
    const measure = measureOf[id]
    const common = { pool, entity, band, measure }
    const key = keyOf({ ...common, statistic: plainSum, scale })
    const known = this.#series.get(key)
    if (known) return known
    const values = new SlotValues(day, grains[scale].slotsPerDay)
    const hosts = isOverHosts(pool, measure, scale) ? new HostPast(day) : undefined
    if (hosts) this.#hostPasts.set(key, hosts)
    const [first] = kindsOf(pool, band, measure, scale).map((kind) =>
      this.#newSeries({ ...common, ...kind }, day, values, hosts),
    )
    return first
  }

  #newSeries(kind: SeriesKind, first_day: number, values: SlotValues, hosts: HostPast | undefined): Series {
    const { pool, band, measure, statistic, scale } = kind
    const pool_name = pool.kind === 'site' ? 'site' : `${pool.kind}:${this.#options.nameOf(pool.kind, kind.entity)}`
    const name = [pool_name, band.id, measure.id, scale, ...(statistic === plainSum ? [] : [statistic.id])].join(' ')
    const weight = weightOf(kind)
    const unborn = { ...kind, pool_name, name, weight, share: weight, first_day, values, hosts }
    const series: Series = { ...unborn, stream: this.#newStream(unborn) }
    this.#hold(keyOf(kind), series)
    return series
  }

  #newStream(series: Omit<Series, 'stream'>): Stream {
    return new Stream({
      name: series.name,
      seed: this.#options.seed,
      scale: series.scale,
      usable_from_day: this.#options.usableFrom(series),
      weak: series.pool.weak,
    })
  }

  #hold(key: number, series: Series): void {
    this.#series.set(key, series)
    this.#byScale[series.scale].push(series)
  }
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
