/**
 * Context records of one type in memory (leases, logins, jobs, transfers), as the joins ask for them: names as numbers,
 * each record once whichever files held it. Records that no join asks for are counted and not kept.
 */
import { type AddressColumn, addressAt } from '../../model/address.ts'
import { Columns, type DataOf } from '../../model/columns.ts'
import type { AddressHalves } from '../../model/context-record.ts'
import { countAt } from '../../model/count.ts'
import { hashWords } from '../../model/hash.ts'
import { KeyIndex } from '../../model/key-index.ts'
import type { ColumnKind, ColumnTable } from '../../model/observation.ts'
import type { ContextRow } from '../../store/store.ts'
import { copyRow } from './told-records.ts'

type AnyData = DataOf<ColumnKind>

export class ContextRows {
  readonly columns: Columns
  readonly #kept: boolean
  readonly #seen = new KeyIndex(2)
  readonly #words: Uint32Array
  readonly #double = new Float64Array(1)
  readonly #doubleWords = new Uint32Array(this.#double.buffer)

  constructor(table: ColumnTable, kept: boolean) {
    this.columns = new Columns(table, 64)
    this.#kept = kept
    this.#words = new Uint32Array(4 * Object.keys(table).length)
  }

  /** Distinct records so far. */
  get size(): number {
    return this.#seen.size
  }

  /** Takes in a row whose names are codes; false if it is known. */
  add(from: Columns, row: number, codes: Int32Array): boolean {
    const count = this.#identity(from, row, codes)
    this.#seen.key[0] = hashWords(this.#words, count, 0x77656972)
    this.#seen.key[1] = hashWords(this.#words, count, 0x63656e73)
    const before = this.#seen.size
    if (this.#seen.add() < before) return false
    if (this.#kept) copyRow(from, row, this.columns, this.columns.row(), codes)
    return true
  }

  /** Everything that tells the record from others, as words; where it stood in its file does not. */
  #identity(from: Columns, row: number, codes: Int32Array): number {
    const words = this.#words
    let n = 0
    for (const [name, kind] of Object.entries(from.table)) {
      const data = from.data[name] as AnyData
      if (kind === 'offset') continue
      if (kind === 'name') words[n++] = codes[(data as Int32Array)[row]]
      else if (kind === 'text') {
        const text = (data as string[])[row]
        words[n++] = hashText(text, 0x5bd1e995)
        words[n++] = hashText(text, 0x1b873593)
      } else if (kind === 'time') {
        this.#double[0] = (data as Float64Array)[row]
        words[n++] = this.#doubleWords[0]
        words[n++] = this.#doubleWords[1]
      } else if (kind === 'address') {
        const { hi, lo } = data as AddressColumn
        for (const half of [hi, lo]) {
          words[n++] = half[2 * row]
          words[n++] = half[2 * row + 1]
        }
      } else if (kind === 'count' || kind === 'hash') {
        words[n++] = (data as Uint32Array)[2 * row]
        words[n++] = (data as Uint32Array)[2 * row + 1]
      } else words[n++] = (data as Uint32Array)[row]
    }
    return n
  }
}

/** Records with a start and perhaps an end, asked for by time. */
export class TimedRows {
  readonly #columns: Columns
  /** Rows in order of their start, and the latest end up to each. */
  #order: { rows: number[]; starts: number[]; ends: number[] } | undefined

  constructor(columns: Columns) {
    this.#columns = columns
  }

  /** Rows that touch [from_ms, to_ms); those without an end are taken to last `open_ms`. In order of their start. */
  near(from_ms: number, to_ms: number, open_ms: number): ContextRow[] {
    const { rows, starts, ends } = this.#ordered()
    let high = starts.length
    for (let low = 0; low < high; ) {
      const middle = (low + high) >> 1
      if (starts[middle] < to_ms) low = middle + 1
      else high = middle
    }
    const found: ContextRow[] = []
    const { start_ms, end_ms } = this.#columns.data as { start_ms: Float64Array; end_ms?: Float64Array }
    for (let at = high - 1; at >= 0 && ends[at] + open_ms >= from_ms; at--) {
      const row = rows[at]
      const end = end_ms?.[row] ?? start_ms[row]
      if ((Number.isNaN(end) ? start_ms[row] + open_ms : end) >= from_ms) found.push(new RowView(this.#columns, row))
    }
    return found.reverse()
  }

  #ordered(): { rows: number[]; starts: number[]; ends: number[] } {
    if (this.#order) return this.#order
    const { start_ms, end_ms } = this.#columns.data as { start_ms: Float64Array; end_ms?: Float64Array }
    const rows = Array.from({ length: this.#columns.length }, (_, row) => row)
    rows.sort((a, b) => start_ms[a] - start_ms[b] || a - b)
    let latest = Number.NEGATIVE_INFINITY
    const ends = rows.map((row) => {
      latest = Math.max(latest, start_ms[row], end_ms?.[row] || 0)
      return latest
    })
    this.#order = { rows, starts: rows.map((row) => start_ms[row]), ends }
    return this.#order
  }
}

class RowView implements ContextRow {
  readonly #columns: Columns
  readonly #row: number

  constructor(columns: Columns, row: number) {
    this.#columns = columns
    this.#row = row
  }

  address(name: string): AddressHalves {
    return addressAt(this.#columns.data[name] as AddressColumn, this.#row)
  }

  time(name: string): number {
    return (this.#columns.data[name] as Float64Array)[this.#row]
  }

  number(name: string): number {
    return (this.#columns.data[name] as Int32Array)[this.#row]
  }

  count(name: string): bigint {
    return countAt(this.#columns.data[name] as Uint32Array, this.#row)
  }

  text(name: string): string {
    return (this.#columns.data[name] as string[])[this.#row]
  }
}

function hashText(text: string, seed: number): number {
  let h = seed ^ text.length
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) ^ (h >>> 15)
  return h >>> 0
}
