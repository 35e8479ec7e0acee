/** The counting rules of the CONTRACT, each on a few records through the whole of `analyze`. */
import { describe, expect, test, vi } from 'vitest'
import { Books, type ConfigText } from '../support/books.ts'

vi.setConfig({ testTimeout: 60_000 })

const hour = 3_600_000
const day = 24 * hour
const t0 = Date.parse('2026-03-02T00:00:00Z')
const now_ms = t0 + 1000 * day

const site: ConfigText = {
  site: {
    networks: ['10.0.0.0/8', '2001:db8::/32'],
    vpn_pools: [{ gateway: 'vpn1', networks: ['10.200.0.0/24', '2001:db8:200::/64'], tunnel_ports: [443, 1194] }],
  },
  hosts: [
    { name: 'vpn1', addresses: ['10.0.0.1'], role: 'vpn' },
    { name: 'login1', addresses: ['10.1.0.1', '2001:db8:1::1'], role: 'login' },
    { name: 'dtn1', addresses: ['10.1.0.11', '2001:db8:1::11'], role: 'dtn' },
    { name: 'node001', addresses: ['10.2.0.1'], role: 'compute' },
  ],
  sensors: [
    { id: 'zeek', match: '**/zeek/**', segment: 'border', accounts: true },
    { id: 'netflow', match: '**/netflow/**', segment: 'border' },
  ],
  vaults: [{ id: 'cfd', paths: ['/proj/cfd'], project: 'physics', client_org: 'aero' }],
}

let port = 20_000
/** `at_h` hours into the first day, a minute long; each on a port of its own. */
const flow = (at_h: number, bytes_out: number | bigint, more: object = {}) => ({
  type: 'flow',
  start_ms: t0 + at_h * hour,
  end_ms: t0 + at_h * hour + 60_000,
  src_ip: '10.1.0.11',
  src_port: port++,
  dst_ip: '198.51.100.7',
  dst_port: 443,
  proto: 'tcp',
  bytes_src: bytes_out,
  bytes_dst: 10,
  sensor: 'zeek',
  ...more,
})
const transfer = (at_h: number, bytes: number | bigint, more: object = {}) => ({
  type: 'transfer',
  tool: 'gridftp',
  account: 'alice',
  host_ip: 'dtn1.example.org',
  peer_ip: '198.51.100.7',
  path: '/proj/cfd/run1',
  direction: 'out',
  bytes,
  start_ms: t0 + at_h * hour,
  end_ms: t0 + at_h * hour + 60_000,
  ...more,
})

describe('rule 1: place', () => {
  test('inside to inside, outside to outside and the carrier of a tunnel are no egress, but are counted', async () => {
    using books = new Books(site)
    const { ledger, not_egress } = await books.run(
      {
        'a.ndjson': [
          flow(1, 1000),
          flow(1, 200, { dst_ip: '10.1.0.12' }),
          flow(1, 30, { src_ip: '10.200.0.5', dst_ip: '8.8.8.8' }),
          flow(1, 4, { src_ip: '192.0.2.1', dst_ip: '8.8.8.8' }),
          flow(1, 500, { src_ip: '192.0.2.1', dst_ip: '10.0.0.1', dst_port: 1194, proto: 'udp' }),
          flow(1, 0, { bytes_dst: 0 }),
          flow(1, 7, { dst_ip: '224.0.0.251' }),
        ],
      },
      now_ms,
    )
    expect([ledger.bytes_out, ledger.bytes_in, ledger.flows]).toEqual([1000n, 10n, 1n])
    expect(not_egress).toMatchObject({ internal_bytes: 227n, transit_bytes: 54n, carrier_bytes: 510n, probes: 1n })
  })
})

