/** A small site's arrivals in memory, as a store hands them out: hosts that serve the same peers every day, and one new peer a day. */
import type { ArrivalStore } from '../app/detect/arrival-days.ts'
import { keyedUniform } from '../math/keyed-uniform.ts'
import { normalQuantile } from '../math/normal.ts'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { setCount } from '../model/count.ts'
import { ticksPerDay } from '../model/window.ts'

type ArrivalColumns = Columns<typeof arrivalTable>

export interface ArrivalsOptions {
  days: number
  hosts: number
  first_day?: number
  /** Name of the one vault. */
  vault?: string
}

/** Of both, in this order; host i has the id 10 + i. */
const [serviceId, vaultId, firstHostId] = [1, 2, 10]

export function buildArrivals({ days, hosts, first_day = 20_000, vault = 'genomes' }: ArrivalsOptions): ArrivalStore {
  const texts = new Map<number, string>([
    [serviceId, 'tcp/ssl'],
    [vaultId, vault],
  ])
  for (let i = 0; i < hosts; i++) texts.set(firstHostId + i, `host${i}`)
  const held = new Map<number, ArrivalColumns>()
  for (let day = first_day; day < first_day + days; day++) held.set(day, dayOf(day, hosts))
  return {
    arrivalDays: async () => new Map([...held].map(([day, { length }]) => [day, length])),
    async *readArrivals(from_tick, to_tick) {
      for (let day = Math.floor(from_tick / ticksPerDay); day * ticksPerDay < to_tick; day++) {
        const columns = held.get(day)
        if (columns) yield* inHalves(columns)
      }
    },
    readsOfDay: async () => [],
    nameTexts: async (ids) => new Map([...ids].map((id) => [id, texts.get(id) ?? ''])),
    internNames: async (names) =>
      Int32Array.from(names, (name) => [...texts].find(([, text]) => text === name)?.[0] ?? 0),
  }
}

function dayOf(day: number, hosts: number): ArrivalColumns {
  const rows: { tick: number; host: number; peer: number; bytes_out: number }[] = []
  for (let host = 0; host < hosts; host++)
    for (let i = 0; i < 3; i++) {
      const bytes_out = Math.round(2e8 * Math.exp(0.5 * normalQuantile(keyedUniform(3, day, host, i))))
      const tick = day * ticksPerDay + 40 + Math.floor(keyedUniform(4, day, host, i) * 60)
      rows.push({ tick, host, peer: 0x08080000 + host * 3 + i, bytes_out })
    }
  rows.push({ tick: day * ticksPerDay + 70, host: day % hosts, peer: 0x09000000 + day * 256 + 5, bytes_out: 5e7 })
  rows.sort((a, b) => a.tick - b.tick || a.host - b.host || a.peer - b.peer)
  const columns = new Columns(arrivalTable, rows.length)
  for (const { tick, host, peer, bytes_out } of rows) {
    const row = columns.row()
    const { data } = columns
    data.tick[row] = tick
    data.host[row] = firstHostId + host
    data.role[row] = 2
    data.service[row] = serviceId
    data.vault[row] = host % 2 === 0 ? vaultId : 0
    data.inside.lo[2 * row] = 0x0a000000 + host
    data.peer.lo[2 * row] = peer
    data.inside.lo[2 * row + 1] = data.peer.lo[2 * row + 1] = 0xffff
    setCount(data.bytes_out, row, bytes_out)
    setCount(data.flows, row, 1)
  }
  return columns
}

/** Chunks end anywhere, as those of a database do. */
function* inHalves(columns: ArrivalColumns): Generator<ArrivalColumns> {
  const middle = Math.floor(columns.length / 2)
  for (const [from, to] of [
    [0, middle],
    [middle, columns.length],
  ]) {
    const part = new Columns(arrivalTable, Math.max(1, to - from))
    for (const [name, column] of Object.entries(columns.data)) {
      const into = part.data[name as keyof typeof arrivalTable]
      const width = arrivalTable[name as keyof typeof arrivalTable] === 'count' ? 2 : 1
      if ('hi' in column && 'hi' in into) {
        into.hi.set(column.hi.subarray(2 * from, 2 * to))
        into.lo.set(column.lo.subarray(2 * from, 2 * to))
      } else if (!('hi' in column) && !('hi' in into)) into.set(column.subarray(width * from, width * to))
    }
    part.length = to - from
    yield part
  }
}
