import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { windowTicks } from './pair-activity.ts'
import { regularityOf } from './regularity.ts'

const uniform = (draw: Shuffler): number => (draw.below(0x40000000) + 0.5) / 0x40000000
const even = Float64Array.from({ length: windowTicks + 1 }, (_, t) => t)

/** Hours of work, 8 to 18 on days of which each seventh and the one before are free; else a fiftieth of it. */
const atWork = (t: number): number => {
  const hour = (t % 144) / 6
  return Math.floor(t / 144) % 7 < 5 && hour >= 8 && hour < 18 ? 1 : 0.02
}
const office = new Float64Array(windowTicks + 1)
for (let t = 0; t < windowTicks; t++) office[t + 1] = office[t] + atWork(t)

/** Begins at random in proportion to `of`; a run of ticks begins once. */
function habit(draw: Shuffler, count: number, of: Float64Array): number[] {
  const ticks = new Set<number>()
  for (let n = 0; n < count; n++) {
    const at = uniform(draw) * of[windowTicks]
    let tick = 0
    for (let step = 1024; step > 0; step >>= 1) if (tick + step <= windowTicks && of[tick + step] <= at) tick += step
    ticks.add(tick)
  }
  const sorted = [...ticks].sort((a, b) => a - b)
  return sorted.filter((tick, n) => n === 0 || tick - sorted[n - 1] > 1)
}

function beacon(draw: Shuffler, period: number, jitter: number, lost = 0): number[] {
  const ticks: number[] = []
  for (let t = uniform(draw) * period; t < windowTicks; t += period * (1 + jitter * (2 * uniform(draw) - 1)))
    if (uniform(draw) >= lost && Math.floor(t) > (ticks.at(-1) ?? -2) + 1) ticks.push(Math.floor(t))
  return ticks
}

const scoreOf = (ticks: readonly number[], hours: Float64Array) =>
  regularityOf(Uint16Array.from(ticks), ticks.length, hours)

test.each([
  [6, 0.3],
  [12, 0.2],
  [24, 0.25],
  [48, 0.15],
])('a beacon of %d ticks that sleeps %d of it more or less, and loses a tenth', (period, jitter) => {
  const draw = new Shuffler(period)
  const found = scoreOf(beacon(draw, period, jitter, 0.1), even)
  expect(found.score).toBeGreaterThan(12)
  expect(found.period_ticks / period).toBeGreaterThan(0.8)
  expect(found.period_ticks / period).toBeLessThan(1.25)
})

test.each([
  ['day and night', 60, even, even],
  ['in office hours of an office', 120, office, office],
  ['in office hours of a host that serves day and night', 120, office, even],
])('who calls at random %s has no score to speak of', (_, count, own, hosts) => {
  const draw = new Shuffler(11)
  const scores = Array.from({ length: 60 }, () => scoreOf(habit(draw, count, own), hosts).score)
  expect(scores.filter((score) => score > 0).length).toBeLessThan(4)
  expect(Math.max(...scores)).toBeLessThan(4)
})

test('sessions of many calls in a row crowd nowhere', () => {
  const draw = new Shuffler(12)
  const scores = Array.from({ length: 60 }, () => {
    const ticks = new Set<number>()
    for (const start of habit(draw, 30, even))
      for (let t = start, n = 0; n < 6; n++, t += 2 + draw.below(4)) if (t < windowTicks) ticks.add(t)
    const sorted = [...ticks].sort((a, b) => a - b)
    return scoreOf(
      sorted.filter((tick, n) => n === 0 || tick - sorted[n - 1] > 1),
      even,
    ).score
  })
  expect(Math.max(...scores)).toBeLessThan(4)
})

test('a job of some hours every night is none', () => {
  const nights = Array.from({ length: 14 }, (_, day) => [13, 17, 21, 25].map((tick) => 144 * day + tick)).flat()
  expect(scoreOf(nights, even).score).toBe(0)
})

test('a day between calls is no beacon, and few calls are none', () => {
  expect(scoreOf(beacon(new Shuffler(1), 144, 0.02), even).score).toBe(0)
  expect(scoreOf([0, 12, 24, 36, 48, 60, 72, 84], even).score).toBe(0)
})
