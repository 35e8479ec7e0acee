import { expect, test } from 'vitest'
import { DarkDays } from './dark-days.ts'

const told = (days: readonly (readonly [number, number])[]): boolean[] => {
  const dark = new DarkDays()
  return days.map(([reads, departures]) => dark.isDark(reads, departures))
}
const usual = Array.from({ length: 20 }, () => [100, 50] as const)

test('days before the first read are dark, and days on which a source says next to nothing', () => {
  expect(
    told([
      [0, 50],
      [0, 50],
      [100, 50],
    ]),
  ).toEqual([true, true, false])
  expect(told([...usual, [5, 50], [100, 3], [60, 40]]).slice(-3)).toEqual([true, true, false])
})

test('a few days tell nothing of what is usual, and a source that is gone for good is usual at last', () => {
  expect(told([...usual.slice(0, 5), [1, 1]]).at(-1)).toBe(false)
  const gone = told([...usual, ...Array.from({ length: 40 }, () => [100, 0] as const)])
  expect(gone[20]).toBe(true)
  expect(gone.at(-1)).toBe(false)
})
