/** What the operator's own files add, through the whole of `analyze`: autonomous systems in the books, vaults of maps. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { analyze } from '../../src/app/analyze.ts'
import { doctor } from '../../src/app/doctor/doctor.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { mmdb } from '../../src/testing/mmdb.ts'
import { Books, type ConfigText, configOf } from '../support/books.ts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'weir-enrich-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const asns = (numbers: Record<string, number>) =>
  mmdb(
    Object.fromEntries(
      Object.entries(numbers).map(([network, autonomous_system_number]) => [network, { autonomous_system_number }]),
    ),
  )
const numbers = { '198.51.100.0/24': 64500, '203.0.113.0/24': 64501, '2001:db8:ff::/48': 64502 }
const asn_db = file('asn.mmdb', asns(numbers))

const hour = 3_600_000
const t0 = Date.parse('2026-03-02T00:00:00Z')
const now_ms = t0 + 100 * 24 * hour

const site = {
  site: {
    networks: ['10.0.0.0/8', '2001:db8:1::/48'],
    vpn_pools: [{ gateway: 'vpn1', networks: ['10.200.0.0/24'] }],
  },
  hosts: [{ name: 'dtn1', addresses: ['10.1.0.11', '2001:db8:1::11'], role: 'dtn' }],
  expectations: [{ id: 'MIRROR', asns: [64500], accounts: ['svc-mirror'] }],
}

let port = 30_000
const flow = (at_h: number, bytes: number, more: object = {}) => ({
  type: 'flow',
  start_ms: t0 + at_h * hour,
  end_ms: t0 + at_h * hour + 60_000,
  src_ip: '10.1.0.11',
  src_port: port++,
  dst_ip: '198.51.100.7',
  dst_port: 443,
  proto: 'tcp',
  bytes_src: bytes,
  bytes_dst: 1,
  ...more,
})
const six = { src_ip: '2001:db8:1::11', dst_ip: '2001:db8:ff:1::9' }
const session = (account: string, peer_ip: string, at_h: number) => ({
  type: 'session',
  kind: 'ssh',
  account,
  peer_ip,
  host_ip: '10.1.0.11',
  start_ms: t0 + at_h * hour - 1000,
  end_ms: t0 + at_h * hour + 120_000,
})
const lease = {
  type: 'lease',
  ip: '10.200.0.9',
  account: 'bob',
  peer_ip: '203.0.113.5',
  start_ms: t0,
  end_ms: t0 + hour,
}
const records = [
  flow(1, 1000),
  flow(2, 200, { dst_ip: '203.0.113.5' }),
  flow(3, 30, six),
  flow(4, 4, { dst_ip: '192.0.2.1' }),
  flow(0.5, 50_000, { dst_ip: '10.200.0.9' }),
  lease,
]

describe('peer_asn', () => {
  test('is in the books and their cubes, of a leased address that of the session, 0 where nothing is known', async () => {
    using books = new Books({ ...site, enrich: { asn_db } })
    await books.run({ 'a.ndjson': records }, now_ms)
    const expected = { 0: 4n, 64500: 1000n, 64501: 50_200n, 64502: 30n }
    expect(await books.bytesOut('peer_asn')).toEqual(expected)
    expect(await books.bytesOut('peer_asn', 'peer')).toEqual({
      '0 192.0.2.1': 4n,
      '64500 198.51.100.7': 1000n,
      '64501 203.0.113.5': 50_200n,
      '64502 2001:db8:ff:1::/64': 30n,
    })
    const where = [{ column: 'peer_asn', value: '64501' }]
    expect((await books.answer(['account'], { where })).map(({ key, sums }) => [key[0], sums.bytes_out])).toEqual([
      ['', 200n],
      ['bob', 50_000n],
    ])
    await books.snapshot()
  })

  test('without a database is unknown throughout', async () => {
    using books = new Books(site)
    await books.run({ 'a.ndjson': records }, now_ms)
    expect(await books.bytesOut('peer_asn')).toEqual({ 0: 51_234n })
  })

  test('is also told of bytes that only a transfer log saw', async () => {
    using books = new Books({ ...site, enrich: { asn_db } })
    const transfer = {
      type: 'transfer',
      tool: 'gridftp',
      account: 'alice',
      host_ip: '10.1.0.11',
      peer_ip: '203.0.113.77',
      path: '/x',
      direction: 'out',
      bytes: 5000,
      start_ms: t0,
      end_ms: t0 + 1000,
    }
    await books.run({ 'a.ndjson': [transfer] }, now_ms)
    expect(await books.bytesOut('peer_asn', 'account')).toEqual({ '64501 alice': 5000n })
  })
})

describe('expectations by autonomous system', () => {
  const logs = {
    'a.ndjson': [
      flow(1, 1000),
      session('svc-mirror', '198.51.100.7', 1),
      flow(4, 70),
      flow(5, 9, { dst_ip: '192.0.2.1' }),
    ],
  }

  test('explain with a database what without one is only consistent', async () => {
    using plain = new Books(site)
    await plain.run(logs, now_ms)
    expect(await plain.bytesOut('explained', 'explanation')).toEqual({
      'consistent MIRROR': 1000n,
      'unexplained ': 79n,
    })
    using enriched = new Books({ ...site, enrich: { asn_db } })
    await enriched.run(logs, now_ms)
    expect(await enriched.bytesOut('explained', 'explanation')).toEqual({
      'explained MIRROR': 1000n,
      'consistent MIRROR': 70n,
      'unexplained ': 9n,
    })
  })
})

describe('another database', () => {
  const run = (books: Books, config: ConfigText, paths: string[]) =>
    analyze({
      paths,
      config: configOf(config),
      configured: true,
      state: books.state,
      progress: silentProgress,
      now_ms: t0 + 25 * hour,
    })

  test('labels anew what detail is kept; the same one under another name changes nothing', async () => {
    using books = new Books(site)
    await books.run({ 'a.ndjson': records }, t0 + 25 * hour)
    const [logs] = [join(books.directory, 'run-1')]
    expect(await books.bytesOut('peer_asn')).toEqual({ 0: 51_234n })
    await run(books, { ...site, enrich: { asn_db } }, [logs])
    expect(await books.bytesOut('peer_asn')).toEqual({ 0: 4n, 64500: 1000n, 64501: 50_200n, 64502: 30n })
    const before = await books.ask((store) => store.meta())
    await run(books, { ...site, enrich: { asn_db: file('copy.mmdb', asns(numbers)) } }, [logs])
    expect((await books.ask((store) => store.meta())).get('labelling')).toBe(before.get('labelling'))
    const moved = file('moved.mmdb', asns({ ...numbers, '198.51.100.0/24': 64999 }))
    await run(books, { ...site, enrich: { asn_db: moved } }, [logs])
    expect(await books.bytesOut('peer_asn')).toEqual({ 0: 4n, 64999: 1000n, 64501: 50_200n, 64502: 30n })
    const snapshot = await books.snapshot()
    using fresh = new Books({ ...site, enrich: { asn_db: moved } })
    await fresh.analyze([logs], t0 + 25 * hour)
    expect(await fresh.snapshot()).toEqual(snapshot)
    const told = async (enrich: object) =>
      (await doctor({ directory: books.state, config: configOf({ ...site, enrich }), now_ms })).other_labels
    expect([await told({ asn_db: moved }), await told({ asn_db }), await told({})]).toEqual([false, true, true])
  })

  test('that is not there, or broken, stops the run before the state is touched', async () => {
    using books = new Books({ ...site, enrich: { asn_db: join(folder, 'none.mmdb') } })
    await expect(books.run({ 'a.ndjson': records })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/^enrich\.asn_db: .*none\.mmdb cannot be read: ENOENT/),
    })
  })
})

describe('a map of vaults', () => {
  const maps = file('vaults.csv', 'vault,path,project,client_org\ncfd,/proj/cfd,physics,aero\nbad,relative,x,y\n')

  test('names what transfers took, belongs to the labelling, and says what it could not use', async () => {
    const notes: string[] = []
    using books = new Books(site)
    const transfer = {
      type: 'transfer',
      tool: 'gridftp',
      account: 'alice',
      host_ip: '10.1.0.11',
      peer_ip: '203.0.113.77',
      path: '/proj/cfd/run1',
      direction: 'out',
      bytes: 5000,
      start_ms: t0,
      end_ms: t0 + 1000,
    }
    await books.run({ 'a.ndjson': [transfer] }, t0 + 25 * hour)
    expect(await books.bytesOut('vault')).toEqual({ '': 5000n })
    await analyze({
      paths: [join(books.directory, 'run-1')],
      config: configOf({ ...site, enrich: { vaults: [maps] } }),
      configured: true,
      state: books.state,
      progress: { ...silentProgress, note: (text) => notes.push(text) },
      now_ms: t0 + 25 * hour,
    })
    expect(await books.bytesOut('vault', 'project', 'client_org')).toEqual({ 'cfd physics aero': 5000n })
    expect(notes).toEqual([
      `${maps}: 1 entry was passed over: line 3: paths.0: expected an absolute path such as /proj/cfd, received 'relative'`,
    ])
  })
})
