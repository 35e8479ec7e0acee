/** `weir doctor`: facts that a naive look at the logs confirms, one finding for each thing that is wrong, and no others. */
import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../src/app/analyze.ts'
import { type Diagnosis, doctor } from '../src/app/doctor/doctor.ts'
import { silentProgress } from '../src/app/progress.ts'
import { doctorText } from '../src/cli/doctor-text.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { Books, type ConfigText, configOf } from './support/books.ts'
import { connLine, connLog, newYear_s } from './support/conn-lines.ts'
import { Folder, mainFile, runWeir } from './support/weir.ts'

const quickstart = fileURLToPath(new URL('../examples/quickstart', import.meta.url))
const folder = new Folder()
afterAll(() => folder.remove())

const newYear_ms = newYear_s * 1000
const [hour, day] = [3_600_000, 86_400_000]
const now_ms = newYear_ms + 40 * day
const site = { networks: ['10.0.0.0/8'], vpn_pools: [{ gateway: 'gw', networks: ['10.99.0.0/24'] }] }
const gateway = { name: 'gw', addresses: ['10.0.0.4'], role: 'vpn' as const }

/** A flow that pulls from inside to outside, as a neutral event. */
const flow = (more: object = {}) => ({
  ...{ type: 'flow', start_ms: newYear_ms, end_ms: newYear_ms + 1000, src_ip: '198.51.100.7', src_port: 40_000 },
  ...{ dst_ip: '10.0.0.5', dst_port: 443, proto: 'tcp', bytes_src: 1000, bytes_dst: 1_000_000 },
  ...more,
})
const transfer = (more: object = {}) => ({
  ...{ type: 'transfer', tool: 'gridftp', account: 'alice', host_ip: '10.0.0.5', peer_ip: '198.51.100.7' },
  ...{ path: '/proj/cfd/a.h5', direction: 'out', bytes: 900_000, start_ms: newYear_ms, end_ms: newYear_ms + 1000 },
  ...more,
})
const login = (more: object = {}) => ({
  ...{
    type: 'session',
    kind: 'ssh',
    account: 'alice',
    peer_ip: '198.51.100.7',
    peer_port: 40_000,
    host_ip: '10.0.0.5',
  },
  ...{ start_ms: newYear_ms, end_ms: newYear_ms + 1000 },
  ...more,
})
/** The same at different minutes, each from a port of its own. */
const every = (count: number, of: (more: object) => object, more: (i: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => {
    const start_ms = newYear_ms + i * 60_000
    return of({ start_ms, end_ms: start_ms + 1000, src_port: 40_000 + i, peer_port: 40_000 + i, ...more(i) })
  })

type Files = Parameters<Books['run']>[0]

async function diagnosed(files: Files, config: ConfigText = { site, hosts: [gateway] }): Promise<Diagnosis> {
  using books = new Books(config)
  await books.run(files, now_ms)
  return await doctor({ directory: books.state, config: configOf(config), now_ms })
}
const idsOf = ({ findings }: Diagnosis) => findings.map(({ id }) => id)
const statementOf = (diagnosis: Diagnosis, id: string) =>
  diagnosis.findings.find((finding) => finding.id === id)?.statement ?? `no finding ${id}, but ${idsOf(diagnosis)}`

describe('on the quickstart', () => {
  const state = folder.state()
  let diagnosis: Diagnosis
  beforeAll(async () => {
    const { ok: config } = loadConfig(readFileSync(join(quickstart, 'weir.yaml'), 'utf8'), 'weir.yaml')
    if (!config) throw new Error('the quickstart has no configuration')
    const options = { paths: [quickstart], config, configured: true, state, progress: silentProgress }
    await analyze({ ...options, now_ms: Date.UTC(2026, 2, 12) })
    diagnosis = await doctor({ directory: state, config: undefined, now_ms: Date.UTC(2026, 2, 12) })
  })

  test('each thing that was put there is found, and nothing else', () => {
    expect(idsOf(diagnosis).sort()).toEqual([
      ...['claimed_not_seen', 'closure_drop', 'over_cap-EXP-1', 'unleased', 'unmapped', 'unnamed_account'],
    ])
    expect(statementOf(diagnosis, 'unleased')).toBe('354 MB went to 1 VPN address without a lease: 10.99.0.231')
    expect(statementOf(diagnosis, 'over_cap-EXP-1')).toContain('96.0 GB went beyond the cap')
    expect(statementOf(diagnosis, 'claimed_not_seen')).toContain(
      '24.4 GB of transfers were carried by no flow by gridftp (akira, cfd-archive)',
    )
    expect(statementOf(diagnosis, 'closure_drop')).toMatch(
      /^in 1 of 72 hours the flows fall short of the border's counters: 2026-03-10 13:00 saw (79|80)\.\d % of the octets/,
    )
    expect(statementOf(diagnosis, 'unnamed_account')).toContain('from dtn2 (dtn) by gridftp-data')
  })

  test('the configuration of the last run is remembered', () => {
    expect(diagnosis.configuration).toBe('kept')
    expect([diagnosis.other_networks, diagnosis.other_labels]).toEqual([false, false])
    expect(diagnosis.expectations).toMatchObject([{ id: 'EXP-1', ticket: 'CHG-101', stale: null }])
  })

  test('the books balance in every table', () => {
    expect(diagnosis.balance).toMatchObject({ balanced: true, days: 3 })
    const groups = diagnosis.balance.comparisons.map(({ left, right, groups }) => [left, right, groups])
    expect(groups).toEqual([
      ['measured', 'day_totals', 3 * 4],
      ['postings', 'day_totals', 3],
      ['pair_days', 'day_totals', 3],
      ['cubes', 'pair_days', 3 * 14],
      ['cube_days', 'cubes', 3 * 14],
    ])
  })

  test('every file is in a group, with its records', () => {
    const { groups } = diagnosis.sources
    const records = groups.reduce((sum, group) => sum + group.records, 0n)
    expect(records).toBe(diagnosis.sources.records_read)
    const conn = groups.find(({ format }) => format === 'zeek_conn')
    expect(conn).toMatchObject({ sensor: 'zeek-border', files: 3, rejected: 0n, kinds: '' })
    expect((conn?.flows ?? 0n) + (conn?.probes ?? 0n)).toBe(conn?.records)
    expect(
      groups
        .map(({ kinds }) => kinds)
        .filter((kinds) => kinds !== '')
        .sort(),
    ).toEqual([...['counter', 'job', 'lease+session', 'session', 'transfer']])
  })

  test('what is unmapped is what a naive sum of the transfer log says', () => {
    const lines = readFileSync(join(quickstart, 'events/transfers.ndjson'), 'utf8').trim().split('\n')
    const out = lines.map((line) => JSON.parse(line)).filter(({ direction }) => direction === 'out')
    const sum = (top: string) =>
      BigInt(out.filter(({ path }) => path.startsWith(top)).reduce((total, { bytes }) => total + bytes, 0))
    const { unmapped, unmapped_bytes_out, stated_bytes_out } = diagnosis.blind_spots as NonNullable<
      Diagnosis['blind_spots']
    >
    expect(Object.fromEntries(unmapped.map(({ path, bytes_out }) => [path, bytes_out]))).toEqual({
      ...{ '/scratch/shared': sum('/scratch/shared/'), '/proj/genomes': sum('/proj/genomes/') },
    })
    expect(unmapped_bytes_out).toBe(sum('/scratch/') + sum('/proj/genomes/'))
    expect(stated_bytes_out).toBe(sum('/'))
  })

  test('joins and closure are told', () => {
    const joins = diagnosis.joins as NonNullable<Diagnosis['joins']>
    expect(joins.by_method.reduce((total, { bytes_out }) => total + bytes_out, 0n)).toBe(joins.total.bytes_out)
    for (const { records, used } of joins.use) expect(used).toBe(records)
    expect(joins.use.map(({ kind }) => kind)).toEqual([
      'lease',
      'vpn session',
      'ssh session',
      'outgoing transfer',
      'job',
    ])
    const [skew] = joins.skew
    expect(Math.abs(skew.skew_ms)).toBeLessThan(2000)
    expect(skew.apart).toBe(0)
    expect(diagnosis.closure?.hours).toHaveLength(72)
    expect(diagnosis.closure?.median_share_out).toBeGreaterThan(0.98)
    expect(diagnosis.closure?.median_share_out).toBeLessThan(1)
  })

  test('it is one screen, whose commands work, and JSON that is exact', async () => {
    const file = folder.at('doctor.json')
    const { stdout, stderr, code } = await runWeir(['doctor', '--state', state, '--json', file], { cwd: folder.path })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('the books balance, to the byte: 102 sums by day in 6 tables, 3 days')
    expect(stdout).toMatch(
      /^Judged +until 2026-03-1\d \d\d:\d\d UTC; 0 incidents \(0 open\), \d+ items? on the worklist$/m,
    )
    expect(stdout).toMatch(/^Budget +\S+ of 1 false incident a year spent since 1 January$/m)
    expect(stdout).toMatch(/^Maturity +sums by +10 min +1 h +1 d +next mature +last mature\n +site +policy only/m)
    const lines = stdout.split('\n')
    expect(lines.length).toBeLessThan(53)
    expect(lines.filter((line) => line.length > 100 && !line.includes('weir ledger'))).toEqual([])
    const command =
      lines
        .find((line) => line.includes('--where peer=10.99.0.231'))
        ?.trim()
        .split(' ') ?? []
    expect((await runWeir(command.slice(1))).stdout).toContain('total 354 MB out (354,000,000 bytes)')
    const json = JSON.parse(readFileSync(file, 'utf8'))
    expect(json.joins.total.bytes_out).toBe(Number(diagnosis.joins?.total.bytes_out))
    expect(json).toMatchObject({ balance: { balanced: true }, configuration: 'kept' })
    expect(json.maturity.length).toBeGreaterThan(0)
    expect(json.maturity.every(({ level }: { level: string }) => level === 'policy_only')).toBe(true)
    expect(json.budget.false_incidents_per_year).toBe(1)
    expect(json.judged_until_ms).toBeGreaterThan(json.memory.last_day_ms)
    expect(json.findings.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(idsOf(diagnosis)))
  })

  test('a state that nobody may write is read all the same', async (context) => {
    const file = join(state, 'weir.duckdb')
    const isRoot = process.getuid?.() === 0
    for (const [path, mode] of [
      [file, 0o444],
      [state, 0o555],
      [folder.path, 0o755],
    ] as const)
      chmodSync(path, mode)
    try {
      const { code, stderr, stdout } = await runWeir(
        ['doctor', '--state', state],
        isRoot ? { uid: 65_534, cwd: '/' } : {},
      )
      if (isRoot && /EACCES|Cannot find module/.test(stderr)) context.skip('the checkout is not readable for others')
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('the books balance')
    } finally {
      chmodSync(state, 0o755)
      chmodSync(file, 0o644)
    }
  })

  test('while another process writes, it says who', async () => {
    const script = `const { openState } = await import(${JSON.stringify(new URL('../app/state.js', `file://${mainFile}`).href)})
      await openState(${JSON.stringify(state)}); console.log('open'); setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve))
      const { code, stderr } = await runWeir(['doctor', '--state', state])
      expect(code).toBe(1)
      expect(stderr).toContain('[state_in_use]')
    } finally {
      holder.kill('SIGKILL')
      await new Promise((resolve) => holder.once('close', resolve))
    }
  })

  test('books that were tampered with do not balance: exit 1', async () => {
    const instance = await DuckDBInstance.create(join(state, 'weir.duckdb'))
    const connection = await instance.connect()
    await connection.run(
      'UPDATE pair_days SET bytes_out = bytes_out + 1 WHERE rowid = (SELECT min(rowid) FROM pair_days)',
    )
    connection.closeSync()
    instance.closeSync()
    const file = folder.at('tampered.json')
    const { code, stdout } = await runWeir(['doctor', '--state', state, '--json', file])
    expect(code).toBe(1)
    expect(stdout).toContain('the books do NOT balance')
    const { balance, findings } = JSON.parse(readFileSync(file, 'utf8'))
    expect(balance.balanced).toBe(false)
    expect(findings.slice(0, 2).map(({ id, severity }: Record<string, string>) => `${severity} ${id}`)).toEqual([
      ...['wrong balance-pair_days-day_totals', 'wrong balance-cubes-pair_days'],
    ])
    const [{ left, right, sum, of }] = balance.comparisons[2].differences
    expect([left - right, sum, of]).toEqual([1, 'bytes_out', 'zeek-border'])
    expect(balance.comparisons[3].different).toBe(14)
  })
})

