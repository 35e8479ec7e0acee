/**
 * What an OpenVPN server's messages tell of its clients, whether they come by syslog or from its own file.
 * `MULTI: Learn: IP -> CN/ip:port` and `MULTI: primary virtual IP for CN/ip:port: IP` open a session and lease its inner
 * address; the instance's exit or restart closes it. Routes to networks behind a client, and Ethernet addresses (tap), are
 * no leases. Bytes stand in the status file alone.
 * Source: openvpn multi.c (multi_learn_addr, multi_connection_established), mroute.c (mroute_addr_print_ex).
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import { appendSession, plainAddress } from '../text/session-row.ts'
import type { SyslogLine } from './syslog-line.ts'

export interface OpenVpnClient {
  /** The certificate's common name, '' before one is known. */
  common_name: string
  /** Outer address, '' if it is none. */
  peer: string
  /** 0 where none is printed, as for IPv6 before OpenVPN 2.7. */
  peer_port: string
  /** Both in one spelling. */
  endpoint: string
}

/**
 * `CN/203.0.113.9:51515`, `CN/[2001:db8::9]:51515`, `CN/2001:db8::9`, with `udp4:` before the address or not, and without a
 * name; after `[AF_INET6]` the port stands behind the last colon. A common name may hold slashes: the last one ends it.
 */
export function openVpnClient(text: string): OpenVpnClient {
  const slash = text.lastIndexOf('/')
  const name = slash < 0 ? '' : text.slice(0, slash)
  const outer = text.slice(slash + 1).replace(/^(?:udp|tcp)[46]?(?:-server)?:/, '')
  const port = /^\[AF_INET6?\](.*):(\d{1,5})$/.exec(outer) ?? /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(outer)
  const peer = plainAddress(port ? port[1] : outer) ?? ''
  const peer_port = port ? port[2] : '0'
  return { common_name: name === 'UNDEF' ? '' : name, peer, peer_port, endpoint: `${peer}:${peer_port}` }
}

const learn = 'MULTI: Learn: '
const primary = /MULTI: primary virtual IP(?:v6)? for /
const exit = /^SIG(?:TERM|USR1)\[[^\]]{0,80}\] received, client-instance (?:exiting|restarting)$/

export function readOpenVpn(line: SyslogLine, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const message = line.message.trimEnd()
  const learnAt = message.indexOf(learn)
  if (learnAt >= 0) {
    const [inner, client, more] = message.slice(learnAt + learn.length).split(' -> ', 3)
    if (client === undefined || more !== undefined) return 'malformed'
    return openSession(message.slice(0, learnAt), inner, client, line, offset, batch)
  }
  const lease = primary.exec(message)
  if (lease) {
    const told = message.slice(lease.index + lease[0].length)
    const colon = told.lastIndexOf(': ')
    if (colon < 0) return 'malformed'
    const [client, inner] = [told.slice(0, colon), told.slice(colon + 2)]
    return openSession(message.slice(0, lease.index), inner, client, line, offset, batch)
  }
  const signal = message.lastIndexOf(' SIG')
  const isExit = signal > 0 && exit.test(message.slice(signal + 1))
  return isExit ? closeSession(message.slice(0, signal), line, offset, batch) : 'stream_not_used'
}

/**
 * Whether a message that begins so is the server's own word on this client. Messages quote what strangers send, such as the
 * subject of their certificate, so nothing but the client itself may stand before; its port may differ after it moved.
 */
function isSaidOf(before: string, client: string): boolean {
  if (before === '') return true
  const prefix = before.slice(0, -1)
  if (!before.endsWith(' ') || prefix === '') return false
  if (!prefix.includes('/')) return !prefix.includes(' ')
  return prefix.slice(0, prefix.lastIndexOf('/')) === client.slice(0, Math.max(0, client.lastIndexOf('/')))
}

function openSession(
  before: string,
  inner: string,
  text: string,
  { time_ms, host }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  if (!isSaidOf(before, text)) return 'stream_not_used'
  // an Ethernet address, or a network behind the client
  if (/[@/]|^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(inner)) return 'stream_not_used'
  const assigned = plainAddress(inner)
  const { common_name, peer, peer_port, endpoint } = openVpnClient(text)
  if (assigned === undefined || peer === '') return 'bad_address'
  if (common_name === '') return 'missing_field'
  return appendSession(
    batch,
    {
      ...{ kind: 'vpn', part: sessionParts.opened, account: common_name, peer, peer_port, assigned, gateway: host },
      ...{ host_name: host, start_ms: time_ms, end_ms: Number.NaN, sid: [host, common_name, endpoint] },
    },
    offset,
  )
}

function closeSession(
  text: string,
  { time_ms, host }: SyslogLine,
  offset: number,
  batch: ObservationBatch,
): RejectReason | undefined {
  const { common_name, peer, peer_port, endpoint } = openVpnClient(text)
  // a stranger that never became a client
  if (common_name === '') return 'stream_not_used'
  if (peer === '') return 'bad_address'
  return appendSession(
    batch,
    {
      ...{ kind: 'vpn', part: sessionParts.closed, account: common_name, peer, peer_port, gateway: host },
      ...{ host_name: host, start_ms: time_ms, end_ms: time_ms, sid: [host, common_name, endpoint] },
    },
    offset,
  )
}
