import { expect, test } from 'vitest'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { addRow } from '../testing/rows.ts'
import { DayRoom } from './day-room.ts'
import { decodeDay } from './decode-day.ts'
import { PeerMemory } from './peer-memory.ts'

const day = 20_500

function chunkOf(bytes: readonly number[], account: number) {
  const columns = new Columns(arrivalTable)
  for (const bytes_out of bytes)
    addRow(columns, { ...{ tick: day * 144, host: 1, peer: '203.0.113.1', flows: 1 }, bytes_out, account })
  return [columns]
}

test('a later day in the same room has nothing of the earlier one', async () => {
  const room = new DayRoom(4)
  const first = await decodeDay(day, chunkOf([1, 2, 3], 7), new PeerMemory(), room.take(day))
  room.give(first)
  const again = await decodeDay(day + 1, chunkOf([4], 0), new PeerMemory(), room.take(day + 1))
  expect(again.tick.buffer).toBe(first.tick.buffer)
  expect(again).toEqual(await decodeDay(day + 1, chunkOf([4], 0), new PeerMemory()))
})

test('who takes two days at once has two rooms, and later the same two', () => {
  const room = new DayRoom(3)
  const both = [room.take(day), room.take(day)]
  const buffers = both.map(({ host }) => host.buffer)
  expect(buffers[0]).not.toBe(buffers[1])
  for (const each of both) room.give(each)
  expect(new Set([room.take(day), room.take(day)].map(({ host }) => host.buffer))).toEqual(new Set(buffers))
  expect(buffers).not.toContain(room.take(day).host.buffer)
})

test('a day beyond what was foreseen has room of its own, which is kept', async () => {
  const room = new DayRoom(2)
  const taken = room.take(day)
  const rows = await decodeDay(day, chunkOf([1, 2, 3], 7), new PeerMemory(), taken)
  expect(rows.bytes_out).toEqual(Float64Array.of(1, 2, 3))
  room.give(rows)
  expect(room.take(day).tick.buffer).toBe(rows.tick.buffer)
})
