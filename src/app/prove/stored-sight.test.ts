import { describe, expect, test } from 'vitest'
import { taggedJson } from '../../model/tagged-json.ts'
import { dayMs } from '../../model/window.ts'
import { buildSight } from '../../testing/sight-builder.ts'
import { nextSight, storedSight } from './stored-sight.ts'

const before = buildSight()
const floors = before.floors.map((floor, i) => (i === 0 ? { ...floor, gb_per_day: 30 } : floor))
const lost = buildSight({ floors })

describe('what is kept of earlier proofs', () => {
  const at = (days: number, of = before) => ({ ...of, at_ms: before.at_ms + days * dayMs })

  test('the one before', () => {
    expect(nextSight(undefined, before)).toEqual({ last: before, reference: null })
    const second = nextSight({ last: before, reference: null }, at(1))
    expect(nextSight(second, at(2))).toEqual({ last: at(2), reference: at(1) })
  })

  test('a loss stays one on the nights that follow, for thirty days', () => {
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