describe('rule 2: bytes', () => {
  test('records and sums stay exact past 2^53, and nine petabytes are as exact as nine bytes', async () => {
    using books = new Books(site)
    const giant = 2n ** 53n + 1n
    const petabytes = Array.from({ length: 9 }, (_, i) => flow(50 + i, 1_000_000_000_000_001n + BigInt(i)))
    const { ledger, sources } = await books.run(
      { 'a.ndjson': [flow(1, giant), flow(2, giant), flow(30, giant), ...petabytes] },
      now_ms,
    )
    const total = 3n * giant + 9_000_000_000_000_045n
    expect([ledger.bytes_out, sources[0].bytes_out]).toEqual([total, total])
    const days = { '2026-03-02': 2n * giant, '2026-03-03': giant, '2026-03-04': 9_000_000_000_000_045n }
    expect(await books.bytesOut('day')).toEqual(days)
    const byPeer = Object.entries(days).map(([day, bytes]) => [`${day} dtn1 198.51.100.7`, bytes])
    expect(await books.bytesOut('day', 'host', 'peer')).toEqual(Object.fromEntries(byPeer))
  })
})

describe('rule 3: flows are the measure', () => {
  test('a transfer labels the flow bytes of its host, peer and time; what it claims beyond them is not booked', async () => {
    using books = new Books(site)
    const files = {
      'flows.ndjson': [flow(1, 1000), flow(2, 50)],
      'gridftp.ndjson': [transfer(1, 1300), transfer(2, 20)],
    }
    const { ledger, not_egress } = await books.run(files, now_ms)
    expect(ledger.bytes_out).toBe(1050n)
    expect(ledger.attributed_share).toEqual({ account: 0.971428, project: 0.971428, vault: 0.971428 })
    expect(await books.bytesOut('vault')).toEqual({ '': 30n, cfd: 1020n })
    expect(await books.bytesOut('day', 'account', 'project', 'client_org')).toEqual({
      '2026-03-02   ': 30n,
      '2026-03-02 alice physics aero': 1020n,
    })
    expect(not_egress.claimed_not_seen_bytes).toBe(300n)
    // written anew, what was claimed is not claimed twice
    const again = await books.run({ 'b.ndjson': [flow(3, 1)] }, now_ms)
    expect(again.not_egress.claimed_not_seen_bytes).toBe(300n)
  })

  test('a transfer whose clock is a moment ahead of the first flow adds nothing to what that carried', async () => {
    using books = new Books(site)
    const [start_ms, end_ms] = [t0 + hour, t0 + 2 * hour]
    const log = [transfer(1, 36_000, { start_ms: start_ms - 2000, end_ms: end_ms + 2000 })]
    const { ledger } = await books.run({ 'a.ndjson': [flow(1, 36_100, { end_ms })], 'b.ndjson': log }, now_ms)
    expect(ledger.bytes_out).toBe(36_100n)
    expect(await books.bytesOut('vault')).toEqual({ '': 100n, cfd: 36_000n })
  })

  test('a transfer over midnight, written anew day by day, claims no more than before', async () => {
    using books = new Books(site)
    const long = transfer(23, 1000, { end_ms: t0 + 25 * hour })
    // the sensor watches all night
    const other = flow(22, 0, { dst_ip: '198.51.100.99', end_ms: t0 + 27 * hour })
    const first = await books.run({ 'a.ndjson': [other, flow(23.5, 100), flow(24.5, 200), long] }, now_ms)
    expect(first.not_egress.claimed_not_seen_bytes).toBe(700n)
    const again = await books.run({ 'b.ndjson': [flow(12, 1)] }, now_ms)
    expect(again.not_egress.claimed_not_seen_bytes).toBe(700n)
    const onceMore = await books.run({ 'c.ndjson': [flow(30, 1)] }, now_ms)
    expect(onceMore.not_egress.claimed_not_seen_bytes).toBe(700n)
    expect(await books.bytesOut('day', 'vault')).toMatchObject({ '2026-03-02 cfd': 100n, '2026-03-03 cfd': 200n })
  })

  test('where no flow sensor watched, the transfer log counts', async () => {
    using books = new Books(site)
    const records = [
      flow(1, 1000),
      flow(2, 50),
      transfer(1.5, 400),
      transfer(30, 7000),
      transfer(31, 1, { direction: 'in' }),
      transfer(32, 2, { peer_ip: '10.2.0.1' }),
      transfer(33, 4, { host_ip: '192.0.2.1' }),
      transfer(34, 8, { peer_ip: undefined }),
    ]
    const { ledger } = await books.run({ 'a.ndjson': records }, now_ms)
    expect(ledger.bytes_out).toBe(8050n)
    expect(await books.bytesOut('sensor', 'day')).toEqual({ 'gridftp 2026-03-03': 7000n, 'zeek 2026-03-02': 1050n })
    // the sensor's records of that day arrive: now they are the measure, and the log labels them
    const later = await books.run({ 'b.ndjson': [flow(29, 1), flow(30, 6000), flow(35, 1)] }, now_ms)
    expect(later.ledger.bytes_out).toBe(7052n)
    expect(await books.bytesOut('vault', 'sensor')).toEqual({ ' zeek': 1052n, 'cfd zeek': 6000n })
    expect(later.not_egress.claimed_not_seen_bytes).toBe(1400n)
  })

  test('a session’s own bytes count where nothing else does, less what transfers with its peer say', async () => {
    using books = new Books(site)
    const session = {
      type: 'session',
      kind: 'globus',
      account: 'alice',
      peer_ip: '198.51.100.7',
      host_ip: 'dtn1',
      bytes_out: 800,
      start_ms: t0 + 20 * hour,
      end_ms: t0 + 28 * hour,
    }
    await books.run({ 'a.ndjson': [session, { ...session, bytes_out: 50, peer_ip: '10.2.0.1' }] }, now_ms)
    expect(await books.bytesOut('day')).toEqual({ '2026-03-02': 400n, '2026-03-03': 400n })
    // a transfer on the second day leaves less for the session on both
    await books.run({ 'b.ndjson': [transfer(26, 200)] }, now_ms)
    expect(await books.bytesOut('day', 'sensor')).toEqual({
      '2026-03-02 globus': 300n,
      '2026-03-03 globus': 300n,
      '2026-03-03 gridftp': 200n,
    })
  })

  test('a sensor that only corroborates never adds, covers nothing and carries no transfer', async () => {
    using books = new Books(site)
    const seen = [flow(1, 1000, { sensor: 'netflow' }), flow(2, 50, { sensor: 'netflow' })]
    const first = await books.run({ 'a.ndjson': [...seen, transfer(1, 300)] }, now_ms)
    expect(first.ledger.bytes_out).toBe(300n)
    expect(first.not_egress.corroborating_bytes).toBe(1070n)
    const asZeek = seen.map((record) => ({ ...record, sensor: 'zeek' }))
    const second = await books.run({ 'b.ndjson': asZeek }, now_ms)
    expect(second.sources[0]).toMatchObject({ accepted: 2, duplicates: 0, bytes_out: 1050n })
    expect(second.ledger.bytes_out).toBe(1050n)
    expect(await books.bytesOut('vault')).toEqual({ '': 750n, cfd: 300n })
    expect(second.not_egress).toMatchObject({ corroborating_bytes: 1070n, claimed_not_seen_bytes: 0n })
    await books.snapshot()
  })

  test('of the same records through an accounting and a corroborating path only the first are counted', async () => {
    using books = new Books(site)
    const record = ({ ...each }: ReturnType<typeof flow>) => ({ ...each, sensor: undefined })
    const records = [record(flow(1, 1000)), record(flow(2, 50))]
    const { ledger } = await books.run({ 'netflow/a.ndjson': records, 'zeek/a.ndjson': records }, now_ms)
    expect(ledger.bytes_out).toBe(1050n)
  })
})

