/**
 * Syslog files of any daemon and framing: each message goes to the reader of the program that wrote it. Messages of other
 * programs are counted as not used, and not shown; a line without framing is malformed.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { LogClock } from '../../model/log-clock.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat, SourceParser } from '../../model/source.ts'
import { isNatProgram, readNatMessage } from '../cluster/nat-log.ts'
import { rejectGuarded } from '../text/guarded-lines.ts'
import { eachLine, mostTextLinesAre } from '../text/text-lines.ts'
import { readOpenVpn } from './openvpn-message.ts'
import { readSftpServer } from './sftp-server.ts'
import { readSshd } from './sshd.ts'
import { emptyLine, looksLikeSyslog, type MessageReader, readSyslogLine, type SyslogLine } from './syslog-line.ts'

interface ProgramReader {
  isMine(program: string): boolean
  read: MessageReader
}

const readers: readonly ProgramReader[] = [
  { isMine: (program) => program === 'sshd' || program === 'sshd-session', read: readSshd },
  { isMine: (program) => program === 'sftp-server' || program === 'internal-sftp', read: readSftpServer },
  { isMine: (program) => program.startsWith('openvpn') || program.startsWith('ovpn-'), read: readOpenVpn },
]

const examplesKept = 3
const nothing = new Uint8Array(0)

function describe({ host, program }: SyslogLine): string {
  return `(a message of ${(program || 'no program').slice(0, 40)} on ${(host || 'no host').slice(0, 40)})`
}

class SyslogParser implements SourceParser {
  readonly format = 'syslog'
  readonly #clock: LogClock
  readonly #read = emptyLine()

  constructor(clock: LogClock) {
    this.#clock = clock
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number, batch: ObservationBatch): void {
    eachLine(bytes, start, end, (line, at, lineEnd) => {
      batch.records_read++
      const place = offset + at - start
      const reason = this.#take(line, place, batch)
      if (reason === 'stream_not_used') this.#rejectUnshown(place, batch)
      else if (reason === 'malformed') rejectGuarded(batch, reason, place, line)
      else if (reason !== undefined) batch.reject(reason, place, bytes, at, lineEnd)
    })
  }

  #take(line: string, offset: number, batch: ObservationBatch): RejectReason | undefined {
    const read = this.#read
    if (!readSyslogLine(line, this.#clock, read)) return 'malformed'
    const reader = readers.find(({ isMine }) => isMine(read.program))
    if (reader) return reader.read(read, offset, batch)
    if (!isNatProgram(read.program)) return 'stream_not_used'
    const message = line.startsWith('{') ? `${read.program}: ${read.message}` : line
    return readNatMessage(message, read.time_ms, offset, batch)
  }

  /** Messages that are not used hold whatever people typed, passwords in place of names among it. */
  #rejectUnshown(offset: number, batch: ObservationBatch): void {
    // only the first few are kept, and most lines of most files come here
    const known = batch.rejected.get('stream_not_used') ?? 0
    const shown = known < examplesKept ? Buffer.from(describe(this.#read)) : nothing
    batch.reject('stream_not_used', offset, shown, 0, shown.length)
  }
}

export const syslog: SourceFormat = {
  id: 'syslog',
  title: 'syslog or journald JSON (sshd, sftp-server, OpenVPN, NAT)',
  undated: true,
  unshown: true,
  recognise: (head, { clock }) => mostTextLinesAre(head, (line) => looksLikeSyslog(line, clock)),
  open: ({ clock }) => new SyslogParser(clock),
}
