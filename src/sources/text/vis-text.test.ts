import { expect, test } from 'vitest'
import { unvis } from './vis-text.ts'

test('what OpenSSH escaped is as it was', () => {
  expect(unvis('/data/run 7.h5')).toBe('/data/run 7.h5')
  expect(unvis('CORP\\\\alice')).toBe('CORP\\alice')
  expect(unvis('/data/Z\\303\\274rich\\n\\t\\033[31m')).toBe('/data/Zürich\n\t\x1b[31m')
  expect(unvis('a\\"b\\sc')).toBe('a"b c')
})

test('what is no escape stays, and no NUL gets out', () => {
  expect(unvis('a\\qb\\777\\9\\')).toBe('a\\qb\\777\\9\\')
  expect(unvis('a\\0b\\000c')).toBe('a\uFFFDb\uFFFDc')
  expect(unvis('\\303')).toBe('\uFFFD')
  expect(unvis('ü\\134ü')).toBe('ü\\ü')
})
