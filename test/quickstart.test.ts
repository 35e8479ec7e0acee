/** The quickstart is small, is what its script writes, and its books are what a naive count of its logs says. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../src/app/analyze.ts'
import { silentProgress } from '../src/app/progress.ts'
import { proposeConfig } from '../src/app/propose/propose-config.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { type Analyzed, Folder, type Ran, runWeir } from './support/weir.ts'

const quickstart = fileURLToPath(new URL('../examples/quickstart', import.meta.url))
const folder = new Folder()
afterAll(() => folder.remove())

function filesBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .sort()
}

function textOf(path: string): string {
  const bytes = readFileSync(path)
  return path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
}

interface Conn {
  uid: string
  ts: number
  orig: string
  resp: string
  rport: string
  out: number
  back: number
}

/** All records of conn and conn_long, with nothing but string splitting. */
const conns = filesBelow(join(quickstart, 'zeek'))
  .filter((path) => /conn(_long)?\.log\.gz$/.test(path))
  .flatMap((path) => textOf(path).split('\n'))
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [ts, uid, orig, , resp, rport, , , , out, back] = line.split('\t')
    const count = (text: string) => (text === '-' ? 0 : Number(text))
    return { uid, ts: Number(ts) * 1000, orig, resp, rport, out: count(out), back: count(back) }
  })

interface Event
  extends Record<'account' | 'assigned_ip' | 'ip' | 'path' | 'direction' | 'peer_ip' | 'host_ip', string> {
  start_ms: number
  end_ms?: number
  bytes: number
}
const events = (name: string): Event[] =>
  textOf(join(quickstart, 'events', `${name}.ndjson`))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const isPool = (address: string) => address.startsWith('10.99.0.')
const isInside = (address: string) => address.startsWith('10.20.') || address.startsWith('2001:db8:20:')
/** What the records of each connection come to: the largest, as they are states of one that grows. */
const largest = [
  ...conns
    .reduce((known, conn) => {
      const before = known.get(conn.uid)
      return known.set(conn.uid, before && before.out + before.back > conn.out + conn.back ? before : conn)
    }, new Map<string, Conn>())
    .values(),
]
const border = largest.flatMap((conn) => {
  if (isInside(conn.orig) === isInside(conn.resp) || conn.resp === '10.20.4.4' || conn.out + conn.back === 0) return []
  const outbound = isInside(conn.orig)
  const [peer, host] = outbound ? [conn.resp, conn.orig] : [conn.orig, conn.resp]
  return [
    { ...conn, peer, host, bytes_out: outbound ? conn.out : conn.back, bytes_in: outbound ? conn.back : conn.out },
  ]
})
const total = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((sum, item) => sum + of(item), 0)

let json: Analyzed
let ran: Ran
const state = folder.state()

beforeAll(async () => {
  // as a newcomer would start it: from a directory without a weir.yaml
  const file = folder.at('analysis.json')
  ran = await runWeir(['analyze', quickstart, '--state', state, '--json', file, '--no-progress'], { cwd: folder.path })
  json = JSON.parse(readFileSync(file, 'utf8'))
})

async function ledger(...args: string[]): Promise<Record<string, number>> {
  const { stdout } = await runWeir(['ledger', '--state', state, '--json', ...args])
  const { columns, rows } = JSON.parse(stdout)
  return Object.fromEntries(rows.map((row: Record<string, string & number>) => [row[columns[0]], row.bytes_out]))
}

describe('the files', () => {
  test('are small', () => {
    expect(total(filesBelow(quickstart), (path) => statSync(path).size)).toBeLessThan(300_000)
  })

  test('are what make.mjs writes', () => {
    const made = folder.at('made')
    expect(spawnSync(process.execPath, [join(quickstart, 'make.mjs'), made], { encoding: 'utf8' }).stderr).toBe('')
    const written = filesBelow(made)
    const kept = filesBelow(quickstart).filter((path) => /\.(gz|ndjson)$/.test(path))
    expect(written.map((path) => path.slice(made.length))).toEqual(kept.map((path) => path.slice(quickstart.length)))
    for (const [i, path] of written.entries()) expect(textOf(path) === textOf(kept[i]), path).toBe(true)
  })

  test('have a configuration without problems and without remarks', () => {
    const loaded = loadConfig(readFileSync(join(quickstart, 'weir.yaml'), 'utf8'), 'weir.yaml')
    expect(loaded.problems).toBeUndefined()
    expect(loaded).toHaveProperty('remarks', [])
  })

  test('lead outside only to addresses reserved for documentation', () => {
    const outside = new Set(
      largest.flatMap(({ orig, resp }) => [orig, resp]).filter((each) => !isInside(each) && !isPool(each)),
    )
    const documented = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/
    expect([...outside].filter((address) => !documented.test(address))).toEqual([])
    expect(outside.size).toBeGreaterThan(200)
  })
})

test('analyze finds the weir.yaml in the one directory that it is given, and says so', () => {
  const file = join(quickstart, 'weir.yaml')
  expect(ran.stderr).toBe(`weir: no ./weir.yaml here: using ${file}\n`)
  expect(ran.stdout).toContain(`weir doctor --state ${state} --config ${file}`)
  expect(ran.stdout).not.toContain('no configuration')
  expect(ran.code).toBe(0)
})

