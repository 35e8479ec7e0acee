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

test('s2: 51 Mbit/s for 180 days to 800 peers of 0.69 GB a day, below 1 % of egress, in pieces of low variance', () => {
  const { hosts, peers, vaults, piece, client } = only('s2')
  expect([hosts.count, peers.count, vaults.count, lastsDays(only('s2')), client]).toEqual([12, 800, 9, 180, 'usual'])
  expect(perDay('s2') / peers.count / 1e9).toBeCloseTo(0.69, 2)
  expect(perDay('s2')).toBeLessThan(0.01 * referenceSite.egress_bytes_per_day)
  expect(piece).toEqual({ low: 0.65e9, high: 0.73e9 })
})

test('s3: one identity, 12 collections, 6 endpoints, 3 TB a day for 30 days', () => {
  const { accounts, vaults, peers, carrier } = only('s3')
  expect([accounts, vaults.count, peers.count, peers.kinds, carrier]).toEqual([
    ...[1, 12, 6, ['university'], 'gridftp_pull'],
  ])
  expect(perDay('s3') / 1e12).toBeCloseTo(3, 1)
  expect(total('s3') / 1e12).toBeCloseTo(90, 0)
})

test('s6: 200 Mbit/s from 1 to 5 for 14 nights is 5 TB, from one host to 3 relays', () => {
  const { hosts, peers, hours, accounts } = only('s6')
  expect([hosts.count, peers.count, hours, accounts, lastsDays(only('s6'))]).toEqual([1, 3, [1, 5], 1, 14])
  expect(total('s6') / 1e12).toBeCloseTo(5, 1)
})

test('s7: 200 people, 400 addresses, 2 GB a day each, 24 TB in 60 days', () => {
  const { accounts, peers, hosts } = only('s7')
  expect([accounts, peers.count, hosts.groups, perDay('s7') / accounts]).toEqual([200, 400, ['portal'], 2e9])
  expect(total('s7')).toBe(24e12)
})

test('s8: one key, 3,000 addresses, 8 TB in 5 days; s11: one account, 12 TB in 21 days of 6 projects', () => {
  expect([only('s8').accounts, only('s8').peers.count, lastsDays(only('s8'))]).toEqual([1, 3000, 5])
  expect(total('s8') / 1e12).toBeCloseTo(8, 1)
  expect([only('s11').accounts, only('s11').vaults.shared_projects, lastsDays(only('s11'))]).toEqual([1, 5, 21])
  expect(total('s11') / 1e12).toBeCloseTo(12, 1)
})

test('s10: 100 Mbit/s flat for 60 days is 65 TB to 2 peers; s12: 5 Mbit/s for 90 days is 5 TB to 200', () => {
  expect([only('s10').hosts.count, only('s10').peers.count, only('s10').hours]).toEqual([1, 2, 'flat'])
  expect(total('s10') / 1e12).toBeCloseTo(65, 0)
  expect([only('s12').peers.count, lastsDays(only('s12'))]).toEqual([200, 90])
  expect(total('s12') / 1e12).toBeCloseTo(5, 0)
})

test('b2: 1,500 people of 2 to 5 GB each; b5: 60 people, one address, low bytes; b6: 10^8 datagrams', () => {
  const { campaigns } = named('b2')
  const bytes = campaigns.reduce((sum, each) => sum + (bytesPerDay(each) ?? 0) * (lastsDays(each) ?? 0), 0)
  expect(bytes / 1500 / 1e9).toBeCloseTo(3.5, 1)
  const { accounts, peers } = only('b5')
  expect([accounts, peers.count, peers.kinds, perDay('b5') / accounts]).toEqual([60, 1, ['venue'], 0.5e9])
  expect((perDay('b6') * named('b6').days) / 80).toBeCloseTo(1e8, -1)
})

test('b7: 2 PB in 21 days at 8.8 Gbit/s; s5 is in it, elsewhere; b8: 66 sites, 300 Gbit/s over IPv6, 12 days', () => {
  expect([total('b7') / 1e15, lastsDays(only('b7'))]).toEqual([expect.closeTo(2, 1), 21])
  const [cutover, smuggler] = named('b7-s5').campaigns
  expect(cutover).toEqual(only('b7'))
  expect(smuggler).toMatchObject({ volume: only('s5').volume, after: 'b7', is_theft: true })
  const { peers, vaults, volume } = only('b8')
  expect([peers.count, peers.family, vaults.count, volume]).toEqual([66, 6, 4, { bits_per_second: 300e9 }])
  expect(lastsDays(only('b8'))).toBe(12)
})

test('a resting s1 differs from s1 in when it runs alone', () => {
  for (const name of ['s1-duty-5', 's1-duty-10', 's1-duty-30', 's1-weekends']) {
    const { duty, ...rest } = only(name)
    expect(rest).toEqual({ ...only('s1'), id: name })
    expect(duty).toEqual(name === 's1-weekends' ? 'weekends' : { share_of_hours: Number(name.slice(8)) / 100 })
  }
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
