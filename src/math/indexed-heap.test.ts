import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IndexedHeap } from './indexed-heap.ts'

fc.configureGlobal({ seed: 20_260_101 })

test('gives members by key, equal ones by index, and −1 when none is left', () => {
  const heap = new IndexedHeap(Float64Array.of(3, 1, 2, 1))
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual([1, 3, 2, 0, -1])
  expect(heap.has(2)).toBe(false)
})

test('works on a copy of the keys', () => {
  const keys = Float64Array.of(3, 1)
  new IndexedHeap(keys).decrease(0, -5)
  expect(keys).toEqual(Float64Array.of(3, 1))
})

test('against sorting anew before every removal', () => {
  const step = fc.record({ member: fc.nat(19), by: fc.integer({ min: 0, max: 5 }), pop: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 }),
      fc.array(step, { maxLength: 60 }),
      (keys, steps) => {
        const heap = new IndexedHeap(Float64Array.from(keys))
        const left = new Map(keys.entries())
        for (const { member, by, pop } of steps) {
          if (pop) {
            const [first] = [...left].sort(([a, x], [b, y]) => x - y || a - b)[0] ?? [-1]
            expect(heap.pop()).toBe(first)
            left.delete(first)
          } else if (heap.has(member)) {
            heap.decrease(member, heap.keyOf(member) - by)
            left.set(member, (left.get(member) ?? 0) - by)
          }
          expect(heap.size).toBe(left.size)
        }
      },
    ),
  )
})
