import { expect, test } from 'vitest'
import { dayMs } from '../../model/window.ts'
import { type BuiltRow, dayRowsOf } from '../../testing/day-rows-builder.ts'
import { smallSiteRows, takersRows } from '../../testing/small-site.ts'
import { FurtherRise } from './further-rise.ts'
import type { Told } from './told.ts'

const firstDay = 20_500
/** From here on twice as many strangers come, which opened an incident. */
const risen = 40
const days = 110

interface Plan {
  /** First day of a theft beside the rise: 20 newcomers a day who take from one host all day long. */
  theft?: number
  isOpen?: (day: number) => boolean
}

const site = {
  seed: 11,
  every: 6,
  regular: 0.1,
  stranger: 0.2,
  strangers: (day: number) => (day < risen ? 2 : 4),
  most: 4,
}

function rowsOf(day: number, theft = Number.POSITIVE_INFINITY): BuiltRow[] {
  const taken = day < theft ? [] : takersRows(day, { count: 20, bytes_an_hour: 2e7 })
  return [...smallSiteRows(day, site), ...taken]
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
