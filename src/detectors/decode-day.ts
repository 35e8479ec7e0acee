/** Arrivals as the store hands them out → the rows of a day. */
import type { arrivalTable } from '../model/arrival.ts'
import type { Columns } from '../model/columns.ts'
import type { DayRows } from './day-rows.ts'
import type { PeerMemory } from './peer-memory.ts'

/** The ledger's code for bytes that an expectation explains in full; `consistent` is not enough. */
const explainedCode = 2

/** Decodes the chunks of one day as they come, in order (a chunk may be reused for the next); every peer is remembered. */
export async function decodeDay(
  day: number,
  chunks: AsyncIterable<Columns<typeof arrivalTable>> | Iterable<Columns<typeof arrivalTable>>,
  peers: PeerMemory,
): Promise<DayRows> {
  let rows = emptyDay(day, 0)
  for await (const { data, length } of chunks) {
    let row = rows.length
    rows = longer(rows, row + length)
    for (let i = 0; i < length; i++, row++) {
      const peer = peers.see(data.peer, i, day)
      rows.tick[row] = data.tick[i]
      rows.host[row] = data.host[i]
      rows.role[row] = data.role[i]
      rows.peer[row] = peer
      rows.age_days[row] = peers.ageOn(peer, day)
      rows.account[row] = data.account[i]
      rows.project[row] = data.project[i]
      rows.vault[row] = data.vault[i]
      rows.client_org[row] = data.client_org[i]
      rows.gateway[row] = data.gateway[i]
      rows.client_fp[row] = data.client_fp[i]
      rows.peer_asn[row] = data.peer_asn[i]
      rows.service[row] = data.service[i]
      rows.bytes_out[row] = data.bytes_out[2 * i] + data.bytes_out[2 * i + 1] * 0x100000000
      rows.flows[row] = data.flows[2 * i]
      rows.unexplained[row] = data.explained[i] === explainedCode ? 0 : 1
      rows.explanation[row] = data.explanation[i]
    }
  }
  return rows
}

function longer(rows: DayRows, length: number): DayRows {
  const grown = emptyDay(rows.day, length)
  for (const [name, column] of Object.entries(rows)) {
    if (typeof column !== 'number') (grown[name as keyof DayRows] as Float64Array).set(column)
  }
  return grown
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
    explanation: new Int32Array(length),
  }
}
