import { expect, test } from 'vitest'
import { leastShare, lessUsualWaves, waveDays } from './waves.ts'

const since_day = 100

/** So many members of a wave, peers numbered in the order of the waves. */
function world(counts: readonly number[], expected_a_day: number, more_days = 0) {
  const days = counts.flatMap((count, wave) => Array.from({ length: count }, () => since_day + wave * waveDays))
  const weights = new Map(days.map((_, peer) => [peer, 0.9]))
  return lessUsualWaves(weights, {
    since_day,
    until_day: since_day + counts.length * waveDays + more_days,
    firstSeen: (peer) => days[peer],
    expected: (from, to) => (to - from) * expected_a_day,
  })
}

const weightsOf = (found: ReadonlyMap<number, number>, from: number, to: number): (number | undefined)[] => [
  ...new Set(Array.from({ length: to - from }, (_, i) => found.get(from + i))),
]

test('a campaign that goes on keeps all of its waves', () => {
  expect(weightsOf(world([60, 50, 55], 1), 0, 165)).toEqual([0.9])
})

test('what comes after it as usual is no member, the first wave stays', () => {
  const found = world([60, 15, 60], 1)
  expect(weightsOf(found, 0, 60)).toEqual([0.9])
  expect(weightsOf(found, 60, 75)).toEqual([1 - 14 / 15])
  expect(weightsOf(found, 75, 135)).toEqual([0.9])
})

test('a wave of fewer than expected leaves nobody', () => {
  expect(weightsOf(world([60, 10], 1), 60, 70)).toEqual([undefined])
})

test('the share that is asked is the edge', () => {
  const of = (count: number) => weightsOf(world([60, count], 1), 60, 60 + count)
  expect(of(Math.ceil(waveDays / (1 - leastShare)))).toEqual([0.9])
  expect(of(Math.ceil(waveDays / (1 - leastShare)) - 1)).not.toEqual([0.9])
})

test('a wave that is not over counts with the one before', () => {
  // 28 of 14 days and 6 more: 20 are expected
  expect(weightsOf(world([60, 28], 1, 6), 60, 88)).not.toEqual([0.9])
  expect(weightsOf(world([60, 31], 1, 6), 60, 91)).toEqual([0.9])
})

test('candidates stay below the share of their wave, and do not count for it', () => {
  const found = lessUsualWaves(
    new Map([
      [0, 0.9],
      [1, 0.2],
    ]),
    {
      ...{ since_day, until_day: since_day + 2 * waveDays },
      firstSeen: (peer) => since_day + peer * waveDays,
      expected: () => 1,
    },
  )
  expect([...found]).toEqual([[0, 0.9]])
})
