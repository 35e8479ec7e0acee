/** Shapes of the simulated traffic, and what truth says of it; nothing is written. */
import { describe, expect, test } from 'vitest'
import { dayMs, firstDayMs, hourMs } from './centre/day-shape.ts'
import type { Flow, Job } from './records.ts'
import { scenarios } from './scenarios/index.ts'
import { Simulation } from './simulation.ts'

function simulate(name: string, days: number, { scale = 0.004, seed = 5, declared = 1 } = {}) {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const simulation = new Simulation({ scenario, seed, scale, days, declared })
  const flows: Flow[] = []
  const jobs: Job[] = []
  for (let day = 0; day < days; day++)
    simulation.runDay(day, {
      flow: (flow) => void flows.push(flow),
      put: (record) => void (record.kind === 'job' && jobs.push(record)),
    })
  return { simulation, flows, jobs, truth: simulation.truth }
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const sumOf = (values: Record<string, bigint>): bigint =>
  Object.values(values).reduce((total, value) => total + value, 0n)
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

describe.each(scenarios.filter(({ campaigns }) => campaigns.length > 0))('$name', ({ name, campaigns: [spec] }) => {
  const days = 8
  const { simulation, flows, truth } = simulate(name, days)
  const [told] = [...truth.campaigns, ...truth.look_alikes]

  test('truth adds up by day, host, peer and vault, and border bytes are those of all flows', () => {
    expect(truth.campaigns).toHaveLength(spec.is_theft ? 1 : 0)
    for (const part of [told.bytes_out_by_day, told.hosts, told.peers, told.vaults, told.client_orgs])
      expect(sumOf(part)).toBe(told.bytes_out)
    expect(sumOf(told.accounts)).toBe(spec.accounts === 0 ? 0n : told.bytes_out)
    expect(truth.border_bytes_out).toBe(BigInt(sum(flows.filter(counted).map(({ bytes_out }) => bytes_out))))
  })

  test('nobody takes part who was not planned', () => {
    const [plan] = simulation.plans
    expect(Object.keys(told.hosts).length).toBeLessThanOrEqual(spec.hosts.count * 4)
    expect(Object.keys(told.accounts).every((name) => plan.accounts.some((account) => account.name === name))).toBe(
      true,
    )
    expect(told.start_ms).toBeGreaterThanOrEqual(plan.start_ms)
    const shared = plan.blocks.flatMap(({ hosts }) => hosts)
    const addresses = [...plan.hosts, ...shared].flatMap((host) => host.addresses)
    expect(Object.keys(told.hosts).filter((address) => !addresses.includes(address))).toEqual([])
  })
})

test('thin takes 1 % of the egress of a mean day before it', () => {
  const { truth, simulation } = simulate('thin', 24)
  const [campaign] = truth.campaigns
  const lasted = (simulation.plans[0].end_ms - simulation.plans[0].start_ms) / dayMs
  const before = Number(truth.border_bytes_out - campaign.bytes_out) / 24
  expect(Number(campaign.bytes_out) / lasted / before).toBeGreaterThan(0.006)
  expect(Number(campaign.bytes_out) / lasted / before).toBeLessThan(0.015)
})

test('peers of thin-stay stay for 60 days, those of thin for 10', () => {
  const stays = (name: string): number[] => {
    const { plans } = new Simulation({ scenario: scenarioOf(name), seed: 2, scale: 0.004, days: 120, declared: 1 })
    return plans[0].slots.map(({ from_day, until_day }) => until_day - from_day)
  }
  expect(new Set(stays('thin-stay'))).toEqual(new Set([60]))
  expect(new Set(stays('thin'))).toEqual(new Set([10]))
})

function scenarioOf(name: string) {
  const found = scenarios.find((each) => each.name === name)
  if (!found) throw new Error(`no scenario ${name}`)
  return found
}
