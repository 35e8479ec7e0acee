/** Sample, pools, hosts, vaults, sensors: each part of a proposal from what it rests on. */
import { describe, expect, test } from 'vitest'
import { formatNetwork } from '../../model/network.ts'
import { sampleOf } from '../../testing/sample-of.ts'
import type { FoundFile } from '../discover.ts'
import { nameOf, proposalOf } from './propose-config.ts'
import { inSpreadOrder, spreadOrder, undated } from './sample.ts'

describe('the sample', () => {
  test('takes ends first, then middles', () => {
    expect(spreadOrder(0)).toEqual([])
    expect(spreadOrder(2)).toEqual([0, 1])
    expect(spreadOrder(9)).toEqual([0, 8, 4, 2, 6, 1, 3, 5, 7])
    expect(spreadOrder(1000).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })

  test('gives every kind of file its turn', () => {
    const file = (relative: string): FoundFile => {
      return { path: relative, location: relative, relative, size_bytes: 1, mtime_ms: 0 }
    }
    const days = ['01', '02', '03', '04', '05'].map((day) => `zeek/2026-03-${day}/conn.log.gz`)
    const order = inSpreadOrder([...days, 'vpn.ndjson', 'zeek/2026-03-05/ssl.log'].map(file))
    expect(order.slice(0, 4).map(({ relative }) => relative)).toEqual([
      days[0],
      'vpn.ndjson',
      'zeek/2026-03-05/ssl.log',
      days[4],
    ])
    expect(order).toHaveLength(7)
  })

  test('takes dated directories for one place', () => {
    expect(undated('zeek/2026-03-09')).toBe('zeek')
    expect(undated('zeek/2026/03/09')).toBe('zeek')
    expect(undated('zeek-2/border1')).toBe('zeek-2/border1')
    expect(undated('2026-03-09')).toBe('2026-03-09')
  })
})

test('names are names of the configuration, whatever a log says', () => {
  expect(nameOf(' vpn1 ')).toBe('vpn1')
  expect(nameOf('a\nb: c')).toBe('a_b: c')
  expect(nameOf('\u200bevil\u202e')).toBe('evil')
  expect(nameOf('\u0007')).toBe('_')
  expect(nameOf(' \u200b ')).toBeUndefined()
})

const outside = ['203.0.113.5', '198.51.100.7', '192.0.2.9', '4.4.4.4', '80.81.82.83']
const flow = (dst: string, rest: object = {}, peers = outside) => peers.map((src) => ({ src, dst, ...rest }))

describe('VPN pools', () => {
  const sessions = ['10.99.0.4', '10.99.0.77', '10.99.1.5'].map((assigned, i) => ({
    ...{ kind: 'vpn', gateway: 'gw', assigned, peer: outside[i], account: `u${i}` },
  }))

  test('are what gateways assigned, rounded up, and no inside networks', () => {
    const flows = [...flow('10.1.1.1'), { src: '10.99.0.4', dst: '10.1.1.1' }]
    const { pools, networks } = proposalOf(sampleOf({ flows, sessions }))
    const [{ gateway, networks: leased, inner_flows }] = pools.pools
    expect([gateway, leased.map(formatNetwork), inner_flows]).toEqual(['gw', ['10.99.0.0/23'], 'observed'])
    expect(networks.networks.map(({ network }) => formatNetwork(network))).toEqual(['10.1.1.0/24'])
  })

  test('whose inner flows nobody sees are said to be so', () => {
    const [pool] = proposalOf(sampleOf({ flows: flow('10.1.1.1'), sessions })).pools.pools
    expect(pool.inner_flows).toBe('none')
  })

  test('of bare leases get a name to be changed', () => {
    const leases = [{ ip: 'fd00:9::5', account: 'a' }]
    const [pool] = proposalOf(sampleOf({ flows: flow('10.1.1.1'), leases })).pools.pools
    expect([pool.gateway, pool.networks.map(formatNetwork)]).toEqual(['vpn', ['fd00:9::/64']])
    expect(pool.because.join()).toContain('no record names the gateway')
  })

  test('share no network: the gateway with more leases keeps it', () => {
    const both = [...sessions, { ...sessions[0], gateway: 'gw2', account: 'x' }]
    const { pools, remarks } = proposalOf(sampleOf({ flows: flow('10.1.1.1'), sessions: both })).pools
    expect(pools.map(({ gateway }) => gateway)).toEqual(['gw'])
    expect(remarks.join()).toContain('gateway gw2')
  })
})

describe('hosts', () => {
  const hostsOf = (text: Parameters<typeof sampleOf>[0]) =>
    proposalOf(sampleOf(text)).hosts.hosts.map(({ name, addresses, role }) => `${role} ${name} ${addresses.join()}`)
  const ssh = { service: 'ssh', dst_port: 22 }

  test('with logins from outside are login nodes, and those that only turn people away are not', () => {
    expect(hostsOf({ flows: flow('10.1.1.1', { ...ssh, bytes_src: 50_000 }) })).toEqual([
      'login login-10-1-1-1 10.1.1.1',
    ])
    expect(hostsOf({ flows: flow('10.1.1.1', { ...ssh, bytes_src: 1500, bytes_dst: 2000 }) })).toEqual([])
  })

  test('have the name that logins give them, v4 and v6 under one', () => {
    const peers6 = outside.map((_, i) => `2a0${i}:1::1`)
    const flows = [
      ...flow('10.1.1.1', { ...ssh, bytes_src: 50_000, src_port: 5000 }),
      ...flow('fd00:1::7', { ...ssh, bytes_src: 50_000, src_port: 5000 }, peers6),
    ]
    const sessions = [...outside, ...peers6].map((peer, i) => ({
      ...{ peer, peer_port: 5000, host_name: 'login1.example.org', account: `u${i}`, start_ms: 400 },
    }))
    expect(hostsOf({ flows, sessions })).toEqual(['login login1 10.1.1.1,fd00:1::7'])
  })

  test('that move files in bulk are data transfer nodes', () => {
    expect(hostsOf({ flows: flow('10.1.1.1', { service: 'gridftp-data', dst_port: 50_001 }) })).toEqual([
      'dtn dtn-10-1-1-1 10.1.1.1',
    ])
    const bulk = { ...ssh, bytes_dst: 5e9 }
    expect(hostsOf({ flows: flow('10.1.1.2', bulk) })).toEqual(['dtn dtn-10-1-1-2 10.1.1.2'])
    const transfers = [{ host: '10.1.1.3', path: '/proj/a/b' }]
    expect(hostsOf({ flows: flow('10.1.1.3', {}, outside.slice(1)), transfers })).toEqual(['dtn dtn-10-1-1-3 10.1.1.3'])
  })

  test('have the name that transfer logs give them, where their peer met but one host', () => {
    const data = { service: 'gridftp-data', dst_port: 50_001 }
    const flows = [...flow('10.1.1.1', data), ...flow('10.1.1.2', { ...data, start_ms: 50_000, end_ms: 60_000 })]
    const of = (host_name: string, times: object) => outside.map((peer) => ({ peer, host_name, ...times }))
    const transfers = [
      ...of('dtn1.example.org', { start_ms: 100, end_ms: 900 }),
      ...of('dtn2', { start_ms: 50_000, end_ms: 50_900 }),
      // at the time of both hosts' flows, and of nobody's
      ...of('dtn3', { start_ms: 0, end_ms: 60_000 }),
      ...of('dtn4', { start_ms: 90_000, end_ms: 90_001 }),
    ]
    expect(hostsOf({ flows, transfers })).toEqual(['dtn dtn1 10.1.1.1', 'dtn dtn2 10.1.1.2'])
  })

  test('that serve pages, names or files say so', () => {
    const clients = ['10.1.1.20', '10.1.1.21', '10.1.1.22']
    const dns = flow('10.1.1.53', { service: 'dns', dst_port: 53, proto: 17 }, clients)
    const nfs = flow('10.1.1.49', { service: '', dst_port: 2049 }, clients)
    expect(hostsOf({ flows: [...flow('10.1.1.1'), ...dns, ...nfs] })).toEqual([
      ...[
        'portal portal-10-1-1-1 10.1.1.1',
        'storage storage-10-1-1-49 10.1.1.49',
        'service service-10-1-1-53 10.1.1.53',
      ],
    ])
  })

  test('at which the tunnels of a gateway end bear its name', () => {
    const flows = [...flow('10.1.1.1', { service: '', dst_port: 443 }), ...flow('10.1.1.4')]
    const sessions = outside.slice(0, 3).map((peer, i) => ({
      ...{ kind: 'vpn', gateway: 'gw', peer, assigned: `10.99.0.${i}`, start_ms: 30_000 },
    }))
    const elsewhere = flows.map((each) => (each.dst === '10.1.1.4' ? { ...each, start_ms: 9e6 } : each))
    expect(hostsOf({ flows: elsewhere, sessions })).toContain('vpn gw 10.1.1.1')
  })
})

describe('vaults', () => {
  const vaultsOf = (...texts: string[]) =>
    proposalOf(
      sampleOf({
        flows: flow('10.1.1.1'),
        transfers: texts.map((path) => (path.startsWith('s3:') ? { bucket: path.slice(3) } : { path })),
      }),
    ).vaults.vaults.map(({ id, paths, buckets }) =>
      [id, ...paths, ...buckets.map((bucket) => `s3:${bucket}`)].join(' '),
    )

  test('are the second step of paths', () => {
    expect(vaultsOf('/proj/cfd/a/b.h5', '/proj/cfd/c.h5', '/proj/genomes/x/y', '/archive/cfd/z.tar')).toEqual([
      ...['cfd /proj/cfd', 'cfd-2 /archive/cfd', 'genomes /proj/genomes'],
    ])
  })

  test('are the third below a mount point, and the first where files lie in it', () => {
    expect(vaultsOf('/gpfs/projects/cfd/a.h5', '/gpfs/projects/bio/b.h5')).toEqual([
      ...['bio /gpfs/projects/bio', 'cfd /gpfs/projects/cfd'],
    ])
    expect(vaultsOf('/data/a.h5', '/data/sub/b.h5')).toEqual(['data /data'])
  })

  test('are not a list of home directories', () => {
    const homes = Array.from({ length: 40 }, (_, i) => `/home/u${i}/f`)
    expect(vaultsOf(...homes)).toEqual(['home /home'])
  })

  test('read paths as the books do', () => {
    expect(vaultsOf('//proj/./cfd/../bio//x/y.h5', 'proj/bio/z/q.h5')).toEqual(['bio /proj/bio'])
    expect(vaultsOf('/x.h5', '/')).toEqual([])
  })

  test('are buckets as well, joined with a directory of the same name', () => {
    expect(vaultsOf('/proj/cfd/a/b.h5', 's3:cfd', 's3:web')).toEqual(['cfd /proj/cfd s3:cfd', 'web s3:web'])
  })
})

describe('sensors', () => {
  const places = [
    { directory: 'logs/zeek', files: 2 },
    { directory: 'logs/zeek/dmz', files: 1 },
  ]
  const two = (second: object) => [
    ...flow('10.1.1.1', { place: 0 }),
    ...flow('10.1.1.1', { place: 0 }),
    ...flow('10.1.1.1', { place: 1, ...second }),
  ]
  const sensorsOf = (flows: object[]) => proposalOf(sampleOf({ flows, places })).sensors

  test('are proposed for several directories, the larger one accounts, what lies deeper is asked first', () => {
    const sensors = sensorsOf(two({}))
    expect(sensors.map(({ id, match, accounts }) => [id, match, accounts])).toEqual([
      ['logs-zeek-dmz', '**/logs/zeek/dmz/**', false],
      ['logs-zeek', '**/logs/zeek/**', true],
    ])
    expect(sensors[0].because.join()).toContain('5 flows also seen by logs-zeek')
  })

  test('that watched at other times both count', () => {
    const [first, second] = sensorsOf(two({ start_ms: 9e9, end_ms: 9e9 }))
    expect([first.accounts, second.accounts, first.segment === second.segment]).toEqual([true, true, false])
  })

  test('are left out where there is but one directory', () => {
    expect(proposalOf(sampleOf({ flows: flow('10.1.1.1'), places: places.slice(0, 1) })).sensors).toEqual([])
  })
})
