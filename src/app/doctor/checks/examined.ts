/** What every check of `doctor` is given: the state, the configuration, and the stretch of detail that is looked at. */
import type { Config } from '../../../config/config-schema.ts'
import type { Site } from '../../../model/site.ts'
import { dayMs } from '../../../model/window.ts'
import type { DuckdbStore } from '../../../store/duckdb/duckdb-store.ts'
import { trustedDay } from '../../trusted-day.ts'

export interface Examined {
  store: DuckdbStore
  config: Config
  site: Site
  now_ms: number
  /**
   * The last days of flow detail, half-open: joins and duplicates are asked over these alone, so that doctor stays quick
   * on a large state.
   */
  detail: { from_ms: number; to_ms: number }
  /** The end of what the books can be trusted to have reached; the clock if that is earlier. */
  present_ms: number
}

const detailDays = 7

/** Undefined while the books are empty. */
export async function spanToExamine(
  store: DuckdbStore,
  now_ms: number,
): Promise<Pick<Examined, 'detail' | 'present_ms'> | undefined> {
  const last = trustedDay(await store.flowsByDay())
  if (last === undefined) return undefined
  const from_day = Math.max(last + 1 - detailDays, await store.horizonDay(), (await store.memoryDay()) ?? 0)
  return {
    detail: { from_ms: from_day * dayMs, to_ms: (last + 1) * dayMs },
    present_ms: Math.min(now_ms, (last + 1) * dayMs),
  }
}

/** SQL: the record's span touches the examined one; what has no end lasts `open_ms`. */
export function touches({ from_ms, to_ms }: Examined['detail'], open_ms: number, alias = ''): string {
  const dot = alias === '' ? '' : `${alias}.`
  return `${dot}start_ms < ${to_ms} AND ${endOf(open_ms, alias)} >= ${from_ms}`
}

/** SQL: the end of a record. */
export function endOf(open_ms: number, alias = ''): string {
  const dot = alias === '' ? '' : `${alias}.`
  return `(CASE WHEN ${dot}end_ms < 0 THEN ${dot}start_ms + ${open_ms} ELSE ${dot}end_ms END)`
}
