import { expect, test } from 'vitest'
import { type HostSite, highestEvidence } from '../../testing/host-site.ts'
import { HostColumn } from './host-column.ts'
import { HostPast } from './host-past.ts'

const day = 20_454
const bytesOf = (hosts: number): HostColumn => HostColumn.of(new Map(Array.from({ length: hosts }, (_, i) => [i, 1e9])))

function fed(hosts: number, days: number, isQuiet: (i: number) => boolean = () => false): HostPast {
  const past = new HostPast(day)
  for (let i = 0; i < days; i++) {
    past.columns.set(day + i, bytesOf(hosts))
    past.step(day + i, isQuiet(i))
  }
  return past
}

test('without a past, and with fewer than eight hosts to look for a few among, it says nothing', () => {
  for (const statistic of ['sum', 'berk_jones', 'mixture'] as const) {
    expect(fed(20, 5).value(statistic, '1 d')).toBeNaN()
    expect(fed(20, 20).value(statistic, '1 d')).toBeCloseTo(0, 1)
  }
  expect(fed(7, 20).value('sum', '1 d')).toBeCloseTo(0, 9)
  for (const statistic of ['berk_jones', 'mixture'] as const) expect(fed(7, 20).value(statistic, '1 d')).toBeNaN()
})

test('a block holds the days since the one before, but for quiet ones', () => {
  const past = fed(20, 24, (i) => i >= 18)
  past.endBlock('7 d')
  expect(past.value('sum', '7 d')).toBeCloseTo(0, 9)
  past.step(day + 24, true)
  past.endBlock('7 d')
  expect(past.value('sum', '7 d')).toBeNaN()
  expect(past.value('berk_jones', '28 d')).toBeNaN()
})

test('begun anew, the same days give the same to the last bit', () => {
  const past = fed(20, 12)
  const told = (): number[] => {
    const found: number[] = []
    for (let i = 0; i < 20; i++) {
      past.columns.set(
        day + i,
        HostColumn.of(new Map(Array.from({ length: 20 }, (_, h) => [h, 1e9 * (1 + ((h * 7 + i * i) % 5))]))),
      )
      past.step(day + i, i === 13)
      found.push(past.value('sum', '1 d'), past.value('berk_jones', '1 d'), past.value('mixture', '1 d'))
    }
    return found
  }
  past.begin(day)
  const first = told()
  past.begin(day)
  expect(told()).toEqual(first)
  expect(first.some((each) => each !== 0 && !Number.isNaN(each))).toBe(true)
})

const site: Omit<HostSite, 'seed'> = { hosts: 60, past_days: 300, days: 60 }
const meanOf = (more: Partial<HostSite>): Record<string, number> => {
  const worlds = [1, 2].map((seed) => highestEvidence({ ...site, seed, ...more }))
  return Object.fromEntries(
    Object.keys(worlds[0]).map((id) => [id, worlds.reduce((sum, each) => sum + each[id] / worlds.length, 0)]),
  )
}

test('the same few are for the mixture, others every day for Berk–Jones, all of them for the sum', {
  timeout: 60_000,
}, () => {
  const same = meanOf({ up: (host) => (host < 6 ? 1.2 : 0) })
  expect(same['mixture 1 d']).toBeGreaterThan(5)
  expect(same['sum 1 d']).toBeLessThan(1)
  expect(same.merged).toBeGreaterThan(3)
  const others = meanOf({ up: (host, at) => ((host + 4 * at) % 60 < 4 ? 3 : 0) })
  expect(others['berk_jones 1 d']).toBeGreaterThan(Math.max(others['sum 1 d'], others['mixture 1 d']) + 1)
  const all = meanOf({ shared: 0.1, up: () => 0.6 })
  expect(all['sum 1 d']).toBeGreaterThan(3)
  expect(all['mixture 1 d']).toBeLessThan(1)
})
