/** `weir init` as people meet it: what it proposes can be used as it is, and it says clearly when there is nothing. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentProgress } from '../src/app/progress.ts'
import { proposeConfig } from '../src/app/propose/propose-config.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { needTestData } from '../src/testing/needs.ts'
import { connLog } from './support/conn-lines.ts'
import { Folder, type Ran, runWeir } from './support/weir.ts'

const quickstart = fileURLToPath(new URL('../examples/quickstart', import.meta.url))
const folder = new Folder()
afterAll(() => folder.remove())

const soundConfig = (text: string) => {
  const loaded = loadConfig(text, 'weir.yaml')
  expect(loaded.problems).toBeUndefined()
  return loaded.ok as NonNullable<typeof loaded.ok>
}

describe('on the quickstart', () => {
  let ran: Ran
  beforeAll(async () => {
    ran = await runWeir(['init', quickstart])
  })

  test('networks, pool, gateway and hosts are found', () => {
    expect(ran.code).toBe(0)
    const { site, hosts, vaults, sensors } = soundConfig(ran.stdout)
    expect(site.networks).toEqual(['10.20.0.0/16', '2001:db8:20::/48'])
    expect(site.vpn_pools).toMatchObject([{ gateway: 'vpn1', networks: ['10.99.0.0/24'], inner_flows: 'observed' }])
    const roles = Object.fromEntries(
      hosts.flatMap(({ addresses, role }) => addresses.map((address) => [address, role])),
    )
    expect(roles).toEqual({
      ...{ '10.20.1.11': 'login', '10.20.1.12': 'login', '10.20.2.21': 'dtn', '10.20.2.22': 'dtn' },
      ...{ '2001:db8:20:2::21': 'dtn', '10.20.3.31': 'portal', '2001:db8:20:3::31': 'portal', '10.20.4.4': 'vpn' },
      ...{ '10.20.5.5': 'storage', '10.20.0.53': 'service' },
    })
    expect(hosts.filter(({ name }) => ['login1', 'vpn1'].includes(name)).map(({ addresses }) => addresses)).toEqual([
      ['10.20.1.11'],
      ['10.20.4.4'],
    ])
    expect(vaults.map(({ paths }) => paths[0]).sort()).toEqual([
      '/proj/cfd',
      '/proj/climate',
      '/proj/genomes',
      '/scratch/shared',
    ])
    expect(sensors).toEqual([])
  })

  test('what is uncertain is said on standard error, the configuration alone is on standard output', () => {
    expect(ran.stderr).toContain('jobs run on 4 nodes (cn01, cn02, cn03, cn04)')
    expect(ran.stderr).toContain('proposed 2 inside networks, 1 VPN pool, 10 hosts, 4 vaults\n')
    expect(ran.stdout).toMatch(/^# Proposed by weir /)
    expect(ran.stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

describe('where it writes', () => {
  const logs = folder.file('some/conn.log', connLog(50))

  test('a new file is written, an old one never', async () => {
    const out = folder.at('new.yaml')
    const first = await runWeir(['init', logs, '--out', out, '--quiet'])
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const text = readFileSync(out, 'utf8')
    soundConfig(text)
    const second = await runWeir(['init', logs, '--out', out])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain('is there already, and init never overwrites')
    expect(readFileSync(out, 'utf8')).toBe(text)
  })
})

describe('nothing to propose', () => {
  const refused = (paths: string[]) =>
    proposeConfig({ paths, progress: silentProgress, now: Date.now }).then(
      () => 'proposed',
      (error) => `${error.code}: ${error.message}`,
    )

  test('ends with exit 3', async () => {
    const { code, stdout, stderr } = await runWeir(['init', folder.file('none/readme.txt', 'nothing\n')])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('no log that Weir knows')
  })

  test('has its reason', async () => {
    const session = '{"type":"session","kind":"ssh","account":"a","peer_ip":"192.0.2.1","start_ms":1767225600000}\n'
    expect(await refused([folder.file('sessions/a.ndjson', session)])).toMatch(/^nothing_readable: no flows under/)
    const scans = connLog(20, () => ({ orig_bytes: '0', resp_bytes: '0' }))
    expect(await refused([folder.file('scans/conn.log', scans)])).toContain('none of them with payload')
    const strangers = connLog(20, () => ({ 'id.orig_h': '129.1.2.3', 'id.resp_h': '131.1.2.3' }))
    expect(await refused([folder.file('strangers/conn.log', strangers)])).toContain(
      'nothing tells which end of them is inside',
    )
    expect(await refused([folder.at('missing')])).toMatch(/^path_unreadable: /)
  })
})

describe('the sample is bounded', () => {
  const day = (n: number) => connLog(400, (i) => ({ uid: `C${n}x${i}` }))
  const logs = folder.at('many')
  beforeAll(() => {
    for (let n = 1; n <= 30; n++) folder.file(`many/zeek/2026-01-${String(n).padStart(2, '0')}/conn.log`, day(n))
  })

  test('by records: the first, the last and the middle day are in it', async () => {
    const options = { paths: [logs], progress: silentProgress, now: Date.now }
    const { sample, yaml } = await proposeConfig({ ...options, limits: { records: 1200, milliseconds: 60_000 } })
    expect(sample.records).toBe(1200)
    expect([sample.files_read, sample.files_found, sample.cut]).toEqual([3, 30, 'records'])
    expect(yaml.replaceAll('\n# ', ' ')).toContain('1,200 flows with payload and 0 other records from 3 of 30 files')
  })

  test('by time', async () => {
    let now = 0
    const options = { paths: [logs], progress: silentProgress, now: () => (now += 1000) }
    const { sample, yaml } = await proposeConfig({ ...options, limits: { records: 1e9, milliseconds: 9_000 } })
    expect([sample.files_read < 10, sample.cut]).toEqual([true, 'time'])
    expect(yaml.replaceAll('\n# ', ' ')).toContain('Time was up before every file had its turn')
  })
})

test('a small office of 2009: one /24', async (context) => {
  const m57 = needTestData(context, 'zeek/m57-short')
  const { yaml } = await proposeConfig({ paths: [m57], progress: silentProgress, now: Date.now })
  expect(soundConfig(yaml).site.networks).toEqual(['192.168.1.0/24'])
  expect(yaml).toContain('nothing else of 192.168.0.0/16 was seen: widen this if that is yours too')
})