describe('a plain state', () => {
  const plain = { 'zeek/conn.log': connLog(30), 'a.ndjson': [transfer({ peer_ip: '198.51.100.9' })] }

  test('without a configuration says so first', async () => {
    using books = new Books({ site: { networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] } })
    await books.run(plain, now_ms)
    const diagnosis = await doctor({ directory: books.state, config: undefined, now_ms })
    expect(diagnosis.configuration).toBe('none')
    expect(idsOf(diagnosis)).toContain('no_configuration')
  })

  test('with another configuration than it was written with says so', async () => {
    using books = new Books({ site, hosts: [gateway] })
    await books.run(plain, now_ms)
    const ask = (config: ConfigText) => doctor({ directory: books.state, config: configOf(config), now_ms })
    expect(idsOf(await ask({ site, hosts: [gateway] }))).not.toContain('other_labels')
    expect(idsOf(await ask({ site, hosts: [] }))).toEqual(expect.arrayContaining(['other_labels', 'gateway_host-gw']))
    expect(idsOf(await ask({ site: { networks: ['10.0.0.0/9'] } }))).toContain('other_networks')
  })

  test('that is missing or empty', async () => {
    await expect(doctor({ directory: folder.at('none'), config: undefined, now_ms })).rejects.toMatchObject({
      code: 'state_unusable',
    })
    const diagnosis = await diagnosed({ 'a.ndjson': [login()] })
    expect(diagnosis).toMatchObject({ joins: null, sensors: null, balance: { balanced: true } })
    expect(idsOf(diagnosis)).toContain('no_flows')
  })
})

