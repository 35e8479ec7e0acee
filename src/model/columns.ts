/**
 * Growable columns of one observation type, and the batch that one block of input fills.
 * Rows are appended with `row()` and then set by index; nothing is allocated per record until a column must grow.
 */
import { NameTable } from './name-table.ts'
import {
  type ColumnKind,
  type ColumnTable,
  type ObservationType,
  observationTables,
  type RejectReason,
} from './observation.ts'

/**
 * Physical form by kind: `time` Float64Array; `address` two word pairs per row in `hi` and `lo`; `count` and `hash`
 * one pair of little-endian 32-bit words per row (low word first, the memory layout of a 64-bit integer);
 * `name` Int32Array of codes; `text` string[].
 */
export type DataOf<K extends ColumnKind> = K extends 'time' | 'offset'
  ? Float64Array
  : K extends 'address'
    ? { hi: Uint32Array; lo: Uint32Array }
    : K extends 'count' | 'hash' | 'u32'
      ? Uint32Array
      : K extends 'port'
        ? Uint16Array
        : K extends 'u8'
          ? Uint8Array
          : K extends 'name'
            ? Int32Array
            : string[]

type DataOfTable<T extends ColumnTable> = { [C in keyof T]: DataOf<T[C]> }

const initialRows = 1024

export class Columns<T extends ColumnTable = ColumnTable> {
  readonly table: T
  /** The column arrays by name; replaced when they grow, so take them anew after `row()`. */
  data: DataOfTable<T>
  length = 0
  capacity: number

  constructor(table: T, rows = initialRows) {
    this.table = table
    this.capacity = rows
    this.data = this.#allocate(rows)
  }

  /** Adds one row of zeros and empty values and returns its index. */
  row(): number {
    if (this.length === this.capacity) this.#grow()
    return this.length++
  }

  /** Adds so many of them and returns the first index. */
  rows(count: number): number {
    while (this.length + count > this.capacity) this.#grow()
    this.length += count
    return this.length - count
  }

  /** Takes back the row added last: a record turned out to be bad half-way through. */
  dropRow(): void {
    this.#clear(--this.length)
  }

  reset(): void {
    for (const [name, kind] of Object.entries(this.table)) {
      const column = this.data[name] as DataOf<ColumnKind>
      if (kind === 'text') (column as string[]).fill('', 0, this.length)
      else if (kind === 'address') {
        const pair = column as { hi: Uint32Array; lo: Uint32Array }
        pair.hi.fill(0, 0, this.length * 2)
        pair.lo.fill(0, 0, this.length * 2)
      } else if (kind === 'count' || kind === 'hash') (column as Uint32Array).fill(0, 0, this.length * 2)
      else (column as Uint32Array).fill(0, 0, this.length)
    }
    this.length = 0
  }

  #clear(index: number): void {
    for (const [name, kind] of Object.entries(this.table)) {
      const column = this.data[name] as DataOf<ColumnKind>
      if (kind === 'text') (column as string[])[index] = ''
      else if (kind === 'address') {
        const pair = column as { hi: Uint32Array; lo: Uint32Array }
        pair.hi.fill(0, index * 2, index * 2 + 2)
        pair.lo.fill(0, index * 2, index * 2 + 2)
      } else if (kind === 'count' || kind === 'hash') (column as Uint32Array).fill(0, index * 2, index * 2 + 2)
      else (column as Uint32Array)[index] = 0
    }
  }

  #allocate(rows: number): DataOfTable<T> {
    const data: Record<string, unknown> = {}
    for (const [name, kind] of Object.entries(this.table)) data[name] = allocateColumn(kind, rows)
    return data as DataOfTable<T>
  }

  #grow(): void {
    const before = this.data
    this.capacity *= 2
    this.data = this.#allocate(this.capacity)
    for (const [name, kind] of Object.entries(this.table)) {
      const from = before[name] as DataOf<ColumnKind>
      const to = this.data[name] as DataOf<ColumnKind>
      if (kind === 'text') (from as string[]).forEach((value, i) => ((to as string[])[i] = value))
      else if (kind === 'address') {
        const [a, b] = [from, to] as { hi: Uint32Array; lo: Uint32Array }[]
        b.hi.set(a.hi)
        b.lo.set(a.lo)
      } else (to as Uint32Array).set(from as Uint32Array)
    }
  }
}

function allocateColumn(kind: ColumnKind, rows: number): DataOf<ColumnKind> {
  switch (kind) {
    case 'time':
    case 'offset':
      return new Float64Array(rows)
    case 'address':
      return { hi: new Uint32Array(rows * 2), lo: new Uint32Array(rows * 2) }
    case 'count':
    case 'hash':
      return new Uint32Array(rows * 2)
    case 'u32':
      return new Uint32Array(rows)
    case 'port':
      return new Uint16Array(rows)
    case 'u8':
      return new Uint8Array(rows)
    case 'name':
      return new Int32Array(rows)
    case 'text':
      return new Array<string>(rows).fill('')
  }
}

export interface RejectExample {
  reason: RejectReason
  /** Byte offset in the decompressed file, and the beginning of the record with unprintable bytes escaped. */
  offset: number
  sample: string
}

/**
 * What one block of input (whole lines, about 1 MiB) became.
 * Invariant, per block and so per file: `records_read` = accepted + Σ `rejected`, where accepted is what the source
 * appended; duplicates among the accepted are found later, against the books.
 */
export class ObservationBatch {
  readonly names = new NameTable()
  readonly flow = new Columns(observationTables.flow)
  readonly session = new Columns(observationTables.session)
  readonly transfer = new Columns(observationTables.transfer)
  readonly job = new Columns(observationTables.job)
  readonly storage_read = new Columns(observationTables.storage_read)
  readonly counter = new Columns(observationTables.counter)
  readonly lease = new Columns(observationTables.lease)
  readonly nat = new Columns(observationTables.nat)
  readonly fingerprint = new Columns(observationTables.fingerprint)
  records_read = 0
  readonly rejected = new Map<RejectReason, number>()
  readonly examples: RejectExample[] = []

  of(type: ObservationType): Columns {
    return this[type] as unknown as Columns
  }

  /** Counts one record that is not accepted; the first few of each reason keep their place and beginning. */
  reject(reason: RejectReason, offset: number, bytes: Uint8Array, start: number, end: number): void {
    const count = this.rejected.get(reason) ?? 0
    this.rejected.set(reason, count + 1)
    if (count < 3) this.examples.push({ reason, offset, sample: printable(bytes, start, Math.min(end, start + 120)) })
  }

  /** Ready for the next block: rows and counts gone, names kept unless they became many. */
  reset(): void {
    this.flow.reset()
    this.session.reset()
    this.transfer.reset()
    this.job.reset()
    this.storage_read.reset()
    this.counter.reset()
    this.lease.reset()
    this.nat.reset()
    this.fingerprint.reset()
    this.records_read = 0
    this.rejected.clear()
    this.examples.length = 0
    this.names.trim()
  }
}

/** Log text for human eyes: control and non-ASCII bytes as \xNN, so that nothing in it can drive a terminal. */
export function printable(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return text
}
