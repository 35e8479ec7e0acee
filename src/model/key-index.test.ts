import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyIndex } from './key-index.ts'

test('numbers keys in the order in which they first came, as a map of their text would', () => {
  const words = fc.array(fc.tuple(fc.constantFrom(0, 1, 0xffffffff), fc.nat(40), fc.constantFrom(0, 7)), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(words, (keys) => {
      const index = new KeyIndex(3)
      const expected = new Map<string, number>()
      for (const key of keys) {
        const text = key.join()
        index.key.set(key)
        expect(index.find()).toBe(expected.get(text) ?? -1)
        if (!expected.has(text)) expected.set(text, expected.size)
        expect(index.add()).toBe(expected.get(text))
      }
      expect(index.size).toBe(expected.size)
      for (const [text, number] of expected) expect([0, 1, 2].map((w) => index.word(number, w)).join()).toBe(text)
    }),
    { seed: 1 },
  )
})

test('keeps its numbers through many doublings', () => {
  const index = new KeyIndex(2)
  const put = (i: number): number => {
    index.key[0] = i
    index.key[1] = i % 3
    return index.add()
  }
  for (let i = 0; i < 100_000; i++) expect(put(i)).toBe(i)
  for (let i = 0; i < 100_000; i += 997) expect(put(i)).toBe(i)
  expect(index.size).toBe(100_000)
})
