import { expect, test } from 'vitest'
import { addressWords } from '../model/address.ts'
import { arrivalTable } from '../model/arrival.ts'
import { Columns } from '../model/columns.ts'
import { dayMs, ticksPerDay } from '../model/window.ts'
import type { CampaignTruth } from '../range/truth.ts'
import { type UsualOptions, usualOutcome } from './demo-usual.ts'

const firstDay = 20_000
const names = new Map([
  [0, ''],
  [1, 'web1'],
  [2, '10.0.0.2'],
  [7, 'EXP-7'],
])

interface Row {
  host: number
  peer: string
  bytes_out: number
  expected?: boolean
}

/** Two hosts and their usual peers; for 70 days nothing else. Then web1 sends a hundred times as much to somebody new. */
function rowsOf(day: number): Row[] {
  const rows = [
    { host: 1, peer: '192.0.2.1', bytes_out: 1e9 + day * 1e7 },
    { host: 2, peer: '192.0.2.2', bytes_out: 2e9 + (day % 7) * 1e8 },
  ]
  if (day >= 70) rows.push({ host: 1, peer: '198.51.100.9', bytes_out: 2e11 })
  return day === 72
    ? [
        ...rows,
        { host: 2, peer: '203.0.113.5', bytes_out: 3e12, expected: true },
        { host: 2, peer: '203.0.113.6', bytes_out: 1e12 },
      ]
    : rows
}

const store: UsualOptions['store'] = {
  arrivalDays: async () => new Map(Array.from({ length: 80 }, (_, day) => [firstDay + day, 1])),
  nameTexts: async (ids) => new Map([...ids].map((id) => [id, names.get(id) ?? ''])),
  async *readArrivals(from_tick, to_tick) {
    expect(to_tick - from_tick).toBe(ticksPerDay)
    const columns = new Columns(arrivalTable)
    for (const { host, peer, bytes_out, expected } of rowsOf(from_tick / ticksPerDay - firstDay)) {
      const row = columns.row()
      const { data } = columns
      const words = addressWords(peer) ?? new Uint32Array(4)
      data.tick[row] = from_tick
      data.host[row] = host
      // as the columns keep an address: two words in hi, two in lo, the low ones first
      data.peer.hi.set([words[1], words[0]], 2 * row)
      data.peer.lo.set([words[3], words[2]], 2 * row)
      data.bytes_out[2 * row] = bytes_out % 2 ** 32
      data.bytes_out[2 * row + 1] = Math.floor(bytes_out / 2 ** 32)
      data.explanation[row] = expected ? 7 : 0
      data.explained[row] = expected ? 2 : 0
    }
    yield columns
  },
}

const truth = (id: string, hosts: string[], peers: string[]): CampaignTruth => ({
  ...{ id, scenario: 'demo', start_ms: (firstDay + 70) * dayMs + 5, end_ms: (firstDay + 80) * dayMs, bytes_out: 1n },
  ...{ bytes_out_by_day: {}, accounts: {}, vaults: {}, client_orgs: {} },
  hosts: Object.fromEntries(hosts.map((host) => [host, 1n])),
  peers: Object.fromEntries(peers.map((peer) => [peer, 1n])),
})

test('alarms name members by the names of the books, and what was expected of a look-alike is counted', async () => {
  const outcome = await usualOutcome({
    store,
    hostNames: new Map([['10.0.0.1', 'web1']]),
    thefts: [truth('theft', ['10.0.0.1'], ['198.51.100.9'])],
    lookAlikes: [truth('b1', [], ['203.0.113.5', '203.0.113.6'])],
    until_ms: (firstDay + 75) * dayMs,
  })
  expect([outcome.from_day, outcome.until_day]).toEqual([firstDay + 70, firstDay + 75])
  expect(outcome.lookAlikes).toEqual([
    { bytes_out: 4_000_000_000_000n, explained_bytes_out: 3_000_000_000_000n, explanations: ['EXP-7'] },
  ])
  const tally = (rule: string) => outcome.tallies.find((each) => each.rule === rule)
  expect(tally('host_quota')).toMatchObject({ on_members: 5, on_look_alikes: 0, first_on_member_day: firstDay + 70 })
  expect(tally('new_peer')).toMatchObject({ alarms: 6, on_members: 5, on_look_alikes: 1, subjects: 2 })
})
