import { describe, expect, test } from 'vitest'
import { taggedJson } from '../../model/tagged-json.ts'
import { dayMs } from '../../model/window.ts'
import { buildSight } from '../../testing/sight-builder.ts'
import { nextSight, storedSight } from './sight-state.ts'
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

describe('what is kept of earlier proofs', () => {
  const at = (days: number, of = before) => ({ ...of, at_ms: before.at_ms + days * dayMs })

  test('the one before', () => {
    expect(nextSight(undefined, before)).toEqual({ last: before, reference: null })
    const second = nextSight({ last: before, reference: null }, at(1))
    expect(nextSight(second, at(2))).toEqual({ last: at(2), reference: at(1) })
  })

  test('a loss stays one on the nights that follow, for thirty days', () => {
    const lost = withFloor(0, 30)
    let kept = nextSight({ last: before, reference: null }, at(1, lost))
    for (let night = 2; night <= 30; night++) kept = nextSight(kept, at(night, lost))
    expect(kept).toEqual({ last: at(30, lost), reference: before })
    expect(nextSight(kept, at(31, lost)).reference).toEqual(at(30, lost))
    expect(nextSight(kept, at(30)).reference).toEqual(before)
    expect(nextSight(nextSight(kept, at(30)), at(31)).reference).toEqual(at(30))
  })

  test('is read back as it was written', () => {
    const stored = { last: at(1), reference: before }
    expect(storedSight(new Map([['sight', taggedJson(stored)]]))).toEqual(stored)
    expect(storedSight(new Map())).toBeUndefined()
  })
})
