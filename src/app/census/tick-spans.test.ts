import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TickSpans } from './tick-spans.ts'

test('merged spans hold the same ticks as all that were added, in order and apart', () => {
  const span = fc.tuple(fc.nat(400), fc.nat(12)).map(([first, length]) => [first, first + length])
  fc.assert(
    fc.property(fc.array(span, { maxLength: 60 }), (spans) => {
      const ticks = new Set<number>()
      const merged = new TickSpans()
      for (const [first, last] of spans) {
        merged.add(first, last)
        for (let tick = first; tick <= last; tick++) ticks.add(tick)
      }
      const found = merged.merged()
      const listed = found.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      expect(listed).toEqual([...ticks].sort((a, b) => a - b))
      for (let i = 1; i < found.length; i++) expect(found[i].first).toBeGreaterThan(found[i - 1].last + 1)
    }),
    { seed: 1 },
  )
})

test('many scattered ticks in any order, added again and again', () => {
  const spans = new TickSpans()
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 20_000; i++) {
      const tick = 2 * ((i * 7919) % 20_000)
      spans.add(tick, tick)
    }
  expect(spans.merged()).toHaveLength(20_000)
  spans.add(0, 50_000)
  expect(spans.merged()).toEqual([{ first: 0, last: 50_000 }])
})
