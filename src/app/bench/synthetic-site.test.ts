import { expect, test } from 'vitest'
import { decodeDay } from '../../detectors/decode-day.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { isWeekend } from '../../detectors/sums/season.ts'
import type { ArrivalColumns } from '../../model/arrival.ts'
import { countAt } from '../../model/count.ts'
import { ticksPerDay } from '../../model/window.ts'
import { SyntheticSite } from './synthetic-site.ts'
import { SyntheticStore } from './synthetic-store.ts'

const first_day = 20_003
const options = { seed: 5, first_day, entities: 600, pools: 60 }
const bytesOf = ({ data, length }: ArrivalColumns): bigint => {
  let sum = 0n
  for (let i = 0; i < length; i++) sum += countAt(data.bytes_out, i)
  return sum
}

test('equal seeds give equal days, in whatever order they are asked for; other seeds others', () => {
  const [site, again] = [new SyntheticSite(options), new SyntheticSite(options)]
  const days = [first_day, first_day + 1, first_day + 9].map((day) => site.day(day))
  const backwards = [first_day + 9, first_day + 1, first_day].map((day) => again.day(day)).reverse()
  expect(backwards).toEqual(days)
  expect(site.day(first_day)).toEqual(days[0])
  expect(bytesOf(new SyntheticSite({ ...options, seed: 6 }).day(first_day))).not.toBe(bytesOf(days[0]))
})

test('rows stand in the order of a store: by tick, then host, then peer, none twice', () => {
  const { data, length } = new SyntheticSite(options).day(first_day + 3)
  expect(length).toBeGreaterThan(options.entities)
  const key = (i: number): [number, number, number] => [data.tick[i], data.inside.lo[2 * i], data.peer.lo[2 * i]]
  for (let i = 1; i < length; i++) {
    const [a, b] = [key(i - 1), key(i)]
    expect(a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).toBeLessThan(0)
  }
  expect(Math.floor(data.tick[0] / ticksPerDay)).toBe(first_day + 3)
  expect(Math.floor(data.tick[length - 1] / ticksPerDay)).toBe(first_day + 3)
})

test('it has as many pools as it was asked for, pairs about as many, and a heavy tail', () => {
  const site = new SyntheticSite(options)
  const { service, gateway, vault } = site.ids.counts
  expect(1 + 8 + service + gateway + vault).toBe(options.pools)
  const { data, length } = site.day(first_day + 1)
  const column = (values: ArrayLike<number>): number[] => Array.from({ length }, (_, i) => values[i])
  expect(new Set(column(data.role)).size).toBe(8)
  expect(new Set(column(data.vault).filter((id) => id !== 0)).size).toBeGreaterThan(0.9 * vault)
  const pairs = new Set(column(data.host).map((host, i) => `${host} ${data.peer.lo[2 * i]}`)).size
  expect(pairs / options.entities).toBeGreaterThan(0.8)
  expect(pairs / options.entities).toBeLessThan(1.3)
  const sizes = column(data.host)
    .map((_, i) => Number(countAt(data.bytes_out, i)))
    .sort((a, b) => b - a)
  const head = sizes.slice(0, Math.ceil(length / 10)).reduce((sum, each) => sum + each, 0)
  expect(head).toBeGreaterThan(0.5 * sizes.reduce((sum, each) => sum + each, 0))
})

test('weekends and nights are quieter', () => {
  const site = new SyntheticSite(options)
  const lengths = { weekend: 0, week: 0 }
  for (let day = first_day; day < first_day + 7; day++) {
    const { data, length } = site.day(day)
    if (isWeekend(day)) lengths.weekend += length / 2
    else lengths.week += length / 5
    const noon = data.tick.subarray(0, length).filter((tick) => Math.abs((tick % ticksPerDay) - 72) < 24).length
    expect(noon / length).toBeGreaterThan(0.4)
  }
  expect(lengths.weekend).toBeLessThan(0.8 * lengths.week)
})

test('before a theft begins nothing differs, from then on there are more rows', () => {
  const site = new SyntheticSite(options)
  const robbed = new SyntheticSite({ ...options, theft_from: first_day + 2 })
  expect(robbed.day(first_day + 1)).toEqual(site.day(first_day + 1))
  expect(robbed.day(first_day + 2).length).toBeGreaterThan(site.day(first_day + 2).length + 25)
})

test('the store hands out every row once, in chunks of any size, and decoding loses no byte', async () => {
  const site = new SyntheticSite(options)
  for (const chunk_rows of [7, 1_000_000]) {
    const store = new SyntheticStore(site, { days: 3, chunk_rows })
    expect([...(await store.arrivalDays()).keys()]).toEqual([first_day, first_day + 1, first_day + 2])
    const memory = new PeerMemory()
    for (const [day, length] of await store.arrivalDays()) {
      const from = day * ticksPerDay
      const rows = await decodeDay(day, store.readArrivals(from, from + ticksPerDay), memory)
      expect(rows.length).toBe(length)
      expect(BigInt(rows.bytes_out.reduce((sum, bytes) => sum + bytes, 0))).toBe(bytesOf(site.day(day)))
    }
  }
})

test('names are those of the ids', async () => {
  const store = new SyntheticStore(new SyntheticSite(options), { days: 1 })
  const [vault] = await store.internNames(['vault-3'])
  expect((await store.nameTexts([vault])).get(vault)).toBe('vault-3')
  expect([...(await store.internNames(['nobody', 'vault-99999']))]).toEqual([0, 0])
})
