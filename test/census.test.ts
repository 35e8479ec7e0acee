/**
 * The census says of the logs what the books say, to the byte, without any books; and whatever stands in the logs is
 * harmless in all three forms of its answer.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { writeConnLog } from '../src/app/bench/conn-log.ts'
import { readConfigFile } from '../src/cli/load-config-file.ts'
import { needTestData } from '../src/testing/needs.ts'
import { Books, type ConfigText, ndjson } from './support/books.ts'
import { censusOf, censusSaysWhatTheBooksSay, expectEqual, totals } from './support/census-equals.ts'
import { Folder, runWeir, startWeir } from './support/weir.ts'

const quickstart = fileURLToPath(new URL('../examples/quickstart', import.meta.url))
const privateNetworks = { site: { networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] } }
const folder = new Folder()
afterAll(() => folder.remove())

describe('the totals of a census are those of the books', () => {
  test('on the quickstart', async () => {
    const config = readConfigFile(join(quickstart, 'weir.yaml'))
    using books = new Books(config as ConfigText)
    const analysis = await books.analyze([quickstart])
    const result = await censusOf([quickstart], config as ConfigText)
    expect(totals(result)).toEqual(totals(analysis as never))
    expect(result.ledger.attributed_share.account).toBeGreaterThan(0.9)
    expect(result.counts).toMatchObject({ ...analysis.counts, hosts: 10 })
    expect(result.ledger.explained_bytes_out).toBe(1_240_000_000_000n)
    await expectEqual(books, result)
  })

  test('on a day of a small office', async (context) => {
    const path = needTestData(context, 'zeek/m57-short')
    using books = new Books(privateNetworks)
    const analysis = await books.analyze([path])
    const result = await censusOf([path], privateNetworks)
    expect(totals(result)).toEqual(totals(analysis as never))
    expect(result.ledger.bytes_out).toBeGreaterThan(0n)
    await expectEqual(books, result)
    expect(
      result.sources.map(({ path: file, records_read, accepted, duplicates }) => [
        file,
        records_read,
        accepted + duplicates,
      ]),
    ).toEqual(
      analysis.sources.map(({ path: file, records_read, accepted, duplicates }) => [
        file,
        records_read,
        accepted + duplicates,
      ]),
    )
  })

  test('on thousands of connections, a part of them in two files', async () => {
    const path = folder.at('twice', 'a.log')
    folder.file(join('twice', 'b.log'), '')
    writeConnLog(path, { rows: 6000, days: 3 })
    const lines = readFileSync(path, 'utf8').split('\n')
    const headed = 8 - lines.findIndex((line) => !line.startsWith('#'))
    folder.file(join('twice', 'b.log'), [...lines.slice(0, 8), ...lines.slice(3000, 4000), ''].join('\n'))
    using books = new Books(privateNetworks)
    const analysis = await books.analyze([folder.at('twice')])
    const result = await censusOf([folder.at('twice')], privateNetworks)
    expect(totals(result)).toEqual(totals(analysis as never))
    expect(result.sources.map(({ duplicates }) => duplicates)).toEqual([0, 1000 + headed])
    await expectEqual(books, result)
  })

  test(
    'on mixtures of everything, in any order, over several files, some of it twice',
    () => censusSaysWhatTheBooksSay({ rounds: 4, seed: 20_260_102 }),
    120_000,
  )
})

const hour = 3_600_000
const t0 = Date.parse('2026-03-02T00:00:00Z')

/** A flow of an hour's beginning; `at` in hours. */
function flow(at: number, more: object = {}): object {
  const uid = `C${at}`
  return {
    type: 'flow',
    start_ms: t0 + at * hour,
    end_ms: t0 + at * hour + 60_000,
    src_ip: '10.1.0.1',
    src_port: 40_000,
    dst_ip: '198.51.100.1',
    dst_port: 443,
    proto: 'tcp',
    bytes_src: 1000,
    bytes_dst: 10,
    uid,
    ...more,
  }
}

