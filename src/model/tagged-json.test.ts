import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromTaggedJson, taggedJson } from './tagged-json.ts'

test('whole numbers of any length come back as they were', () => {
  const value = { bytes_out: 2n ** 70n, low: -1n, zero: 0n, days: [1, 2.5, 3n], text: '3n', nothing: null, yes: true }
  expect(taggedJson({ n: 12n })).toBe('{"n":{"$n":"12"}}')
  expect(fromTaggedJson(taggedJson(value))).toEqual(value)
})

test('whatever JSON can hold, with bigints in it, goes there and back', () => {
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.bigInt(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    ),
    tree: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('tree')),
      fc.dictionary(
        fc.string().filter((key) => key !== '$n' && key !== '__proto__'),
        tie('tree'),
      ),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      expect(fromTaggedJson(taggedJson(value))).toEqual(JSON.parse(JSON.stringify([value], toText), fromText)[0])
    }),
    { seed: 20_260_101, numRuns: 150 },
  )
})

/** The same in the plainest way: bigints as texts that nothing else is. */
const mark = '\u0000bigint '
const toText = (_: string, each: unknown): unknown => (typeof each === 'bigint' ? `${mark}${each}` : each)
const fromText = (_: string, each: unknown): unknown =>
  typeof each === 'string' && each.startsWith(mark) ? BigInt(each.slice(mark.length)) : each

test('what is left out is left out, not null', () => {
  expect(fromTaggedJson(taggedJson({ a: undefined, b: 1n }))).toEqual({ b: 1n })
})