describe('the books of the quickstart', () => {
  test('hold every record', () => {
    const read = filesBelow(quickstart)
      .filter((path) => /\.(gz|ndjson)$/.test(path))
      .flatMap((path) => textOf(path).split('\n'))
      .filter((line) => line !== '' && !line.startsWith('#')).length
    expect(total(json.sources, (source) => source.accepted)).toBe(read)
    expect(total(json.sources, (source) => source.records_read)).toBe(read)
  })

  test('agree with a naive count of the logs, to the byte', () => {
    expect(json.ledger.bytes_out).toBe(total(border, (flow) => flow.bytes_out))
    expect(json.ledger.bytes_in).toBe(total(border, (flow) => flow.bytes_in))
    expect(json.ledger.flows).toBe(border.length)
    const sizes = (list: readonly Conn[]) => total(list, ({ out, back }) => out + back)
    expect(json.not_egress).toMatchObject({
      internal_bytes: sizes(largest.filter(({ orig, resp }) => isInside(orig) && isInside(resp))),
      transit_bytes: sizes(largest.filter(({ orig, resp }) => !isInside(orig) && !isInside(resp))),
      carrier_bytes: sizes(largest.filter(({ resp }) => resp === '10.20.4.4')),
      probes: largest.filter(({ out, back }) => out + back === 0).length,
      corroborating_bytes: 0,
    })
  })

  test('name who pulled through the VPN', async () => {
    const leases = events('vpn')
    const expected: Record<string, number> = {}
    for (const { peer, ts, bytes_out } of border.filter(({ peer }) => isPool(peer))) {
      const lease = leases.findLast(({ assigned_ip, ip, start_ms, end_ms }) => {
        return (assigned_ip ?? ip) === peer && start_ms <= ts && ts <= (end_ms ?? start_ms + 86_400_000)
      })
      const account = lease?.account ?? ''
      expected[account] = (expected[account] ?? 0) + bytes_out
    }
    expect(await ledger('--by', 'account', '--where', 'gateway=vpn1')).toEqual(expected)
    expect(expected.kofi).toBe(3 * 23_200_000_000)
    expect(expected['']).toBe(354_000_000)
  })

  test('tie bytes to vaults as the transfer logs do, and no more than flows carried', async () => {
    const vaultOf = ({ path }: Event) =>
      path.startsWith('/proj/cfd/') ? 'cfd-archive' : path.startsWith('/proj/climate/public/') ? 'open-climate' : ''
    const expected: Record<string, number> = {}
    let claimed = 0
    for (const transfer of events('transfers').filter(({ direction }) => direction === 'out')) {
      const flows = border.filter(({ peer, host, ts, rport }) => {
        const during = ts >= transfer.start_ms - 5_000 && ts <= (transfer.end_ms ?? 0)
        return peer === transfer.peer_ip && host === transfer.host_ip && rport !== '443' && during
      })
      const carried = Math.min(
        total(flows, ({ bytes_out }) => bytes_out),
        transfer.bytes,
      )
      claimed += transfer.bytes - carried
      expected[vaultOf(transfer)] = (expected[vaultOf(transfer)] ?? 0) + carried
    }
    const { '': unmapped, ...vaults } = expected
    const { '': _rest, ...booked } = await ledger('--by', 'vault')
    expect(booked).toEqual(vaults)
    expect(json.not_egress.claimed_not_seen_bytes).toBe(claimed)
    expect(claimed).toBeGreaterThan(20e9)
    expect(unmapped).toBeGreaterThan(100e9)
  })

  test('explain the mirror up to its cap of every day', async () => {
    const days = new Map<string, number>()
    for (const { account, bytes, start_ms } of events('transfers')) {
      if (account !== 'svc-mirror') continue
      const day = new Date(start_ms).toISOString().slice(0, 10)
      days.set(day, (days.get(day) ?? 0) + bytes)
    }
    expect(Object.fromEntries(days)).toEqual(await ledger('--by', 'day', '--where', 'account=svc-mirror'))
    const explained = total([...days.values()], (bytes) => Math.min(bytes, 450e9))
    expect(json.ledger).toMatchObject({ explained_bytes_out: explained })
    expect(total([...days.values()], (bytes) => bytes) - explained).toBe(96e9)
  })

  test('count the long connection once', () => {
    const long = conns.filter(({ uid }) => conns.filter((conn) => conn.uid === uid).length > 1)
    expect(new Set(long.map(({ uid }) => uid)).size).toBe(1)
    expect(long).toHaveLength(5)
    expect(border.find(({ uid }) => uid === long[0].uid)?.bytes_out).toBe(148e9)
  })
})

test('with the configuration that init proposes, the books say the same of what left', async () => {
  const { yaml } = await proposeConfig({ paths: [quickstart], progress: silentProgress, now: Date.now })
  const { ok: config } = loadConfig(yaml, 'weir.yaml')
  if (!config) throw new Error(yaml)
  const options = { paths: [quickstart], configured: true, state: folder.state(), progress: silentProgress }
  const { ledger: proposed, not_egress } = await analyze({ ...options, config, now_ms: Date.now() })
  const { bytes_out, bytes_in, flows } = json.ledger
  expect([proposed.bytes_out, proposed.bytes_in, proposed.flows].map(Number)).toEqual([bytes_out, bytes_in, flows])
  expect(Object.entries(not_egress).map(([name, sum]) => [name, Number(sum)])).toEqual(Object.entries(json.not_egress))
})
