import { describe, expect, test } from 'vitest'
import { buildSight } from '../../testing/sight-builder.ts'
import { worseFloors } from './worse-floors.ts'

const before = buildSight()
const withFloor = (at: number, gb_per_day: number | null) => {
  const floors = before.floors.map((floor, i) => (i === at ? { ...floor, gb_per_day } : floor))
  return buildSight({ floors })
}

describe('floors that rose', () => {
  test('by more than three times, not by a step of the sizes that are tried', () => {
    expect(worseFloors(withFloor(0, 3 * 1.5), before)).toEqual([])
    expect(worseFloors(withFloor(0, 3.1 * 1.5), before)).toEqual([
      { vault: null, path: null, gb_per_day_before: 1.5, gb_per_day: 3.1 * 1.5 },
    ])
  })

  test('nothing seen counts as a step beyond the largest size', () => {
    expect(worseFloors(withFloor(2, null), before)).toEqual([
      { vault: 'cfd', path: null, gb_per_day_before: 0.3, gb_per_day: null },
    ])
    expect(worseFloors(withFloor(1, null), withFloor(1, 30))).toEqual([])
    expect(worseFloors(withFloor(1, 0.6), withFloor(1, null))).toEqual([])
  })

  test('the worst comes first', () => {
    const floors = before.floors.map((floor, i) => ({ ...floor, gb_per_day: [15, null, 1][i] }))
    expect(worseFloors(buildSight({ floors }), before).map(({ vault, path }) => vault ?? path)).toEqual([
      'dtn',
      null,
      'cfd',
    ])
  })

  test('are not those of another campaign, nor of a place that was not tried before', () => {
    const other = { ...withFloor(0, 30), campaign: before.campaign.replace('hosts=30', 'hosts=10') }
    expect(worseFloors(other, before)).toEqual([])
    const larger = { ...withFloor(0, 30), campaign: before.campaign.replace('share=0.01', 'share=0.02') }
    expect(worseFloors(larger, before)).toHaveLength(1)
    expect(worseFloors(withFloor(0, 30), { ...before, floors: before.floors.slice(1) })).toEqual([])
  })
})
