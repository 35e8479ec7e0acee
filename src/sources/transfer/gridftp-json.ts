/**
 * GridFTP transfers as log shippers store them: the keys of the server's own line as members, alone or below `_source` as
 * Elasticsearch gives its documents, one a line or in arrays. What the keys mean is told in `gridftp.ts`.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { JsonDocumentParser, JsonLinesParser, jsonShape, namesMembers } from '../text/json-document.ts'
import { hasMember, type JsonObject, jsonObject, numberMember, objectMember, textMember } from '../text/json-members.ts'
import { setAddress, setCountText, spanProblem } from '../text/row-values.ts'
import { textOf } from '../text/text-lines.ts'
import { setTaskSid } from './globus-task-id.ts'
import { directionOfType, isListType } from './gridftp.ts'
import { gridftpMillis } from './gridftp-time.ts'

const format = 'gridftp'
const needed = ['DATE', 'START', 'NBYTES', 'TYPE', 'FILE'] as const
const unstatedPeers = new Set(['', '0.0.0.0', '::', '::ffff:0.0.0.0'])

function transferOf(record: JsonObject): JsonObject {
  return hasMember(record, '_source') ? objectMember(record, '_source') : record
}

function isTransfer(record: JsonObject): boolean {
  const transfer = transferOf(record)
  return needed.every((name) => hasMember(transfer, name))
}

function takeTransfer(record: JsonObject, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const from = transferOf(record)
  if (!isTransfer(record)) return 'missing_field'
  const type = textMember(from, 'TYPE')
  const direction = directionOfType(type)
  if (direction === undefined) return isListType(type) ? 'stream_not_used' : 'unknown_type'
  const start_ms = timeOf(textMember(from, 'START'))
  const end_ms = timeOf(textMember(from, 'DATE'))
  const problem = Number.isNaN(end_ms) ? 'bad_time' : spanProblem(start_ms, end_ms)
  if (problem !== undefined) return problem
  const { transfer, names } = batch
  const row = transfer.row()
  const to = transfer.data
  const peer = textMember(from, 'DEST').replace(/^\d?\[(.*)\]$/, '$1')
  const reason =
    setCountText(to.bytes, row, numberMember(from, 'NBYTES')) ??
    (unstatedPeers.has(peer) || setAddress(to.peer, row, peer) ? undefined : 'bad_address')
  if (reason !== undefined) {
    transfer.dropRow()
    return reason
  }
  const host = textMember(from, 'HOST')
  const task_id = textMember(from, 'TASKID')
  to.tool[row] = names.codeOf('gridftp')
  to.account[row] = names.codeOf(textMember(from, 'USER'))
  if (!setAddress(to.host, row, host)) to.host_name[row] = names.codeOf(host)
  to.path[row] = textMember(from, 'FILE').replaceAll('\0', '\uFFFD')
  to.direction[row] = names.codeOf(direction)
  to.start_ms[row] = start_ms
  to.end_ms[row] = end_ms
  to.offset[row] = offset
  if (task_id !== '' && task_id !== 'none') {
    to.task_id[row] = task_id.replaceAll('\0', '\uFFFD')
    setTaskSid(to.sid, row, task_id)
  }
  return undefined
}

function timeOf(text: string): number {
  const bytes = Buffer.from(text.slice(0, 32))
  return gridftpMillis(bytes, 0, bytes.length)
}

export const gridftpJson: SourceFormat = {
  id: 'gridftp_json',
  title: 'GridFTP transfers, JSON',
  unit: 'document',
  recognise: (head) => jsonShape(head) === 'document' && namesMembers(head, needed),
  open: () => new JsonDocumentParser(format, 'hits', takeTransfer),
}

export const gridftpJsonLines: SourceFormat = {
  id: 'gridftp_ndjson',
  title: 'GridFTP transfers, JSON lines',
  recognise: (head) =>
    jsonShape(head) === 'lines' &&
    mostLinesAre(head, (bytes, start, end, cut) => {
      const record = cut ? undefined : jsonObject(textOf(bytes, start, end))
      return record !== undefined && isTransfer(record)
    }),
  open: () => new JsonLinesParser(format, 'hits', takeTransfer),
}
