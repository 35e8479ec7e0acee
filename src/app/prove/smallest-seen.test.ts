import { expect, test } from 'vitest'
import { smallestSeen, triesOf } from './smallest-seen.ts'

const sizes = [1, 2, 5, 10, 20, 50, 100]

test('whichever is the smallest that is seen, three tries of seven sizes tell, and the middle one is the first', async () => {
  for (const floor of [...sizes, Number.POSITIVE_INFINITY]) {
    const tried: number[] = []
    const found = await smallestSeen(sizes, async (size) => {
      tried.push(size)
      return size >= floor
    })
    expect(found).toBe(Number.isFinite(floor) ? floor : undefined)
    expect([tried[0], tried.length]).toEqual([10, triesOf(sizes)])
  }
  expect(triesOf(sizes)).toBe(3)
})

test('luck below a size that was not seen is not told', async () => {
  const lucky = new Set([1, 20, 50, 100])
  expect(await smallestSeen(sizes, async (size) => lucky.has(size))).toBe(20)
})
