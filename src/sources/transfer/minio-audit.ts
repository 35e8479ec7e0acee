/**
 * MinIO audit log, JSON lines (webhook or Kafka target written to a file). A record is written when its request is done:
 * `time` is the end, less `timeToResponse` the start. `tx` (outputBytes) is the body that went to the client, `rx` what came
 * from it. Copies inside the store reach nobody. The name of the server is not in the log, and the one the client asked
 * for is not evidence. Headers, which carry signatures, are never kept. Source: minio/minio, docs/logging.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceFormat } from '../../model/source.ts'
import { appendTransfer } from '../text/append-transfer.ts'
import { GuardedLineParser } from '../text/guarded-lines.ts'
import { hasMember, type JsonObject, jsonObject, numberMember, objectMember, textMember } from '../text/json-members.ts'
import { mostTextLinesAre } from '../text/text-lines.ts'
import { isoTextMs } from '../text/wall-text.ts'

const reads = new Set(['GetObject', 'GetObjectLambda', 'SelectObjectContent'])
const writes = new Set(['PutObject', 'PutObjectPart', 'PutObjectExtract', 'PostPolicyBucket'])

/** What MinIO writes for a body whose length it does not know. */
const unknownBytes = '-1'

/** Not MinIO's error log, whose records have a level. */
function isAudit(record: JsonObject): boolean {
  return (
    textMember(objectMember(record, 'api'), 'name') !== '' &&
    hasMember(record, 'time') &&
    hasMember(record, 'version') &&
    (hasMember(record, 'deploymentid') || hasMember(record, 'trigger')) &&
    !hasMember(record, 'level')
  )
}

function takeLine(
  line: string,
  offset: number,
  batch: ObservationBatch,
  { clock }: SourceContext,
): RejectReason | undefined {
  const record = jsonObject(line)
  if (!record) return 'malformed'
  if (!hasMember(record, 'api')) return 'missing_field'
  const api = objectMember(record, 'api')
  const name = textMember(api, 'name')
  const out = reads.has(name)
  if (!out && !writes.has(name)) return 'stream_not_used'
  if (!/^20\d$/.test(numberMember(api, 'statusCode'))) return 'stream_not_used'
  if (!hasMember(record, 'time')) return 'missing_field'
  const end_ms = isoTextMs(textMember(record, 'time'), clock)
  const bytes = out
    ? numberMember(api, 'tx') || numberMember(api, 'outputBytes')
    : numberMember(api, 'rx') || numberMember(api, 'inputBytes')
  if (bytes === unknownBytes) return 'stream_not_used'
  return appendTransfer(batch, offset, {
    tool: 'minio',
    account: textMember(record, 'parentUser') || textMember(record, 'accessKey'),
    peer: addressOf(textMember(record, 'remotehost')),
    bucket: textMember(api, 'bucket'),
    object: textMember(api, 'object'),
    direction: out ? 'out' : 'in',
    bytes,
    start_ms: end_ms - durationOf(api),
    end_ms,
    task_id: textMember(record, 'requestID'),
  })
}

/** Milliseconds that the request took; 0 where the record does not say. */
function durationOf(api: JsonObject): number {
  const stated = textMember(api, 'timeToResponse') || numberMember(api, 'timeToResponseInNS')
  const match = /^(\d{1,18})(?:ns)?$/.exec(stated)
  return match ? Math.floor(Number(match[1]) / 1e6) : 0
}

/** Without its port: `203.0.113.9:51000`, `[2001:db8::1]:51000`. */
function addressOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.includes(']') ? host.indexOf(']') : undefined)
  const colon = host.indexOf(':')
  return colon >= 0 && host.indexOf(':', colon + 1) < 0 ? host.slice(0, colon) : host
}

export const minioAudit: SourceFormat = {
  id: 'minio_audit',
  title: 'MinIO audit log, JSON lines',
  recognise: (head) =>
    mostTextLinesAre(head, (line) => {
      const record = line.startsWith('{') ? jsonObject(line) : undefined
      return record !== undefined && isAudit(record)
    }),
  open: (context) =>
    new GuardedLineParser('minio_audit', (line, offset, batch) => takeLine(line, offset, batch, context)),
}
