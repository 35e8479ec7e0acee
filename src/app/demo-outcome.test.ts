import { expect, test } from 'vitest'
import type { Incident, Member } from '../model/incident.ts'
import { dayMs } from '../model/window.ts'
import type { CampaignTruth } from '../range/truth.ts'
import { buildIncident } from '../testing/incident-builder.ts'
import { campaignOutcome, falseIncidents, incidentsAbout } from './demo-outcome.ts'

const begin_ms = Date.parse('2026-03-01T00:00:00Z')

const theft: CampaignTruth = {
  ...{ id: 'theft', scenario: 'demo', start_ms: begin_ms + dayMs / 2, end_ms: begin_ms + 3 * dayMs },
  bytes_out: 600n,
  bytes_out_by_day: { '2026-03-01': 100n, '2026-03-02': 200n, '2026-03-03': 300n },
  hosts: { '10.0.0.1': 400n, '10.0.0.2': 200n },
  peers: { '192.0.2.1': 300n, '192.0.2.2': 200n, '192.0.2.3': 100n },
  ...{ accounts: {}, vaults: {}, client_orgs: {} },
}

function incident(id: string, hosts: Member[], peers: string[], detected_at_ms = begin_ms + 2.5 * dayMs): Incident {
  const built = buildIncident()
  const members = { ...built.members, hosts, peers: peers.map((peer) => member(peer)) }
  return { ...built, id, members, detected_at_ms }
}

function member(id: string, addresses?: string[]): Member {
  return { id, addresses, bytes_out: 1n, gross_bytes_out: 1n, weight: 1 }
}

test('hosts are compared by address, whatever their name; members that are none count against precision', () => {
  const found = incident('a', [member('web1', ['10.0.0.1']), member('web9', ['10.0.0.9'])], ['192.0.2.1', '192.0.2.2'])
  const outcome = campaignOutcome(theft, [found])
  expect(outcome.incident).toBe(found)
  expect(outcome.hosts).toEqual({ truth: 2, found: 2, right: 1 })
  expect(outcome.peers).toEqual({ truth: 3, found: 2, right: 2 })
})

test('of several incidents the one with most of its hosts and peers tells of it', () => {
  const little = incident('little', [], ['192.0.2.3'])
  const most = incident('most', [member('10.0.0.2')], ['192.0.2.1', '192.0.2.2'])
  expect(campaignOutcome(theft, [little, most]).incident).toBe(most)
})

test('what had left at detection: whole days, and the part of the day that had passed', () => {
  const at = (days: number): bigint | undefined =>
    campaignOutcome(theft, [incident('a', [], ['192.0.2.1'], begin_ms + days * dayMs)]).bytes_out_at_detection
  expect([0, 1, 1.5, 3, 9].map(at)).toEqual([0n, 100n, 200n, 600n, 600n])
})

test('an incident about the same hosts alone is not about the theft', () => {
  const elsewhere = incident('elsewhere', [member('10.0.0.1')], ['198.51.100.7'])
  const outcome = campaignOutcome(theft, [elsewhere])
  expect(outcome.incident).toBeUndefined()
  expect(outcome.peers).toEqual({ truth: 3, found: 0, right: 0 })
  expect(falseIncidents([theft], [elsewhere, incident('right', [], ['192.0.2.1'])])).toEqual([elsewhere])
  expect(incidentsAbout({ ...theft, peers: { '198.51.100.7': 1n } }, [elsewhere])).toEqual([elsewhere])
})

test('a name that every object has is no host and no peer', () => {
  const odd = incident('odd', [member('constructor')], ['toString'])
  expect(campaignOutcome(theft, [odd]).incident).toBeUndefined()
})
