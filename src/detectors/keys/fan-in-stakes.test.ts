import { expect, test } from 'vitest'
import { Shuffler } from '../../testing/permutation.ts'
import { type KeyTest, Stakes } from './fan-in-stakes.ts'

const keyTest = (key: number, ...log_e: number[]): KeyTest => ({
  kind: 'client_fp',
  key,
  log_e: Float64Array.from(log_e),
})

test('a day without tests, or with tests that say nothing, changes nothing', () => {
  const stakes = new Stakes({ kinds: 2 })
  expect(stakes.day([])).toBe(0)
  expect(stakes.day([keyTest(1, 0, 0), keyTest(2, 0, 0)])).toBeCloseTo(0, 12)
})

test('one key among many pays for their number, once', () => {
  const stakes = new Stakes({ kinds: 2 })
  const keys = Array.from({ length: 50 }, (_, i) => keyTest(i, 0, 0))
  // a tenth of the capital over 2 kinds, 50 keys and 2 ways
  expect(stakes.day([...keys.slice(1), keyTest(0, 20, 0)])).toBeCloseTo(20 + Math.log(0.1 / 200), 4)
  expect(stakes.day([keyTest(0, 5, 0)])).toBeGreaterThan(4.9)
})

test('the worst day costs little, and the days after it nothing', () => {
  const stakes = new Stakes({ kinds: 1 })
  expect(stakes.day([keyTest(1, -50)])).toBeCloseTo(Math.log(0.9), 9)
  for (let day = 0; day < 100; day++) expect(stakes.day([keyTest(1, -50)])).toBeGreaterThan(-0.0011)
  expect(stakes.day([keyTest(1, 15)])).toBeGreaterThan(5)
})

test('after a campaign there is capital for the next', () => {
  const stakes = new Stakes({ kinds: 1 })
  stakes.day([keyTest(1, 40)])
  for (let day = 0; day < 30; day++) stakes.day([keyTest(1, 0)])
  expect(stakes.day([keyTest(2, 15)])).toBeGreaterThan(10)
  expect(stakes.day([keyTest(1, -300), keyTest(2, -300)])).toBeGreaterThan(-4)
})

test('the growth over 30 days has mean 1 where every test is fair', () => {
  const random = new Shuffler(3)
  let sum = 0
  const worlds = 3000
  for (let world = 0; world < worlds; world++) {
    const stakes = new Stakes({ kinds: 1 })
    let log = 0
    for (let day = 0; day < 30; day++) {
      log += stakes.day([1, 2, 3].map((key) => keyTest(key, Math.log(random.below(2) === 0 ? 1.2 : 0.8))))
    }
    sum += Math.exp(log)
  }
  expect(sum / worlds).toBeGreaterThan(0.99)
  expect(sum / worlds).toBeLessThan(1.01)
})
