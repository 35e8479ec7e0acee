/**
 * Logins and log-outs as OpenSSH's sshd tells them (since 9.8 as `sshd-session`). A session is opened by `Accepted …` and
 * closed by the end of its connection; both carry the 4-tuple's outer half, by which they are joined.
 * What fails, and what happens before a login ([preauth], invalid and authenticating users), is not used. Since 9.8 a
 * client that leaves before the handshake is told without [preauth]: such an end belongs to no opened session.
 * Source: openssh-portable auth.c (auth_log), packet.c (sshpkt_vfatal), log.c.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import { appendSession, plainAddress } from '../text/session-row.ts'
import { unvis } from '../text/vis-text.ts'
import { readSftpServer } from './sftp-server.ts'
import type { SyslogLine } from './syslog-line.ts'

/**
 * The name is whatever the account is called, and a certificate's id, after the colon, whatever its authority wrote, so the
 * first place at which the rest fits is taken: an account that exists does not hold ` from IP port N ssh2`.
 */
const accepted =
  /^Accepted \S+ for (.+?) from (\S+) port (\d+)(?: on \S+ port \d+)?(?: rdomain "[^"]*")? ssh2(?:: (.*))?$/s
const ended =
  /^(?:error: |fatal: )?(?:Disconnected from|Connection (?:closed|reset) by|Timeout, client not responding from) (?:user (.+) )?(\S+) port (\d+)(?: on \S+ port \d+)?(?: rdomain "[^"]*")?$/s
const timedOut = /^(?:error: |fatal: )?Connection from (?:user (.+) )?(\S+) port (\d+)(?: rdomain "[^"]*")? timed out$/s
const disconnected = /^(?:error: )?Received disconnect from (?:user (.+) )?(\S+) port (\d+):\d+: /s
const fingerprint = /^[A-Z0-9@.a-z-]{2,64} ((?:SHA256|MD5):[A-Za-z0-9+/=:]{20,96})(?=[ ,]|$)/
const afterLogin = ' [postauth]'

export function readSshd(line: SyslogLine, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const message = line.message.trimEnd()
  if (message.endsWith('[preauth]')) return 'stream_not_used'
  if (/^Accepted \S+ for /.test(message)) return readAccepted(message, line, offset, batch)
  const end = ended.exec(message) ?? timedOut.exec(message) ?? disconnected.exec(message)
  if (end) return closeSession(end, line, offset, batch)
  // an internal-sftp without a log socket of its own in its chroot speaks through sshd
  if (message.endsWith(afterLogin)) {
    return readSftpServer({ ...line, message: message.slice(0, -afterLogin.length) }, offset, batch)
  }
  return 'stream_not_used'
}

function readAccepted(
  message: string,
  { time_ms, host }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const found = accepted.exec(message)
  if (!found) return 'malformed'
  const [, account, address, peer_port, key = ''] = found
  const peer = plainAddress(address)
  if (peer === undefined) return 'bad_address'
  return appendSession(
    batch,
    {
      ...{ kind: 'ssh', part: sessionParts.opened, account: unvis(account), peer, peer_port, host_name: host },
      ...{ key_fp: fingerprint.exec(key)?.[1], start_ms: time_ms, end_ms: Number.NaN },
      sid: [host, 'sshd', peer, peer_port],
    },
    offset,
  )
}

function closeSession(
  [, account = '', address, peer_port]: readonly string[],
  { time_ms, host }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const peer = plainAddress(address)
  if (peer === undefined) return 'bad_address'
  return appendSession(
    batch,
    {
      ...{ kind: 'ssh', part: sessionParts.closed, account: unvis(account), peer, peer_port, host_name: host },
      ...{ start_ms: time_ms, end_ms: time_ms, sid: [host, 'sshd', peer, peer_port] },
    },
    offset,
  )
}
