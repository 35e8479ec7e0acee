/**
 * Syslog files of any daemon and framing: each message goes to the reader of the program that wrote it. Messages of other
 * programs are counted as not used; a line without framing is malformed.
 */
import type { SourceFormat } from '../model/source.ts'
import { readOpenVpn } from './openvpn-message.ts'
import { readSftpServer } from './sftp-server.ts'
import { readSshd } from './sshd.ts'
import { emptyLine, looksLikeSyslog, type MessageReader, readSyslogLine } from './syslog-line.ts'
import { mostTextLinesAre, TextLineParser } from './text-lines.ts'

interface ProgramReader {
  isMine(program: string): boolean
  read: MessageReader
}

const readers: readonly ProgramReader[] = [
  { isMine: (program) => program === 'sshd' || program === 'sshd-session', read: readSshd },
  { isMine: (program) => program === 'sftp-server' || program === 'internal-sftp', read: readSftpServer },
  { isMine: (program) => program.startsWith('openvpn') || program.startsWith('ovpn-'), read: readOpenVpn },
]

export const syslog: SourceFormat = {
  id: 'syslog',
  title: 'syslog or journald JSON (sshd, sftp-server, OpenVPN)',
  undated: true,
  recognise: (head, { clock }) => mostTextLinesAre(head, (line) => looksLikeSyslog(line, clock)),
  open: ({ clock }) => {
    const read = emptyLine()
    return new TextLineParser('syslog', (line, offset, batch) => {
      if (!readSyslogLine(line, clock, read)) return 'malformed'
      const reader = readers.find(({ isMine }) => isMine(read.program))
      return reader ? reader.read(read, offset, batch) : 'stream_not_used'
    })
  },
}
