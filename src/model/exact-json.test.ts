import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactJson } from './exact-json.ts'

fc.configureGlobal({ seed: 20_260_101 })

describe('JSON', () => {
  test('integers of any length are written digit by digit', () => {
    expect(exactJson({ bytes_out: 9007199254740993n, huge: 10n ** 40n, below: -5n })).toBe(
      `{"bytes_out":9007199254740993,"huge":1${'0'.repeat(40)},"below":-5}`,
    )
  })

  test('is what JSON.stringify writes, wherever that can', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const withGaps = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constant(undefined),
        fc.double(),
        fc.string({
          unit: fc.constantFrom('a', '"', '\\', '\n', '\u0000', '\u2028', '\ud800', '漢', '😀'),
          maxLength: 6,
        }),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(fc.oneof(value, withGaps), (each) => {
        expect(exactJson([each])).toBe(JSON.stringify([each]))
        expect(exactJson([each], 2)).toBe(JSON.stringify([each], null, 2))
      }),
      { numRuns: 150 },
    )
  })

  test('is read back as it was, bigints as numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })), (values) => {
        expect(JSON.parse(exactJson({ values }))).toEqual({ values: values.map(Number) })
      }),
      { numRuns: 50 },
    )
  })

  test('a key without value is left out, a place in a list becomes null', () => {
    expect(exactJson({ a: undefined, b: [undefined, null], c: {}, d: [] }, 2)).toBe(
      '{\n  "b": [\n    null,\n    null\n  ],\n  "c": {},\n  "d": []\n}',
    )
  })
})
