/**
 * Access logs of Apache httpd and nginx, common and combined form, with or without the virtual host (and port) before the
 * client, and whatever stands behind: `%h %l %u %t "%r" %>s %b`. Downloads only: the log does not say what a request
 * brought. Path without query string, decoded, detours resolved. In Open OnDemand's log a path below its file app is
 * the path on the file system behind it, read by the mapped user: tool `ondemand`, `path` = that path.
 * Apache's time is when the request came, nginx's when it was done; neither says how long it took, so the bytes count in
 * that moment. A client logged by name instead of address is rejected: names cannot be joined.
 * Source: httpd documentation, mod_log_config; nginx documentation, ngx_http_log_module.
 */
import { addressWords } from '../../model/address.ts'
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { appendTransfer } from '../text/append-transfer.ts'
import { GuardedLineParser } from '../text/guarded-lines.ts'
import { clfMillis, logFields, quotedText } from '../text/log-fields.ts'
import { mostTextLinesAre } from '../text/text-lines.ts'
import { filePath, requestLine, targetPath } from '../text/url-path.ts'

/** Host, client, identity, a user name of several words, time, request, status, bytes: more is not looked at. */
const fieldsRead = 16

const timeLength = '[10/Oct/2000:13:55:36 -0700]'.length

interface AccessRecord {
  /** Everything before the time. */
  who: readonly string[]
  time_ms: number
  request: string
  status: string
  bytes: string
  /** Whether anything stands behind the bytes, as in the combined form. */
  goesOn: boolean
}

function accessRecord(line: string): AccessRecord | undefined {
  const fields = logFields(line, fieldsRead)
  const at = fields.findIndex((field) => field.length === timeLength && !Number.isNaN(clfMillis(field)))
  const request = quotedText(fields[at + 1])
  const [status, bytes] = fields.slice(at + 2)
  if (at < 3 || request === undefined || !/^\d{3}$/.test(status ?? '') || !/^(?:\d+|-)$/.test(bytes ?? '')) {
    return undefined
  }
  return {
    who: fields.slice(0, at),
    time_ms: clfMillis(fields[at]),
    request,
    status,
    bytes,
    goesOn: fields.length > at + 4,
  }
}

/**
 * A log has one form: a line that ends with its bytes where the one before went on was cut, and its bytes may be half a number.
 * Where the form changes, that costs a line each time.
 */
function takingLines(): (line: string, offset: number, batch: ObservationBatch) => RejectReason | undefined {
  let goesOn = false
  return (line, offset, batch) => {
    const record = accessRecord(line)
    const isCut = goesOn && record?.goesOn === false
    if (record) goesOn = record.goesOn
    return !record || isCut ? 'malformed' : takeRecord(record, offset, batch)
  }
}

function takeRecord(record: AccessRecord, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const request = requestLine(record.request)
  if (request?.method !== 'GET' || (record.status !== '200' && record.status !== '206')) return 'stream_not_used'
  const { client, user, vhost } = whoOf(record.who)
  const path = filePath(unescaped(targetPath(request.target)))
  const onFileSystem = onDemandPath(path)
  const named = vhost.replace(/:\d{1,5}$/, '')
  const isNumber = isAddress(named)
  return appendTransfer(batch, offset, {
    tool: onFileSystem === undefined ? 'http' : 'ondemand',
    account: user === '-' || user === '""' ? '' : user,
    host: isNumber ? named : '',
    host_name: isNumber || named === '-' ? '' : named,
    peer: client,
    path: onFileSystem ?? path,
    direction: 'out',
    bytes: record.bytes,
    start_ms: record.time_ms,
    end_ms: record.time_ms,
  })
}

/** A virtual host stands first where the second field is the client's address; user names may hold spaces. */
function whoOf(who: readonly string[]): { client: string; user: string; vhost: string } {
  const [first, second] = who
  const hasVhost = who.length > 3 && (isAddress(second) || !isAddress(first))
  const rest = hasVhost ? who.slice(1) : who
  return { client: hasVhost ? second : first, user: rest.slice(2).join(' '), vhost: hasVhost ? first : '' }
}

function isAddress(text: string): boolean {
  return /^[0-9a-fA-F:.]{2,45}$/.test(text) && addressWords(text) !== undefined
}

const controls: Readonly<Record<string, string>> = { n: '%0A', r: '%0D', t: '%09', b: '%08', v: '%0B', f: '%0C' }

/** Log escapes in a path that is still percent-encoded: `\xhh` as such a code, so that both are decoded as one. */
function unescaped(path: string): string {
  if (!path.includes('\\')) return path
  return path.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_all, hex: string | undefined, letter: string) =>
    hex !== undefined ? `%${hex}` : (controls[letter] ?? letter),
  )
}

/** What the file app serves: below `files/fs` since release 2, below `files/api/v1/fs` before. */
const fileApp = /^\/pun\/sys\/(?:dashboard\/)?files\/(?:api\/v1\/)?fs(?=\/)/

/** `/pun/sys/dashboard/files/fs/proj/a` → `/proj/a`; undefined for anything but a file of the file app. */
function onDemandPath(path: string): string | undefined {
  const prefix = fileApp.exec(path)?.[0]
  return prefix === undefined ? undefined : path.slice(prefix.length)
}

export const httpAccess: SourceFormat = {
  id: 'http_access',
  title: 'web server access log, common or combined form',
  recognise: (head) => mostTextLinesAre(head, (line) => accessRecord(line) !== undefined),
  open: () => new GuardedLineParser('http_access', takingLines()),
}