describe('rule 4: windows', () => {
  test('bytes are spread by cumulative floor, flows count where they began', async () => {
    using books = new Books(site)
    const records = [flow(23.5, 1001, { end_ms: t0 + 25 * hour, bytes_dst: 0 })]
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await books.bytesOut('hour')).toEqual({ '2026-03-02T23:00Z': 333n, '2026-03-03T00:00Z': 668n })
    const flows = (await books.answer(['hour'])).map(({ sums }) => sums.flows)
    expect(flows).toEqual([1n, 0n])
  })

  test('a connection that was logged again and again is counted once, in whatever order its records come', async () => {
    const snapshots = [3, 9, 27].map((end_h, i) =>
      flow(1, [100, 500, 4500][i], { src_port: 7, uid: 'C1', end_ms: t0 + end_h * hour, bytes_dst: 0 }),
    )
    const expected = { '2026-03-02': 100n + 400n + (4000n * 15n) / 18n, '2026-03-03': 4000n - (4000n * 15n) / 18n }
    using books = new Books(site)
    for (const i of [0, 2, 1]) await books.run({ 'a.ndjson': [snapshots[i]] }, now_ms)
    expect(await books.bytesOut('day')).toEqual(expected)
    const { ledger } = await books.run({ 'all.ndjson': snapshots }, now_ms)
    expect([ledger.bytes_out, ledger.flows]).toEqual([4500n, 1n])
  })
})

