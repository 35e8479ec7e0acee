/** Out of which vault, where no transfer log says it: from what the file system's audit says was read meanwhile. */
import { expect, test } from 'vitest'
import { Books } from '../support/books.ts'
import { hour, siteConfig, base_ms as t0 } from '../support/mixtures.ts'

const span = (hours: number, seconds: number) => ({
  start_ms: t0 + hours * hour,
  end_ms: t0 + hours * hour + seconds * 1000,
})
const flow = (hours: number, bytes: number, peer = '198.51.100.7'): object => ({
  ...{
    type: 'flow',
    ...span(hours, 60),
    src_ip: peer,
    src_port: 50_000,
    dst_ip: '10.1.0.1',
    dst_port: 22,
    proto: 'tcp',
  },
  ...{ bytes_src: 1, bytes_dst: bytes, sensor: 'zeek-a' },
})
const login = (hours: number, account: string): object => ({
  ...{ type: 'session', kind: 'ssh', account, peer_ip: '198.51.100.7', peer_port: 50_000, host_ip: 'login1' },
  ...span(hours, 60),
})
const close = (hours: number, uid: string, path: string, bytes: number): string =>
  `${JSON.stringify({
    ...{ LWE_JSON: '0.0.3', path, nodeName: 'login1', fsName: 'gpfs', event: 'CLOSE', clientUserId: uid },
    eventTime: new Date(t0 + hours * hour + 30_000).toISOString().replace('T', '_').replace('Z', '+0000'),
    ...{ bytesRead: String(bytes), bytesWritten: '0' },
  })}\n`

const records = [
  ...[login(1, 'uid:1'), flow(1, 1000), login(2, 'uid:1'), flow(2, 1000), login(3, 'uid:1'), flow(3, 1000)],
  ...[login(4, 'uid:2'), flow(4, 1000)],
]
const audit = [
  close(1, '1', '/proj/cfd/a', 990),
  // another person's reads, and too little of one's own
  close(2, '2', '/proj/cfd/b', 990),
  close(3, '1', '/proj/cfd/c', 100),
  close(4, '2', '/data/climate/d', 5000),
].join('')
const expected = { 'uid:1 cfd physics': 1000n, 'uid:1  ': 2000n, 'uid:2 climate climate': 1000n }

test('an audit of the file system names the vault of what a login pulled, and its project', async () => {
  using books = new Books(siteConfig({ expectations: [] }))
  await books.run({ 'events.ndjson': records, 'audit.log': audit })
  expect(await books.bytesOut('account', 'vault', 'project')).toEqual(expected)
})

/** Nobody knows who sent them: at noon, over midnight, and one of which as many bytes were read of another vault. */
const nameless = [flow(5, 50_000_000), flow(23.995, 70_000_000), flow(6, 90_000_000, '198.51.100.8')]
const serviceReads = [
  close(5, '990', '/proj/cfd/e', 49_900_000),
  close(23.995, '990', '/proj/cfd/f', 69_900_000),
  close(6, '990', '/proj/cfd/g', 89_900_000),
  close(6, '990', '/data/climate/h', 89_900_000),
].join('')
const bySize = { 'cfd read_size': 120_000_000n, ' none': 90_000_000n }

test('a read as large as a flow whose sender nobody knows names its vault, unless it may be another one', async () => {
  using books = new Books(siteConfig({ expectations: [] }))
  await books.run({ 'events.ndjson': nameless, 'audit.log': serviceReads })
  expect(await books.bytesOut('vault', 'method')).toEqual(bySize)
})

test('reads that come a run later name it as well, over midnight too', async () => {
  using books = new Books(siteConfig({ expectations: [] }))
  await books.run({ 'events.ndjson': nameless })
  await books.run({ 'audit.log': serviceReads })
  expect(await books.bytesOut('vault', 'method')).toEqual(bySize)
})

test('whichever comes first', async () => {
  for (const [first, second] of [
    [{ 'events.ndjson': records }, { 'audit.log': audit }],
    [{ 'audit.log': audit }, { 'events.ndjson': records }],
  ] as Record<string, string | object[]>[][]) {
    using books = new Books(siteConfig({ expectations: [] }))
    await books.run(first)
    await books.run(second)
    expect(await books.bytesOut('account', 'vault', 'project')).toEqual(expected)
  }
})
