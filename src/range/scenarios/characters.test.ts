/** What truth and records of the brief's scenarios are like, beyond the numbers that their specifications state. */
import { describe, expect, test } from 'vitest'
import { dayContext } from '../background/context.ts'
import { allPeers } from '../campaign/peers.ts'
import { runCampaignDay } from '../campaign/run-day.ts'
import { dayMs, firstDayMs, hourMs } from '../centre/day-shape.ts'
import { addressIn, peerNetworks } from '../centre/networks.ts'
import { ways } from '../centre/reference-site.ts'
import type { Flow, OtherRecord } from '../records.ts'
import { Simulation } from '../simulation.ts'
import { CampaignTally, type CampaignTruth } from '../truth.ts'
import { scenarios } from './index.ts'

const options = { seed: 5, scale: 0.003, declared: 1 }

function built(name: string, days?: number, more: Partial<typeof options> = {}): Simulation {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  return new Simulation({ scenario, days: days ?? scenario.days, ...options, ...more })
}

/** What one of its campaigns does from the first day to the last, without a background. */
function ran({ centre, plans }: Simulation, ofCampaign = 0) {
  const plan = plans[ofCampaign]
  const [flows, records]: [Flow[], OtherRecord[]] = [[], []]
  const sink = { flow: (flow: Flow) => void flows.push(flow), put: (record: OtherRecord) => void records.push(record) }
  const tally = new CampaignTally(plan.spec.id, plan.scenario)
  for (let day = 0; day < centre.days; day++)
    runCampaignDay(plan, dayContext(centre, day), centre.egress_bytes_per_day, sink, tally)
  return { flows, records, told: tally.truth, plan, centre }
}
const count = (sums: Record<string, unknown>): number => Object.keys(sums).length
const kindOf =
  <K extends OtherRecord['kind']>(kind: K) =>
  (record: OtherRecord): record is Extract<OtherRecord, { kind: K }> =>
    record.kind === kind
/** Days from the first byte to the last. */
const lasted = ({ start_ms, end_ms }: CampaignTruth): number => (end_ms - start_ms) / dayMs

test('s3: transfers alone, to universities, after a consent from one of them', () => {
  const { records, told, flows, plan } = ran(built('s3', 14))
  const consents = records.filter(kindOf('consent'))
  expect(consents.map(({ account, peer }) => [account, allPeers(plan).includes(peer)])).toEqual([
    [plan.accounts[0].name, true],
  ])
  expect(new Set(flows.map(({ service }) => service))).toEqual(new Set(['gridftp-data']))
  expect([count(told.accounts), plan.vaults.length]).toEqual([1, 12])
  expect(new Set(plan.slots.map(({ network }) => network.asn)).size).toBe(6)
})

test('s6: all that leaves was packed before, and leaves at night in equal pieces', () => {
  const { records, told, flows, plan } = ran(built('s6'))
  const written = records.filter(kindOf('write'))
  const packed = written.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(packed / Number(told.bytes_out)).toBeCloseTo(1, 1)
  expect(Math.max(...written.map(({ end_ms }) => end_ms))).toBeLessThan(told.start_ms)
  expect(lasted(told)).toBeGreaterThan(12)
  expect(flows.every(({ start_ms }) => start_ms % dayMs >= hourMs && start_ms % dayMs < 5 * hourMs)).toBe(true)
  const archives = records.filter(kindOf('read')).filter(({ path }) => path.startsWith('/scratch/'))
  expect(archives).toHaveLength(flows.length)
  expect([count(told.hosts), count(told.accounts), plan.slots.length]).toEqual([1, 1, 3])
})

test('s7: each address is one person’s, all have one client, and everybody takes vaults in one order', () => {
  const { flows, records, told } = ran(built('s7', 24, { scale: 0.02 }))
  const accounts = new Map<string, Set<string>>()
  for (const { peer, account } of flows) accounts.set(peer, (accounts.get(peer) ?? new Set()).add(account))
  expect([...accounts.values()].every(({ size }) => size === 1)).toBe(true)
  expect(new Set(flows.map(({ tls }) => tls?.ja4)).size).toBe(1)
  expect(count(told.accounts)).toBeGreaterThan(10)
  const own = records.filter(kindOf('object')).filter(({ peer }) => accounts.has(peer))
  expect(new Set(own.map(({ user_agent }) => user_agent))).toEqual(new Set(['python-requests/2.31.0']))
  const inTime = own.sort((a, b) => a.start_ms - b.start_ms).map(({ start_ms }) => Math.floor(start_ms / dayMs))
  const buckets = own.map(({ bucket }) => bucket)
  // a vault's turn comes once
  const turns = new Map<string, number[]>()
  for (const [i, bucket] of buckets.entries()) turns.set(bucket, [...(turns.get(bucket) ?? []), inTime[i]])
  const longest = Math.max(...[...turns.values()].map((days) => (days.at(-1) ?? 0) - days[0]))
  expect(longest).toBeLessThanOrEqual(5)
})

