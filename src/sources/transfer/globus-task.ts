/**
 * A task of Globus Transfer, as its API lists them: who asked for a transfer, and when it ran.
 *
 * A task becomes a session of its owner, never a transfer: it names collections, not addresses, and does not say which of
 * the two is ours, so that its bytes have neither direction nor host. The files that it moved are in the GridFTP logs,
 * with bytes, peer and path; they carry the same `sid`, which is how the owner's name reaches them and no byte counts twice.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { utcClock } from '../../model/log-clock.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import { spanProblem } from '../text/row-values.ts'
import { isoTextMs } from '../text/wall-text.ts'
import { setTaskSid } from './globus-task-id.ts'

/** A field of the task by its name in the API; '' if it is absent or null. */
export type FieldOf = (name: string) => string

const states = new Set(['ACTIVE', 'INACTIVE', 'SUCCEEDED', 'FAILED'])

/** The members by which a list of tasks is known. */
export const taskMembers = ['task_id', 'request_time', 'completion_time', 'bytes_transferred'] as const

/** Deletions and tasks in no known state move nothing. A task that has not ended is an opened session. */
export function appendTask(field: FieldOf, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const task_id = field('task_id')
  const isTransfer = ['', 'TRANSFER'].includes(field('type')) && states.has(field('status') || 'ACTIVE')
  if (!isTransfer) return 'stream_not_used'
  const account = field('owner_string') || field('username') || field('owner_id')
  if (task_id === '' || account === '' || field('request_time') === '') return 'missing_field'
  const start_ms = taskTime(field('request_time'))
  const end_ms = taskTime(field('completion_time'))
  if (Number.isNaN(end_ms) && !isUnset(field('completion_time'))) return 'bad_time'
  const problem = spanProblem(start_ms, end_ms)
  if (problem !== undefined) return problem
  const row = batch.session.row()
  const to = batch.session.data
  to.kind[row] = batch.names.codeOf('globus')
  to.account[row] = batch.names.codeOf(account)
  to.start_ms[row] = start_ms
  to.end_ms[row] = end_ms
  to.part[row] = Number.isNaN(end_ms) ? sessionParts.opened : sessionParts.whole
  to.offset[row] = offset
  setTaskSid(to.sid, row, task_id)
  return undefined
}

/** Exports through spreadsheets and data frames have words for what is not there. */
function isUnset(text: string): boolean {
  return /^(?:|null|none|nan|nat)$/i.test(text)
}

/** ISO 8601. The API's times are UTC, also where an export left out the zone. */
function taskTime(text: string): number {
  return isUnset(text) ? Number.NaN : isoTextMs(text, utcClock)
}
