/** Zeek's conn log by the kernel or by the plain reader: what must be the same. */
import { ObservationBatch } from '../model/columns.ts'
import { utcClock } from '../model/log-clock.ts'
import type { SourceParser } from '../model/source.ts'
import type { ConnKernel } from '../sources/zeek/conn-kernel.ts'
import { ZeekJsonParser } from '../sources/zeek/zeek-json.ts'
import { ZeekTsvParser } from '../sources/zeek/zeek-tsv.ts'
import { type Row, rowsOf } from './parse-lines.ts'

export interface Read {
  format: string
  records_read: number
  flows: Row[]
  rejected: [string, number][]
  examples: unknown[]
}

const inFile = (path: string) => ({ path, clock: utcClock, mtime_ms: 0 })

/** Tab-separated, in blocks of whole lines, cut where they are at least so long. */
export function readConnBy(kernel: ConnKernel | undefined, bytes: Uint8Array, blockBytes?: number): Read {
  return readBy(new ZeekTsvParser(inFile('conn.log'), 'zeek_conn', { kernel }), bytes, blockBytes)
}

/** As `readConnBy`, of lines of JSON. */
export function readConnJsonBy(
  kernel: ConnKernel | undefined,
  bytes: Uint8Array,
  { blockBytes, path = 'conn.log' }: { blockBytes?: number; path?: string } = {},
): Read {
  return readBy(new ZeekJsonParser(inFile(path), 'zeek_conn', { kernel }), bytes, blockBytes)
}

function readBy(parser: SourceParser, bytes: Uint8Array, blockBytes = 1 << 20): Read {
  const batch = new ObservationBatch()
  const read: Read = { format: '', records_read: 0, flows: [], rejected: [], examples: [] }
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
  read.format = parser.format
  return read
}
