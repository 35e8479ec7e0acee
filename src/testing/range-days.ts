/** A world of the range judged without log files, for tests. */
import { detect } from '../app/detect/detect.ts'
import { silentProgress } from '../app/progress.ts'
import { asDuckdb, type RangeWorld } from '../app/range-days.ts'
import type { Findings } from '../model/incident.ts'
import { firstDayMs } from '../range/centre/day-shape.ts'

export { type RangeWorld, type RangeWorldOptions, rangeWorld } from '../app/range-days.ts'

/** What `analyze` finds in it. */
export function judgeWorld({ config, store }: RangeWorld): Promise<Findings> {
  const options = { store: asDuckdb(store), config, progress: silentProgress, verdicts: [], before: [] }
  return detect({ ...options, now_ms: firstDayMs })
}