describe('what a census finds', () => {
  const config = {
    ...privateNetworks,
    vaults: [
      { id: 'cfd', paths: ['/proj/cfd'], size_bytes: 1_000_000 },
      { id: 'idle', paths: ['/proj/idle'] },
    ],
  }
  const transfer = { type: 'transfer', tool: 'gridftp', direction: 'out', host_ip: '10.1.0.1', peer_ip: '198.51.100.1' }
  const session = { type: 'session', kind: 'ssh', host_ip: '10.1.0.1', peer_port: 1 }
  const records = [
    ...Array.from({ length: 5 }, (_, i) => flow(i, { src_ip: `10.1.0.${i + 1}` })),
    // a first-time recipient, in the last 30 % of the log
    flow(95, { dst_ip: '203.0.113.9', bytes_src: 150_000_000_000, uid: 'big' }),
    flow(95, { dst_ip: '203.0.113.10', bytes_src: 99_000_000_000, uid: 'small' }),
    flow(100, { uid: 'last' }),
    { ...transfer, account: 'ana', path: '/proj/cfd/x', bytes: 2_500_000, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, path: '/scratch/ben/deep/y', bytes: 400, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, path: '/scratch/ben/z', bytes: 300, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, path: '', bucket: 'raw', bytes: 5, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, peer_ip: undefined, path: '/proj/cfd/q', bytes: 7, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, direction: 'in', path: '/proj/cfd/q', bytes: 7, start_ms: t0, end_ms: t0 + 1000 },
    { ...transfer, peer_ip: '10.9.9.9', path: '/proj/cfd/q', bytes: 7, start_ms: t0, end_ms: t0 + 1000 },
    { ...session, account: 'ana', peer_ip: '192.0.2.1', key_fp: 'SHA256:one', start_ms: t0, end_ms: t0 + hour },
    { ...session, account: 'ana', peer_ip: '192.0.2.9', key_fp: 'SHA256:one', start_ms: t0, end_ms: t0 + hour },
    { ...session, account: 'ana', peer_ip: '2001:db8:1:2::1', start_ms: t0, end_ms: t0 + hour },
    { ...session, account: 'ben', peer_ip: '192.0.2.9', key_fp: 'SHA256:one', start_ms: t0, end_ms: t0 + hour },
    { ...session, account: 'cem', peer_ip: '192.0.2.9', key_fp: 'SHA256:two', start_ms: t0, end_ms: t0 + hour },
    { type: 'lease', ip: '10.200.0.1', account: 'ana', peer_ip: '2001:db8:9::1', start_ms: t0 },
  ]
  const found = censusOf([folder.file('found/all.ndjson', ndjson(records))], config)

  test('copies out: logged bytes ÷ size, every vault, what is in none by two steps', async () => {
    const { copies_out } = await found
    expect(
      copies_out.rows.map(({ name, transfers, transfer_bytes_out, copies }) => [
        name,
        transfers,
        transfer_bytes_out,
        copies,
      ]),
    ).toEqual([
      ['cfd', 1, 2_500_000n, 2.5],
      ['idle', 0, 0n, null],
    ])
    expect(
      copies_out.unmapped.map(({ kind, name, transfers, bytes_out }) => [kind, name, transfers, bytes_out]),
    ).toEqual([
      ['path', '/scratch/ben', 2, 700n],
      ['bucket', 'raw', 1, 5n],
    ])
    expect(copies_out).toMatchObject({
      unplaced: { transfers: 1, bytes: 7n },
      unmapped_bytes_out: 705n,
      transfer_bytes_out: 2_500_705n,
    })
  })

  test('peers that drew from several hosts, and their networks', async () => {
    const { peers_of_many_hosts } = await found
    expect(peers_of_many_hosts.rows).toMatchObject([{ peer: '198.51.100.1', hosts: 5, bytes_out: 6000n, flows: 6n }])
    expect(peers_of_many_hosts.networks).toMatchObject([{ network: '198.51.100.0/24', hosts: 5, peers: 1 }])
  })

  test('accounts by the /24 and /48 of their sessions and leases', async () => {
    const { accounts } = await found
    expect(
      accounts.rows.map(({ account, networks, addresses, sessions }) => [account, networks, addresses, sessions]),
    ).toEqual([
      ['ana', 3, 4, 4],
      ['ben', 1, 1, 1],
      ['cem', 1, 1, 1],
    ])
    expect(accounts.by_networks).toEqual([
      { networks: 1, accounts: 2 },
      { networks: 3, accounts: 1 },
    ])
  })

  test('one key of two people', async () => {
    const { shared_keys } = await found
    expect(shared_keys.rows).toEqual([
      { kind: 'key_fp', fingerprint: 'SHA256:one', accounts: 2, names: ['ana', 'ben'] },
    ])
    expect(shared_keys.seen.key_fp).toBe(2)
  })

  test('first-time recipients: late in the log, and 100 GB', async () => {
    const { first_time_recipients } = await found
    expect(first_time_recipients.rows).toMatchObject([{ peer: '203.0.113.9', bytes_out: 150_000_000_000n, hosts: 1 }])
    expect(first_time_recipients.peers_since).toBe(2)
    expect(first_time_recipients.rule).toContain('30 %')
  })

  test('silence of a sensor, in whole hours and as gaps', async () => {
    const { sensors } = await found
    expect(sensors).toMatchObject([{ sensor: 'flows', flows: 8, silent_hours: 90 + 4 }])
    expect(sensors[0].gaps).toHaveLength(1)
  })

  test('what could not be seen is said', async () => {
    const ids = (await found).not_seen.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([
        'no_jobs',
        'no_storage',
        'no_counters',
        'no_pools',
        'no_size',
        'unnamed',
        'unplaced',
        'gaps',
      ]),
    )
    expect(ids).not.toEqual(expect.arrayContaining(['no_transfers']))
    expect(ids).not.toContain('no_logins')
  })

  test('a first-time recipient of a long log is one that its first 7 days did not know', async () => {
    const long = [0, 100, 167, 169, 300].map((at) =>
      flow(at, { dst_ip: `198.51.100.${at % 255}`, bytes_src: 10 ** 11, uid: `L${at}` }),
    )
    const { first_time_recipients } = await censusOf([folder.file('long/all.ndjson', ndjson(long))], privateNetworks)
    expect(first_time_recipients.since_ms).toBe(t0 + 168 * hour)
    expect(first_time_recipients.rows.map(({ peer }) => peer).sort()).toEqual(['198.51.100.169', '198.51.100.45'])
    expect(first_time_recipients.rule).toBe('first seen after the first 7 days of the log')
  })
})

