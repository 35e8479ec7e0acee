import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SumsById } from './sums-by-id.ts'
import { TouchOrder } from './touch-order.ts'

test('sums are those of a Map, in its order, also after any number of clears', () => {
  const round = fc.array(fc.tuple(fc.oneof(fc.nat(20), fc.nat(5000)), fc.double({ noNaN: true, min: 0, max: 1e16 })), {
    maxLength: 300,
    size: 'max',
  })
  fc.assert(
    fc.property(fc.array(round, { maxLength: 5 }), (rounds) => {
      const sums = new SumsById()
      for (const entries of rounds) {
        const expected = new Map<number, number>()
        sums.clear()
        for (const [id, amount] of entries) {
          const known = [...expected.keys()].indexOf(id)
          expect(sums.add(id, amount)).toBe(known < 0 ? expected.size : known)
          expected.set(id, (expected.get(id) ?? 0) + amount)
        }
        expect([...sums.ids()]).toEqual([...expected.keys()])
        expect([...sums.sums()]).toEqual([...expected.values()])
        for (let id = 0; id < 40; id++) expect(sums.find(id)).toBe([...expected.keys()].indexOf(id))
      }
    }),
    { seed: 20_260_104, numRuns: 40 },
  )
})

test('ids that never came are not found, and negative ones are refused', () => {
  const order = new TouchOrder()
  expect([order.find(0), order.find(10_000_000), order.find(-1)]).toEqual([-1, -1, -1])
  expect([order.add(3), order.add(0), order.add(3), order.size]).toEqual([0, 1, 0, 2])
  expect([order.id(0), order.id(1)]).toEqual([3, 0])
  order.clear()
  expect([order.find(3), order.size, order.add(0)]).toEqual([-1, 0, 0])
  expect(() => order.add(-1)).toThrow(RangeError)
})
