/**
 * The file that OpenVPN writes itself (`log`, `log-append`): `2023-10-31 15:09:59 message` since 2.5, before that
 * `Thu Mar 16 17:09:03 2017 message`, both the server's wall time, with microseconds (`us=…`) at high verbosity.
 */
import type { SourceFormat } from '../../model/source.ts'
import { mostTextLinesAre, TextLineParser } from '../text/text-lines.ts'
import { ctimeMs, isoTextMs } from '../text/wall-text.ts'
import { readOpenVpn } from './openvpn-message.ts'
import { emptyLine } from './syslog-line.ts'

const timed =
  /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)|([A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4})) (?:us=\d{1,6} )?/
/** What only OpenVPN says. */
const own =
  /^(?:OpenVPN \d\.\d|MULTI: )|\[AF_INET6?\]|[\d\]] MULTI: |Peer Connection Initiated with|\] received, client-instance /

export const openVpnLog: SourceFormat = {
  id: 'openvpn_log',
  title: 'OpenVPN, its own log file',
  recognise: (head) => {
    let marks = 0
    const dated = mostTextLinesAre(head, (line) => {
      const time = timed.exec(line)
      if (time && own.test(line.slice(time[0].length))) marks++
      return time !== null
    })
    return dated && marks > 0
  },
  open: ({ clock }) => {
    const read = emptyLine()
    return new TextLineParser('openvpn_log', (line, offset, batch) => {
      const time = timed.exec(line)
      if (!time) return 'malformed'
      read.time_ms = time[1] === undefined ? ctimeMs(time[2], clock) : isoTextMs(time[1], clock)
      read.message = line.slice(time[0].length)
      return readOpenVpn(read, offset, batch)
    })
  },
}
