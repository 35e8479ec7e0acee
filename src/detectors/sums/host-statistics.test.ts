import fc from 'fast-check'
import { expect, test } from 'vitest'
import { berkJonesOf, beyondMiddle, judgedHosts, ScoreSums, sumOf } from './host-statistics.ts'

fc.configureGlobal({ seed: 20_260_101 })

const score = fc.oneof(fc.double({ min: -6, max: 6, noNaN: true }), fc.constant(Number.NaN))
const scores = fc.array(score, { minLength: 8, maxLength: 60 }).map((all) => Float64Array.from(all))

test('what all hosts do together is nothing of a few', () => {
  expect([...beyondMiddle(Float64Array.of(1, 2, 3, Number.NaN, 12))]).toEqual([-1.5, -0.5, 0.5, Number.NaN, 4])
  fc.assert(
    fc.property(scores, fc.integer({ min: -8, max: 8 }), (all, by) => {
      const whole = all.map((each) => Math.round(each) + 0)
      expect(beyondMiddle(whole.map((each) => each + by)).map((each) => each + 0)).toEqual(
        beyondMiddle(whole).map((each) => each + 0),
      )
    }),
  )
})

test('hosts may come in any order', () => {
  fc.assert(
    fc.property(scores, (all) => {
      const back = all.slice().reverse()
      expect(berkJonesOf(beyondMiddle(back))).toBe(berkJonesOf(beyondMiddle(all)))
      if (judgedHosts(all) > 0) expect(sumOf(back)).toBeCloseTo(sumOf(all), 10)
    }),
  )
})

test('among seven hosts there are no few; two of eight that stand out are', () => {
  expect(berkJonesOf(Float64Array.of(0, 0, 0, 0, 0, 3, 3))).toBeNaN()
  expect(berkJonesOf(Float64Array.of(0, 0, 0, 0, 0, 0, 3, 3))).toBeGreaterThan(3)
  expect(sumOf(Float64Array.of(Number.NaN))).toBeNaN()
})

test('a block adds up what each host did, and is empty again once taken', () => {
  const block = new ScoreSums()
  block.add(Float64Array.of(1, Number.NaN, 2))
  block.add(Float64Array.of(1, 3, 2, 5))
  const taken = [...block.take()].slice(0, 5)
  expect(taken).toEqual([2 / Math.SQRT2, 3, 4 / Math.SQRT2, 5, Number.NaN])
  expect([...block.take()].every(Number.isNaN)).toBe(true)
})