test('s8: listings come before objects, all of one key, and few objects for each address', () => {
  const { records, told, plan } = ran(built('s8'))
  const listings = records.filter(kindOf('listing'))
  expect(listings.map(({ bucket }) => bucket).sort()).toEqual(plan.vaults.map(({ bucket }) => bucket).sort())
  expect(Math.max(...listings.map(({ start_ms }) => start_ms))).toBeLessThan(told.start_ms)
  expect([count(told.accounts), count(told.peers) > 50]).toEqual([1, true])
  expect(lasted(told)).toBeLessThan(5.1)
})

test('s10: the same every hour, in no log of flows, and all the same part of the border’s bytes', () => {
  const simulation = built('s10', 8)
  let logged = 0
  const hours = new Set<number>()
  for (let day = 0; day < 8; day++)
    simulation.runDay(day, {
      crossed: (flow) => void (flow.unlogged && hours.add(Math.floor(flow.start_ms / hourMs))),
      flow: ({ unlogged }) => void (unlogged && logged++),
      put: () => {},
    })
  const { campaigns, not_logged } = simulation.truth
  const [told] = campaigns
  expect([logged, not_logged?.campaigns]).toEqual([0, { s10: told.bytes_out }])
  expect([count(told.hosts), count(told.peers), hours.size]).toEqual([1, 2, 24 * count(told.bytes_out_by_day)])
  const days = Object.values(told.bytes_out_by_day).map(Number)
  expect(Math.max(...days) / Math.min(...days)).toBeLessThan(1.001)
})

test('s11: one account, of at most six projects, one cloud', () => {
  const { told, plan, centre } = ran(built('s11'))
  const projects = new Set(plan.vaults.map(({ project }) => project))
  expect(projects.size).toBeGreaterThan(3)
  expect(projects.size).toBeLessThanOrEqual(6)
  const own = centre.projects[plan.accounts[0].project]
  expect(plan.vaults.some(({ project }) => project === own)).toBe(true)
  expect([count(told.accounts), new Set(plan.slots.map(({ network }) => network.kind))]).toEqual([
    1,
    new Set(['cloud']),
  ])
})

test('s12: seeds are sites: one key and the same peers, other accounts and vaults', () => {
  const sites = [1, 2, 3].map((seed) => built('s12', 120, { seed }).plans[0])
  expect(new Set(sites.map((plan) => allPeers(plan).join())).size).toBe(1)
  expect(new Set(sites.map(({ key_fp, ssh }) => `${key_fp} ${ssh.hassh}`)).size).toBe(1)
  expect(new Set(sites.map(({ accounts }) => accounts[0].name)).size).toBe(3)
  const { records } = ran(built('s12', 8))
  const theirs = records.filter(kindOf('login')).filter(({ key_fp }) => key_fp === sites[0].key_fp)
  expect(theirs.length).toBeGreaterThan(3)
})

test('b2: accounts that nobody had, three times as many logins again, one vault, over VPN too', () => {
  const simulation = built('b2', 20, { scale: 0.01 })
  const [ssh, vpn] = [ran(simulation), ran(simulation, 1)]
  const { plan, centre } = ssh
  expect(plan.accounts).toHaveLength(Math.round(1500 * centre.scale))
  expect(centre.people.accounts.some(({ name }) => name.startsWith('course'))).toBe(false)
  const perDay = [...ssh.records, ...vpn.records].filter(kindOf('login')).length / count(ssh.told.bytes_out_by_day)
  const usual = (ways.logins.per_day + ways.vpn.per_day) * centre.scale
  expect(perDay / usual).toBeGreaterThan(2)
  expect(perDay / usual).toBeLessThan(4)
  expect(Object.keys(vpn.told.vaults)).toEqual(Object.keys(ssh.told.vaults))
  expect(count(ssh.told.vaults)).toBe(1)
  // inside a session the login comes from the leased address, which is of a lease of that account
  const leases = new Map(vpn.records.filter(kindOf('lease')).map((lease) => [`${lease.inner} ${lease.account}`, lease]))
  const logins = vpn.records.filter(kindOf('login'))
  expect(logins.length).toBeGreaterThan(50)
  for (const { peer, account } of logins) expect(leases.has(`${peer} ${account}`)).toBe(true)
  // truth names the address outside
  const outside = new Set(allPeers(plan))
  expect(Object.keys(vpn.told.peers).every((peer) => outside.has(peer))).toBe(true)
})

