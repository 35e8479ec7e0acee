/** When it was last proven that a theft would be seen here, or from when on that can be. */
import { dayMs } from '../../../model/window.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'
import { judgedDays } from '../../detect/arrival-days.ts'
import { type SightProof, sightHistory, standingCampaign } from '../../prove/sight.ts'
import { storedSight } from '../../prove/stored-sight.ts'

export interface SightFacts {
  /** Days that are judged, and how many of them a proof takes. */
  days: number
  days_needed: number
  /** Null: nothing has left yet. */
  possible_from_ms: number | null
  /** Null: it was never proven. */
  last: SightProof | null
  /** What the last one is compared with: an earlier one that saw well; null: there is none. */
  reference: SightProof | null
}

export async function sightOf(
  store: Pick<DuckdbStore, 'arrivalDays'>,
  meta: ReadonlyMap<string, string>,
): Promise<SightFacts> {
  const days = judgedDays(await store.arrivalDays())
  const days_needed = sightHistory.least_days + standingCampaign.days
  const [first] = days
  return {
    ...{ days: days.length, days_needed },
    possible_from_ms: first === undefined ? null : (first + days_needed) * dayMs,
    ...(storedSight(meta) ?? { last: null, reference: null }),
  }
}
