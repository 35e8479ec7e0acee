import { expect, test } from 'vitest'
import type { CentreVault } from './centre/centre.ts'
import type { Flow } from './records.ts'
import { CampaignTally } from './truth.ts'

const vault: CentreVault = {
  ...{
    id: 'v',
    path: '/proj/p/v',
    bucket: 'v',
    project: 'p',
    client_org: 'org',
    sensitivity: 'high',
    size_bytes: 1,
    open: false,
  },
}
const midnight = Date.UTC(2026, 0, 6)
const hour = 3_600_000
const flow = (start_ms: number, end_ms: number, bytes_out: number): Flow => ({
  ...{
    start_ms,
    end_ms,
    uid: 'C',
    inside: '192.0.2.1',
    inside_port: 1,
    peer: '198.18.0.1',
    peer_port: 2,
    from_peer: true,
  },
  ...{ proto: 'tcp', service: '', bytes_out, bytes_in: 0, conn_state: 'SF', account: '', way: 'border' },
})

test('a flow over midnight counts on both days, in proportion to time and to the byte', () => {
  const tally = new CampaignTally('c', 's')
  tally.add(flow(midnight - hour, midnight + 2 * hour, 100), '10.0.0.1', vault)
  expect(tally.truth).toMatchObject({
    ...{ start_ms: midnight - hour, end_ms: midnight + 2 * hour, bytes_out: 100n, accounts: {} },
    bytes_out_by_day: { '2026-01-05': 33n, '2026-01-06': 67n },
    ...{ hosts: { '10.0.0.1': 100n }, peers: { '198.18.0.1': 100n }, vaults: { v: 100n }, client_orgs: { org: 100n } },
  })
})

test('flows of a moment, and those that end at midnight, count on their first day alone', () => {
  const tally = new CampaignTally('c', 's')
  tally.add(flow(midnight, midnight, 5), 'h', vault)
  tally.add(flow(midnight - hour, midnight, 7), 'h', vault)
  expect(tally.truth.bytes_out_by_day).toEqual({ '2026-01-06': 5n, '2026-01-05': 7n })
  expect(tally.truth.start_ms).toBe(midnight - hour)
})

test('sums are exact beyond 2^53', () => {
  const tally = new CampaignTally('c', 's')
  for (let i = 0; i < 3; i++) tally.add(flow(midnight, midnight + 1, Number.MAX_SAFE_INTEGER), 'h', vault)
  expect(tally.truth.bytes_out).toBe(3n * (2n ** 53n - 1n))
})
