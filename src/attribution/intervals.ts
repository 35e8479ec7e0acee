/** Records with a start and an end, grouped by a key and asked for by time. */

export interface Interval {
  start_ms: number
  /** NaN = no end was recorded. */
  end_ms: number
}

export class IntervalIndex<K, R extends Interval> {
  readonly #groups = new Map<K, R[]>()
  readonly #longest = new Map<K, number>()

  /** `openMs`: how long a record without an end is taken to last. */
  constructor(records: Iterable<R>, keyOf: (record: R) => K, openMs: number) {
    for (const record of records) {
      const key = keyOf(record)
      const group = this.#groups.get(key)
      if (group) group.push(record)
      else this.#groups.set(key, [record])
    }
    for (const [key, group] of this.#groups) {
      group.sort((a, b) => a.start_ms - b.start_ms)
      let longest = 0
      for (const record of group) longest = Math.max(longest, endOf(record, openMs) - record.start_ms)
      this.#longest.set(key, longest)
    }
  }

  get size(): number {
    return this.#groups.size
  }

  keys(): IterableIterator<K> {
    return this.#groups.keys()
  }

  /** The records of the key that could touch [from_ms, to_ms], in order of their start; the caller tests each. */
  *near(key: K, from_ms: number, to_ms: number): Generator<R> {
    const group = this.#groups.get(key)
    if (!group) return
    const earliest = from_ms - (this.#longest.get(key) ?? 0)
    let low = 0
    let high = group.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (group[middle].start_ms < earliest) low = middle + 1
      else high = middle
    }
    for (; low < group.length && group[low].start_ms <= to_ms; low++) yield group[low]
  }

  all(key: K): readonly R[] {
    return this.#groups.get(key) ?? []
  }
}

export function endOf(record: Interval, openMs: number): number {
  return Number.isNaN(record.end_ms) ? record.start_ms + openMs : record.end_ms
}
