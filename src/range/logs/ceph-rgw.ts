/** The object gateway's operations log, JSON lines. */
import type { BucketListing } from '../records.ts'
import type { Emit, LogFile, LogFormat } from './log.ts'

const operations: LogFile = { folder: 'rgw' }

export const cephRgw: LogFormat = {
  record: (record, emit) => {
    if (record.kind === 'listing') return list(record, emit)
    if (record.kind !== 'object') return
    const { start_ms, end_ms, bucket, object, account, peer, bytes, trans_id, user_agent } = record
    const line = {
      ...{ bucket, object, time: new Date(start_ms).toISOString(), remote_addr: peer, user: account || 'anonymous' },
      ...{ operation: 'get_obj', uri: `GET /${bucket}/${object} HTTP/1.1`, http_status: '200', error_code: '' },
      ...{
        bytes_sent: bytes,
        bytes_received: 0,
        object_size: bytes,
        total_time: end_ms - start_ms,
        user_agent,
        trans_id,
      },
    }
    emit(operations, 'ops.log', end_ms, `${JSON.stringify(line)}\n`)
  },
}

/** The answer names a thousand objects, in XML. */
function list(listing: BucketListing, emit: Emit): void {
  const { start_ms, end_ms, bucket, account, peer, trans_id, user_agent } = listing
  const line = {
    ...{ bucket, time: new Date(start_ms).toISOString(), remote_addr: peer, user: account || 'anonymous' },
    ...{ operation: 'list_bucket', uri: `GET /${bucket}?list-type=2 HTTP/1.1`, http_status: '200', error_code: '' },
    ...{ bytes_sent: 214_000, bytes_received: 0, object_size: 0, total_time: end_ms - start_ms, user_agent, trans_id },
  }
  emit(operations, 'ops.log', end_ms, `${JSON.stringify(line)}\n`)
}
