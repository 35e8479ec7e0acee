import { expect, test } from 'vitest'
import { unknownAge, vouchedAge } from '../day-rows.ts'
import { bands, isIn, measures, pools, scales } from './channels.ts'

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
  for (const parts of [bands, measures, ofModule('sums'), ofModule('bursts'), pools])
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
})
