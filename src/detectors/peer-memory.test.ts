import { expect, test } from 'vitest'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { addRow } from '../testing/rows.ts'
import { unknownAge, vouchedAge } from './day-rows.ts'
import { ageUnknownDays, PeerMemory } from './peer-memory.ts'

const peerColumn = (...peers: string[]): Columns<typeof arrivalTable>['data']['peer'] => {
  const columns = new Columns(arrivalTable)
  for (const peer of peers) addRow(columns, { peer })
  return columns.data.peer
}

test('numbers peers in the order in which they came, IPv4 and IPv6, each once', () => {
  const memory = new PeerMemory()
  const column = peerColumn('203.0.113.1', '2001:db8::', '203.0.113.1', '2001:db8:0:1::')
  expect([0, 1, 2, 3].map((i) => memory.see(column, i, 100))).toEqual([0, 1, 0, 2])
  expect(memory.size).toBe(3)
  expect(memory.halves(0)).toEqual({ hi: 0n, lo: 0xffff_cb00_7101n })
  expect(memory.halves(2)).toEqual({ hi: 0x2001_0db8_0000_0001n, lo: 0n })
})

test('peers of the first 30 days are of unknown age for good; later ones age from their first day', () => {
  const memory = new PeerMemory()
  const column = peerColumn('203.0.113.1', '203.0.113.2', '203.0.113.3')
  expect(memory.memory_day).toBeNaN()
  memory.see(column, 0, 100)
  memory.see(column, 1, 100 + ageUnknownDays - 1)
  memory.see(column, 2, 100 + ageUnknownDays)
  expect([0, 1, 2].map((peer) => memory.ageOn(peer, 140))).toEqual([unknownAge, unknownAge, 10])
  expect([0, 1, 2].map((peer) => memory.ageOn(peer, 900))).toEqual([unknownAge, unknownAge, 770])
  memory.see(column, 2, 150)
  expect(memory.firstDay(2)).toBe(130)
  expect(memory.memory_day).toBe(100)
})

test('an anchor vouches for whoever was there before it, and for nobody else', () => {
  const memory = new PeerMemory(150)
  const column = peerColumn('203.0.113.1', '203.0.113.2', '203.0.113.3')
  for (const [i, day] of [100, 149, 150].entries()) memory.see(column, i, day)
  expect([0, 1, 2].map((peer) => memory.ageOn(peer, 160))).toEqual([vouchedAge, vouchedAge, 10])
})

test('an age never grows into a code', () => {
  const memory = new PeerMemory()
  const column = peerColumn('203.0.113.1', '203.0.113.2')
  memory.see(column, 0, 0)
  memory.see(column, 1, 40)
  expect(memory.ageOn(1, 70_000)).toBe(vouchedAge - 1)
})

test('remembers more peers than it began with room for', () => {
  const memory = new PeerMemory()
  const addresses = Array.from({ length: 5000 }, (_, i) => `203.0.${i >> 8}.${i & 255}`)
  const column = peerColumn(...addresses)
  for (let i = 0; i < 5000; i++) expect(memory.see(column, i, 100 + i)).toBe(i)
  for (let i = 0; i < 5000; i += 99) expect(memory.firstDay(i)).toBe(100 + i)
})
