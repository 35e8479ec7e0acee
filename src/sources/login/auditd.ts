/**
 * Linux audit records (auditd's own log, plain or enriched). Used are the records with which sshd takes up and gives back a
 * person's credentials: they name account and remote address, and begin and end a session. All others are known and
 * counted: a login is told in up to ten records, and those that name it by number alone (USER_LOGIN without enrichment)
 * would make two accounts of one. USER_LOGIN counts where it names its account.
 * Untrusted text is quoted, or in hexadecimal where a quote would not hold it, so that nothing in it can pass for a field.
 * Source of the form: audit-userspace, lib/audit_logging.c; auditd.conf(5), `log_format`.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { setAddress, setSid, spanProblem } from '../text/row-values.ts'
import { eachLine, textOf } from '../text/text-lines.ts'

const newline = 0x0a
const begin =
  /^(?:node=(\S{1,253}) )?type=([A-Z][A-Z0-9_]{0,40})(?:\[\d{1,6}\])? msg=audit\((\d{1,12})\.(\d{3}):\d{1,20}\):? ?/

const partOfType: Readonly<Record<string, number>> = {
  CRED_ACQ: sessionParts.opened,
  USER_LOGIN: sessionParts.opened,
  CRED_DISP: sessionParts.closed,
}

/** What follows a record's beginning may be a command with a password, or what somebody typed: no sample shows it. */
class AuditdParser implements SourceParser {
  readonly format = 'auditd'

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at) => {
      batch.records_read++
      const head = begin.exec(line.slice(0, 512))
      const reason = head === null ? 'malformed' : takeRecord(head, line, offset + at - start, batch)
      if (reason === undefined) return
      const sample = Buffer.from(head === null ? line.slice(0, 24) : head[0])
      batch.reject(reason, offset + at - start, sample, 0, sample.length)
    })
  }
}

function takeRecord(
  head: RegExpExecArray,
  line: string,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const [, node = '', type, seconds, millis] = head
  const part = Object.hasOwn(partOfType, type) ? partOfType[type] : undefined
  if (part === undefined) return 'stream_not_used'
  const login = sshdLogin(line.slice(head[0].length))
  if (login === undefined) return 'stream_not_used'
  const time_ms = Number(seconds) * 1000 + Number(millis)
  const end_ms = part === sessionParts.closed ? time_ms : Number.NaN
  const problem = spanProblem(time_ms, end_ms)
  if (problem !== undefined) return problem
  const { session, names } = batch
  const row = session.row()
  const to = session.data
  if (!setAddress(to.peer, row, login.addr)) {
    session.dropRow()
    return 'bad_address'
  }
  to.kind[row] = names.codeOf('ssh')
  to.account[row] = names.codeOf(login.account)
  to.host_name[row] = names.codeOf(node)
  to.start_ms[row] = time_ms
  to.end_ms[row] = end_ms
  to.part[row] = part
  to.offset[row] = offset
  setSid(to.sid, row, 'auditd', node, login.pid, login.addr, login.account)
  return undefined
}

interface Login {
  pid: string
  account: string
  addr: string
}

/** What a record says of a login that sshd let in; undefined if it is of anything else, or names nobody. */
function sshdLogin(body: string): Login | undefined {
  const open = body.indexOf(" msg='")
  const close = body.lastIndexOf("'")
  if (open < 0 || close <= open + 6) return undefined
  const told = ` ${body.slice(open + 6, close)}`
  const pid = / ?\bpid=(\d{1,10}) /.exec(body.slice(0, Math.min(open + 1, 64)))?.[1]
  const exe = / exe="([^"]*)"/.exec(told)?.[1] ?? ''
  const addr = wordAfter(told, told.lastIndexOf(' addr='), ' addr=')
  const account = accountOf(told, body.slice(close + 1))
  const isIn = / res=(?:success|1)$/.test(told) && /\/sshd(?:-session)?$/.test(exe)
  return isIn && pid !== undefined && addr !== '' && addr !== '?' && account !== '' ? { pid, account, addr } : undefined
}

/** `acct="alice"`, or its bytes in hexadecimal; else the name that the enriched form has for the login's number. */
function accountOf(told: string, enriched: string): string {
  const at = told.indexOf(' acct=')
  if (at >= 0) {
    const quoted = /^"([^"]{0,256})"/.exec(told.slice(at + 6, at + 270))
    return quoted ? quoted[1] : fromHex(wordAfter(told, at, ' acct='))
  }
  const name = / ?\bAUID="([^"]{1,256})"/.exec(enriched.slice(0, 1024))?.[1] ?? ''
  return name === 'unset' || name === 'unknown' ? '' : name
}

function wordAfter(text: string, at: number, key: string): string {
  if (at < 0) return ''
  const start = at + key.length
  const end = text.indexOf(' ', start)
  return text.slice(start, end < 0 ? text.length : end)
}

function fromHex(text: string): string {
  if (text.length > 512 || text.length % 2 !== 0 || !/^[0-9A-F]+$/i.test(text)) return ''
  return Buffer.from(text, 'hex').toString('utf8').replaceAll('\0', '\uFFFD')
}

export const auditd: SourceFormat = {
  id: 'auditd',
  title: 'Linux audit log (auditd)',
  recognise: (head) =>
    mostLinesAre(head, (bytes, start, end, cut) => {
      // indented ones are quoted in some other text
      const isFlush = start === 0 || bytes[start - 1] === newline
      return !cut && isFlush && begin.test(textOf(bytes, start, Math.min(end, start + 512)))
    }),
  open: () => new AuditdParser(),
}