describe('rule 5: leased addresses', () => {
  const pulled = flow(5, 10, { src_ip: '10.200.0.5', dst_ip: '10.1.0.11', dst_port: 22, bytes_dst: 9000 })
  const session = {
    type: 'session',
    kind: 'vpn',
    account: 'alice',
    peer_ip: '203.0.113.9',
    assigned_ip: '10.200.0.5',
    gateway: 'vpn1',
    start_ms: t0 + 4 * hour,
    end_ms: t0 + 8 * hour,
  }
  const by = ['day', 'account', 'peer', 'leased_ip', 'gateway'] as const

  test('a tunnel into which no sensor sees is named by the session at its gateway', async () => {
    const pool = { gateway: 'vpn1', networks: ['10.200.0.0/24'], tunnel_ports: [1194], inner_flows: 'none' }
    const unseen = { ...(site as object), site: { networks: ['10.0.0.0/8'], vpn_pools: [pool] } }
    const outer = { src_ip: '203.0.113.9', dst_ip: '10.0.0.1', dst_port: 1194, proto: 'udp', bytes_dst: 9000 }
    using books = new Books(unseen)
    await books.run(
      { 'a.ndjson': [flow(5, 10, outer), flow(5, 10, { ...outer, dst_ip: '10.1.0.11' }), session] },
      now_ms,
    )
    expect(await books.bytesOut('account', 'peer', 'host')).toEqual({
      'alice 203.0.113.9 vpn1': 9000n,
      ' 203.0.113.9 dtn1': 9000n,
    })
  })

  test('what flows to one has left: to the session’s outer address; without a session to the leased one', async () => {
    using books = new Books(site)
    await books.run({ 'a.ndjson': [pulled, { ...session, assigned_ip: '10.200.0.6' }] }, now_ms)
    expect(await books.bytesOut(...by)).toEqual({ '2026-03-02  10.200.0.5  vpn1': 9000n })
    // the right one comes later
    const { ledger } = await books.run({ 'b.ndjson': [session] }, now_ms)
    expect([ledger.bytes_out, ledger.attributed_share.account]).toEqual([9000n, 1])
    expect(await books.bytesOut(...by)).toEqual({ '2026-03-02 alice 203.0.113.9 10.200.0.5 vpn1': 9000n })
    await books.snapshot()
  })

  test('a lease without an end ends at the next one, also if that is told later', async () => {
    using books = new Books(site)
    const open = { type: 'lease', ip: '10.200.0.5', account: 'alice', start_ms: t0 + hour }
    await books.run({ 'a.ndjson': [pulled, open] }, now_ms)
    expect(await books.bytesOut('account')).toEqual({ alice: 9000n })
    const next = { ...open, account: 'bob', start_ms: t0 + 2 * hour, end_ms: t0 + 3 * hour }
    await books.run({ 'b.ndjson': [next] }, now_ms)
    expect(await books.bytesOut('account')).toEqual({ '': 9000n })
  })
})

