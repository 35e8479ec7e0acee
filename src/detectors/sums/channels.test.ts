import { expect, test } from 'vitest'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { unknownAge, vouchedAge } from '../day-rows.ts'
import { bands, isIn, measures, pieceSizeOf, pools, scales, statistics, unattributedParts } from './channels.ts'

const bandsOf = (age_days: number): string[] => bands.filter((band) => isIn(band, age_days)).map(({ id }) => id)

test('peers go through the bands as they age, and nobody knows the age of the first', () => {
  expect(bandsOf(0)).toEqual(['fresh', 'novel', 'all'])
  expect(bandsOf(6)).toEqual(['fresh', 'novel', 'all'])
  expect(bandsOf(7)).toEqual(['novel', 'all'])
  expect(bandsOf(30)).toEqual(['rare', 'all'])
  expect(bandsOf(60)).toEqual(['cohort', 'all'])
  expect(bandsOf(180)).toEqual(['all'])
  expect(bandsOf(vouchedAge)).toEqual(['all'])
  expect(bandsOf(unknownAge)).toEqual(['all'])
})

test('each kind of weight is one whole', () => {
  const ofModule = (id: string): typeof scales => scales.filter(({ module }) => module === id)
  for (const parts of [bands, measures, statistics, ofModule('sums'), ofModule('bursts'), pools])
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
})

test('the size of pieces counts binary digits of the mean connection', () => {
  const rows = dayRowsOf(
    20_500,
    [
      [0, 1],
      [1, 1],
      [2 ** 20, 1],
      [2 ** 21 - 1, 1],
      [2 ** 21, 2],
      [2 ** 40, 1],
      [3, 0],
    ].map(([bytes_out, flows]) => ({
      ...{ peer: 1, bytes_out, flows },
    })),
  )
  expect(Array.from({ length: rows.length }, (_, i) => pieceSizeOf(rows, i))).toEqual([0, 1, 21, 21, 21, 41, 0])
})

test('what no log ties to an account or a vault, where it ties others, is told by role and service', () => {
  const service = 2 ** 31 - 1
  const row = (more: Partial<BuiltRow>): BuiltRow => ({ peer: 1, bytes_out: 1, role: 7, service, ...more })
  const rows = dayRowsOf(20_500, [
    ...[{}, { account: 5 }, { vault: 6, service: 0 }, { service: 0 }].map(row),
    // another host, another service, another hour: no log is known that could have told
    ...[{ host: 2 }, { service: 3 }, { tick: 6 }].map(row),
  ])
  const pool = pools.find(({ kind }) => kind === 'unattributed')
  const entities = Array.from({ length: rows.length }, (_, i) => pool?.entityOf(rows, i) as number)
  expect(entities.map((entity) => entity !== 0)).toEqual([true, false, false, true, false, false, false])
  expect([0, 3].map((i) => unattributedParts(entities[i]))).toEqual([
    { role: 7, service },
    { role: 7, service: 0 },
  ])
})
