/**
 * Ceph RADOS gateway operations log, JSON lines: from a file, or from the socket, which opens an array that never ends, so
 * that lines begin with `[` and end with commas. `time` is when the request came, `total_time` in ms how long it took;
 * `bytes_sent` is the body that went to the client. Older releases do not name the object: it is taken from the request
 * line, of which the query string is never kept. Releases before 2017 call operations by their HTTP method: not used. Source: ceph/ceph, src/rgw/rgw_log.cc.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceFormat } from '../../model/source.ts'
import { appendTransfer } from '../text/append-transfer.ts'
import { GuardedLineParser } from '../text/guarded-lines.ts'
import { hasMember, type JsonObject, jsonObject, numberMember, textMember } from '../text/json-members.ts'
import { mostTextLinesAre } from '../text/text-lines.ts'
import { percentDecoded, requestLine, targetPath } from '../text/url-path.ts'
import { isoTextMs } from '../text/wall-text.ts'

const reads = new Set(['get_obj', 'select_obj'])
const writes = new Set(['put_obj', 'post_obj'])

/** Without what the socket puts around records; '' for a line that holds nothing else. */
function recordText(line: string): string {
  const text = line.trim()
  let start = 0
  let end = text.length
  if (text[0] === '[' || text[0] === ',') start++
  while (end > start && (text[end - 1] === ',' || text[end - 1] === ']')) end--
  return text.slice(start, end).trim()
}

function isOperation(record: JsonObject): boolean {
  return (
    ['bucket', 'operation', 'bytes_sent'].every((key) => hasMember(record, key)) &&
    ['remote_addr', 'http_status', 'trans_id', 'uri'].filter((key) => hasMember(record, key)).length >= 2
  )
}

function takeLine(
  line: string,
  offset: number,
  batch: ObservationBatch,
  { clock }: SourceContext,
): RejectReason | undefined {
  const text = recordText(line)
  if (text === '') return 'stream_not_used'
  const record = jsonObject(text)
  if (!record) return 'malformed'
  const time = textMember(record, 'time') || textMember(record, 'time_local')
  if (!hasMember(record, 'operation') || time === '') return 'missing_field'
  const operation = textMember(record, 'operation')
  const out = reads.has(operation)
  if (!out && !writes.has(operation)) return 'stream_not_used'
  if (!/^20\d$/.test(numberMember(record, 'http_status'))) return 'stream_not_used'
  const start_ms = isoTextMs(time, clock)
  const bucket = textMember(record, 'bucket')
  return appendTransfer(batch, offset, {
    tool: 'rgw',
    account: accountOf(record),
    peer: stated(record, 'remote_addr'),
    bucket,
    object: stated(record, 'object') || objectOf(stated(record, 'uri'), bucket),
    direction: out ? 'out' : 'in',
    bytes: numberMember(record, out ? 'bytes_sent' : 'bytes_received'),
    start_ms,
    end_ms: start_ms + durationOf(numberMember(record, 'total_time')),
    task_id: textMember(record, 'trans_id'),
  })
}

/** '' for what is not there, or `-`. */
function stated(record: JsonObject, key: string): string {
  const text = textMember(record, key)
  return text === '-' ? '' : text
}

function accountOf(record: JsonObject): string {
  const user = stated(record, 'user')
  return user === 'anonymous' ? '' : user || stated(record, 'access_key_id')
}

/**
 * `GET /photos/a.jpg?… HTTP/1.1` → `a.jpg`. The bucket may stand in the host name instead, behind Swift's prefix, or after
 * its tenant, with which the log names it as `tenant/photos`.
 */
function objectOf(uri: string, bucket: string): string {
  const path = percentDecoded(targetPath(requestLine(uri)?.target ?? uri)).replace(
    /^\/swift\/v1(?:\/AUTH_[^/]*)?\//,
    '/',
  )
  const name = bucket.slice(bucket.indexOf('/') + 1)
  const prefix = [`/${name}/`, `/${bucket.replace('/', ':')}/`].find((start) => path.startsWith(start)) ?? '/'
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

/** Whole milliseconds; old releases wrote other forms (`0.004s`), which count as 0: then the moment of arrival stands. */
function durationOf(stated: string): number {
  return /^\d{1,9}$/.test(stated) ? Number(stated) : 0
}

export const cephRgw: SourceFormat = {
  id: 'ceph_rgw',
  title: 'Ceph RGW operations log, JSON lines',
  recognise: (head) =>
    mostTextLinesAre(head, (line) => {
      const text = recordText(line)
      const record = text.startsWith('{') ? jsonObject(text) : undefined
      return record !== undefined && isOperation(record)
    }),
  open: (context) => new GuardedLineParser('ceph_rgw', (line, offset, batch) => takeLine(line, offset, batch, context)),
}
