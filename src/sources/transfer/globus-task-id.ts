/** What joins the files that a GridFTP server logged to the Globus task that moved them, and so to the task's owner. */
import { setSid } from '../text/row-values.ts'

/** The `sid` of a task, in whatever log it is named; task ids are UUIDs, whose letters may be of either case. */
export function setTaskSid(words: Uint32Array, row: number, task_id: string): void {
  setSid(words, row, 'globus', task_id.toLowerCase())
}