/** Characters that move a cursor, colour or turn text around. */
function driving(text: string): string[] {
  return [...text.matchAll(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu)].map(([char]) => char)
}

describe('hostile names', () => {
  const html = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>'
  const ansi = '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u202e\r\nLeft 0 B'
  const csv = '=cmd|calc!A1,"x"\n@SUM(1)'
  const evil = [html, ansi, csv]
  const records = [
    ...evil.flatMap((name, i) => [
      flow(i, {
        uid: name,
        service: name,
        sensor: name,
        client_fp: name,
        src_port: 50_000,
        src_ip: '198.51.100.7',
        dst_ip: '10.1.0.1',
        dst_port: 22,
        bytes_dst: 10 ** 12,
      }),
      {
        type: 'session',
        kind: 'ssh',
        account: name,
        host_ip: '10.1.0.1',
        peer_ip: '198.51.100.7',
        peer_port: 50_000,
        key_fp: name,
        client_fp: name,
        start_ms: t0 + i * hour,
        end_ms: t0 + i * hour + 1000,
      },
      {
        type: 'session',
        kind: 'ssh',
        account: `${name}2`,
        host_ip: '10.1.0.1',
        peer_ip: '198.51.101.7',
        key_fp: name,
        client_fp: name,
        start_ms: t0,
        end_ms: t0 + 1000,
      },
      {
        type: 'transfer',
        tool: name,
        account: name,
        host_ip: '10.1.0.1',
        peer_ip: '198.51.100.7',
        path: `/${name}/${name}/x`,
        direction: 'out',
        bytes: 10,
        start_ms: t0,
        end_ms: t0 + 1000,
      },
      {
        type: 'transfer',
        tool: name,
        account: name,
        host_ip: '10.1.0.1',
        peer_ip: '198.51.100.7',
        bucket: name,
        direction: 'out',
        bytes: 10,
        start_ms: t0,
        end_ms: t0 + 1000,
      },
    ]),
  ]
  const path = folder.file(`evil/${'<b>&"x'}.ndjson`, `${ndjson(records)}<script>\u001b[2J\n`)

  test('stay text on the terminal, in JSON and on the page', async () => {
    const [json, page] = [folder.at('evil.json'), folder.at('evil.html')]
    const ran = await runWeir(['census', path, '--json', json, '--html', page], { env: { FORCE_COLOR: '1' } })
    expect(ran.code).toBe(0)
    // the colours are ours, and nothing else drives the terminal
    const bare = ['1', '2', '22', '33', '39'].reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), ran.stdout)
    expect(driving(bare)).toEqual([])
    expect(bare).not.toMatch(/^\s*Left 0 B/m)
    expect(bare).toContain('cmd|calc')

    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/<script|<img|<b>|\son\w+=|javascript:/i)
    expect(driving(text)).toEqual([])
    expect(text).toContain('&#60;script&#62;alert(1)')
    expect(text).toContain("default-src 'none'")
    expect(text).not.toMatch(/(?:src|href)="(?!#)/)
    expect(text).not.toMatch(/url\(|@import/)

    const parsed = JSON.parse(readFileSync(json, 'utf8'))
    expect(driving(readFileSync(json, 'utf8')).filter((char) => char < ' ')).toEqual([])
    const names = parsed.where.by_account.map(({ account }: { account: string }) => account)
    for (const name of evil) expect(names).toContain(name)
  })

  test('every tag of the page is closed, in order', async () => {
    const page = folder.at('evil.html')
    await runWeir(['census', path, '--html', page, '-q'])
    const open: string[] = []
    const lone = new Set(['meta', '!doctype', 'rect', 'line'])
    for (const [, closing, name] of readFileSync(page, 'utf8')
      .replace(/<style>.*?<\/style>/s, '')
      .matchAll(/<(\/?)([a-z!][a-z0-9]*)/gi)) {
      if (lone.has(name.toLowerCase())) continue
      if (closing === '') open.push(name)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
  })
})

