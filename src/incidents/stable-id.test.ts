import { expect, test } from 'vitest'
import { fnv1a, idWith, stableId } from './stable-id.ts'

const origin = {
  kind: 'campaign',
  first_evidence_ms: Date.UTC(2026, 2, 24, 23, 59),
  detected_at_ms: Date.UTC(2026, 3, 2),
  leading_subject: 'role:service',
} as const

/** Vectors of the reference (Fowler, Noll, Vo; FNV-1a, 32 bit). */
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('the hash of %j', (text, hash) => {
  expect(fnv1a(text)).toBe(hash)
})

test('an id is the day of the first evidence and a hash of what does not change', () => {
  expect(stableId(origin)).toMatch(/^INC-2026-03-24-[0-9a-f]{4}$/)
  expect(stableId({ ...origin })).toBe(stableId(origin))
  const others = [
    { ...origin, kind: 'fast_theft' as const },
    { ...origin, detected_at_ms: origin.detected_at_ms + 600_000 },
    { ...origin, leading_subject: 'site' },
  ]
  expect(new Set([origin, ...others].map((each) => stableId(each))).size).toBe(4)
})

test('a taken id grows, the same way each time', () => {
  const short = stableId(origin)
  const long = stableId(origin, new Set([short]))
  expect(long).toMatch(/^INC-2026-03-24-[0-9a-f]{8}$/)
  expect(long.endsWith(short.slice(-4))).toBe(true)
  expect(stableId(origin, new Set([short, long]))).toBe(`${long}-2`)
})

test('the parts of an id are kept apart', () => {
  expect(idWith('X', ['ab', 'c'])).not.toBe(idWith('X', ['a', 'bc']))
})
