import { expect, test } from 'vitest'
import { SlotValues } from './slot-values.ts'

const of = (...values: number[]): Float64Array => Float64Array.from(values)

test('days come in any order, also before the first', () => {
  const values = new SlotValues(100, 2)
  values.set(102, of(5, 6), of(50, 60))
  values.set(97, of(1, 2), of(10, 20))
  values.set(100, of(3, 4), of(30, 40))
  const days = [96, 97, 98, 99, 100, 101, 102, 103]
  expect(days.filter((day) => values.has(day))).toEqual([97, 100, 102])
  expect([97, 100, 102].map((day) => [values.value(day, 0), values.value(day, 1), values.control(day, 1)])).toEqual([
    [1, 2, 20],
    [3, 4, 40],
    [5, 6, 60],
  ])
  expect(values.firstDay).toBe(97)
  for (const day of [97, 100, 102, 50]) values.delete(day)
  expect([values.isEmpty, values.firstDay]).toEqual([true, Number.NaN])
})
