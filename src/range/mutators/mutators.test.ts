/** What the logs are after each change, beside what happened; and that twins differ by the campaign alone all the same. */
import { describe, expect, test } from 'vitest'
import { dayMs, firstDayMs } from '../centre/day-shape.ts'
import type { Flow, Lease, OtherRecord } from '../records.ts'
import { scenarios } from '../scenarios/index.ts'
import { Simulation } from '../simulation.ts'
import { weirYaml } from '../weir-yaml.ts'
import { centreMutatorNames, type MutatorName, mutatorNames } from './names.ts'

const days = 4

function ran(mutate: readonly MutatorName[], name = 's4', more: { seed?: number; scale?: number; days?: number } = {}) {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const simulation = new Simulation({ scenario, seed: 4, scale: 0.001, days, declared: 1, mutate, ...more })
  const [crossed, flows, records]: [Flow[], Flow[], OtherRecord[]] = [[], [], []]
  const byDay: string[][] = []
  for (let day = 0; day < simulation.centre.days; day++) {
    const logged: string[] = []
    simulation.runDay(day, {
      crossed: (flow) => void crossed.push({ ...flow }),
      flow: (flow) => {
        flows.push(flow)
        logged.push(JSON.stringify(flow))
      },
      put: (record) => {
        records.push(record)
        logged.push(JSON.stringify(record))
      },
    })
    byDay.push(logged)
  }
  return { crossed, flows, records, byDay, truth: simulation.truth, simulation }
}
const usual = ran([])
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const bytesOf = (flows: readonly Flow[]): number =>
  sum(flows.filter(({ way }) => way !== 'tunnel').map(({ bytes_out }) => bytes_out))

describe.each(mutatorNames.filter((name) => !(centreMutatorNames as readonly string[]).includes(name)))(
  '%s',
  (name) => {
    const changed = ran([name])
    const { truth, crossed, flows } = changed

    test('what happened stays as it was', () => {
      expect(crossed).toEqual(usual.crossed)
      const { campaigns, look_alikes, border_bytes_out } = truth
      expect(border_bytes_out).toBe(usual.truth.border_bytes_out)
      expect(campaigns.map(({ bytes_out, accounts }) => [bytes_out, accounts])).toEqual(
        usual.truth.campaigns.map(({ bytes_out, accounts }) => [bytes_out, accounts]),
      )
      expect(look_alikes).toEqual(usual.truth.look_alikes)
      expect(truth.mutated).toEqual([name])
    })

    test('the truth counts what no log tells of, and the campaign’s part of it', () => {
      const logged = new Set(flows.map(({ uid }) => uid))
      const lost = crossed.filter(({ uid }) => !logged.has(uid))
      const peers = new Set(Object.keys(usual.truth.campaigns[0].peers))
      const { not_logged } = truth
      expect(not_logged?.flows).toBe(lost.length)
      expect(not_logged?.bytes_out).toBe(BigInt(bytesOf(lost)))
      expect(not_logged?.campaigns.s4 ?? 0n).toBe(BigInt(bytesOf(lost.filter(({ peer }) => peers.has(peer)))))
      const records = sum(Object.values(not_logged?.records ?? {}))
      expect(changed.records.length + records).toBe(usual.records.length)
    })
  },
)

test.each(mutatorNames)('%s: a campaign changes nothing of the background’s records', (name) => {
  const clean = ran([name], 'clean', { days: 2 })
  // over SSH and VPN, and through NAT
  for (const theft of ['b2', 's5']) {
    const other = ran([name], theft, { days: 2 })
    for (const [day, records] of clean.byDay.entries()) {
      const left = new Map<string, number>()
      for (const record of other.byDay[day]) left.set(record, (left.get(record) ?? 0) + 1)
      const missing = records.filter((record) => {
        const count = left.get(record) ?? 0
        left.set(record, count - 1)
        return count <= 0
      })
      expect([theft, day, missing]).toEqual([theft, day, []])
    }
  }
})

test('sampling keeps the sum within a few hundredths, loses most connections, and names nothing', () => {
  for (const [name, rate] of [
    ['sampling_1000', 1000],
    ['sampling_10000', 10_000],
    ['flow_sampling', 10],
  ] as const) {
    const { flows, crossed } = ran([name])
    expect(flows.length).toBeLessThan(0.6 * crossed.length)
    expect(flows.every(({ sampling, tls, ssh, service }) => sampling === rate && !tls && !ssh && !service)).toBe(true)
    expect(flows.every(({ bytes_out, bytes_in }) => bytes_out % rate === 0 && bytes_in % rate === 0)).toBe(true)
    if (rate > 10) expect(Math.abs(bytesOf(flows) / bytesOf(crossed) - 1)).toBeLessThan(0.03)
  }
})

test('loss takes three connections in ten, and one in twenty of all else', () => {
  const { flows, records } = ran(['loss'])
  expect(flows.length / usual.flows.length).toBeCloseTo(0.7, 1)
  expect(records.length / usual.records.length).toBeCloseTo(0.95, 1)
})

const leasesOf = (records: readonly OtherRecord[]): Lease[] =>
  records.filter((record): record is Lease => record.kind === 'lease')

test('vpn_stop_loss leaves leases whose end is not told', () => {
  const leases = leasesOf(ran(['vpn_stop_loss'], 's4', { scale: 0.01 }).records)
  const share = leases.filter(({ end_lost }) => end_lost).length / leases.length
  expect(share).toBeGreaterThan(0.02)
  expect(share).toBeLessThan(0.09)
})