describe('sources', () => {
  test('records that were rejected are counted once, however often the file is read', async () => {
    using books = new Books({ site })
    const bad = connLine({ ts: 'yesterday' })
    const files = {
      'zeek/conn.log': connLog(20) + bad + bad,
      'zeek/dns.log': '#path\tdns\n#fields\tts\tuid\n1.0\tC1\n',
    }
    await books.run(files, now_ms)
    await books.analyze([join(books.directory, 'run-1')], now_ms)
    const { sources, findings } = await doctor({ directory: books.state, config: undefined, now_ms })
    expect(sources.rejected).toMatchObject([{ reason: 'bad_time', records: 2n, files: 1 }])
    expect(sources.rejected[0].example).toMatchObject({ sample: expect.stringMatching(/^yesterday\\x09/) })
    expect([sources.records_read, sources.not_used]).toEqual([23n, 1n])
    const conn = sources.groups.find(({ format }) => format === 'zeek_conn')
    expect(conn).toMatchObject({ records: 20n, duplicates: 20n, records_read: 22n, rejected: 2n })
    expect(findings.find(({ id }) => id === 'rejected')?.statement).toBe(
      '2 records were rejected (8.7 % of those read): bad_time 2',
    )
    // and none are left once the file is mended
    const mended = join(books.directory, 'run-1/zeek/conn.log')
    truncateSync(mended, connLog(20).length)
    await books.analyze([join(books.directory, 'run-1')], now_ms)
    expect((await doctor({ directory: books.state, config: undefined, now_ms })).sources.rejected).toEqual([])
  })

  test('damage, silence, and what has stopped or is still to come', async () => {
    const zipped = gzipSync(connLog(300))
    using books = new Books({ site, hosts: [gateway] })
    await books.run(
      { 'a.ndjson': [flow(), flow({ start_ms: newYear_ms + 9 * day, end_ms: newYear_ms + 9 * day })] },
      now_ms,
    )
    const cut = folder.file('cut/conn.log.gz', zipped.subarray(0, zipped.length - 200))
    await books.analyze([cut], now_ms)
    const diagnosis = await doctor({ directory: books.state, config: undefined, now_ms })
    expect(statementOf(diagnosis, `damage-${cut}`)).toContain('truncated')
    expect(statementOf(diagnosis, 'gaps')).toContain('the longest of flows from 2026-01-01 00:10 for 9.0 days')
    expect(statementOf(diagnosis, 'stopped-zeek_conn zeek')).toContain('ends 9.0 days before the newest source')
    const early = await doctor({ directory: books.state, config: undefined, now_ms: newYear_ms + day })
    expect(statementOf(early, 'future-neutral flows')).toContain('2026-01-10 00:00, which is still to come')
  })
})

