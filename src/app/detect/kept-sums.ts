/**
 * Sums as they stood at the ends of some days, for whoever judges the same days again with something added later: up to there nothing
 * can differ, and sums are what takes most of the time. Kept of days before anything was declared.
 */
import type { Watch, WatchOptions } from '../../detectors/sums/watch.ts'

/** Some 5 kB each after three months: copies of more sums take more memory than they save time. */
const mostSeries = 20_000

export class KeptSums {
  readonly #days: ReadonlySet<number>
  readonly #kept = new Map<number, Watch>()

  /** `days`: at whose ends sums are kept. */
  constructor(days: Iterable<number>) {
    this.#days = new Set(days)
  }

  /** What is known at the end of a day, before anything was declared. */
  offer(day: number, watch: Watch, options: WatchOptions): void {
    if (this.#days.has(day) && watch.size <= mostSeries) this.#kept.set(day, watch.copy(options))
  }

  /** A copy of the latest that was kept before a day. */
  before(day: number, options: WatchOptions): { until_day: number; watch: Watch } | undefined {
    const until_day = Math.max(...[...this.#kept.keys()].filter((each) => each < day))
    const watch = this.#kept.get(until_day)?.copy(options)
    return watch && { until_day, watch }
  }
}
