import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { setCount } from '../model/count.ts'
import { cumulative, shareOf } from './spread.ts'

fc.configureGlobal({ seed: 20_260_101 })

const most = (1n << 63n) - 1n
const total = fc.oneof(
  fc.constantFrom(0n, 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, most),
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.bigInt({ min: 0n, max: 2n ** 53n }),
  fc.bigInt({ min: 0n, max: most }),
)
const duration = fc.oneof(fc.constantFrom(1, 2, 600_000), fc.integer({ min: 1, max: 2 * 366 * 86_400_000 }))

function wordsOf(value: bigint): Uint32Array {
  const words = Uint32Array.of(9, 9, 0, 0)
  setCount(words, 1, value)
  return words
}

describe('what lies before a moment', () => {
  test('is the floor of the share, exactly, whatever the numbers', () => {
    const elapsed = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(total, duration, elapsed, (bytes, ms, part) => {
        const before = Math.floor(ms * part)
        expect(BigInt(cumulative(wordsOf(bytes), 1, before, ms))).toBe((bytes * BigInt(before)) / BigInt(ms))
      }),
      { numRuns: 1000 },
    )
  })

  test('is nothing before the start and all from the end on', () => {
    for (const bytes of [0n, 7n, 2n ** 53n - 1n, 2n ** 53n, most]) {
      expect(BigInt(cumulative(wordsOf(bytes), 1, -5, 10))).toBe(0n)
      expect(BigInt(cumulative(wordsOf(bytes), 1, 0, 10))).toBe(0n)
      expect(BigInt(cumulative(wordsOf(bytes), 1, 10, 10))).toBe(bytes)
      expect(BigInt(cumulative(wordsOf(bytes), 1, 11, 10))).toBe(bytes)
    }
    expect(cumulative(wordsOf(100n), 1, 11, 10)).toBe(100)
  })

  test('near the limit of whole doubles too', () => {
    // a rounded quotient would be 1
    expect(cumulative(wordsOf(2n ** 53n - 2n), 1, 1, 2 ** 53 - 1)).toBe(0)
    expect(cumulative(wordsOf(2n ** 53n - 1n), 1, 1, 2 ** 53 - 1)).toBe(1)
    // products of one less than a multiple of the duration, just past 2^53: as doubles they are the multiple
    for (const [elapsed, duration, rest] of [
      [3, 7, 2n],
      [2, 5, 2n],
      [5, 11, 2n],
    ]) {
      const [e, d] = [BigInt(elapsed), BigInt(duration)]
      const from = (2n ** 53n / e / d) * d + BigInt(rest)
      for (let bytes = from; bytes < from + 40n * d; bytes += d) {
        expect((bytes * e) % d).toBe(d - 1n)
        expect(BigInt(cumulative(wordsOf(bytes), 1, Number(e), Number(d)))).toBe((bytes * e) / d)
      }
    }
  })
})

describe('the shares of the pieces of a span', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

  test('add up to the total, and none is negative', () => {
    fc.assert(
      fc.property(total, duration, cuts, (bytes, ms, parts) => {
        const ends = [0, ...parts.map((part) => Math.floor(part * ms)), ms].sort((a, b) => a - b)
        const words = wordsOf(bytes)
        const shares = ends.slice(1).map((end, i) => BigInt(shareOf(words, 1, ends[i], end, ms)))
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(bytes)
        expect(shares.every((share) => share >= 0n)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('do not depend on how finely it is cut', () => {
    fc.assert(
      fc.property(total, duration, cuts, (bytes, ms, parts) => {
        const ends = [...parts.map((part) => Math.floor(part * ms)), 0, ms].sort((a, b) => a - b)
        const words = wordsOf(bytes)
        const middle = ends.length >> 1
        const fine = ends
          .slice(1, middle + 1)
          .reduce((sum, end, i) => sum + BigInt(shareOf(words, 1, ends[i], end, ms)), 0n)
        expect(fine).toBe(BigInt(shareOf(words, 1, 0, ends[middle], ms)))
      }),
      { numRuns: 300 },
    )
  })

  test('are even to within a byte', () => {
    const words = wordsOf(1_000_003n)
    const shares = Array.from({ length: 10 }, (_, i) => Number(shareOf(words, 1, i * 600, (i + 1) * 600, 6000)))
    expect(Math.max(...shares) - Math.min(...shares)).toBe(1)
  })
})
