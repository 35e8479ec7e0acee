/** FreeRADIUS `detail` of the second VPN gateway: Start and Stop, with gigawords. */
import { ctime, type LogFile, type LogFormat } from './log.ts'

const detail: LogFile = { folder: 'radius' }
const word = 4294967296

export const radius: LogFormat = {
  record: (lease, emit) => {
    if (lease.kind !== 'lease' || lease.gateway !== 'vpn2') return
    const { start_ms, end_ms, gateway, account, inner, peer, session, bytes_out, bytes_in } = lease
    const write = (at_ms: number, status: string, more: readonly string[]): void => {
      const lines = [
        `Acct-Status-Type = ${status}`,
        `User-Name = "${account}"`,
        `Acct-Session-Id = "${session}"`,
        `NAS-Identifier = "${gateway}"`,
        `Framed-IP-Address = ${inner}`,
        `Calling-Station-Id = "${peer}"`,
        `Event-Timestamp = ${Math.floor(at_ms / 1000)}`,
        ...more,
      ]
      emit(detail, 'detail', at_ms, `${ctime(at_ms)}\n${lines.map((line) => `\t${line}\n`).join('')}\n`)
    }
    write(start_ms, 'Start', [])
    if (lease.end_lost) return
    write(end_ms, 'Stop', [
      `Acct-Session-Time = ${Math.floor(end_ms / 1000) - Math.floor(start_ms / 1000)}`,
      `Acct-Output-Octets = ${bytes_out % word}`,
      `Acct-Output-Gigawords = ${Math.floor(bytes_out / word)}`,
      `Acct-Input-Octets = ${bytes_in % word}`,
      `Acct-Input-Gigawords = ${Math.floor(bytes_in / word)}`,
    ])
  },
}
