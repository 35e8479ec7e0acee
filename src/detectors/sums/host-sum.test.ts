import { expect, test } from 'vitest'
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { normalQuantile } from '../../math/normal.ts'
import { HostSum } from './host-sum.ts'

/** A Monday. */
const firstDay = Date.UTC(2026, 0, 5) / 86_400_000
const draw = (...keys: (string | number)[]): number => normalQuantile(keyedUniform(1, ...keys))

interface Site {
  hosts: number
  days: number
  seed?: number
  /** Factor on a host's bytes of a day. */
  more?: (host: number, day: number) => number
  /** Whether the host sent anything. */
  sends?: (host: number, day: number) => boolean
  quiet?: (day: number) => boolean
}

/** Statistic by day; hosts differ in size, and send half as much on weekends. */
function sums({ hosts, days, seed = 1, more, sends, quiet }: Site): number[] {
  const sum = new HostSum()
  return Array.from({ length: days }, (_, i) => {
    const bytes = new Map<number, number>()
    for (let host = 1; host <= hosts; host++) {
      if (sends && !sends(host, i)) continue
      const usual = 1e9 * 3 ** (host % 4) * (i % 7 >= 5 ? 0.5 : 1)
      bytes.set(host, usual * Math.exp(0.5 * draw(seed, host, i)) * (more?.(host, i) ?? 1))
    }
    return sum.step(firstDay + i, bytes, quiet?.(i) ?? false)
  })
}

const meanOf = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0) / values.length

test('has no opinion before hosts have eight days of past, nor without hosts', () => {
  const told = sums({ hosts: 5, days: 20 })
  const first = told.findIndex((value) => !Number.isNaN(value))
  expect(first).toBeGreaterThanOrEqual(8)
  expect(first).toBeLessThan(16)
  expect(told.slice(first).every(Number.isFinite)).toBe(true)
  expect(new HostSum().step(firstDay, new Map(), false)).toBeNaN()
})

test('on ordinary days it is about a standard normal, whatever the number of hosts', () => {
  for (const hosts of [4, 40, 200]) {
    const told = sums({ hosts, days: 120 }).slice(40)
    expect(Math.abs(meanOf(told))).toBeLessThan(0.5)
    const spread = Math.sqrt(meanOf(told.map((value) => value * value)))
    expect(spread).toBeGreaterThan(0.6)
    expect(spread).toBeLessThan(1.6)
  }
})

test('thirty hosts with a third more each weigh more than one with a thousand times', () => {
  const usual = sums({ hosts: 100, days: 61 })[60]
  const many = sums({ hosts: 100, days: 61, more: (host, day) => (day === 60 && host <= 30 ? 1.34 : 1) })[60]
  const one = sums({ hosts: 100, days: 61, more: (host, day) => (day === 60 && host === 1 ? 1000 : 1) })[60]
  expect(many - usual).toBeGreaterThan(2 * (one - usual))
  expect(one - usual).toBeGreaterThan(0)
  // what one host can add is cut
  expect(one - usual).toBeLessThanOrEqual(5 / Math.sqrt(100))
})

test('is the sum over hosts, in any order of them', () => {
  const [forward, backward] = [new HostSum(), new HostSum()]
  for (let day = 0; day < 40; day++) {
    const entries = Array.from({ length: 20 }, (_, host): [number, number] => [
      host,
      1e9 * Math.exp(0.5 * draw('order', host, day)),
    ])
    const a = forward.step(firstDay + day, new Map(entries), false)
    const b = backward.step(firstDay + day, new Map(entries.reverse()), false)
    if (!Number.isNaN(a)) expect(b).toBeCloseTo(a, 10)
    else expect(b).toBeNaN()
  }
})

test('a host that falls silent counts as low, and no more after 45 days', () => {
  const silentFrom = 60
  const told = sums({ hosts: 10, days: 120, sends: (host, day) => host > 1 || day < silentFrom })
  const others = sums({ hosts: 10, days: 120, sends: (host, day) => host > 1 || day < 0 })
  const never = meanOf(others.slice(silentFrom, silentFrom + 20))
  expect(meanOf(told.slice(silentFrom, silentFrom + 20))).toBeLessThan(never - 0.4)
  expect(told.slice(silentFrom + 46)).toEqual(others.slice(silentFrom + 46))
})

test('quiet days are judged and teach nothing', () => {
  const quiet = (day: number): boolean => day >= 30 && day < 44
  const odd = sums({ hosts: 20, days: 80, quiet, more: (_, day) => (quiet(day) ? 100 : 1) })
  const usual = sums({ hosts: 20, days: 80, quiet })
  expect(meanOf(odd.slice(30, 44))).toBeGreaterThan(8)
  expect(odd.slice(44)).toEqual(usual.slice(44))
})
