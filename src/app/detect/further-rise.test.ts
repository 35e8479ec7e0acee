import { expect, test } from 'vitest'
import { unknownAge } from '../../detectors/day-rows.ts'
import { ageUnknownDays } from '../../detectors/peer-memory.ts'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import { dayMs, ticksPerDay } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { FurtherRise } from './further-rise.ts'
import type { Told } from './told.ts'

const firstDay = 20_500
const uniform = (...keys: (string | number)[]): number => keyedUniform(11, ...keys)
/** From here on twice as many strangers come, which opened an incident. */
const risen = 40
const days = 110

interface Plan {
  /** First day of a theft beside the rise: 20 newcomers a day who take from one host all day long. */
  theft?: number
  isOpen?: (day: number) => boolean
}

function rowsOf(day: number, theft = Number.POSITIVE_INFINITY): BuiltRow[] {
  const rows: BuiltRow[] = []
  const visit = (peer: number, first: number, tick: number): void => {
    rows.push({
      ...{ peer, tick, host: 1 + (peer % 3), role: 2, vault: 1, service: 1 },
      age_days: first < ageUnknownDays ? unknownAge : day - first,
      bytes_out: Math.round(2e7 * Math.exp(normalQuantile(uniform('bytes', day, peer, tick)))),
    })
  }
  for (let tick = 0; tick < ticksPerDay; tick += 6) {
    for (let peer = 0; peer < 30; peer++) if (uniform('comes', day, peer, tick) < 0.1) visit(peer, 0, tick)
    for (let first = Math.max(0, day - 6); first <= day; first++)
      for (let i = 0; i < (first < risen ? 2 : 4); i++)
        if (uniform('stranger', day, first, i, tick) < 0.2) visit(1000 + 4 * first + i, first, tick)
  }
  if (day >= theft)
    for (let i = 0; i < 20; i++)
      for (let hour = 0; hour < 24; hour++)
        rows.push({
          ...{ peer: 1e6 + 20 * day + i, tick: 6 * hour + (i % 6), host: 1, role: 2, age_days: 0 },
          ...{ vault: 1, service: 1, bytes_out: 2e7 },
        })
  return rows
}

function told({ theft, isOpen = (day) => day > risen + 1 }: Plan): Map<number, Told> {
  const further = new FurtherRise({
    ...{ seed: 7, alpha: 0.0005, memory_day: () => firstDay },
    ...{ nameOf: (_, entity) => `name-${entity}`, isQuiet: () => false },
  })
  const found = new Map<number, Told>()
  for (let day = 0; day < days; day++) {
    const each = further.day(dayRowsOf(firstDay + day, rowsOf(day, theft)), isOpen(day))
    if (each) found.set(day, each)
  }
  return found
}

test('a theft that comes while the incident of an honest rise is open is told by itself, soon', () => {
  const found = [...told({ theft: 90 })]
  expect(found.length).toBeGreaterThan(0)
  const [[day, first]] = found
  expect(day).toBeGreaterThanOrEqual(90)
  expect(day).toBeLessThan(97)
  expect(first).toMatchObject({ detector: 'further_rise', module: undefined, is_further: true })
  expect(first.since_ms / dayMs).toBeGreaterThanOrEqual(firstDay + 89)
})

test('the rise that opened it is what is usual from then on', () => {
  expect(told({}).size).toBe(0)
})

test('without an open incident nothing is judged twice', () => {
  expect(told({ theft: 90, isOpen: () => false }).size).toBe(0)
})

test('what was learned beside one incident is forgotten when it closes', () => {
  // a past of two weeks is missing when the theft begins
  expect(told({ theft: 90, isOpen: (day) => day > risen + 1 && day !== 86 }).size).toBe(0)
})