describe('weir census', () => {
  const log = () => folder.file('plain/all.ndjson', ndjson([flow(0), flow(1)]))

  test('prints a summary without colours where nobody asked for them, and says that nothing is kept', async () => {
    const ran = await runWeir(['census', log(), '--no-progress'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/^Read {9}2 records from 1 file in .* nothing is kept\n/)
    expect(ran.stdout).toContain('2.00 kB (2,000 bytes) from 1 host to 1 peer in 2 flows')
    expect(ran.stdout).toContain('No configuration: inside is taken to be')
    expect(ran.stdout).not.toContain('\u001b')
  })

  test('writes JSON alone to standard output', async () => {
    const { stdout, code } = await runWeir(['census', log(), '--json', '-'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout).ledger).toMatchObject({ bytes_out: 2000, flows: 2 })
  })

  test('answers an empty result with zeros, in every form', async () => {
    const page = folder.at('empty.html')
    const inside = folder.file('inside/all.ndjson', ndjson([flow(0, { dst_ip: '10.2.0.1' })]))
    const ran = await runWeir(['census', inside, '--html', page])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('0 B (0 bytes) from 0 hosts to 0 peers in 0 flows')
    expect(ran.stdout).toContain('No flow crossed the border')
    expect(readFileSync(page, 'utf8')).toContain('Nothing crossed the border.')
  })

  test.each([
    [['census'], 2, 'missing required argument'],
    [['census', 'no-such-path'], 3, 'no-such-path'],
    [['census', fileURLToPath(import.meta.url)], 3, 'no known format'],
    [['census', quickstart, '--config', 'no-such.yaml'], 2, 'no-such.yaml cannot be read'],
    [['census', quickstart, '--html', '/no/such/folder/x.html'], 2, 'cannot be written'],
    [['census', quickstart, '--html', '-', '--json', '-'], 2, 'cannot both'],
    [['census', quickstart, '--state', 'x'], 2, "unknown option '--state'"],
  ])('%j ends with %i', async (args, code, message) => {
    const ran = await runWeir(args)
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(message)])
    expect(ran.stdout).toBe('')
  })

  test('tells what it could, and then which path held nothing', async () => {
    const ran = await runWeir(['census', log(), fileURLToPath(import.meta.url)])
    expect(ran.code).toBe(3)
    expect(ran.stdout).toContain('2 records')
    expect(ran.stderr).toContain('census.test.ts')
  })

  test('stops at Ctrl-C with a word and without a result', async () => {
    const logs = folder.at('much')
    folder.file('much/weir.yaml', 'site: {networks: [10.0.0.0/8]}\n')
    writeConnLog(join(logs, 'conn.log'), { rows: 300_000, days: 2 })
    const { child, ran, ended } = startWeir(['census', logs, '--json', folder.at('never.json')])
    // it tells of the configuration that it found once it listens
    child.stderr.once('data', () => child.kill('SIGINT'))
    const { code } = await ended
    expect([code, ran.stdout]).toEqual([130, ''])
    expect(ran.stderr).toContain('stopped; a census keeps nothing')
    expect(existsSync(folder.at('never.json'))).toBe(false)
  })
})
