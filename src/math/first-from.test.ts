import { expect, test } from 'vitest'
import { firstFrom } from './first-from.ts'

test('the first place that holds as much or more, of equal ones the first', () => {
  const ascending = [1, 2, 2, 2, 5]
  expect([0, 1, 1.5, 2, 3, 5, 6].map((least) => firstFrom(ascending, least))).toEqual([0, 0, 1, 1, 4, 4, 5])
  expect(firstFrom(new Float64Array(), 1)).toBe(0)
})
