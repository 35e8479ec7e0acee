/**
 * Syslog of login nodes (sshd, internal-sftp) and of the OpenVPN gateway, a file for each host and day. Only what tells of
 * accounts is written: failed logins and the like are left out.
 */
import { type LogFile, type LogFormat, syslogTime } from './log.ts'

const syslog: LogFile = { folder: 'syslog' }

export const sshd: LogFormat = {
  record: (login, emit) => {
    if (login.kind !== 'login') return
    const { start_ms, end_ms, host, pid, account, peer, peer_port, key_fp, files } = login
    const write = (at_ms: number, program: string, text: string): void =>
      emit(syslog, `${host}.log`, at_ms, `${syslogTime(at_ms)} ${host} ${program}: ${text}\n`)
    write(
      start_ms,
      `sshd[${pid}]`,
      `Accepted publickey for ${account} from ${peer} port ${peer_port} ssh2: ED25519 ${key_fp}`,
    )
    if (files.length > 0) {
      const sftp = `internal-sftp[${pid + 2}]`
      write(start_ms + 50, sftp, `session opened for local user ${account} from [${peer}]`)
      for (const { at_ms, path, bytes_read } of files)
        write(at_ms, sftp, `close "${path}" bytes read ${bytes_read} written 0`)
      write(end_ms - 100, sftp, `session closed for local user ${account} from [${peer}]`)
    }
    write(end_ms, `sshd[${pid}]`, `Disconnected from user ${account} ${peer} port ${peer_port}`)
  },
}

export const openvpn: LogFormat = {
  record: (lease, emit) => {
    if (lease.kind !== 'lease' || lease.gateway !== 'vpn1') return
    const { start_ms, end_ms, gateway, account, inner, peer, peer_port } = lease
    const outer = peer.includes(':') ? `[${peer}]` : peer
    const client = `${account}/${outer}:${peer_port}`
    const write = (at_ms: number, text: string): void =>
      emit(syslog, `${gateway}.log`, at_ms, `${syslogTime(at_ms)} ${gateway} openvpn[911]: ${client} ${text}\n`)
    write(start_ms, `MULTI: Learn: ${inner} -> ${client}`)
    if (!lease.end_lost) write(end_ms, 'SIGTERM[soft,remote-exit] received, client-instance exiting')
  },
}
