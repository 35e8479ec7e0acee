import { expect, test } from 'vitest'
import { Contrast } from './fan-in-contrast.ts'
import { PastMarked } from './fan-in-past.ts'

function marked(key: number, count: number, others: number): Contrast {
  const contrast = new Contrast(1)
  for (let i = 0; i < count; i++) contrast.add(key, 0, true)
  for (let i = 0; i < others; i++) contrast.add(99, 0, true)
  return contrast
}

/** A past of `days` days that each have `count` marked units of key 1 and 20 others. */
function past(days: number, count: number): PastMarked {
  const past = new PastMarked()
  for (let day = 0; day < days; day++) past.add(day, marked(1, count, 20))
  return past
}

test('has no objection while the past is short or under embargo', () => {
  const short = past(11, 2)
  short.advance(11)
  expect(short.logE(marked(1, 30, 20), 1, 8)).toBe(Infinity)
})

test('a key that always comes so is no evidence, one that never came is', () => {
  const habit = past(40, 5)
  habit.advance(40)
  expect(habit.logE(marked(1, 12, 20), 1, 8)).toBeLessThan(0)
  expect(habit.logE(marked(2, 12, 20), 2, 8)).toBeGreaterThan(5)
})

test('forgets what is more than 37 days back', () => {
  const habit = past(10, 5)
  for (let day = 10; day < 60; day++) habit.add(day, marked(1, 0, 20))
  habit.advance(46)
  expect(habit.logE(marked(1, 12, 20), 1, 8)).toBeLessThan(logEOfNone(46))
  habit.advance(60)
  expect(habit.logE(marked(1, 12, 20), 1, 8)).toBe(logEOfNone(60))
})

function logEOfNone(day: number): number {
  const none = past(day, 0)
  none.advance(day)
  return none.logE(marked(1, 12, 20), 1, 8)
}
