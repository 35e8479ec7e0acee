/**
 * Reads from storage: Lustre's job statistics for compute, one entry for each job when it ends, and the file audit of the
 * project file system for hosts at the border.
 */
import { epochSeconds, type LogFile, type LogFormat } from './log.ts'

const jobStats: LogFile = { folder: 'lustre', head: () => 'obdfilter.scratch-OST0000.job_stats=\njob_stats:\n' }
const audit: LogFile = { folder: 'gpfs' }
const nanoseconds = (ms: number): string => `${epochSeconds(ms)}000 secs.nsecs`

export const lustre: LogFormat = {
  record: (job, emit) => {
    if (job.kind !== 'job') return
    const { job_id, start_ms, end_ms, read_bytes } = job
    const entry =
      `- job_id:          ${job_id}\n  snapshot_time:   ${nanoseconds(end_ms)}\n  start_time:      ${nanoseconds(start_ms)}\n` +
      `  read_bytes:      { samples: ${String(Math.ceil(read_bytes / 4194304)).padStart(11)}, unit: bytes, min:    4096, max: 4194304, sum: ${String(read_bytes).padStart(15)} }\n`
    emit(jobStats, 'scratch-OST0000.txt', end_ms, entry)
  },
}

export const gpfs: LogFormat = {
  record: (access, emit) => {
    if (access.kind !== 'read' && access.kind !== 'write') return
    const { kind, end_ms, host, uid, path, bytes, pid } = access
    const eventTime = new Date(end_ms).toISOString().replace('T', '_').replace('Z', '+0000')
    const [read, written] = kind === 'read' ? [bytes, 0] : [0, bytes]
    const line = {
      ...{
        LWE_JSON: '0.0.3',
        path,
        nodeName: host,
        fsName: 'proj',
        event: 'CLOSE',
        fileSize: String(bytes),
        eventTime,
      },
      ...{ clientUserId: String(uid), clientGroupId: '5000', processId: String(pid), bytesRead: String(read) },
      ...{ bytesWritten: String(written), minReadOffset: '0', maxReadOffset: String(Math.max(0, read - 1)) },
    }
    emit(audit, 'audit.json', end_ms, `${JSON.stringify(line)}\n`)
  },
}
