/**
 * Amazon S3 server access log (also of stores that write the same form): one line per request, best effort, so late,
 * unordered and perhaps repeated; the request id tells repetitions. Older lines have fewer fields: 18 in 2013, 26 or more
 * now. What a reader got is `bytes_sent`, what a writer brought is `object_size`; copies inside the store reach nobody.
 * Request line, referrer and the rest of the line, where signatures of presigned URLs stand, are never kept.
 * Source: Amazon S3 User Guide, "Amazon S3 server access log format".
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { appendTransfer, millisText } from '../text/append-transfer.ts'
import { GuardedLineParser } from '../text/guarded-lines.ts'
import { clfMillis, logFields, quotedText } from '../text/log-fields.ts'
import { mostTextLinesAre } from '../text/text-lines.ts'
import { percentDecoded } from '../text/url-path.ts'

/** Places of the fields that are read. */
const at = {
  bucket: 1,
  time: 2,
  remote_ip: 3,
  requester: 4,
  request_id: 5,
  operation: 6,
  key: 7,
  request_uri: 8,
  http_status: 9,
  bytes_sent: 11,
  object_size: 12,
  total_time: 13,
} as const
const fieldsRead = at.total_time + 1

const operationForm = /^[A-Z][A-Z0-9]{0,15}\.[A-Z][A-Za-z0-9_.]{0,47}$/
/** Reads of content: REST, WEBSITE, SOAP and BATCH alike. */
const readsContent = /\.GET\.OBJECT$/
/** What brings content from outside; a finished multipart upload would count its parts again. */
const writesContent = /\.(?:PUT\.OBJECT|PUT\.PART|POST\.OBJECT)$/

function looksLikeRecord(fields: readonly string[]): boolean {
  return (
    fields.length >= fieldsRead &&
    fields[at.time].startsWith('[') &&
    fields[at.time].endsWith(']') &&
    operationForm.test(fields[at.operation])
  )
}

function takeLine(line: string, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const fields = logFields(line, fieldsRead)
  if (!looksLikeRecord(fields)) return 'malformed'
  const uri = fields[at.request_uri]
  if (uri !== '-' && quotedText(uri) === undefined) return 'malformed'
  const operation = fields[at.operation]
  const out = readsContent.test(operation)
  if (!out && !writesContent.test(operation)) return 'stream_not_used'
  if (!/^(?:2\d\d|304)$/.test(fields[at.http_status])) return 'stream_not_used'
  const start_ms = clfMillis(fields[at.time])
  return appendTransfer(batch, offset, {
    tool: 's3',
    account: accountOf(fields[at.requester]),
    peer: fields[at.remote_ip] === '-' ? '' : fields[at.remote_ip],
    bucket: fields[at.bucket] === '-' ? '' : fields[at.bucket],
    object: fields[at.key] === '-' ? '' : keyOf(fields[at.key]),
    direction: out ? 'out' : 'in',
    bytes: fields[out ? at.bytes_sent : at.object_size],
    start_ms,
    end_ms: start_ms + millisText(fields[at.total_time]),
    task_id: fields[at.request_id] === '-' ? '' : fields[at.request_id],
  })
}

/** `arn:aws:iam::1:user/alice` → alice; a canonical user id as it is; nobody in particular → ''. */
export function accountOf(requester: string): string {
  if (requester === '-' || requester === 'Anonymous') return ''
  if (!requester.startsWith('arn:')) return requester
  const tail = requester.slice(requester.lastIndexOf('/') + 1)
  return tail.slice(tail.lastIndexOf(':') + 1)
}

/** Keys are logged encoded twice as a rule, once by older writers; what is decoded already does not change again. */
function keyOf(field: string): string {
  return percentDecoded(percentDecoded(field))
}

export const s3Access: SourceFormat = {
  id: 's3_access',
  title: 'Amazon S3 server access log',
  recognise: (head) => mostTextLinesAre(head, (line) => looksLikeRecord(logFields(line, fieldsRead))),
  open: () => new GuardedLineParser('s3_access', takeLine),
}