describe('a bad day', () => {
  const wrong = 90_000
  const vaults = [
    { id: 'cfd', paths: ['/proj/cfd/public'] },
    { id: 'web', buckets: ['web'] },
    { id: 'idle', paths: ['/proj/nobody'] },
  ]
  const lease = (ip: string, more: object = {}) => ({
    ...{ type: 'lease', ip, account: 'a', start_ms: newYear_ms - hour, end_ms: newYear_ms + hour },
    ...more,
  })
  const late = (i: number) => {
    const start_ms = newYear_ms + i * 60_000 + wrong
    return { start_ms, end_ms: start_ms + 500 }
  }
  const job = (more: object) => ({ type: 'job', job_id: 1, account: 'a', project: 'p', nodes: ['cn1', 'cn2'], ...more })
  const paths = [
    ...['/proj/cfd/public/a', '//proj/./cfd//public/b', '/proj/cfd/x/../public/c', '/proj/cfd/private/d', '/e'],
    'proj/bio/f',
  ]
  const hostile = "x' --state /; rm -rf ~; '"
  let diagnosis: Diagnosis
  let joins: NonNullable<Diagnosis['joins']>

  beforeAll(async () => {
    diagnosis = await diagnosed(
      {
        'flows.ndjson': [
          ...every(12, flow),
          ...['10.99.0.1', '10.99.0.2', '10.99.0.3'].map((src_ip) => flow({ src_ip })),
          ...every(4, flow, () => ({ src_ip: '192.0.2.9', sampling: 1000, packets_dst: 20, packets_src: 5 })),
          ...every(3, flow, () => ({ dst_ip: '10.0.0.6' })),
        ],
        'logins.ndjson': every(12, login, late),
        'lost.ndjson': every(20, login, () => ({ kind: 'portal', peer_ip: '192.0.2.77' })),
        'leases.ndjson': [
          lease('10.99.0.1'),
          lease('10.99.0.2', { start_ms: newYear_ms + 60_000 }),
          lease('10.99.0.9'),
        ],
        'jobs.ndjson': every(6, job),
        'transfers.ndjson': [
          ...paths.map((path, i) => transfer({ path, bytes: 10 ** i, task_id: String(i) })),
          ...['web', 'other'].map((bucket) => transfer({ path: undefined, bucket, bytes: 7_000 })),
          transfer({ account: hostile, bytes: 90_000_000, path: '/proj/cfd/public/all' }),
          { type: 'storage_read', path: '/archive/x/y', bytes: 5, start_ms: newYear_ms, end_ms: newYear_ms },
        ],
      },
      { site, hosts: [{ name: 'cn1', addresses: ['10.0.0.6'], role: 'compute' }], vaults },
    )
    joins = diagnosis.joins as typeof joins
  })

  test('a clock that is wrong is measured, although nothing joins', () => {
    expect(joins.skew).toMatchObject([{ logins: 12, skew_ms: wrong, apart: 12 }])
    const skew = diagnosis.findings.find(({ id }) => id.startsWith('skew-'))
    expect(skew?.statement).toMatch(
      /logins\.ndjson is 1 min 30 s ahead of the sensor's \(median of 12 logins\); 12 are too far/,
    )
  })

  test('what joined and what did not', () => {
    expect(Object.fromEntries(joins.use.map(({ kind, records, used }) => [kind, `${used} of ${records}`]))).toEqual({
      lease: '1 of 3',
      'portal session': '0 of 20',
      'ssh session': '0 of 12',
      'outgoing transfer': '9 of 9',
      // of the two nodes one has an address
      job: '3 of 12',
    })
    const unused = ['unused-job-neutral', 'unused-portal session-neutral', 'unused-ssh session-neutral']
    expect(
      idsOf(diagnosis)
        .filter((id) => id.startsWith('unused-'))
        .sort(),
    ).toEqual(unused)
  })

  test('flows without a lease', () => {
    expect(joins.unleased).toMatchObject({ addresses: 2, bytes_out: 2_000_000n, gateways: ['gw'] })
    expect(statementOf(diagnosis, 'unleased')).toContain(
      'went to 2 VPN addresses without a lease: 10.99.0.2, 10.99.0.3',
    )
  })

  test('a gateway without a host, and bounds that are wide', () => {
    expect(statementOf(diagnosis, 'gateway_host-gw')).toContain('no host is named like the VPN gateway gw')
    expect(statementOf(diagnosis, 'wide_bounds')).toMatch(/^4\.02 GB left, but it may be from \d/)
  })

  test('a name from a log cannot be made a command', () => {
    const { command, statement } = diagnosis.findings.find(({ id }) => id === 'claimed_not_seen') ?? {}
    expect(statement).toContain(hostile)
    expect(command).toBe(`weir ledger --by day,host,vault --where 'account=x'\\'' --state /; rm -rf ~; '\\'''`)
  })

  test('nothing of a log drives the terminal or begins a line', () => {
    const evil = 'a\u001b[2J\nBalance      the books balance'
    const [group] = diagnosis.sources.groups
    const sources = { ...diagnosis.sources, groups: [{ ...group, sensor: evil, kinds: evil }] }
    const findings = [{ id: 'x', severity: 'blind' as const, statement: evil, next_step: evil, command: evil }]
    const closure = { links: [evil], hours: [], share_out: 1, share_in: 1, median_share_out: 1 }
    const text = doctorText({ ...diagnosis, directory: evil, sources, findings, closure })
    expect(text.split('\n').filter((line) => line.startsWith('Balance'))).toHaveLength(1)
    expect(text).not.toContain('\u001b')
  })

  test('paths are told apart as deep as vaults are, whatever way they are written', () => {
    const { unmapped, unmapped_bytes_out, idle_vaults } = diagnosis.blind_spots as NonNullable<Diagnosis['blind_spots']>
    expect(unmapped.map(({ path, bucket, bytes_out, bytes_read }) => [path ?? bucket, bytes_out, bytes_read])).toEqual([
      ['/proj/bio', 100_000n, 0n],
      ['/e', 10_000n, 0n],
      ['other', 7_000n, 0n],
      ['/proj/cfd', 1_000n, 0n],
      ['/archive/x', 0n, 5n],
    ])
    expect(unmapped_bytes_out).toBe(118_000n)
    expect(idle_vaults).toEqual(['idle'])
    expect(statementOf(diagnosis, 'idle_vaults')).toBe('nothing was ever tied to 1 vault: idle')
  })
})