test('b5: many people behind one address, each with the device that they always had', () => {
  const { flows, told, centre } = ran(built('b5', 30, { scale: 0.01 }))
  expect([count(told.peers), count(told.accounts) > 10]).toEqual([1, true])
  const known = new Map(centre.people.accounts.map(({ name, ssh }) => [name, ssh.hassh]))
  const own = flows.filter(({ account }) => account in told.accounts && known.has(account))
  expect(own.length).toBeGreaterThan(20)
  expect(own.every(({ account, ssh }) => ssh?.hassh === known.get(account))).toBe(true)
})

test('b6: datagrams of tens of bytes from one host to every kind of network, and no vault', () => {
  const { told, plan, flows } = ran(built('b6', 3))
  const sent = flows.filter(({ inside, proto }) => inside in told.hosts && proto === 'udp')
  expect(Math.max(...sent.map(({ bytes_out }) => bytes_out))).toBeLessThanOrEqual(120)
  expect([count(told.hosts), count(told.vaults), count(told.peers) > 5000]).toEqual([1, 0, true])
  expect(new Set(plan.slots.map(({ network }) => network.kind)).size).toBe(5)
})

test('b7: to a network where nobody else goes, by an account that was not there before', () => {
  const { told, flows } = ran(built('b7', 12))
  const archives = new Set(
    peerNetworks.archive.flatMap((each) => Array.from({ length: 254 }, (_, i) => addressIn(each, i))),
  )
  expect(flows.length > 0 && flows.every(({ peer }) => archives.has(peer))).toBe(true)
  const others: string[] = []
  const clean = built('clean', 2)
  for (let day = 0; day < 2; day++) clean.runDay(day, { flow: ({ peer }) => void others.push(peer), put: () => {} })
  expect(others.filter((peer) => archives.has(peer))).toEqual([])
  expect(Object.keys(told.accounts)).toEqual(['svc-backup1'])
  expect(flows.every(({ from_peer }) => !from_peer)).toBe(true)
})

test('b7-s5: jobs send vaults that the ticket does not name to archives that it does not name', () => {
  const { plans } = built('b7-s5')
  const [ticket, thief] = plans
  expect(thief.start_ms).toBeGreaterThan(ticket.start_ms)
  expect(thief.end_ms).toBeLessThan(ticket.end_ms)
  const named = new Set([...allPeers(ticket), ...ticket.vaults.map(({ id }) => id)])
  expect([...allPeers(thief), ...thief.vaults.map(({ id }) => id)].filter((each) => named.has(each))).toEqual([])
})

test('b8: many sites, IPv6 alone', () => {
  const { told, flows } = ran(built('b8', 5))
  expect(Object.keys(told.peers).every((peer) => peer.includes(':'))).toBe(true)
  expect(flows.every(({ inside }) => inside.includes(':'))).toBe(true)
  expect([count(told.peers) > 30, count(told.vaults)]).toEqual([true, 4])
})

describe('adversaries', () => {
  test('adaptive: no peer stays for 7 days, and clients and sizes are everybody’s', () => {
    const { flows, centre, told } = ran(built('adaptive', 40))
    const spans = new Map<string, number[]>()
    for (const { peer, start_ms, bytes_out } of flows)
      if (bytes_out > 1e6 && start_ms >= told.start_ms) spans.set(peer, [...(spans.get(peer) ?? []), start_ms])
    const own = [...spans].filter(([peer]) => peer in told.peers)
    const longest = Math.max(...own.map(([, times]) => Math.max(...times) - Math.min(...times)))
    expect(longest).toBeLessThan(7 * dayMs)
    const everybodys = new Set(centre.people.accounts.flatMap(({ ja4, ssh }) => [ja4, ssh.hassh]))
    const prints = flows.filter(({ peer }) => peer in told.peers).map(({ tls, ssh }) => tls?.ja4 ?? ssh?.hassh)
    expect(prints.filter((print) => print !== undefined && !everybodys.has(print))).toEqual([])
    expect(prints.filter((print) => print !== undefined).length).toBeGreaterThan(20)
  })

  test('poison-90: open data for 90 days and ever more of it, then what is not open, by the same', () => {
    const simulation = built('poison-90')
    const { told, plan, centre } = ran(simulation)
    const { told: theft, plan: thief } = ran(simulation, 1)
    expect((thief.start_ms - plan.start_ms) / dayMs).toBe(90)
    expect([thief.hosts, allPeers(thief)]).toEqual([plan.hosts, allPeers(plan)])
    const open = new Set(centre.openVaults.map(({ id }) => id))
    expect(Object.keys(told.vaults).every((id) => open.has(id))).toBe(true)
    expect(Object.keys(theft.vaults).some((id) => open.has(id))).toBe(false)
    const byDay = Object.values(told.bytes_out_by_day).map(Number)
    const mean = (from: number, until: number): number =>
      byDay.slice(from, until).reduce((sum, bytes) => sum + bytes, 0) / (until - from)
    expect(mean(60, 88) / mean(10, 38)).toBeGreaterThan(2)
    const after = Number(theft.bytes_out) / lasted(theft)
    expect(after / mean(80, 89)).toBeGreaterThan(0.7)
    expect(after / mean(80, 89)).toBeLessThan(1.5)
  })

  test('vendor: one account and its addresses for both, declared for one vault of which the theft takes nothing', () => {
    const simulation = built('vendor', 26)
    const { told: service, plan, centre } = ran(simulation)
    const { told: theft, plan: thief } = ran(simulation, 1)
    expect([plan.declared, thief.declared]).toEqual([true, false])
    expect(Object.keys(theft.accounts)).toEqual(Object.keys(service.accounts))
    expect(centre.people.accounts.some(({ name }) => name in theft.accounts)).toBe(false)
    expect(Object.keys(theft.vaults).filter((id) => id in service.vaults)).toEqual([])
    expect(Object.keys(theft.peers).every((peer) => peer in service.peers)).toBe(true)
    expect(theft.start_ms - service.start_ms).toBeGreaterThan(10 * dayMs)
  })

  test('vendor-collab: an account, a host and a university that exchanged data before', () => {
    const { told, plan, centre } = ran(built('vendor-collab', 20))
    const [{ account, dtn, university, vault, from_day }] = centre.collaborations.filter(
      ({ account, university }) => account === plan.accounts[0] && university === plan.slots[0].network,
    )
    expect(Object.keys(told.accounts)).toEqual([account.name])
    expect(plan.hosts).toEqual([dtn])
    expect(from_day).toBeLessThan(0)
    expect(Object.keys(told.vaults).filter((id) => id !== vault.id).length).toBeGreaterThan(2)
    expect(plan.slots.every(({ network }) => network === university)).toBe(true)
  })
})

