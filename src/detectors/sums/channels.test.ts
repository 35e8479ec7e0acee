import { expect, test } from 'vitest'
import { dayRowsOf } from '../../testing/day-rows-builder.ts'
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

test('what a log could have told and did not is told by role and service', () => {
  const service = 2 ** 31 - 1
  const rows = dayRowsOf(
    20_500,
    [service, 0].map((id) => ({ peer: 1, bytes_out: 1, role: 7, service: id, untold: true })),
  )
  const pool = pools.find(({ kind }) => kind === 'unattributed')
  const parts = [0, 1].map((i) => unattributedParts(pool?.entityOf(rows, i) ?? 0))
  expect(parts).toEqual([
    { role: 7, service },
    { role: 7, service: 0 },
  ])
  expect(pool?.entityOf(dayRowsOf(20_500, [{ peer: 1, bytes_out: 1, service }]), 0)).toBe(0)
})