test('skew: a program is wrong always by as much, up to ten minutes, and the flow sensor is right', () => {
  const { records, flows } = ran(['skew'])
  expect(flows).toEqual(usual.flows)
  const offsets = new Map<string, Set<number>>()
  for (const [i, record] of records.entries()) {
    const before = usual.records[i]
    if (before.start_ms < firstDayMs + dayMs || before.end_ms > firstDayMs + (days - 1) * dayMs) continue
    const clock = 'host' in record ? record.host : 'gateway' in record ? record.gateway : record.kind
    offsets.set(clock, (offsets.get(clock) ?? new Set()).add(record.start_ms - before.start_ms))
  }
  expect([...offsets.values()].every(({ size }) => size === 1)).toBe(true)
  const all = [...offsets.values()].flatMap((each) => [...each])
  expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(600_000)
  expect(new Set(all).size).toBeGreaterThan(8)
})

test('lease_reuse: few addresses, each given to the next as soon as it is back, and flows inside go with them', () => {
  const { records, flows } = ran(['lease_reuse'], 'b2', { scale: 0.01 })
  const leases = leasesOf(records)
  const byAddress = new Map<string, Lease[]>()
  for (const lease of leases) byAddress.set(lease.inner, [...(byAddress.get(lease.inner) ?? []), lease])
  expect(byAddress.size).toBeLessThan(leases.length / 4)
  for (const held of byAddress.values()) {
    held.sort((a, b) => a.start_ms - b.start_ms)
    for (let i = 1; i < held.length; i++) expect(held[i].start_ms).toBeGreaterThanOrEqual(held[i - 1].end_ms + 1000)
  }
  const inside = flows.filter(({ way }) => way === 'inner')
  expect(inside.length).toBeGreaterThan(50)
  for (const { peer, start_ms, account } of inside) {
    const holder = byAddress.get(peer)?.find((lease) => lease.start_ms <= start_ms && start_ms < lease.end_ms)
    expect(holder?.account).toBe(account)
  }
})

test('missing_sources: three kinds are not there, which ones comes with the seed', () => {
  const missing = (seed: number): string[] => {
    const [before, after] = [ran([], 's5', { seed }), ran(['missing_sources'], 's5', { seed })]
    const kinds = (records: readonly OtherRecord[]): Set<string> => new Set(records.map(({ kind }) => kind))
    const left = kinds(after.records)
    return [...kinds(before.records)].filter((kind) => !left.has(kind)).sort()
  }
  const drawn = [1, 2, 3].map(missing)
  expect(drawn.map(({ length }) => length)).toEqual([3, 3, 3])
  expect(new Set(drawn.map(String)).size).toBeGreaterThan(1)
})

test('no_storage_audit takes reads and writes of files, and no more', () => {
  const { records } = ran(['no_storage_audit'], 's6')
  const before = ran([], 's6').records
  expect(before.some(({ kind }) => kind === 'write')).toBe(true)
  expect(records).toEqual(before.filter(({ kind }) => kind !== 'read' && kind !== 'write'))
})

test('sensor_outage: no connection ends in a quarter of the span, of its second half', () => {
  const { flows } = ran(['sensor_outage'])
  const ends = flows.map(({ end_ms }) => end_ms).sort((a, b) => a - b)
  const gaps = ends.slice(1).map((end_ms, i) => ({ from_ms: ends[i], lasts: (end_ms - ends[i]) / dayMs }))
  const longest = gaps.reduce((most, gap) => (gap.lasts > most.lasts ? gap : most))
  expect(longest.lasts).toBeGreaterThan(0.9)
  expect(longest.lasts).toBeLessThan(1.2)
  expect(longest.from_ms).toBeGreaterThan(firstDayMs + (days / 2 - 0.2) * dayMs)
})

test('nat: what the centre opens has one address, and no binding tells more', () => {
  const { flows, records, simulation } = ran(['nat'], 's5')
  const opened = flows.filter(({ from_peer, way }) => !from_peer && way === 'border')
  expect(new Set(opened.map(({ inside }) => inside))).toEqual(new Set([simulation.centre.hosts.nat[0]]))
  expect(records.some(({ kind }) => kind === 'nat')).toBe(false)
})

test('v6_only: no IPv4 crosses the border, and configuration and truth name what logs name', () => {
  const { flows, records, truth, simulation } = ran(['v6_only'], 's4')
  const border = flows.filter(({ way }) => way !== 'inner')
  expect(border.every(({ inside, peer }) => inside.includes(':') && peer.includes(':'))).toBe(true)
  const [campaign] = truth.campaigns
  const own = flows.filter(({ peer }) => peer in campaign.peers)
  expect(BigInt(bytesOf(own))).toBe(campaign.bytes_out)
  expect(records.filter(({ kind }) => kind === 'login').length).toBeGreaterThan(50)
  const yaml = weirYaml(simulation.centre, simulation.plans)
  for (const address of new Set(border.map(({ inside }) => inside))) expect(yaml).toContain(`"${address}"`)
})

test('shared_nodes: every node may run two jobs at a time', () => {
  const { records } = ran(['shared_nodes'])
  const jobs = records.filter((record) => record.kind === 'job')
  expect(new Set(jobs.map(({ partition }) => partition))).toEqual(new Set(['shared']))
  const together = jobs.filter((job) =>
    jobs.some(
      (other) =>
        other !== job && other.nodes === job.nodes && other.start_ms < job.end_ms && job.start_ms < other.end_ms,
    ),
  )
  expect(together.length).toBeGreaterThan(jobs.length / 3)
})

test('several apply in a fixed order, whatever order they are asked for in', () => {
  const [once, again] = [ran(['skew', 'loss', 'v6_only']), ran(['v6_only', 'skew', 'loss'])]
  expect(again.byDay).toEqual(once.byDay)
})
