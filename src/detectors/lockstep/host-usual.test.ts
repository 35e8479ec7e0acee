import { expect, test } from 'vitest'
import { HostUsual } from './host-usual.ts'

test('an edge weighs by the mean of the days that ended a window before', () => {
  const usual = new HostUsual(3)
  const hosts = Int32Array.of(7, 9)
  const weights: number[][] = []
  // host 7 has three keys a day, host 9 one; on day 6 host 9 has five
  for (let day = 0; day < 12; day++) {
    weights.push([...usual.weights(hosts)])
    expect(usual.isKnown).toBe(day >= 5)
    usual.push(hosts, Int32Array.from([0, 0, 0, ...(day === 6 ? [1, 1, 1, 1, 1] : [1])]))
  }
  expect(weights[0]).toEqual([1, 1])
  expect(weights[8]).toEqual([1 / 2, 1 / Math.sqrt(2)])
  // days 0 to 6: eleven keys of host 9
  expect(weights[9][1]).toBeCloseTo(1 / Math.sqrt(1 + 11 / 7), 12)
  expect([...usual.weights(Int32Array.of(8))]).toEqual([1])
})
