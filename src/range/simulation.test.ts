/** Shapes of the simulated traffic, and what truth says of it; nothing is written. */
import { describe, expect, test } from 'vitest'
import { allPeers } from './campaign/peers.ts'
import type { CampaignPlan } from './campaign/plan.ts'
import { dayMs, firstDayMs, hourMs } from './centre/day-shape.ts'
import type { Flow, Job } from './records.ts'
import { scenarios } from './scenarios/index.ts'
import { Simulation } from './simulation.ts'
import type { CampaignTruth, RangeTruth } from './truth.ts'

function simulate(name: string, days: number, { scale = 0.004, seed = 5, declared = 1 } = {}) {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const simulation = new Simulation({ scenario, seed, scale, days, declared })
  const flows: Flow[] = []
  const jobs: Job[] = []
  for (let day = 0; day < days; day++)
    simulation.runDay(day, {
      crossed: (flow) => void flows.push(flow),
      flow: () => {},
      put: (record) => void (record.kind === 'job' && jobs.push(record)),
    })
  return { simulation, flows, jobs, truth: simulation.truth }
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const sumOf = (values: Record<string, bigint>): bigint =>
  Object.values(values).reduce((total, value) => total + value, 0n)
function toldOf({ campaigns, look_alikes }: RangeTruth, id: string): CampaignTruth {
  const told = [...campaigns, ...look_alikes].find((each) => each.id === id)
  if (!told) throw new Error(`truth does not tell of ${id}`)
  return told
}
const counted = ({ way }: Flow): boolean => way !== 'tunnel'

describe('two weeks of a clean centre', () => {
  const { flows, jobs, truth } = simulate('clean', 14)
  const payload = flows.filter(({ bytes_out }) => bytes_out > 0).filter(counted)
  const people = payload.filter(({ service }) => service === 'ssh' || service === 'ssl')
  const dayOf = ({ start_ms }: Flow): number => Math.floor((start_ms - firstDayMs) / dayMs)

  test('a night is quieter than noon', () => {
    const between = (from: number, until: number): number =>
      people.filter(({ start_ms }) => {
        const hour = Math.floor((start_ms % dayMs) / hourMs)
        return hour >= from && hour < until
      }).length
    expect(between(1, 5)).toBeLessThan(between(10, 14) / 3)
  })

  test('a weekend is quieter than the days before', () => {
    const perDay = Array.from({ length: 14 }, (_, day) => people.filter((flow) => dayOf(flow) === day).length)
    expect((perDay[5] + perDay[6] + perDay[12] + perDay[13]) / 4).toBeLessThan(0.7 * (sum(perDay.slice(0, 5)) / 5))
  })

  test('one flow in a hundred carries most of the bytes, and few people most of the logins', () => {
    const sizes = payload.map(({ bytes_out }) => bytes_out).sort((a, b) => b - a)
    expect(sum(sizes.slice(0, Math.ceil(sizes.length / 100)))).toBeGreaterThan(0.5 * sum(sizes))
    const logins = new Map<string, number>()
    for (const { service, account } of payload)
      if (service === 'ssh') logins.set(account, (logins.get(account) ?? 0) + 1)
    const counts = [...logins.values()].sort((a, b) => b - a)
    expect(sum(counts.slice(0, 8))).toBeGreaterThan(0.4 * sum(counts))
  })

  test('new peers come every day', () => {
    const known = new Set<string>()
    for (let day = 0; day < 14; day++) {
      const today = new Set(payload.filter((flow) => dayOf(flow) === day).map(({ peer }) => peer))
      const unseen = [...today].filter((peer) => !known.has(peer))
      expect(unseen.length).toBeGreaterThan(today.size / 10)
      for (const peer of today) known.add(peer)
    }
  })

  test('scanners move no bytes', () => {
    const scans = flows.filter(({ conn_state }) => conn_state !== 'SF')
    expect(scans.length).toBeGreaterThan(1000)
    expect(scans.every(({ bytes_out, bytes_in, tls }) => bytes_out === 0 && bytes_in === 0 && !tls)).toBe(true)
  })

  test('compute reads more than a hundred times what leaves', () => {
    expect(sum(jobs.map(({ read_bytes }) => read_bytes))).toBeGreaterThan(100 * Number(truth.border_bytes_out))
  })

  test('jobs of one node follow each other, on shared nodes at most two at a time', () => {
    const byNodes = new Map<string, Job[]>()
    for (const job of jobs) byNodes.set(job.nodes, [...(byNodes.get(job.nodes) ?? []), job])
    for (const group of byNodes.values()) {
      for (const { start_ms, partition } of group) {
        const running = group.filter((other) => other.start_ms <= start_ms && other.end_ms > start_ms).length
        expect(running).toBeLessThanOrEqual(partition === 'shared' ? 2 : 1)
      }
    }
  })

  test('identifiers of connections are unique, all happens within the span, and bytes are whole', () => {
    expect(new Set(flows.map(({ uid }) => uid)).size).toBe(flows.length)
    expect(flows.every(({ start_ms, end_ms }) => start_ms <= end_ms && end_ms < firstDayMs + 14 * dayMs)).toBe(true)
    expect(
      flows.every(({ bytes_out, bytes_in }) => Number.isSafeInteger(bytes_out) && Number.isSafeInteger(bytes_in)),
    ).toBe(true)
  })
})

describe.each(scenarios.filter(({ campaigns }) => campaigns.length > 0))('$name', ({ name, campaigns }) => {
  const days = 8
  const { simulation, flows, truth } = simulate(name, days, { scale: 0.001 })

  test('truth holds each theft and each look-alike, and border bytes are those of all flows', () => {
    const ids = (isTheft: boolean) => campaigns.filter(({ is_theft }) => is_theft === isTheft).map(({ id }) => id)
    expect(truth.campaigns.map(({ id }) => id)).toEqual(ids(true))
    expect(truth.look_alikes.map(({ id }) => id)).toEqual(ids(false))
    expect(truth.border_bytes_out).toBe(BigInt(sum(flows.filter(counted).map(({ bytes_out }) => bytes_out))))
  })

  test.each(campaigns)(
    'truth of $id adds up by day, host, peer and vault',
    ({ id, accounts, vaults, carrier, hosts }) => {
      const told = toldOf(truth, id)
      for (const part of [told.bytes_out_by_day, told.hosts, told.peers]) expect(sumOf(part)).toBe(told.bytes_out)
      for (const part of [told.vaults, told.client_orgs])
        expect(sumOf(part)).toBe(vaults.count === 0 ? 0n : told.bytes_out)
      // services do not know whom they serve
      const unnamed = carrier === 'by_host' && hosts.groups.includes('service')
      if (unnamed) expect(sumOf(told.accounts)).toBeLessThan(told.bytes_out)
      else expect(sumOf(told.accounts)).toBe(accounts === 0 ? 0n : told.bytes_out)
    },
  )

  test.each(campaigns)('nobody takes part in $id who was not planned', ({ id, hosts, peers }) => {
    const told = toldOf(truth, id)
    const plan = simulation.plans.find((each) => each.spec.id === id)
    if (!plan) throw new Error(`${id} was not planned`)
    if (peers.rotation_per_day === undefined) {
      const planned = new Set(allPeers(plan))
      expect(Object.keys(told.peers).filter((peer) => !planned.has(peer))).toEqual([])
    }
    expect(Object.keys(told.hosts).length).toBeLessThanOrEqual(hosts.count * 4)
    expect(Object.keys(told.accounts).every((name) => plan.accounts.some((account) => account.name === name))).toBe(
      true,
    )
    expect(told.start_ms).toBeGreaterThanOrEqual(plan.start_ms)
    const shared = plan.blocks.flatMap(({ hosts }) => hosts)
    const addresses = [...plan.hosts, ...shared].flatMap((host) => host.addresses)
    expect(Object.keys(told.hosts).filter((address) => !addresses.includes(address))).toEqual([])
  })
})

const sameBackground = scenarios.filter(({ name, events }) => name !== 'clean' && events === undefined)
const cleanDays = recordsByDay('clean')

test.each(sameBackground)('$name leaves every record of the background as it was', ({ name }) => {
  for (const [day, records] of recordsByDay(name).entries())
    expect(records.slice(0, cleanDays[day].length)).toEqual(cleanDays[day])
})

/** The background comes first on each day. */
function recordsByDay(name: string): string[][] {
  const simulation = new Simulation({ scenario: scenarioOf(name), seed: 3, scale: 0.001, days: 2, declared: 0.2 })
  return [0, 1].map((day) => {
    const records: string[] = []
    const keep = (record: object): void => void records.push(JSON.stringify(record))
    simulation.runDay(day, { flow: keep, put: keep })
    return records
  })
}

test('thin takes 1 % of the egress of a mean day before it', () => {
  const { truth, simulation } = simulate('thin', 24)
  const [campaign] = truth.campaigns
  const lasted = (simulation.plans[0].end_ms - simulation.plans[0].start_ms) / dayMs
  const before = Number(truth.border_bytes_out - campaign.bytes_out) / 24
  expect(Number(campaign.bytes_out) / lasted / before).toBeGreaterThan(0.006)
  expect(Number(campaign.bytes_out) / lasted / before).toBeLessThan(0.015)
})

function plansOf(name: string, seed: number): readonly CampaignPlan[] {
  const scenario = scenarioOf(name)
  return new Simulation({ scenario, seed, scale: 0.004, days: scenario.days, declared: 1 }).plans
}

test('peers of thin-stay stay for 60 days, those of thin for 10', () => {
  const stays = (name: string): number[] =>
    plansOf(name, 2)[0].slots.map(({ from_day, until_day }) => until_day - from_day)
  expect(new Set(stays('thin-stay'))).toEqual(new Set([60]))
  expect(new Set(stays('thin'))).toEqual(new Set([10]))
})

const severalAtATime = scenarios.filter(
  ({ campaigns }) => campaigns.length > 1 && campaigns.every(({ cover }) => cover === undefined),
)

test.each(severalAtATime)('campaigns of $name share no host, address of a peer, account or vault', ({ name }) => {
  for (let seed = 1; seed <= 5; seed++) {
    const plans = plansOf(name, seed)
    const parts: ((plan: CampaignPlan) => string[])[] = [
      allPeers,
      ({ hosts }) => hosts.map((host) => host.name),
      ({ accounts }) => accounts.map((account) => account.name),
      ({ vaults }) => vaults.map(({ id }) => id),
    ]
    for (const of of parts) {
      const all = plans.flatMap(of)
      expect(new Set(all).size).toBe(all.length)
    }
    for (const { spec, hosts, vaults } of plans) {
      expect(hosts).toHaveLength(spec.carrier === 'job_push' ? 0 : spec.hosts.count)
      expect(vaults).toHaveLength(spec.vaults.count)
    }
  }
})

test('where groups overlap, the later campaign takes what the earlier has left', () => {
  const [theft] = scenarioOf('thin').campaigns
  const hosts = { count: 50, groups: ['service'] } as const
  const peers = { count: 900, kinds: ['venue'], networks: 100 } as const
  const vaults = { count: 150, open: false }
  const campaigns = ['first', 'second'].map((id) => ({ ...theft, id, hosts, peers, vaults }))
  const scenario = { ...scenarioOf('thin'), campaigns }
  const { plans } = new Simulation({ scenario, seed: 1, scale: 0.004, days: 120, declared: 1 })
  expect(plans.map((plan) => [plan.hosts.length, plan.vaults.length])).toEqual([
    [50, 150],
    [30, 50],
  ])
  // 32 venues of 62 addresses hold both
  expect(new Set(plans.flatMap(allPeers)).size).toBe(1800)
})

test('the thief of decoy begins 3 to 6 days after it, with the seed', () => {
  const gaps = Array.from({ length: 12 }, (_, seed) => {
    const [loud, thief] = plansOf('decoy', seed + 1)
    return (thief.start_ms - loud.start_ms) / dayMs
  })
  expect(gaps.every((days) => days >= 3 && days <= 6)).toBe(true)
  expect(new Set(gaps).size).toBeGreaterThan(1)
})

test('two-keys goes over SSH at login nodes and fetches objects at portals', () => {
  const { flows, truth, simulation } = simulate('two', 16)
  const { hosts } = simulation.plans[1]
  const own = new Set(Object.keys(toldOf(truth, 'two-keys').peers))
  const services = (role: string): string[] => {
    const addresses = hosts.filter((host) => host.role === role).flatMap((host) => host.addresses)
    const theirs = flows.filter(
      ({ peer, inside, bytes_out }) => own.has(peer) && addresses.includes(inside) && bytes_out > 1e6,
    )
    return [...new Set(theirs.map(({ service }) => service))]
  }
  expect([services('login'), services('portal')]).toEqual([['ssh'], ['ssl']])
})

function scenarioOf(name: string) {
  const found = scenarios.find((each) => each.name === name)
  if (!found) throw new Error(`no scenario ${name}`)
  return found
}
