/**
 * Flows that cannot be added up as they come: those of peers that transfer logs name (a transfer labels part of the bytes
 * of several flows), and those of ten minutes and more, which may be logged again with growing totals. They are kept as
 * columns, about 170 bytes each, until all files are read; then each becomes the segment since the record before it.
 */

import type { ReadFlows } from '../../ledger/poster.ts'
import type { Columns } from '../../model/columns.ts'
import { countAt, setCount } from '../../model/count.ts'
import type { ColumnTable } from '../../model/observation.ts'
import type { Connections } from './connections.ts'
import type { FlowBatch } from './memory-store.ts'
import { copyPair } from './told-records.ts'

export const heldFlowTable = {
  conn: 'hash',
  uid: 'hash',
  seg_start_ms: 'time',
  start_ms: 'time',
  end_ms: 'time',
  available_ms: 'time',
  sensor: 'name',
  inside: 'address',
  peer: 'address',
  inside_port: 'port',
  peer_port: 'port',
  service: 'name',
  pool: 'u8',
  client_fp: 'name',
  bytes_out: 'count',
  bytes_in: 'count',
  /** 1 where the connection begins to carry payload; 2 = the record says nothing new. */
  flows: 'u8',
  source: 'u32',
} as const satisfies ColumnTable

export const repeated = 2
export type HeldFlows = Columns<typeof heldFlowTable>

/** Keeps row `i` of a batch; names become numbers. */
export function holdFlow(held: HeldFlows, flows: FlowBatch, i: number, codes: Int32Array, source: number): void {
  const row = held.row()
  const [from, to] = [flows.data, held.data]
  for (const name of ['conn', 'uid', 'bytes_out', 'bytes_in'] as const) copyPair(from[name], i, to[name], row)
  for (const name of ['inside', 'peer'] as const)
    for (const half of ['hi', 'lo'] as const) copyPair(from[name][half], i, to[name][half], row)
  for (const name of ['start_ms', 'end_ms', 'available_ms', 'inside_port', 'peer_port', 'pool'] as const)
    to[name][row] = from[name][i]
  for (const name of ['sensor', 'service', 'client_fp'] as const) to[name][row] = codes[from[name][i]]
  to.seg_start_ms[row] = from.start_ms[i]
  to.source[row] = source
}

/**
 * Turns records into segments, in place: bytes become what each adds to those before it of its connection (in the order
 * of their ends), and `seg_start_ms` the end of the one before. `counted`: what was added up already of short records.
 */
export function segment(held: HeldFlows, counted: Connections): void {
  const { conn, start_ms, end_ms, seg_start_ms, bytes_out, bytes_in, flows } = held.data
  const size = (row: number): bigint => countAt(bytes_out, row) + countAt(bytes_in, row)
  const order = Uint32Array.from({ length: held.length }, (_, row) => row)
  order.sort(
    (a, b) =>
      conn[2 * a] - conn[2 * b] ||
      conn[2 * a + 1] - conn[2 * b + 1] ||
      end_ms[a] - end_ms[b] ||
      compare(size(a), size(b)) ||
      compare(countAt(bytes_out, a), countAt(bytes_out, b)),
  )
  let [last, last_end_ms, largest_out, largest_in] = [-1, 0, 0n, 0n]
  let [before_out, before_in] = [0n, 0n]
  for (const row of order) {
    const isSame = last >= 0 && conn[2 * row] === conn[2 * last] && conn[2 * row + 1] === conn[2 * last + 1]
    const [out, back] = [countAt(bytes_out, row), countAt(bytes_in, row)]
    if (!isSame) {
      const known = counted.known(conn[2 * row], conn[2 * row + 1])
      ;[largest_out, largest_in] = [known?.out ?? 0n, known?.in ?? 0n]
      last_end_ms = start_ms[row]
    } else if (end_ms[row] === end_ms[last] && out === before_out && back === before_in) {
      flows[row] = repeated
      continue
    }
    ;[before_out, before_in, last] = [out, back, row]
    const wasEmpty = largest_out + largest_in === 0n
    setCount(bytes_out, row, out > largest_out ? out - largest_out : 0)
    setCount(bytes_in, row, back > largest_in ? back - largest_in : 0)
    flows[row] = wasEmpty && out + back > 0n ? 1 : 0
    seg_start_ms[row] = Math.min(end_ms[row], last_end_ms)
    if (out > largest_out) largest_out = out
    if (back > largest_in) largest_in = back
    if (end_ms[row] > last_end_ms) last_end_ms = end_ms[row]
  }
}

/** A held segment as the ledger reads flows; bounds are the best value, packets are not counted here. */
export function readHeld(held: HeldFlows, i: number, to: ReadFlows, place: number): void {
  to.reset()
  const row = to.row()
  const [from, data] = [held.data, to.data]
  for (const name of ['seg_start_ms', 'start_ms', 'end_ms', 'available_ms'] as const) data[name][row] = from[name][i]
  data.seg_end_ms[row] = from.end_ms[i]
  data.place[row] = place
  for (const name of ['sensor', 'service', 'client_fp', 'inside_port', 'peer_port', 'pool'] as const)
    data[name][row] = from[name][i]
  for (const name of ['inside', 'peer'] as const)
    for (const half of ['hi', 'lo'] as const) copyPair(from[name][half], i, data[name][half], row)
  for (const name of ['bytes_out', 'bytes_out_lo', 'bytes_out_hi'] as const)
    copyPair(from.bytes_out, i, data[name], row)
  copyPair(from.bytes_in, i, data.bytes_in, row)
  setCount(data.flows, row, from.flows[i])
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}