describe('sensors and expectations', () => {
  const seenBy = (sensor: string, uid = sensor) => every(20, flow, (i) => ({ sensor, uid: `${uid}${i}` }))
  const peers = ['198.51.100.0/24']
  const expectations = [
    { id: 'E-1', accounts: ['alice'], peers, until: '2026-06-30' },
    { id: 'E-2', accounts: ['bob'], peers: ['192.0.2.0/24'] },
    { id: 'E-3', accounts: ['alice'], peers: ['203.0.113.0/24'], until: '2025-12-31' },
    { id: 'E-4', accounts: ['bob'], peers: ['203.0.113.64/26'], owner: 'storage' },
  ]
  const elsewhere = { src_ip: '203.0.113.77', dst_ip: '10.0.0.9' }
  const longLogin = login({ peer_ip: elsewhere.src_ip, host_ip: elsewhere.dst_ip, end_ms: newYear_ms + hour })
  let diagnosis: Diagnosis

  beforeAll(async () => {
    const north = [...seenBy('north', 'a'), ...seenBy('north', 'b')].map((each) => ({ ...each, dst_ip: '10.0.0.8' }))
    diagnosis = await diagnosed(
      {
        'east.ndjson': seenBy('east'),
        'west.ndjson': seenBy('west'),
        'north.ndjson': north,
        // one port again and again, a minute apart: no duplicates
        'busy.ndjson': every(20, flow, () => ({ ...elsewhere, src_port: 40_000, sensor: 'east' })),
        'logins.ndjson': [login(), longLogin],
      },
      { site, hosts: [gateway], expectations },
    )
  })

  test('sensors that count the same bytes are found', () => {
    expect(diagnosis.sensors?.twice).toEqual([
      { sensors: ['east', 'west'], flows: 20, bytes_out: 20_000_000n, of_flows: 20 },
      { sensors: ['north', 'north'], flows: 20, bytes_out: 20_000_000n, of_flows: 40 },
    ])
    expect(statementOf(diagnosis, 'twice-east-west')).toContain('east and west both count 20 flows')
    expect(statementOf(diagnosis, 'twice-north-north')).toContain('north has 20 flows twice under different uids')
    expect(idsOf(diagnosis)).toContain('unconfigured_sensors')
  })

  test('sensors that corroborate count nothing twice', async () => {
    const sensors = ['east', 'west'].map((id) => ({ id, match: `**/${id}.ndjson`, segment: 'border' }))
    const config = { site, hosts: [gateway], sensors }
    const configured = await diagnosed({ 'east.ndjson': seenBy('east'), 'west.ndjson': seenBy('west') }, config)
    expect(configured.sensors?.twice).toEqual([])
    const shown = configured.sensors?.sensors.map(({ sensor, accounts, configured }) => [sensor, accounts, configured])
    expect(shown).toEqual([
      ['east', true, true],
      ['west', false, true],
    ])
    expect(idsOf(configured)).not.toContain('unconfigured_sensors')
  })

  test('expectations that matched, never did, have ended, or are contradicted', () => {
    const shown = diagnosis.expectations.map(({ id, stale, explained_bytes_out, contradicting_bytes_out }) => {
      return [id, stale, explained_bytes_out, contradicting_bytes_out]
    })
    expect(shown).toEqual([
      // one login, whose connection two sensors count
      ['E-1', null, 2_000_000n, 0n],
      ['E-2', 'never_matched', 0n, 0n],
      ['E-3', 'expired', 0n, 0n],
      ['E-4', 'never_matched', 0n, 20_000_000n],
    ])
    expect(statementOf(diagnosis, 'contradicted-E-4')).toContain('20.0 MB went to the peers of expectation E-4')
    const contradicted = diagnosis.findings.find(({ id }) => id === 'contradicted-E-4')
    expect(contradicted?.next_step).toBe('is that agreed as well (storage)?')
  })
})

