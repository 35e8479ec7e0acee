import { expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import type { ScaleId } from './channels.ts'
import { dayOfSlot, grains, Stream, slotOfDay } from './stream.ts'

const firstDay = 20_454
const draw = (...keys: (string | number)[]): number => normalQuantile(keyedUniform(1, ...keys))

interface Site {
  /** Of the logarithm, in a year. */
  growth: number
  /** Of the logarithm, deviation of what a day adds for good. */
  wander?: number
  phi?: number
  campaign?: (day: number) => number
}

/** Highest evidence of the blocks of `years` after a past of as many. */
function highest(
  scale: ScaleId,
  years: number,
  seed: number,
  { growth, wander = 0, phi = 0.3, campaign }: Site,
): number {
  const stream = new Stream({ name: `stream ${seed}`, seed, scale, usable_from_day: firstDay })
  const length = 1 / grains[scale].slotsPerDay
  const begins = slotOfDay(scale, firstDay + 365 * years)
  let [deviation, level, most] = [draw(seed, 'start'), 0, Number.NEGATIVE_INFINITY]
  for (let block = slotOfDay(scale, firstDay) + 1; dayOfSlot(scale, block + 1) < firstDay + 730 * years; block++) {
    let bytes = 0
    for (let day = dayOfSlot(scale, block); day < dayOfSlot(scale, block + 1); day++) {
      deviation = phi * deviation + Math.sqrt(1 - phi * phi) * draw(seed, day)
      level += growth / 365 + wander * draw(seed, 'level', day)
      const since = day - firstDay - 365 * years
      bytes += Math.exp(18 + level + 0.5 * deviation + (since >= 0 ? (campaign?.(since) ?? 0) : 0))
    }
    if (block === begins) stream.spend(block)
    stream.step(block, Math.log(bytes / length), Number.NaN, false)
    if (block > begins) most = Math.max(most, stream.log_e)
  }
  return most
}

const worlds = 30
const shareAbove = (line: number, one: (seed: number) => number): number =>
  Array.from({ length: worlds }, (_, seed) => one(seed)).filter((each) => each >= line).length / worlds

test.each(['7 d', '28 d'] as const)('%s: days of slots and slots of days', (scale) => {
  for (let day = firstDay; day < firstDay + 60; day++) {
    const slot = slotOfDay(scale, day)
    expect(dayOfSlot(scale, slot)).toBeLessThanOrEqual(day)
    expect(dayOfSlot(scale, slot + 1)).toBeGreaterThan(day)
    expect(slotOfDay(scale, dayOfSlot(scale, slot))).toBe(slot)
  }
})

/** Of 30 worlds three may reach what one in twenty may: chance. */
const most = 0.1
const restless: Record<string, Site> = {
  steady: { growth: 0, phi: 0.6 },
  growing: { growth: 0.1 },
  'growing fast': { growth: 0.3 },
  wandering: { growth: 0.1, wander: 0.006 },
}
test.each(Object.entries(restless))(
  'evidence of blocks seldom becomes twentyfold: %s',
  { timeout: 60_000 },
  (_, site) => {
    for (const [scale, years] of [
      ['7 d', 1],
      ['7 d', 2],
      ['28 d', 2],
    ] as const)
      expect(shareAbove(Math.log(20), (seed) => highest(scale, years, seed, site))).toBeLessThanOrEqual(most)
  },
)

test('half a year of 3.3 times as much shows on a past of two years; 1.3 times does not', () => {
  const of = (rise: number): number => {
    const campaign = (day: number): number => (day < 180 ? rise : 0)
    const found = Array.from({ length: 11 }, (_, seed) => highest('7 d', 2, seed, { growth: 0.1, campaign }))
    return found.sort((a, b) => a - b)[5]
  }
  expect(of(1.2)).toBeGreaterThan(1)
  expect(of(0.3)).toBeLessThan(0)
})
