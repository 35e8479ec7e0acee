/**
 * Sums of the books are 64-bit integers, and a log may claim anything: records that claim more than the books can take
 * in are refused at the door, one by one, so that no sum ever overflows. Giants (a petabyte in one record) share half of
 * the room, which leaves the other half to everybody else: a forged giant cannot make the books refuse the honest rest.
 * Reckons in doubles: what they round away is far below the distance kept from 2^63.
 */
import type { Columns, DataOf, ObservationBatch } from '../model/columns.ts'
import type { ColumnKind } from '../model/observation.ts'
import type { DuckdbStore } from '../store/duckdb/duckdb-store.ts'

/** The kinds of record whose counts are added up in the books, with the most that each may add up to. */
const rooms = { flow: 2 ** 62, transfer: 2 ** 60, session: 2 ** 60 } as const
type Summed = keyof typeof rooms
const giant = 2 ** 50
/** Sampled flows have an upper bound above their best estimate: at most 2.645 times as much. */
const sampledFactor = 3

/** The text that a batch came from: bytes[start] is at `offset` of the file. */
interface Block {
  bytes: Uint8Array
  start: number
  end: number
  offset: number
}

export class CountLimits {
  readonly #used: Record<Summed, number>

  /** `used`: what the state holds already. */
  constructor(used: Record<Summed, number> = { flow: 0, transfer: 0, session: 0 }) {
    this.#used = { ...used }
  }

  static async of(store: DuckdbStore): Promise<CountLimits> {
    const [sums] = await store.rows<Record<Summed, bigint | null>>(`SELECT
      (SELECT CAST(greatest(sum(bytes_out) + sum(bytes_in), sum(bytes_out_hi) + sum(bytes_in), sum(packets_out) + sum(packets_in))
        AS HUGEINT) FROM day_totals) AS flow,
      (SELECT CAST(sum(bytes) AS HUGEINT) FROM transfers) AS transfer,
      (SELECT CAST(sum(bytes_out) + sum(bytes_in) AS HUGEINT) FROM sessions) AS session`)
    return new CountLimits({
      flow: Number(sums.flow ?? 0),
      transfer: Number(sums.transfer ?? 0),
      session: Number(sums.session ?? 0),
    })
  }

  /** Takes the records that do not fit out of the batch and counts them as rejected. */
  refuse(batch: ObservationBatch, block: Block): void {
    for (const type of Object.keys(rooms) as Summed[]) {
      const columns = batch[type] as unknown as Columns
      if (columns.length === 0) continue
      const counts = Object.entries(columns.table).flatMap(([name, kind]) =>
        kind === 'count' ? [columns.data[name] as Uint32Array] : [],
      )
      const sampling = type === 'flow' ? batch.flow.data.sampling : undefined
      for (let row = 0; row < columns.length; ) {
        let claim = 0
        for (const words of counts) claim += words[2 * row] + words[2 * row + 1] * 4294967296
        if (sampling !== undefined && sampling[row] > 1) claim *= sampling[row] * sampledFactor
        if (this.#takes(type, claim)) row++
        else {
          reject(batch, (columns.data.offset as Float64Array)[row], block)
          removeRow(columns, row)
        }
      }
    }
  }

  #takes(type: Summed, claim: number): boolean {
    const room = claim < giant ? rooms[type] : rooms[type] / 2
    if (this.#used[type] + claim > room) return false
    this.#used[type] += claim
    return true
  }
}

function reject(batch: ObservationBatch, offset: number, { bytes, start, end, ...block }: Block): void {
  // a record of several lines may have begun in an earlier block
  const line = Math.max(start, start + offset - block.offset)
  const newline = bytes.indexOf(0x0a, line)
  batch.reject('count_out_of_range', offset, bytes, line, newline < 0 ? end : Math.min(newline, end))
}

/** Puts the last row in the place of `row`. */
function removeRow(columns: Columns, row: number): void {
  const last = columns.length - 1
  for (const [name, kind] of Object.entries(columns.table)) {
    const data = columns.data[name] as DataOf<ColumnKind>
    if (kind === 'address') {
      const { hi, lo } = data as DataOf<'address'>
      for (const half of [hi, lo]) half.copyWithin(2 * row, 2 * last, 2 * last + 2)
    } else if (kind === 'count' || kind === 'hash') (data as Uint32Array).copyWithin(2 * row, 2 * last, 2 * last + 2)
    else (data as Uint32Array)[row] = (data as Uint32Array)[last]
  }
  columns.dropRow()
}
