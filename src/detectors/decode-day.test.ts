import { expect, test } from 'vitest'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { ticksPerDay } from '../model/window.ts'
import { addRow, type RowValues } from '../testing/rows.ts'
import { unknownAge } from './day-rows.ts'
import { decodeDay } from './decode-day.ts'
import { PeerMemory } from './peer-memory.ts'

type Row = RowValues<typeof arrivalTable>
const day = 20_500

/** As the store does it: every chunk in the same columns. */
function* chunksOf(...chunks: Row[][]): Iterable<Columns<typeof arrivalTable>> {
  const columns = new Columns(arrivalTable)
  for (const rows of chunks) {
    columns.reset()
    for (const row of rows) addRow(columns, row)
    yield columns
  }
}

const row = (i: number, more: Row = {}): Row => ({
  ...{ tick: day * ticksPerDay + i, inside: '10.0.0.1', host: 1, role: 2, peer: `203.0.113.${i}`, service: 3 },
  ...{ account: 4, project: 5, vault: 6, client_org: 7, gateway: 8, client_fp: 9, peer_asn: 4_200_000_000 },
  ...{ explanation: 10, explained: 0, bytes_out: 1000 + i, flows: 2 + i },
  ...more,
})

test('columns keep their values, each chunk in its own place', async () => {
  const rows = await decodeDay(day, chunksOf([row(0), row(1)], [], [row(2)]), new PeerMemory())
  expect(rows).toMatchObject({ day, length: 3 })
  expect([...rows.tick]).toEqual([0, 1, 2].map((i) => day * ticksPerDay + i))
  expect([...rows.bytes_out]).toEqual([1000, 1001, 1002])
  expect([...rows.flows]).toEqual([2, 3, 4])
  expect([...rows.peer]).toEqual([0, 1, 2])
  const { host, role, service, account, project, vault, client_org, gateway, client_fp, peer_asn, explanation } = rows
  const names = [host, role, service, account, project, vault, client_org, gateway, client_fp, peer_asn, explanation]
  for (const i of [0, 1, 2])
    expect(names.map((column) => column[i])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 4_200_000_000, 10])
})

test('chunks are of no account: one row at a time gives the same day', async () => {
  const all = Array.from({ length: 9 }, (_, i) => row(i % 4, { bytes_out: 7 ** i }))
  const together = await decodeDay(day, chunksOf(all), new PeerMemory())
  const single = await decodeDay(day, chunksOf(...all.map((each) => [each])), new PeerMemory())
  expect(single).toEqual(together)
})

test('bytes beyond 32 bits are exact', async () => {
  const bytes = [2 ** 32 - 1, 2 ** 32, 2 ** 52 + 1]
  const rows = await decodeDay(
    day,
    chunksOf(bytes.map((bytes_out, i) => row(i, { bytes_out: BigInt(bytes_out) }))),
    new PeerMemory(),
  )
  expect([...rows.bytes_out]).toEqual(bytes)
})

test('only what is explained in full is explained', async () => {
  const rows = await decodeDay(
    day,
    chunksOf([0, 1, 2].map((explained) => row(explained, { explained }))),
    new PeerMemory(),
  )
  expect([...rows.unexplained]).toEqual([1, 1, 0])
})

test('peers are remembered from the day on which they come', async () => {
  const memory = new PeerMemory()
  await decodeDay(day, chunksOf([row(1)]), memory)
  await decodeDay(day + 30, chunksOf([row(2)]), memory)
  const rows = await decodeDay(day + 33, chunksOf([row(1), row(2), row(3)]), memory)
  expect([...rows.age_days]).toEqual([unknownAge, 3, 0])
})

test('a day without arrivals has no rows', async () => {
  expect(await decodeDay(day, [], new PeerMemory())).toMatchObject({ day, length: 0 })
})
