/**
 * Which files are read first: all that may tell who was behind an address (leases, logins, jobs, transfers), then the
 * flows. Told by format, from the beginning of each file; formats of which nobody here knows what they hold are read in
 * both rounds, if flows were found in them in the first.
 */

import { ObservationBatch } from '../../model/columns.ts'
import { logClock, utcClock } from '../../model/log-clock.ts'
import type { SourceFormat } from '../../model/source.ts'
import { recogniseFormat } from '../../sources/index.ts'
import { openInput } from '../../sources/input/open-input.ts'
import type { FoundFile } from '../discover.ts'

/** Formats in which there is nothing but flows, or nothing at all that is used: need not be asked for context. */
export const flowFormats: ReadonlySet<string> = new Set(['zeek_conn_tsv', 'zeek_conn_json'])

export interface ReadingPlan {
  context: FoundFile[]
  flows: FoundFile[]
  /** Between the first flows of the files and the last time they were written: for dates without a year. */
  dated_span?: { from_ms: number; to_ms: number }
}

export async function planReading(files: readonly FoundFile[], signal?: AbortSignal): Promise<ReadingPlan> {
  const plan: ReadingPlan = { context: [], flows: [] }
  let [from_ms, to_ms] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const file of files) {
    if (signal?.aborted) break
    const found = await beginningOf(file)
    const isFlow = found !== undefined && flowFormats.has(found.format.id)
    plan[isFlow ? 'flows' : 'context'].push(file)
    if (!isFlow) continue
    for (const ms of firstTimes(found.format, found.head, file)) {
      if (ms < from_ms) from_ms = ms
      if (ms > to_ms) to_ms = ms
    }
  }
  if (from_ms <= to_ms) plan.dated_span = { from_ms, to_ms }
  return plan
}

/** Undefined for what cannot be opened or is of no known format: whoever reads it says why. */
async function beginningOf(file: FoundFile): Promise<{ format: SourceFormat; head: Uint8Array } | undefined> {
  try {
    const input = await openInput(file.location as string)
    try {
      const context = { path: file.path, clock: utcClock, mtime_ms: file.mtime_ms }
      const { format } = recogniseFormat(input.head, context)
      return format && { format, head: input.head }
    } finally {
      await input.close()
    }
  } catch {
    return undefined
  }
}

/** Start times of the flows in whole lines of the head. */
function firstTimes(format: SourceFormat, head: Uint8Array, file: FoundFile): Float64Array {
  const batch = new ObservationBatch()
  const end = head.lastIndexOf(0x0a) + 1
  format.open({ path: file.path, clock: logClock(), mtime_ms: file.mtime_ms }).parse(head, 0, end, 0, batch)
  return batch.flow.data.start_ms.slice(0, batch.flow.length)
}
