/** Zeek's conn log, tab separated, by the kernel or by the plain reader: what must be the same. */
import { ObservationBatch } from '../model/columns.ts'
import { utcClock } from '../model/log-clock.ts'
import type { ConnKernel } from '../sources/zeek/conn-kernel.ts'
import { ZeekTsvParser } from '../sources/zeek/zeek-tsv.ts'
import { type Row, rowsOf } from './parse-lines.ts'

export interface Read {
  records_read: number
  flows: Row[]
  rejected: [string, number][]
  examples: unknown[]
}

/** In blocks of whole lines, cut where they are at least so long. */
export function readConnBy(given: ConnKernel | undefined, bytes: Uint8Array, blockBytes = 1 << 20): Read {
  const parser = new ZeekTsvParser({ path: 'conn.log', clock: utcClock, mtime_ms: 0 }, 'zeek_conn', { kernel: given })
  const batch = new ObservationBatch()
  const read: Read = { records_read: 0, flows: [], rejected: [], examples: [] }
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start + blockBytes)
    const end = newline < 0 ? bytes.length : newline + 1
    parser.parse(bytes, start, end, start, batch)
    read.records_read += batch.records_read
    read.flows.push(...rowsOf(batch, 'flow'))
    read.rejected.push(...batch.rejected)
    read.examples.push(...batch.examples)
    batch.reset()
    start = end
  }
  return read
}
