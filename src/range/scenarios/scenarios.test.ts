/** The brief's numbers at scale 1, computed from the specifications: nothing is generated. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { referenceSite } from '../centre/reference-site.ts'
import { scenarios } from './index.ts'
import { bytesPerDay, type CampaignSpec, lastsDays, type Scenario } from './scenario.ts'

const page = readFileSync(new URL('../../../docs/reference/range.md', import.meta.url), 'utf8')

function named(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  return scenario
}
function only(name: string): CampaignSpec {
  const { campaigns } = named(name)
  if (campaigns.length !== 1) throw new Error(`no single campaign in ${name}`)
  return campaigns[0]
}
const perDay = (name: string): number => bytesPerDay(only(name)) ?? Number.NaN
const total = (name: string): number => perDay(name) * (lastsDays(only(name)) ?? Number.NaN)

test('s1: 10 PB in 182 days, 54.9 TB a day, from 60 hosts to 1,500 peers of at most 40 GB a day', () => {
  const { hosts, peers, vaults, ramp_days, piece } = only('s1')
  expect(total('s1') / 1e15).toBeCloseTo(10, 1)
  expect(perDay('s1') / 1e12).toBeCloseTo(54.97, 1)
  expect([hosts.count, peers.count, peers.networks, vaults.count, ramp_days]).toEqual([60, 1500, 300, 420, 10])
  expect(perDay('s1') / peers.count).toBeLessThan(40e9)
  expect(perDay('s1') / hosts.count / 1e9).toBeCloseTo(916, -1)
  expect([peers.rotation_per_day, piece]).toEqual([0.03, { low: 2e9, high: 2e9 }])
})

test('s4: 14 keys, 3 login nodes, 60 servers of 20 GB a day, 45 days', () => {
  const { hosts, peers, accounts } = only('s4')
  expect([accounts, hosts.count, peers.count, lastsDays(only('s4'))]).toEqual([14, 3, 60, 45])
  expect(perDay('s4')).toBe(1.2e12)
})

test('s5: 216 TB in 10 days of 6 hours each, one account, 25 shared nodes, 2 clouds', () => {
  const { hosts, peers, accounts, hours } = only('s5')
  expect(total('s5')).toBe(216e12)
  expect([accounts, hosts.count, peers.networks, Number(hours[1]) - Number(hours[0])]).toEqual([1, 25, 2, 6])
})

test('s9: 300 GB in 40 minutes of a weekend, one appliance, 4 peers, 400 clients', () => {
  const { hosts, peers, vaults, starts_on_weekend } = only('s9')
  expect(total('s9')).toBeCloseTo(300e9, -3)
  expect([hosts, peers.count, vaults.count]).toEqual([{ count: 1, groups: ['appliance'] }, 4, 400])
  expect(starts_on_weekend).toBe(true)
})

test('b1: 50 TB in 5 days; b3: 3 TB in 4 hours of a night; b4: 20,000 peers of 1 to 5 GB a day', () => {
  expect(total('b1') / 1e12).toBeCloseTo(50.2, 1)
  expect([perDay('b3'), only('b3').hours, only('b3').peers.count]).toEqual([3e12, [1, 5], 40])
  const { peers, piece } = only('b4')
  expect([peers.count, piece]).toEqual([20_000, { low: 1e9, high: 5e9 }])
  expect(perDay('b4') / peers.count).toBe(3e9)
})

test('thin: 1 % of egress, 30 hosts, 400 peers, from a day between 75 and 95; thin-stay: the same, peers of 60 days', () => {
  const { hosts, peers, volume, start_day, carrier } = only('thin')
  expect([hosts.count, peers.count, volume, start_day, carrier]).toEqual([
    30,
    400,
    { share_of_egress: 0.01 },
    [75, 95],
    'https_pull',
  ])
  const stay = only('thin-stay')
  expect([stay.peers.count, stay.peers.stays_days, stay.volume, stay.start_day]).toEqual([400, 60, volume, start_day])
  // the latest start leaves time for a whole stay
  expect(named('thin-stay').days - stay.start_day[1]).toBeGreaterThanOrEqual(60)
})

test('two: 1 % and 3 % at other hosts by other carriers, both from a day between 75 and 95 to the end', () => {
  const { campaigns } = named('two')
  const [a, b] = campaigns
  expect(campaigns).toHaveLength(2)
  expect(a.hosts.groups.filter((group) => b.hosts.groups.includes(group))).toEqual([])
  expect([a.carrier, b.carrier]).toEqual(['https_pull', 'by_host'])
  for (const { start_day, lasts } of campaigns) expect([start_day, lasts]).toEqual([[75, 95], undefined])
  expect(campaigns.map(({ volume }) => volume)).toEqual([{ share_of_egress: 0.01 }, { share_of_egress: 0.03 }])
})

test('decoy: 10 % from 4 hosts to 60 peers for 25 days; 3 to 6 days later the campaign of thin begins behind it', () => {
  const [loud, thief] = named('decoy').campaigns
  expect([loud.volume, loud.hosts.count, loud.peers.count]).toEqual([{ share_of_egress: 0.1 }, 4, 60])
  expect([loud.start_day, lastsDays(loud)]).toEqual([[70, 75], 25])
  expect(thief).toEqual({ ...only('thin'), id: 'decoy-thief', start_day: [3, 6], after: loud.id })
})

test('demo: 3 % after at least 60 days and for at least 20; the collaboration of b1 lies within the theft', () => {
  const { campaigns, days } = named('demo')
  const [theft, collaboration] = campaigns
  expect(theft.volume).toEqual({ share_of_egress: 0.03 })
  expect(theft.start_day[0]).toBeGreaterThanOrEqual(60)
  expect(days - 1 - theft.start_day[1]).toBeGreaterThanOrEqual(20)
  expect([collaboration.is_theft, collaboration.volume]).toEqual([false, only('b1').volume])
  expect(collaboration.start_day[0]).toBeGreaterThan(theft.start_day[1])
  expect(collaboration.start_day[1] + (lastsDays(collaboration) ?? Number.NaN)).toBeLessThanOrEqual(days)
})

test.each([
  ['thin', 0.01],
  ['thin-stay', 0.01],
  ['two', 0.01],
  ['decoy', 0.01],
  ['demo', 0.005],
])('%s at scale %s still has four pieces for each peer, as the reference page says', (name, scale) => {
  const { campaigns, days } = named(name)
  for (const { volume, piece, peers, start_day, lasts, after } of campaigns.filter(({ is_theft }) => is_theft)) {
    if (!('share_of_egress' in volume && 'mean' in piece)) throw new Error('not a share cut into lognormal pieces')
    const leader = campaigns.find(({ id }) => id === after)
    const latest = start_day[1] + (leader?.start_day[1] ?? 0)
    const lasts_days = lasts !== undefined && 'days' in lasts ? lasts.days : days - latest
    const per_day = (volume.share_of_egress * referenceSite.egress_bytes_per_day * scale) / piece.mean
    // the mean day sends a tenth less than the working day
    expect((0.9 * per_day * lasts_days) / peers.count).toBeGreaterThanOrEqual(4)
  }
  expect(page).toMatch(new RegExp(`\`${name}\`[^.]* ${scale}[ ,;:.]`))
})

test('every scenario has a name of its own, a twin that is there, and a start within its days', () => {
  const names = scenarios.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { twin, campaigns, days } of scenarios) {
    expect(names).toContain(twin)
    for (const [i, { start_day, after, can_be_declared, is_theft }] of campaigns.entries()) {
      // what it follows is planned before it
      if (after !== undefined) expect(campaigns.slice(0, i).map(({ id }) => id)).toContain(after)
      expect(start_day[1]).toBeLessThan(days)
      // nobody declares a theft
      expect(can_be_declared && is_theft).toBe(false)
    }
  }
})

test('the reference page lists every scenario with its days and its twin, and no other', () => {
  const section = page.split('\n## ').find((part) => part.startsWith('Scenarios')) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const listed = rows.map((row) => row.split('|').map((cell) => cell.replaceAll('`', '').trim()))
  expect(listed.map(([, name, days, , twin]) => [name, days, twin])).toEqual(
    scenarios.map(({ name, days, twin }) => [name, String(days), twin === name ? '' : twin]),
  )
})
