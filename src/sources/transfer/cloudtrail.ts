/**
 * AWS CloudTrail: data events of S3 say what was read and written, by whom, from where. Two forms: documents
 * `{"Records":[…]}` as delivered, often one line of many MB (several in one file are read one after another), and one event a
 * line, as shippers write them. `eventTime` is when the request was done, in whole seconds; there is no duration.
 * Source: AWS CloudTrail User Guide, "CloudTrail record contents". Everything else of an event is dropped.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceFormat, SourceParser } from '../../model/source.ts'
import { appendTransfer } from '../text/append-transfer.ts'
import { GuardedLineParser, rejectGuarded } from '../text/guarded-lines.ts'
import { hasMember, type JsonObject, jsonObject, numberMember, objectMember, textMember } from '../text/json-members.ts'
import { skipSpace, stringEnd, valueEnd } from '../text/json-text.ts'
import { mostTextLinesAre, textOf } from '../text/text-lines.ts'
import { isoTextMs } from '../text/wall-text.ts'
import { accountOf } from './s3-access.ts'

const reads = new Set(['GetObject', 'SelectObjectContent'])
const writes = new Set(['PutObject', 'UploadPart', 'PostObject'])
const deepest = 64

function takeEvent(
  text: string,
  offset: number,
  batch: ObservationBatch,
  { clock }: SourceContext,
): RejectReason | undefined {
  const event = jsonObject(text)
  if (!event) return 'malformed'
  if (!hasMember(event, 'eventSource') || !hasMember(event, 'eventName')) return 'missing_field'
  const name = textMember(event, 'eventName')
  const out = reads.has(name)
  if (textMember(event, 'eventSource') !== 's3.amazonaws.com' || (!out && !writes.has(name))) return 'stream_not_used'
  const time = textMember(event, 'eventTime') || textMember(event, '@timestamp')
  if (time === '') return 'missing_field'
  const request = objectMember(event, 'requestParameters')
  const source = textMember(event, 'sourceIPAddress')
  const end_ms = isoTextMs(time, clock)
  return appendTransfer(batch, offset, {
    tool: 's3',
    account: accountIn(objectMember(event, 'userIdentity')),
    peer: isService(source) ? '' : source,
    bucket: textMember(request, 'bucketName'),
    object: textMember(request, 'key'),
    direction: out ? 'out' : 'in',
    bytes: numberMember(objectMember(event, 'additionalEventData'), out ? 'bytesTransferredOut' : 'bytesTransferredIn'),
    start_ms: end_ms,
    end_ms,
    task_id: textMember(event, 'requestID'),
  })
}

/** A user's name, else who took on a role (the last part of the ARN), else the role, else the key that was used. */
function accountIn(identity: JsonObject): string {
  const user = textMember(identity, 'userName')
  if (user !== '') return user
  const arn = textMember(identity, 'arn')
  if (arn.startsWith('arn:')) return accountOf(arn)
  const issuer = objectMember(objectMember(identity, 'sessionContext'), 'sessionIssuer')
  return textMember(issuer, 'userName') || textMember(identity, 'accessKeyId')
}

/** Requests of AWS itself name a service instead of an address. */
function isService(source: string): boolean {
  return source === 'AWS Internal' || source.endsWith('.amazonaws.com')
}

class DocumentParser implements SourceParser {
  readonly format = 'cloudtrail'
  readonly #context: SourceContext

