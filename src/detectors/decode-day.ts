/** Arrivals as the store hands them out → the rows of a day. */
import type { arrivalTable } from '../model/arrival.ts'
import type { Columns } from '../model/columns.ts'
import type { DayRows } from './day-rows.ts'
import type { PeerMemory } from './peer-memory.ts'
import { markUntold } from './untold-rows.ts'

/** The ledger's code for bytes that an expectation explains in full; `consistent` is not enough. */
const explainedCode = 2

/**
 * Decodes the chunks of one day as they come, in order (a chunk may be reused for the next); every peer is remembered. `room` holds
 * zeros and is filled first; what is returned are its columns as far as they are needed, or larger ones.
 */
export async function decodeDay(
  day: number,
  chunks: AsyncIterable<Columns<typeof arrivalTable>> | Iterable<Columns<typeof arrivalTable>>,
  peers: PeerMemory,
  room = emptyDay(day, 0),
): Promise<DayRows> {
  let row = 0
  for await (const { data, length } of chunks) {
    if (row + length > room.length) room = resized(room, Math.max(row + length, Math.ceil(1.5 * room.length)))
    for (let i = 0; i < length; i++) decodeRow(room, row + i, data, i, peers)
    row += length
  }
  const rows = resized(room, row)
  markUntold(rows)
  return rows
}

type ArrivalData = Columns<typeof arrivalTable>['data']

/** `room` holds zeros at the row. A column of nothing else is never written to, and so takes no memory of the machine's. */
function decodeRow(room: DayRows, row: number, data: ArrivalData, i: number, peers: PeerMemory): void {
  const peer = peers.see(data.peer, i, room.day)
  room.tick[row] = data.tick[i]
  room.host[row] = data.host[i]
  room.role[row] = data.role[i]
  room.peer[row] = peer
  room.age_days[row] = peers.ageOn(peer, room.day)
  room.service[row] = data.service[i]
  room.bytes_out[row] = data.bytes_out[2 * i] + data.bytes_out[2 * i + 1] * 0x100000000
  room.flows[row] = data.flows[2 * i]
  room.unexplained[row] = data.explained[i] === explainedCode ? 0 : 1
  if (data.account[i] !== 0) room.account[row] = data.account[i]
  if (data.project[i] !== 0) room.project[row] = data.project[i]
  if (data.vault[i] !== 0) room.vault[row] = data.vault[i]
  if (data.client_org[i] !== 0) room.client_org[row] = data.client_org[i]
  if (data.gateway[i] !== 0) room.gateway[row] = data.gateway[i]
  if (data.client_fp[i] !== 0) room.client_fp[row] = data.client_fp[i]
  if (data.peer_asn[i] !== 0) room.peer_asn[row] = data.peer_asn[i]
  if (data.explanation[i] !== 0) room.explanation[row] = data.explanation[i]
}

/** The same rows with room for so many: a copy if that is more, else a view of the first. */
function resized(rows: DayRows, length: number): DayRows {
  const result = emptyDay(rows.day, length > rows.length ? length : 0)
  result.length = length
  for (const [name, column] of Object.entries(rows)) {
    if (typeof column === 'number') continue
    const key = name as Exclude<keyof DayRows, 'day' | 'length'>
    if (length > rows.length) result[key].set(column)
    else result[key] = column.subarray(0, length)
  }
  return result
}

export function emptyDay(day: number, length: number): DayRows {
  return {
    day,
    length,
    tick: new Uint32Array(length),
    host: new Int32Array(length),
    role: new Uint8Array(length),
    peer: new Int32Array(length),
    age_days: new Uint16Array(length),
    account: new Int32Array(length),
    project: new Int32Array(length),
    vault: new Int32Array(length),
    client_org: new Int32Array(length),
    gateway: new Int32Array(length),
    client_fp: new Int32Array(length),
    peer_asn: new Uint32Array(length),
    service: new Int32Array(length),
    bytes_out: new Float64Array(length),
    flows: new Uint32Array(length),
    unexplained: new Uint8Array(length),
    untold: new Uint8Array(length),
    explanation: new Int32Array(length),
  }
}
