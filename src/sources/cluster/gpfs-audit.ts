/**
 * File audit of IBM Storage Scale (GPFS), JSON lines: what was read of a file while it was open, told when it is closed.
 * Every value is a text, numbers too. The client's user is known by number alone: `uid:N`. Events that read nothing, and
 * those of other kinds, are not used. What is read through mmap, and by nodes that the audit leaves out, is not in it.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceContext, SourceFormat, SourceParser } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { JsonScanner } from '../text/json-scan.ts'
import { skipSpace } from '../text/json-text.ts'
import { setAddress, setCountText } from '../text/row-values.ts'
import { timeProblem } from '../text/time-text.ts'
import { isoTextMs } from '../text/wall-text.ts'

const newline = 0x0a
const members = [
  'LWE_JSON',
  'event',
  'eventTime',
  'path',
  'fsName',
  'clientUserId',
  'bytesRead',
  'nfsClientIp',
  'nodeName',
] as const
const [version, event, eventTime, path, fsName, clientUserId, bytesRead, nfsClientIp, nodeName] = members.keys()
const spellings = members.map((name) => [name])

class GpfsAuditParser implements SourceParser {
  readonly format = 'gpfs_audit'
  readonly #scanner = new JsonScanner(spellings)
  readonly #clock: LogClock

  constructor(context: SourceContext) {
    this.#clock = context.clock
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    for (let line = start; line < end; ) {
      const found = bytes.indexOf(newline, line)
      const lineEnd = found < 0 || found > end ? end : found
      if (skipSpace(bytes, line, lineEnd) < lineEnd) {
        batch.records_read++
        const reason = this.#scanner.scan(bytes, line, lineEnd)
          ? this.#append(offset + line - start, batch)
          : 'malformed'
        if (reason !== undefined) batch.reject(reason, offset + line - start, bytes, line, lineEnd)
      }
      line = lineEnd + 1
    }
  }

  #append(offset: number, batch: ObservationBatch): RejectReason | undefined {
    const { spans } = this.#scanner
    if (!spans.has(event) || !spans.has(eventTime)) return 'missing_field'
    const digits = spans.text(bytesRead)
    if (digits === '' || /^0+$/.test(digits)) return 'stream_not_used'
    if (!spans.has(path)) return 'missing_field'
    const time_ms = auditMs(spans.text(eventTime), this.#clock)
    const problem = timeProblem(time_ms)
    if (problem !== undefined) return problem
    const row = batch.storage_read.row()
    const to = batch.storage_read.data
    const client = spans.text(nfsClientIp)
    const reason =
      setCountText(to.bytes, row, digits) ??
      (client === '' || setAddress(to.host, row, client) ? undefined : 'bad_address')
    if (reason !== undefined) {
      batch.storage_read.dropRow()
      return reason
    }
    const uid = spans.text(clientUserId)
    to.path[row] = spans.text(path)
    to.account[row] = /^\d{1,10}$/.test(uid) ? batch.names.codeOf(`uid:${uid}`) : 0
    // a client of NFS reads through a node, but is itself elsewhere
    if (client === '') to.host_name[row] = batch.names.codeOf(spans.text(nodeName))
    to.start_ms[row] = time_ms
    to.end_ms[row] = time_ms
    to.offset[row] = offset
    return undefined
  }
}

/** `2026-01-01_00:31:02.869+0000` in epoch ms; NaN if it is no such time. */
function auditMs(text: string, clock: LogClock): number {
  return text[10] === '_' ? isoTextMs(`${text.slice(0, 10)}T${text.slice(11)}`, clock) : Number.NaN
}

export const gpfsAudit: SourceFormat = {
  id: 'gpfs_audit',
  title: 'Storage Scale (GPFS) file audit, JSON lines',
  recognise: (head) => {
    const scanner = new JsonScanner(spellings)
    return mostLinesAre(head, (bytes, start, end, cut) => {
      if (!scanner.scan(bytes, start, end) && !cut) return false
      const { spans } = scanner
      if (!spans.has(event) || !spans.has(eventTime)) return false
      return spans.has(version) || (spans.has(path) && spans.has(fsName) && spans.has(clientUserId))
    })
  },
  open: (context) => new GpfsAuditParser(context),
}