  constructor(context: SourceContext) {
    this.#context = context
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let i = skipSpace(bytes, start, end); i < end; i = skipSpace(bytes, i, end)) {
      const next = this.#members(bytes, i, end, offset - start, batch)
      if (next >= 0) i = next
      else {
        // what follows a fault cannot be told apart any more: it is one broken record
        const fault = -next - 1
        this.#reject('malformed', bytes, fault, end, offset - start, batch)
        return
      }
    }
  }

  /** Reads the object at `i`; the place after it, or −1 − the place of the fault. */
  #members(bytes: Uint8Array, i: number, end: number, shift: number, batch: ObservationBatch): number {
    if (bytes[i] !== 0x7b) return -1 - i
    i = skipSpace(bytes, i + 1, end)
    if (i < end && bytes[i] === 0x7d) return i + 1
    for (;;) {
      const keyEnd = i < end && bytes[i] === 0x22 ? stringEnd(bytes, i, end) : -1
      if (keyEnd < 0) return -1 - Math.min(i, end)
      const isRecords = textOf(bytes, i, Math.min(keyEnd, i + 16)) === '"Records"'
      i = skipSpace(bytes, keyEnd, end)
      if (i >= end || bytes[i] !== 0x3a) return -1 - Math.min(i, end)
      i = skipSpace(bytes, i + 1, end)
      const place = i
      i =
        isRecords && bytes[i] === 0x5b ? this.#elements(bytes, i, end, shift, batch) : valueEnd(bytes, i, end, deepest)
      if (i < 0) return isRecords && bytes[place] === 0x5b ? i : -1 - place
      i = skipSpace(bytes, i, end)
      if (i < end && bytes[i] === 0x7d) return i + 1
      if (i >= end || bytes[i] !== 0x2c) return -1 - Math.min(i, end)
      i = skipSpace(bytes, i + 1, end)
    }
  }

  /** Each element of the array at `i` is one record; the place after the array, or −1 − the place of the fault. */
  #elements(bytes: Uint8Array, i: number, end: number, shift: number, batch: ObservationBatch): number {
    i = skipSpace(bytes, i + 1, end)
    if (i < end && bytes[i] === 0x5d) return i + 1
    for (;;) {
      const elementEnd = valueEnd(bytes, i, end, deepest)
      if (elementEnd < 0) return -1 - Math.min(i, end)
      batch.records_read++
      const text = textOf(bytes, i, elementEnd)
      const reason = takeEvent(text, i + shift, batch, this.#context)
      if (reason !== undefined) rejectGuarded(batch, reason, i + shift, text)
      i = skipSpace(bytes, elementEnd, end)
      if (i < end && bytes[i] === 0x5d) return i + 1
      if (i >= end || bytes[i] !== 0x2c) return -1 - Math.min(i, end)
      i = skipSpace(bytes, i + 1, end)
    }
  }

  #reject(
    reason: RejectReason,
    bytes: Uint8Array,
    at: number,
    end: number,
    shift: number,
    batch: ObservationBatch,
  ): void {
    batch.records_read++
    rejectGuarded(batch, reason, at + shift, textOf(bytes, at, Math.min(end, at + 512)))
  }
}

const awsSource = /"eventSource"\s{0,8}:\s{0,8}"[a-z0-9.-]{1,80}\.amazonaws\.com"/

/** S3 notifications have the same frame; their source is `aws:s3`. */
function beginsDocument(head: Uint8Array): boolean {
  const text = textOf(head, 0, head.length)
  return /^\s{0,64}\{\s{0,64}"Records"\s{0,64}:\s{0,64}\[\s{0,64}\{/.test(text) && awsSource.test(text)
}

function isEvent(line: string): boolean {
  if (!line.startsWith('{') || !awsSource.test(line)) return false
  const event = jsonObject(line)
  return event !== undefined && ['eventSource', 'eventName', 'eventVersion'].every((key) => hasMember(event, key))
}

export const cloudtrailDocument: SourceFormat = {
  id: 'cloudtrail_document',
  title: 'AWS CloudTrail, delivered documents',
  unit: 'document',
  recognise: beginsDocument,
  open: (context) => new DocumentParser(context),
}

export const cloudtrailLines: SourceFormat = {
  id: 'cloudtrail_lines',
  title: 'AWS CloudTrail, JSON lines',
  recognise: (head) => mostTextLinesAre(head, isEvent),
  open: (context) =>
    new GuardedLineParser('cloudtrail', (line, offset, batch) => takeEvent(line, offset, batch, context)),
}
