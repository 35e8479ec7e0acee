/** GridFTP's transfer log of all data transfer nodes, a line for each file, written when it is through. */
import type { LogFile, LogFormat } from './log.ts'

const transfers: LogFile = { folder: 'gridftp' }
const stamp = (ms: number): string => {
  const digits = new Date(ms).toISOString().replaceAll(/[-:TZ.]/g, '')
  return `${digits.slice(0, 14)}.${digits.slice(14)}000`
}

export const gridftp: LogFormat = {
  record: (record, emit) => {
    if (record.kind !== 'transfer') return
    const { start_ms, end_ms, host, account, path, peer, bytes, streams, task } = record
    const line =
      `DATE=${stamp(end_ms)} HOST=${host}.centre.example PROG=globus-gridftp-server NL.EVNT=FTP_INFO START=${stamp(start_ms)} ` +
      `USER=${account} FILE=${path} BUFFER=235104 BLOCK=4194304 NBYTES=${bytes} VOLUME=/ STREAMS=${streams} STRIPES=1 ` +
      `DEST=[${peer}] TYPE=RETR CODE=226 TASKID=${task}\n`
    emit(transfers, 'transfer.log', end_ms, line)
  },
}
