/** A job as Slurm's accounting tells it, whatever the encoding: one row per node it ran on. */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import { spanProblem } from '../text/row-values.ts'
import { isoTextMs } from '../text/wall-text.ts'
import { expandHostList } from './host-list.ts'

/** The largest machines have some ten thousand nodes. */
export const mostNodes = 100_000

/** '' = not stated. */
export interface SlurmJob {
  /** `123`, `123_4` (array), `123+0` (heterogeneous); of a step `123.batch`, `123.0`. */
  job_id: string
  user: string
  uid: string
  account: string
  node_list: string
  /** Wall time of whoever ran sacct, unless it states a zone or is an epoch. */
  start: string
  end: string
}

/**
 * Steps (their job tells all) and jobs that never ran are not used. A job that still runs has no end. A user whom the
 * accounting knows by number alone is `uid:N`.
 */
export function appendSlurmJob(
  job: SlurmJob,
  clock: LogClock,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  if (!/^\d+[\w+[\]%,.:-]*$/.test(job.job_id)) return job.job_id === '' ? 'missing_field' : 'malformed'
  if (job.job_id.includes('.') || isUnset(job.start) || isUnset(job.node_list)) return 'stream_not_used'
  const user = job.user !== '' ? job.user : /^\d+$/.test(job.uid) ? `uid:${job.uid}` : ''
  if (user === '' && job.account === '') return 'missing_field'
  const start_ms = slurmTime(job.start, clock)
  const end_ms = slurmTime(job.end, clock)
  if (Number.isNaN(end_ms) && !isUnset(job.end)) return 'bad_time'
  const problem = spanProblem(start_ms, end_ms)
  if (problem !== undefined) return problem
  const nodes = expandHostList(job.node_list, mostNodes)
  if (nodes === undefined) return 'bad_value'
  const account = batch.names.codeOf(user)
  const project = batch.names.codeOf(job.account)
  for (const node of nodes) {
    const row = batch.job.row()
    const to = batch.job.data
    to.job_id[row] = job.job_id
    to.account[row] = account
    to.project[row] = project
    to.node[row] = batch.names.codeOf(node)
    to.start_ms[row] = start_ms
    to.end_ms[row] = end_ms
    to.offset[row] = offset
  }
  return undefined
}

/** Slurm's words for times and nodes that there are not (yet). */
function isUnset(text: string): boolean {
  return /^(?:|0|unknown|none|none assigned|n\/a|\(null\))$/i.test(text)
}

/** Epoch ms of `2026-01-01T00:00:00`, with or without a zone, or of whole seconds since the epoch; NaN if it is neither. */
function slurmTime(text: string, clock: LogClock): number {
  return /^\d{9,10}$/.test(text) ? Number(text) * 1000 : isoTextMs(text, clock)
}

/** Whether the text could be one of Slurm's times, set or not. */
export function isSlurmTime(text: string): boolean {
  return text !== '' && (isUnset(text) || /^\d{9,10}$/.test(text) || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text))
}
