/**
 * Sources under test: text or files in, rows as plain objects out.
 */
import { formatAddress } from '../model/address.ts'
import { ObservationBatch } from '../model/columns.ts'
import { countAt } from '../model/count.ts'
import { utcClock } from '../model/log-clock.ts'
import type { ColumnKind, ObservationType } from '../model/observation.ts'
import type { SourceContext, SourceFormat, SourceParser } from '../model/source.ts'
import { recogniseFormat } from '../sources/index.ts'
import { inputBlocks } from '../sources/input/input-blocks.ts'
import { openInput } from '../sources/input/open-input.ts'

/** Times and ports as numbers, counts and hashes as bigint, addresses and names as text. */
export type Row = Record<string, number | bigint | string>

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The whole text as one block; `more` sets what the file's context says. */
export function parseLines(
  format: SourceFormat,
  text: string | Uint8Array,
  path = 'test.log',
  more: Partial<SourceContext> = {},
): ObservationBatch {
  const batch = new ObservationBatch()
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const parser = format.open({ path, clock: utcClock, mtime_ms: Number.NaN, ...more })
  parser.parse(bytes, 0, bytes.length, 0, batch)
  parser.finish?.(batch, false)
  return batch
}

export function rowsOf(batch: ObservationBatch, type: ObservationType): Row[] {
  const columns = batch.of(type)
  return Array.from({ length: columns.length }, (_, row) =>
    Object.fromEntries(
      Object.entries(columns.table).map(([name, kind]) => [name, valueAt(batch, kind, columns.data[name], row)]),
    ),
  )
}

function valueAt(batch: ObservationBatch, kind: ColumnKind, data: unknown, row: number): number | bigint | string {
  switch (kind) {
    case 'address': {
      const { hi, lo } = data as { hi: Uint32Array; lo: Uint32Array }
      return formatAddress(hi[2 * row + 1], hi[2 * row], lo[2 * row + 1], lo[2 * row])
    }
    case 'count':
    case 'hash':
      return countAt(data as Uint32Array, row)
    case 'name':
      return batch.names.texts[(data as Int32Array)[row]]
    case 'text':
      return (data as string[])[row]
    default:
      return (data as Float64Array)[row]
  }
}

export function rejectedOf(batch: ObservationBatch): Record<string, number> {
  return Object.fromEntries(batch.rejected)
}

export interface FileRead {
  /** '' if no format claims the file. */
  id: string
  format: string
  records_read: number
  /** Rows by type, types without rows left out. */
  rows: Partial<Record<ObservationType, Row[]>>
  rejected: Record<string, number>
}

/** Reads a whole file as `analyze` would. */
export async function readSource(
  path: string,
  types: readonly ObservationType[],
  more: Partial<SourceContext> = {},
): Promise<FileRead> {
  const input = await openInput(path)
  const context = { path, clock: utcClock, mtime_ms: Number.NaN, ...more }
  const { format } = recogniseFormat(input.head, context)
  const read: FileRead = { id: format?.id ?? '', format: '', records_read: 0, rows: {}, rejected: {} }
  const parser: SourceParser | undefined = format?.open(context)
  const batch = new ObservationBatch()
  const take = (): void => {
    read.records_read += batch.records_read
    for (const type of types) {
      const rows = rowsOf(batch, type)
      if (rows.length > 0) read.rows[type] = [...(read.rows[type] ?? []), ...rows]
    }
    for (const [reason, count] of batch.rejected) read.rejected[reason] = (read.rejected[reason] ?? 0) + count
    batch.reset()
  }
  for await (const block of inputBlocks(format ?? {}, input.chunks())) {
    parser?.parse(block.bytes, block.start, block.end, block.offset, batch)
    take()
  }
  parser?.finish?.(batch, false)
  take()
  read.format = parser?.format ?? ''
  return read
}
