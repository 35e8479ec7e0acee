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
  readonly #watched = new Map<Pool, Set<number>>()

  /** `nameOf` orders entities of equal size: ids differ from state to state. */
  constructor(nameOf: (pool: Pool, entity: number) => string) {
    this.#nameOf = nameOf
  }

  /** Those of a day that are watched; larger ones are let in first. `total`: bytes of the whole site on that day. */
  of(pool: Pool, found: readonly EntityBytes[], total: number): ReadonlySet<number> {
    const watched = this.#watched.get(pool) ?? new Set<number>()
    this.#watched.set(pool, watched)
    const { least_share = 0, most_watched = Number.POSITIVE_INFINITY } = pool
    const fresh = found.filter(
      ({ entity, bytes }) => entity !== 0 && bytes >= least_share * total && !watched.has(entity),
    )
    if (watched.size + fresh.length > most_watched) fresh.sort((a, b) => b.bytes - a.bytes || this.#byName(pool, a, b))
    for (const { entity } of fresh) if (watched.size < most_watched) watched.add(entity)
    return watched
  }

  #byName(pool: Pool, a: EntityBytes, b: EntityBytes): number {
    return this.#nameOf(pool, a.entity) < this.#nameOf(pool, b.entity) ? -1 : 1
  }
}
