import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf } from '../testing/parse-lines.ts'
import { hash32, hashWords } from './hash.ts'

fc.configureGlobal({ seed: 20_260_101 })

const hashOf = (text: string, seed: number) => hash32(bytesOf(text), 0, text.length, seed)

/** Vectors of the reference implementation (A. Appleby, MurmurHash3_x86_32). */
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
])('%j with seed %i', (text, seed, expected) => {
  expect(hashOf(text, seed)).toBe(expected)
})

test('only the bytes between start and end count, whatever their place', () => {
  expect(hash32(bytesOf('xxtestxx'), 2, 6, 0)).toBe(0xba6bd213)
})

test('words hash as their bytes do', () => {
  fc.assert(
    fc.property(fc.uint32Array({ maxLength: 20 }), fc.integer(), (words, seed) => {
      const own = words.slice()
      expect(hashWords(own, own.length, seed)).toBe(hash32(new Uint8Array(own.buffer), 0, own.byteLength, seed))
    }),
    { numRuns: 50 },
  )
})
