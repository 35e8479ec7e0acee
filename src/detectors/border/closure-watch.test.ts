import { describe, expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import type { CountedHour } from './closure-days.ts'
import { ClosureWatch } from './closure-watch.ts'

const first_day = 20_000
const mean = 100e9

interface World {
  days: number
  seed?: number
  /** Octets of an hour that no flow tells of, beyond the half percent that none ever does. */
  leak?: (day: number, hour: number) => number
  links?: (day: number, hour: number) => number
  lag_days?: number
}

/** A centre of 2.4 TB a day: more by day than by night, rough, with half a percent (give or take) that is no flow. */
function hoursOf({ days, seed = 1, leak = () => 0, links = () => 1, lag_days = 0 }: World): CountedHour[] {
  const hours: CountedHour[] = []
  for (let day = 0; day < days; day++)
    for (let hour = 0; hour < 24; hour++) {
      const draw = (what: string): number => keyedUniform(seed, what, day, hour)
      const flows = mean * (1 + 0.6 * Math.sin((hour * Math.PI) / 12)) * Math.exp(draw('level') - 0.5)
      const octets = flows * (1.003 + 0.004 * draw('overhead')) + leak(day, hour)
      hours.push({
        ...{ hour: (first_day + day) * 24 + hour, known_day: first_day + day + lag_days, links: links(day, hour) },
        ...{ octets_out: BigInt(Math.round(octets)), flow_octets_out: BigInt(Math.round(flows)) },
      })
    }
  return hours
}

function noticesOf(world: World, until = world.days): ReturnType<ClosureWatch['notices']> {
  const watch = new ClosureWatch({ seed: 7, hours: hoursOf(world), first_day })
  for (let day = 0; day < until; day++) watch.day(first_day + day)
  return watch.notices()
}

const isoDay = (day: number): string => new Date((first_day + day) * 86_400_000).toISOString().slice(0, 10)

describe('closure of the border', () => {
  test('no counters, no opinion', () => {
    const watch = new ClosureWatch({ seed: 7, hours: [], first_day })
    for (let day = 0; day < 100; day++) watch.day(first_day + day)
    expect(watch.notices()).toEqual([])
  })

  test('a flat leak of a hundredth is told within a week, with its bytes, and ends', () => {
    const leak = (day: number): number => (day >= 60 && day < 100 ? 1e9 : 0)
    const [notice, ...others] = noticesOf({ days: 130, leak })
    expect(others).toEqual([])
    expect(notice.id).toBe(`closure:${isoDay(60)}`)
    expect(notice.kind).toBe('sensor')
    expect(notice.at_ms).toBeLessThan((first_day + 67) * 86_400_000)
    expect(Number(notice.facts?.bytes_out) / (40 * 24e9)).toBeCloseTo(1, 1)
    expect(notice.text).toContain(`until ${isoDay(100)}`)
  })

  test('what is told at a moment rests on what was known then', () => {
    const leak = (day: number): number => (day >= 60 ? 1e9 : 0)
    const [whole] = noticesOf({ days: 130, leak })
    const told_day = (whole.at_ms as number) / 86_400_000 - first_day
    expect(noticesOf({ days: 130, leak }, told_day - 1)).toEqual([])
    const [early] = noticesOf({ days: told_day, leak })
    expect([early.id, early.at_ms]).toEqual([whole.id, whole.at_ms])
    // counters that come two days late say nothing of a day that was looked at before
    expect(noticesOf({ days: 130, leak, lag_days: 2 })).toEqual([])
  })

  test('six hours of five points and more are told at once', () => {
    const leak = (day: number, hour: number): number => (day === 30 && hour >= 8 && hour < 14 ? 30e9 : 0)
    const [notice] = noticesOf({ days: 60, leak })
    expect(notice.id).toBe(`closure:${isoDay(30)}`)
    expect(notice.at_ms).toBe((first_day + 32) * 86_400_000)
  })

  test('a rise below a thousandth of what crosses is nobody’s concern', () => {
    expect(noticesOf({ days: 200, leak: (day) => (day >= 60 ? 0.04e9 : 0) })).toEqual([])
  })

  test('a counter that fails is no gap', () => {
    const links = (day: number, hour: number): number => (day % 9 === 5 && hour < 12 ? 1 : 2)
    const leak = (day: number, hour: number): number => (links(day, hour) === 1 ? -40e9 : 0)
    expect(noticesOf({ days: 150, links, leak })).toEqual([])
  })

  test('twenty quiet centres of 300 days tell nothing', () => {
    for (let seed = 1; seed <= 20; seed++) expect(noticesOf({ days: 300, seed })).toEqual([])
  })
})