test('closure adds links up, counts framing and long connections once, leaves out tunnels and hours not counted throughout', async () => {
  /** The octets of hour `n`. */
  const counter = (link: string, n: number, octets_out: number, hours = 1) => ({
    ...{ type: 'counter', link, octets_out, octets_in: 5_000 },
    ...{ start_ms: newYear_ms + n * hour, end_ms: newYear_ms + (n + hours) * hour },
  })
  /** 1,000,000 bytes in 700 packets each. */
  const seen = every(10, flow, (i) => ({
    ...{ packets_dst: 700, packets_src: 350, end_ms: newYear_ms + i * 60_000 + 500 },
  }))
  const wire = 10 * (1_000_000 + 700 * (40 + 18))
  const start_ms = newYear_ms + hour
  const growing = [1, 2, 3].map((n) =>
    flow({ uid: 'long', bytes_dst: n * 1_000_000, start_ms, end_ms: start_ms + n * 60_000 }),
  )
  const inner = flow({ src_ip: '10.99.0.7', bytes_dst: 5_000_000, start_ms, end_ms: start_ms })
  const diagnosis = await diagnosed({
    'a.ndjson': [...seen, ...growing, inner],
    'b.ndjson': [
      ...[counter('a', 0, wire), counter('b', 0, wire), counter('a', 1, 6_000_000), counter('b', 1, 0)],
      ...[counter('a', 2, 1), counter('b', 2, 1, 0.5)],
    ],
  })
  const { closure } = diagnosis
  expect(closure?.links).toEqual(['a', 'b'])
  expect(closure?.hours.map(({ octets_out, flow_octets_out }) => [octets_out, flow_octets_out])).toEqual([
    [BigInt(2 * wire), BigInt(wire)],
    [6_000_000n, 3_000_000n],
  ])
  expect([closure?.median_share_out, closure?.share_out]).toEqual([0.5, 0.5])
  expect(statementOf(diagnosis, 'closure')).toContain('account for 50.0 % of the octets that a, b sent')
})

