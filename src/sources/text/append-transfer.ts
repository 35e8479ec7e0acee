/** Transfers of text formats: from what a line says to one row, or the reason why not. */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import { setAddress, setCountText, spanProblem } from './row-values.ts'

/** '' = not stated. */
export interface TransferText {
  tool: string
  account: string
  /** Our server, by address or by name. */
  host?: string
  host_name?: string
  peer: string
  path?: string
  bucket?: string
  object?: string
  direction: 'out' | 'in'
  /** Decimal digits; `-` and '' are nothing moved. */
  bytes: string
  start_ms: number
  end_ms: number
  task_id?: string
}

/** Longer than any path or key of an honest system. */
const longestText = 4096

/** A request that moved nothing (refused, not modified, empty) is no transfer: `stream_not_used`. */
export function appendTransfer(batch: ObservationBatch, offset: number, from: TransferText): RejectReason | undefined {
  if (movedNothing(from.bytes)) return 'stream_not_used'
  const span = spanProblem(from.start_ms, from.end_ms)
  if (span !== undefined || Number.isNaN(from.end_ms)) return span ?? 'bad_time'
  const row = batch.transfer.row()
  const to = batch.transfer.data
  const addressed =
    (from.peer === '' || setAddress(to.peer, row, from.peer)) && (!from.host || setAddress(to.host, row, from.host))
  const reason = addressed ? setCountText(to.bytes, row, from.bytes) : 'bad_address'
  if (reason !== undefined) {
    batch.transfer.dropRow()
    return reason
  }
  const { names } = batch
  to.tool[row] = names.codeOf(from.tool)
  to.account[row] = names.codeOf(from.account)
  to.host_name[row] = names.codeOf(from.host_name ?? '')
  to.path[row] = keptText(from.path)
  to.bucket[row] = names.codeOf(from.bucket ?? '')
  to.object[row] = keptText(from.object)
  to.direction[row] = names.codeOf(from.direction)
  to.start_ms[row] = from.start_ms
  to.end_ms[row] = from.end_ms
  to.task_id[row] = keptText(from.task_id)
  to.offset[row] = offset
  return undefined
}

function movedNothing(bytes: string): boolean {
  return bytes === '-' || bytes === '' || /^0+$/.test(bytes)
}

/** Cut where no honest text is that long; no NUL, which no database keeps. */
function keptText(text = ''): string {
  const cut = text.length > longestText ? text.slice(0, longestText) : text
  return cut.includes('\0') ? cut.replaceAll('\0', '\uFFFD') : cut
}

/** A whole number of milliseconds; 0 where the log states none, NaN where it states nonsense. */
export function millisText(digits: string): number {
  if (digits === '-' || digits === '') return 0
  return /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN
}
