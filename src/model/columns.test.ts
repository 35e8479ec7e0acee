import { describe, expect, test } from 'vitest'
import { bytesOf } from '../testing/parse-lines.ts'
import { Columns, ObservationBatch, printable } from './columns.ts'
import { countAt, setCount } from './count.ts'
import { observationTypes } from './observation.ts'

const table = {
  at: 'time',
  where: 'offset',
  from: 'address',
  bytes: 'count',
  id: 'hash',
  n: 'u32',
  port: 'port',
  flags: 'u8',
  who: 'name',
  path: 'text',
} as const

type Filled = Columns<typeof table>

function fill(columns: Filled, row: number, seed: number): void {
  const to = columns.data
  to.at[row] = seed + 0.5
  to.where[row] = seed * 1e12
  to.from.hi[2 * row] = seed
  to.from.hi[2 * row + 1] = seed + 1
  to.from.lo[2 * row] = seed + 2
  to.from.lo[2 * row + 1] = seed + 3
  setCount(to.bytes, row, BigInt(seed) << 33n)
  setCount(to.id, row, BigInt(seed) * 0x1_0000_0001n)
  to.n[row] = 0xffffffff - seed
  to.port[row] = seed % 65_536
  to.flags[row] = seed % 256
  to.who[row] = -seed
  to.path[row] = `/p/${seed}`
}

function valuesAt({ data }: Filled, row: number): unknown[] {
  return [
    data.at[row],
    data.where[row],
    [...data.from.hi.slice(2 * row, 2 * row + 2), ...data.from.lo.slice(2 * row, 2 * row + 2)],
    countAt(data.bytes, row),
    countAt(data.id, row),
    data.n[row],
    data.port[row],
    data.flags[row],
    data.who[row] + 0,
    data.path[row],
  ]
}

const empty = [0, 0, [0, 0, 0, 0], 0n, 0n, 0, 0, 0, 0, '']

function expected(seed: number): unknown[] {
  const address = [seed, seed + 1, seed + 2, seed + 3]
  const [count, hash] = [BigInt(seed) << 33n, BigInt(seed) * 0x1_0000_0001n]
  return [
    seed + 0.5,
    seed * 1e12,
    address,
    count,
    hash,
    0xffffffff - seed,
    seed % 65_536,
    seed % 256,
    0 - seed,
    `/p/${seed}`,
  ]
}

describe('columns', () => {
  test('grow as rows are added, and keep what was there', () => {
    const columns = new Columns(table, 2)
    for (let seed = 1; seed <= 1000; seed++) fill(columns, columns.row(), seed)
    expect(columns.length).toBe(1000)
    expect(columns.capacity).toBe(1024)
    for (const seed of [1, 2, 3, 4, 5, 512, 513, 1000]) expect(valuesAt(columns, seed - 1)).toEqual(expected(seed))
  })

  test('a new row is empty, also where one was taken back or everything was thrown away', () => {
    const columns = new Columns(table, 2)
    for (let seed = 1; seed <= 5; seed++) fill(columns, columns.row(), seed)
    columns.dropRow()
    expect(columns.length).toBe(4)
    expect(valuesAt(columns, columns.row())).toEqual(empty)
    expect(valuesAt(columns, 3)).toEqual(expected(4))
    for (let seed = 6; seed <= 9; seed++) fill(columns, columns.row(), seed)
    columns.reset()
    expect(columns.length).toBe(0)
    for (let row = 0; row < 9; row++) expect(valuesAt(columns, columns.row())).toEqual(empty)
  })

  test('the first row can be taken back', () => {
    const columns = new Columns(table, 1)
    fill(columns, columns.row(), 7)
    columns.dropRow()
    expect(columns.length).toBe(0)
    expect(valuesAt(columns, columns.row())).toEqual(empty)
  })
})

describe('a batch', () => {
  test('has columns for every observation type, and is empty after a reset', () => {
    const batch = new ObservationBatch()
    for (const type of observationTypes) {
      batch.of(type).row()
      expect(batch[type].length).toBe(1)
    }
    batch.records_read = 9
    batch.reject('malformed', 5, bytesOf('rubbish'), 0, 7)
    const account = batch.names.codeOf('alice')
    batch.reset()
    for (const type of observationTypes) expect([type, batch.of(type).length]).toEqual([type, 0])
    expect([batch.records_read, batch.rejected.size, batch.examples.length]).toEqual([0, 0, 0])
    expect(batch.names.texts[account]).toBe('alice')
  })

  test('counts every reject, and keeps the place and beginning of the first three of each reason', () => {
    const batch = new ObservationBatch()
    const line = bytesOf('x'.repeat(500))
    for (let i = 0; i < 10; i++) batch.reject('malformed', i, line, 0, line.length)
    batch.reject('bad_port', 77, bytesOf('a\tb\u001b[2J'), 0, 7)
    expect(batch.rejected).toEqual(
      new Map([
        ['malformed', 10],
        ['bad_port', 1],
      ]),
    )
    expect(batch.examples.map(({ reason, offset }) => `${reason} ${offset}`)).toEqual([
      'malformed 0',
      'malformed 1',
      'malformed 2',
      'bad_port 77',
    ])
    expect(batch.examples[0].sample).toBe('x'.repeat(120))
    expect(batch.examples[3].sample).toBe('a\\x09b\\x1b[2J')
  })

  test('log text for eyes holds nothing that drives a terminal', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    const shown = printable(all, 0, 256)
    expect(shown).toMatch(/^[\x20-\x7e]+$/)
    expect(shown).toContain('\\x00\\x01')
    expect(shown).toContain('~\\x7f\\x80')
  })
})
