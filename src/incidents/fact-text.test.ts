import { expect, test } from 'vitest'
import type { Fact } from '../model/incident.ts'
import { countOf, factorText, factText, namesText, ofItsLine, percentText } from './fact-text.ts'

const fact = (unit: Fact['unit'], value: Fact['value'], more: Partial<Fact> = {}): Fact => ({
  id: 'x',
  unit,
  value,
  basis: 'observed',
  derivation: { how: '' },
  ...more,
})

test.each([
  [0, '0 %'],
  [1e-7, '<0.0001 %'],
  [0.0000423, '0.0042 %'],
  [0.0032, '0.3 %'],
  [0.0995, '10 %'],
  [0.43, '43 %'],
  [0.9999, '>99 %'],
  [1, '100 %'],
  [32.1, '3,210 %'],
])('the share %d is %s', (share, text) => {
  expect(percentText(share)).toBe(text)
})

test.each([
  [0.3, '2.0'],
  [4.04, '11,000'],
  [6.16, '1,400,000'],
  [12.34, '10^12.3'],
])('a factor of which the logarithm is %d is %s', (log10, text) => {
  expect(factorText(log10)).toBe(text)
})

test('evidence in nats and in decades is the same factor', () => {
  expect(factText(fact('nats', Math.LN10 * 3))).toBe('1,000')
  expect(factText(fact('log10', 3))).toBe('1,000')
})

test('an estimate comes with its interval, a count with its noun', () => {
  expect(factText(fact('bytes', 97n, { low: 81n, high: 112n }))).toBe('97 B (90 % interval 81 B to 112 B)')
  expect(factText(fact('bytes_per_day', 2_777_142_857.1))).toBe('2.78 GB')
  expect(countOf('host')(fact('count', 1))).toBe('1 host')
  expect(countOf('host')(fact('count', 1200))).toBe('1,200 hosts')
})

test('names are joined as in speech', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(namesText)).toEqual(['', 'a', 'a and b', 'a, b and c'])
})

test('shares of a line are told in percent, beyond a few times as times', () => {
  const of = (value: number) => ofItsLine(fact('share', value))
  expect([0.68, 2.9, 3, 26.4, 999, 3_114_874].map(of)).toEqual([
    '68 % of its line',
    '290 % of its line',
    '3.0 times its line',
    '26.4 times its line',
    '999 times its line',
    'more than 1,000 times its line',
  ])
})
