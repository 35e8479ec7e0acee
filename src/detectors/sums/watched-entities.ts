/**
 * Which entities of a pool have sums of their own. A centre has tens of thousands of vaults, of most of which little leaves: a
 * vault is watched from the first day on which it holds `least_share` of what left unexplained, and no more than `most_watched`
 * at all. What leaves of the others is in the sums of its role, service and site, and in the exact lines of policy.
 */
import type { Pool } from './channels.ts'

export interface EntityBytes {
  entity: number
  bytes: number
}

export class WatchedEntities {
  readonly #nameOf: (pool: Pool, entity: number) => string
  /** Since which day, by entity. */
  #since = new Map<Pool, Map<number, number>>()
  #lastDay = Number.NEGATIVE_INFINITY

  /** `nameOf` orders entities of equal size: ids differ from state to state. */
  constructor(nameOf: (pool: Pool, entity: number) => string) {
    this.#nameOf = nameOf
  }

  /** `nameOf` calls entities as that of the original does. */
  copy(nameOf: (pool: Pool, entity: number) => string): WatchedEntities {
    const copy = new WatchedEntities(nameOf)
    copy.#since = new Map([...this.#since].map(([pool, since]) => [pool, new Map(since)]))
    copy.#lastDay = this.#lastDay
    return copy
  }

  /**
   * Which entities of a pool are watched on a day. Of those found larger ones are let in first; on days before the last, which
   * are only looked at again, nobody is. `total`: bytes of the whole site on that day.
   */
  on(day: number, pool: Pool, found: readonly EntityBytes[], total: number): (entity: number) => boolean {
    const since = this.#since.get(pool) ?? new Map<number, number>()
    this.#since.set(pool, since)
    if (day >= this.#lastDay) this.#letIn(day, pool, found, total, since)
    this.#lastDay = Math.max(this.#lastDay, day)
    return (entity) => (since.get(entity) ?? Number.POSITIVE_INFINITY) <= day
  }

  #letIn(day: number, pool: Pool, found: readonly EntityBytes[], total: number, since: Map<number, number>): void {
    const { least_share = 0, most_watched = Number.POSITIVE_INFINITY } = pool
    const fresh = found.filter(
      ({ entity, bytes }) => entity !== 0 && bytes >= least_share * total && !since.has(entity),
    )
    if (since.size + fresh.length > most_watched) fresh.sort((a, b) => b.bytes - a.bytes || this.#byName(pool, a, b))
    for (const { entity } of fresh) if (since.size < most_watched) since.set(entity, day)
  }

  #byName(pool: Pool, a: EntityBytes, b: EntityBytes): number {
    return this.#nameOf(pool, a.entity) < this.#nameOf(pool, b.entity) ? -1 : 1
  }
}
