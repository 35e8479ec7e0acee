/**
 * OpenSSH's sftp-server (and internal-sftp) at log level INFO: the only record of bytes per file of an SFTP session.
 * Account and address stand in the opening line alone, so transfers carry the session's process, by which they are joined.
 * `close "PATH" bytes read N written M` counts what the client read (out) and wrote (in) while the file was open, which is
 * told at its end only; `forced` where the connection ended first.
 * Lines that rsyslog folded (`message repeated N times: […]`) count N times.
 * Source: openssh-portable sftp-server.c (handle_log_close, sftp_server_main); before 9.x syslog lines are cut at 500
 * characters, so that long paths lose their counts (`truncated`).
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import { appendTransfer } from '../text/append-transfer.ts'
import { setSid } from '../text/row-values.ts'
import { appendSession, plainAddress } from '../text/session-row.ts'
import { unvis } from '../text/vis-text.ts'
import type { SyslogLine } from './syslog-line.ts'

const session = /^session (opened|closed) for local user (.+) from \[([^[\]]*)\]$/s
/** Quotation marks in a path are not escaped: the last place at which the counts fit ends it. */
const closing = /^(?:forced )?close "(.*)" bytes read (\d+) written (\d+)$/s
/** The line folded is told before, on its own. */
const repeated = /^message repeated (\d{1,9}) times: \[ ?(.*)\]$/s
/** What stands for the address where the server was started without a connection. */
const noAddress = 'UNKNOWN'

export function readSftpServer(line: SyslogLine, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const written = line.message.trimEnd()
  const folded = repeated.exec(written)
  const message = folded?.[2] ?? written
  const close = closing.exec(message)
  if (close) return readClose(close, BigInt(folded?.[1] ?? 1), line, offset, batch)
  if (/^(?:forced )?close "/.test(message)) return 'truncated'
  const change = session.exec(message)
  return change ? readSession(change, line, offset, batch) : 'stream_not_used'
}

function readSession(
  [, change, account, address]: readonly string[],
  { time_ms, host, pid }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const peer = address === noAddress ? '' : plainAddress(address)
  if (peer === undefined) return 'bad_address'
  const opened = change === 'opened'
  return appendSession(
    batch,
    {
      ...{ kind: 'ssh', part: opened ? sessionParts.opened : sessionParts.closed, account: unvis(account), peer },
      ...{ host_name: host, start_ms: time_ms, end_ms: opened ? Number.NaN : time_ms, sid: [host, 'sftp', pid] },
    },
    offset,
  )
}

/** A file that was both read and written is one row each way. */
function readClose(
  [, path, read, written]: readonly string[],
  times: bigint,
  { time_ms, host, pid }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const { transfer } = batch
  const before = transfer.length
  for (const [direction, bytes] of [
    ['out', read],
    ['in', written],
  ] as const) {
    if (/^0+$/.test(bytes)) continue
    // no more digits than a count can have, so that hostile ones stay cheap
    const moved = times === 1n || bytes.length > 20 ? bytes : String(BigInt(bytes) * times)
    const facts = { tool: 'sftp', account: '', host_name: host, peer: '', path: unvis(path), direction, bytes: moved }
    const reason = appendTransfer(batch, offset, { ...facts, start_ms: time_ms, end_ms: time_ms })
    if (reason !== undefined) {
      while (transfer.length > before) transfer.dropRow()
      return reason
    }
    setSid(transfer.data.sid, transfer.length - 1, host, 'sftp', pid)
  }
  return transfer.length > before ? undefined : 'stream_not_used'
}
