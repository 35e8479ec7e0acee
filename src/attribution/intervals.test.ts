import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOf, IntervalIndex } from './intervals.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('what could touch a span is found, in order of start, whatever else is there', () => {
  const record = fc.record({
    key: fc.constantFrom('a', 'b'),
    start_ms: fc.integer({ min: 0, max: 100 }),
    length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(Number.NaN)),
  })
  const span = fc.tuple(fc.integer({ min: -10, max: 120 }), fc.integer({ min: 0, max: 30 }))
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      span,
      fc.integer({ min: 0, max: 50 }),
      (raw, [from, length], open) => {
        const records = raw.map(({ key, start_ms, length }) => ({ key, start_ms, end_ms: start_ms + length }))
        const index = new IntervalIndex(records, ({ key }): string => key, open)
        for (const key of ['a', 'b', 'c']) {
          const near = [...index.near(key, from, from + length)]
          expect(near.map(({ start_ms }) => start_ms)).toEqual(
            [...near.map(({ start_ms }) => start_ms)].sort((x, y) => x - y),
          )
          expect(near.every((each) => each.key === key && each.start_ms <= from + length)).toBe(true)
          const touching = records.filter(
            (each) => each.key === key && each.start_ms <= from + length && endOf(each, open) >= from,
          )
          for (const each of touching) expect(near).toContain(each)
          expect(index.all(key)).toHaveLength(records.filter((each) => each.key === key).length)
        }
        expect(index.size).toBe(new Set(records.map(({ key }) => key)).size)
        expect([...index.keys()].sort()).toEqual([...new Set(records.map(({ key }) => key))].sort())
      },
    ),
    { numRuns: 300 },
  )
})

test('a record without an end lasts as long as is agreed', () => {
  expect(endOf({ start_ms: 10, end_ms: Number.NaN }, 5)).toBe(15)
  expect(endOf({ start_ms: 10, end_ms: 11 }, 5)).toBe(11)
})
