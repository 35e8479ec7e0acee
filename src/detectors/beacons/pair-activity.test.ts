import { expect, test } from 'vitest'
import { PairActivity, windowDays } from './pair-activity.ts'

const onsetsOf = (activity: PairActivity, pair: number, day: number): number[] => {
  const into = new Uint16Array(144 * windowDays)
  return [...into.subarray(0, activity.onsets(pair, day, into))]
}

test('beginnings within the last two weeks, from the first of its ticks', () => {
  const activity = new PairActivity(10)
  const pair = activity.add()
  const first = 20_003
  for (let day = first; day < first + 20; day++) {
    activity.begin(day)
    for (const tick of [0, 1, 2, 7, 8, 9, 16, 143]) activity.mark(pair, day * 144 + tick)
  }
  const found = onsetsOf(activity, pair, first + 19)
  // the last tick of a day and the first of the next are one run
  expect(found.slice(0, 5)).toEqual([0, 7, 16, 143, 151])
  expect(found.length).toBe(4 + 13 * 3)
})

test('silent for two weeks, a pair is empty and its place another one’s', () => {
  const activity = new PairActivity(2)
  const [a, b] = [activity.add(), activity.add()]
  expect(activity.isFull).toBe(true)
  activity.begin(5)
  activity.mark(a, 5 * 144)
  for (let day = 6; day < 20; day++) {
    activity.begin(day)
    activity.mark(b, day * 144 + 3)
  }
  expect([activity.isEmpty(a), activity.isEmpty(b)]).toEqual([true, false])
  activity.move(b, a)
  activity.pairs = 1
  expect(onsetsOf(activity, a, 19).length).toBe(14)
  // room that is given again is clean
  expect(activity.isEmpty(activity.add())).toBe(true)
})

test('as many pairs as are held', () => {
  const activity = new PairActivity(300)
  for (let n = 0; n < 300; n++) activity.mark(activity.add(), n)
  expect(activity.isFull).toBe(true)
  expect(activity.isActive(299, 299)).toBe(true)
  expect(activity.isActive(299, 298)).toBe(false)
})
