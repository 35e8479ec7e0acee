/** Statistics over hosts: how often their evidence grows where nobody steals, and how soon where somebody does. */
import { expect, test } from 'vitest'
import { statistics } from '../../src/detectors/sums/channels.ts'
import { type HostSite, highestEvidence } from '../../src/testing/host-site.ts'

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]
const scales = ['1 d', '7 d', '28 d'] as const

const nulls: Record<string, Partial<HostSite>> = {
  'steady hosts': {},
  'days that depend on each other': { phi: 0.6 },
  'shocks that all hosts share': { shared: 0.6 },
  growth: { growth: 0.4 },
}

test.each(Object.entries(nulls))(
  '%s: the merged evidence of a year stays below 1 / α',
  { timeout: 600_000 },
  (name, more) => {
    const worlds = 20
    const site = { hosts: 40, past_days: 365, days: 365, ...more }
    const found = Array.from({ length: worlds }, (_, seed) => highestEvidence({ ...site, seed }, scales).merged)
    const above = (alpha: number): number => found.filter((each) => each >= Math.log(1 / alpha)).length
    console.log(
      `${name}: middle ${middle(found).toFixed(1)}, highest ${Math.max(...found).toFixed(1)} nats in ${worlds} years`,
    )
    // Ville's bound, and what two deviations of so few worlds leave to chance
    for (const alpha of [0.1, 0.05])
      expect(above(alpha)).toBeLessThanOrEqual(alpha * worlds + 2 * Math.sqrt(alpha * (1 - alpha) * worlds))
  },
)

/**
 * What the evidence of one band must reach to be declared alone: 200-fold (a budget of one), and its weight where site, role and
 * service see the same hosts among peers of both new bands.
 */
const declared = Math.log(200) - Math.log((0.18 + 0.36 / 8 + 0.13 / 12) * (0.35 + 0.25) * 0.3 * 0.42)

/**
 * Two hosts that send more for good are what a theft from a few is, and no statistic tells them apart: the evidence grows beyond
 * what Ville's bound allows. What counts is how often a declaration would come of it: half a one a year is the share of the sums.
 */
test.each([0.001, 0.004])(
  'hosts that change their level, each with a chance of %f a day',
  { timeout: 600_000 },
  (moves) => {
    const site = { hosts: 40, past_days: 365, days: 365, moves }
    const found = Array.from({ length: 20 }, (_, seed) => highestEvidence({ ...site, seed }).merged)
    console.log(
      `moves ${moves}: ${found
        .map((each) => each.toFixed(1))
        .sort((a, b) => Number(b) - Number(a))
        .slice(0, 6)
        .join(', ')} nats`,
    )
    expect(middle(found)).toBeLessThan(0)
    expect(found.filter((each) => each >= declared).length / found.length).toBeLessThanOrEqual(0.1)
  },
)

test('few among many: together they see what the sum alone does not', { timeout: 600_000 }, () => {
  const site = { hosts: 100, past_days: 365, days: 90 }
  const cells: Record<string, HostSite['up']> = {
    nobody: undefined,
    'the same 3, 2 up': (host) => (host < 3 ? 2 : 0),
    'the same 10, 1 up': (host) => (host < 10 ? 1 : 0),
    'the same 30, .5 up': (host) => (host < 30 ? 0.5 : 0),
    'other 5 every day, 2.5 up': (host, day) => ((host + 5 * day) % 100 < 5 ? 2.5 : 0),
    'all, .6 up': () => 0.6,
  }
  const table = Object.entries(cells).map(([name, up]) => {
    const worlds = Array.from({ length: 6 }, (_, seed) => highestEvidence({ ...site, seed, up }))
    const of = (id: string): number => middle(worlds.map((each) => each[id]))
    const ids = ['merged', ...statistics.map(({ id }) => `${id} 1 d`)]
    return { name, ...Object.fromEntries(ids.map((id) => [id, Number(of(id).toFixed(1))])) } as Record<
      string,
      number | string
    >
  })
  console.table(table)
  const [nobody, three, ten] = table.map((row) => [row.merged as number, row['sum 1 d'] as number])
  expect(nobody[0]).toBeLessThan(Math.log(10))
  for (const [merged, sum] of [three, ten]) {
    expect(merged).toBeGreaterThan(Math.log(200))
    expect(sum).toBeLessThan(0)
  }
})
