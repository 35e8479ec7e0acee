import { expect, test } from 'vitest'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
import { type Pool, pools } from './channels.ts'
import { Watch } from './watch.ts'
import { type EntityBytes, WatchedEntities } from './watched-entities.ts'

const pool: Pool = { ...(pools.find(({ kind }) => kind === 'vault') as Pool), least_share: 0.01, most_watched: 3 }
const watchedBy = (room: WatchedEntities, day: number, found: readonly EntityBytes[], total: number): number[] => {
  const isWatched = room.on(day, pool, found, total)
  return [1, 2, 3, 4, 5, 6].filter(isWatched)
}
const named = (): WatchedEntities => new WatchedEntities((_, entity) => `v${9 - entity}`)

test('an entity is watched from the day on which it is large enough, and stays so', () => {
  const room = named()
  const small = { entity: 2, bytes: 9 }
  expect(watchedBy(room, 10, [{ entity: 1, bytes: 10 }, small, { entity: 0, bytes: 500 }], 1000)).toEqual([1])
  expect(watchedBy(room, 11, [{ entity: 1, bytes: 1 }, small], 900)).toEqual([1, 2])
  expect(watchedBy(room, 12, [], 0)).toEqual([1, 2])
  // a day that is looked at again has those who were watched on it, whatever was taken out of it
  expect(watchedBy(room, 10, [small, { entity: 3, bytes: 10 }], 10)).toEqual([1])
})

test('no more than so many: the largest of a day first, then by name, whatever their ids', () => {
  const found = [4, 3, 2, 1].map((entity) => ({ entity, bytes: entity === 1 ? 50 : 20 }))
  expect(watchedBy(named(), 1, found, 100)).toEqual([1, 3, 4])
})

test('of tens of thousands of vaults those count that something leaves from; all of them hold one weight', () => {
  const watch = new Watch({
    seed: 1,
    alpha: { sums: 0.005, bursts: 0.015 },
    nameOf: (kind, entity) => `${kind}-${entity}`,
    isQuiet: () => false,
  })
  for (let day = 0; day < 52; day++) {
    const large = Array.from({ length: 120 }, (_, i) => ({
      peer: i,
      vault: 1 + i,
      tick: (7 * i) % 144,
      bytes_out: 1e9,
    }))
    const small = Array.from({ length: 400 }, (_, i) => ({
      peer: i,
      vault: 1000 + ((400 * day + i) % 9000),
      bytes_out: 1e5,
    }))
    watch.day(dayRowsOf(day, [...large, ...small]), () => false)
  }
  const vaults = watch.maturity().filter(({ pool: name }) => name.startsWith('vault:'))
  expect(new Set(vaults.map(({ pool: name }) => name)).size).toBe(120)
  const betting = watch.strongest().filter(({ series }) => series.pool.kind === 'vault')
  expect(new Set(betting.map(({ series }) => series.entity)).size).toBe(120)
  for (const { series } of betting) expect(series.share).toBeCloseTo(series.weight / 2, 15)
})