describe('rule 6: logins', () => {
  const login = (more: object) => ({
    type: 'session',
    kind: 'ssh',
    account: 'alice',
    peer_ip: '203.0.113.9',
    peer_port: 50_000,
    host_ip: 'LOGIN1.cluster',
    start_ms: t0 + 5 * hour + 5000,
    end_ms: t0 + 5 * hour + 6000,
    ...more,
  })
  const pull = (more: object = {}) =>
    flow(5, 10, { src_ip: '203.0.113.9', src_port: 50_000, dst_ip: '10.1.0.1', dst_port: 22, bytes_dst: 700, ...more })

  test('name the account of their connection, at the host by its first label and at any of its addresses', async () => {
    using books = new Books(site)
    const six = { src_ip: '2001:db9::9', dst_ip: '2001:db8:1::1', bytes_dst: 33 }
    const elsewhere = pull({ dst_ip: '10.1.0.11', bytes_dst: 5 })
    await books.run(
      { 'a.ndjson': [pull(), pull(six), elsewhere, login({}), login({ account: 'bob', peer_ip: '2001:db9::9' })] },
      now_ms,
    )
    expect(await books.bytesOut('account')).toEqual({ alice: 700n, bob: 33n, '': 5n })
  })

  test('of a flow that lasts for days name all of it, also if they come when some of it is booked', async () => {
    using books = new Books(site)
    await books.run({ 'a.ndjson': [pull({ end_ms: t0 + 4 * day })] }, now_ms)
    await books.run({ 'b.ndjson': [login({})] }, now_ms)
    expect(await books.bytesOut('account')).toEqual({ alice: 700n })
    // a day in the middle is written anew
    await books.run({ 'c.ndjson': [flow(60, 1)] }, now_ms)
    expect(await books.bytesOut('account')).toEqual({ alice: 700n, '': 1n })
  })

  test('a job names what left its node, once its record comes', async () => {
    using books = new Books(site)
    await books.run({ 'a.ndjson': [flow(5, 700, { src_ip: '10.2.0.1', end_ms: t0 + 3 * day })] }, now_ms)
    const job = { type: 'job', job_id: 1, account: 'alice', project: 'physics', nodes: ['node001'], start_ms: t0 }
    await books.run({ 'b.ndjson': [job] }, now_ms)
    expect(await books.bytesOut('day', 'account', 'project')).toMatchObject({ '2026-03-02 alice physics': 198n })
    expect(await books.bytesOut('account')).toEqual({ alice: 700n })
  })
})

describe('rule 7: expectations', () => {
  const expecting = (...expectations: object[]): ConfigText => ({ ...(site as object), expectations }) as ConfigText

  test('explain what they fully match, up to their cap of a day; the rest is consistent or unexplained', async () => {
    using books = new Books(
      expecting(
        { id: 'EXP-1', vaults: ['cfd'], peers: ['198.51.100.0/24'], max_bytes_per_day: 500 },
        { id: 'EXP-2', accounts: ['mirror'], peers: ['203.0.113.0/24'] },
      ),
    )
    const records = [
      flow(1, 400),
      transfer(1, 400),
      flow(2, 300),
      transfer(2, 300),
      flow(3, 20),
      flow(4, 5, { dst_ip: '192.0.2.1' }),
      flow(26, 90),
      transfer(26, 90),
    ]
    const { ledger } = await books.run({ 'a.ndjson': records }, now_ms)
    expect(ledger).toMatchObject({ bytes_out: 815n, explained_bytes_out: 590n, unexplained_bytes_out: 225n })
    expect(await books.bytesOut('day', 'explained', 'explanation')).toEqual({
      '2026-03-02 explained EXP-1': 500n,
      // beyond the cap, with the expectation still named
      '2026-03-02 unexplained EXP-1': 200n,
      '2026-03-02 consistent EXP-1': 20n,
      '2026-03-02 unexplained ': 5n,
      '2026-03-03 explained EXP-1': 90n,
    })
    await books.snapshot()
  })

  test('hold for a single IPv6 address, though the books keep but its network', async () => {
    using books = new Books(expecting({ id: 'EXP-1', vaults: ['cfd'], peers: ['2001:db9::7'] }))
    const six = { peer_ip: '2001:db9::7', host_ip: '2001:db8:1::11' }
    const to = (dst_ip: string) => ({ src_ip: '2001:db8:1::11', dst_ip })
    const records = [
      flow(1, 400, to('2001:db9::7')),
      transfer(1, 400, six),
      flow(2, 30, to('2001:db9::7')),
      flow(3, 5, to('2001:db9::8')),
    ]
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await books.bytesOut('explained')).toEqual({ explained: 400n, consistent: 30n, unexplained: 5n })
  })
})