describe('books in old age balance too', () => {
  test('detail gone, small peers folded, history dropped', async () => {
    using books = new Books({ site, hosts: [gateway], retention: { flows_days: 2 } })
    const days = [0, 1, 2, 430, 431, 432, 433, 434, 435, 436]
    const files = days.map((d): [string, object[]] => {
      const start_ms = newYear_ms + d * day
      const peers = ['198.51.100.7', '198.51.100.8', '203.0.113.9']
      return [
        `${d}.ndjson`,
        peers.map((src_ip) => flow({ src_ip, start_ms, end_ms: start_ms + hour, bytes_dst: 77_777 })),
      ]
    })
    const later = newYear_ms + 440 * day
    // in two runs, so that what is late meets days whose detail is gone
    await books.run(Object.fromEntries(files.filter((_, i) => i % 2 === 0)), later)
    await books.run(Object.fromEntries(files.filter((_, i) => i % 2 === 1)), later)
    const { balance, memory } = await doctor({ directory: books.state, config: undefined, now_ms: later })
    expect(memory).toMatchObject({ days: 10, first_day_ms: newYear_ms, detail_from_ms: newYear_ms + 434 * day })
    expect(memory.pairs_from_ms).toBe(newYear_ms + 36 * day)
    expect(memory.folded_days).toBeGreaterThan(0)
    expect(balance.comparisons.map(({ different }) => different)).toEqual([0, 0, 0, 0, 0])
    expect(balance).toMatchObject({ balanced: true, days: 7 })
  })
})