describe('s1 at rest', () => {
  /** Share of the hours after the ramp in which it sends, and what it takes of what s1 takes. */
  const working = (name: string): { hours: number; bytes: number; weekdays: Set<number> } => {
    const { flows, told, centre, plan } = ran(built(name, 60, { scale: 0.02 }))
    const own = flows.filter(({ start_ms, bytes_out }) => start_ms >= plan.start_ms && bytes_out >= 1e6)
    const started = new Set(own.map(({ start_ms }) => Math.floor(start_ms / hourMs)))
    const hours = (centre.days - (plan.start_ms - firstDayMs) / dayMs) * 24
    const weekdays = new Set(own.map(({ start_ms }) => Math.floor((start_ms - firstDayMs) / dayMs) % 7))
    return { hours: started.size / hours, bytes: Number(told.bytes_out), weekdays }
  }
  const always = working('s1')

  test.each([
    ['s1-duty-5', 0.05],
    ['s1-duty-10', 0.1],
    ['s1-duty-30', 0.3],
  ])('%s: its share of hours, and of bytes', (name, share) => {
    const { hours, bytes } = working(name)
    expect(Math.abs(hours - share)).toBeLessThan(0.4 * share)
    expect(bytes / always.bytes).toBeGreaterThan(0.5 * share)
    expect(bytes / always.bytes).toBeLessThan(1.6 * share)
  })

  test('s1-weekends: Saturdays and Sundays', () => {
    const { weekdays, bytes } = working('s1-weekends')
    expect(weekdays).toEqual(new Set([5, 6]))
    expect(bytes / always.bytes).toBeCloseTo(2 / 7, 1)
  })
})

describe('days that are not like others', () => {
  const made = new Map<string, number[]>()
  const people = (name: string): number[] => {
    const known = made.get(name)
    if (known) return known
    const simulation = built(name, 40, { scale: 0.001 })
    const days = Array.from({ length: 40 }, (_, day) => {
      let records = 0
      simulation.runDay(day, { flow: ({ bytes_out }) => void (bytes_out > 0 && records++), put: () => {} })
      return records
    })
    made.set(name, days)
    return days
  }
  const ratio = (name: string, from: number, until: number): number => {
    const sum = (days: readonly number[]): number => days.slice(from, until).reduce((total, day) => total + day, 0)
    return sum(people(name)) / sum(people('clean'))
  }

  test('holiday: the first of its kind', () => {
    const { calendar } = built('holiday', 40).centre.shape
    expect(calendar.filter(({ kind }) => kind === 'holiday')).toEqual([
      { from_day: 28, until_day: 32, kind: 'holiday', untold: false },
    ])
    expect(ratio('holiday', 28, 33)).toBeLessThan(0.75)
  })

  test('shutdown: nearly nothing, then more than usual', () => {
    expect(ratio('shutdown', 28, 33)).toBeLessThan(0.1)
    expect(ratio('shutdown', 33, 40)).toBeGreaterThan(1.3)
    expect(ratio('shutdown', 14, 28)).toBe(1)
  })
})
