/**
 * OpenVPN: people outside take files through the tunnel, and the flows that the site sees are to leased addresses. Its log,
 * and its status file in both forms, name the one who held the address at that moment and where the tunnel ended.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { Folder } from '../support/weir.ts'
import { booksOf, flowLines } from './support/books-of.ts'
import { capture, type FlowEvent } from './support/capture.ts'
import { needStage } from './support/need-stage.ts'
import { gateway, pool, startGateway, timezone } from './support/openvpn.ts'
import { Stage, until } from './support/stage.ts'
import { startWeb, take } from './support/web.ts'

const hosts = [
  { name: gateway, addresses: ['10.1.0.3', 'fd00:1::3'] },
  { name: 'www', addresses: ['10.1.0.80', 'fd00:1::80'] },
  { name: 'laptop1', addresses: ['198.51.100.7', '2001:db8:9::7'] },
  { name: 'laptop2', addresses: ['198.51.100.9', '2001:db8:9::9'] },
]

const config = `
site:
  timezone: ${timezone}
  networks: [10.1.0.0/16, "fd00:1::/64"]
  vpn_pools: [{gateway: ${gateway}, networks: [${pool.four}, "${pool.six}"], inner_flows: observed}]
hosts:
  - {name: ${gateway}, addresses: [10.1.0.3, "fd00:1::3"], role: vpn}
  - {name: www, addresses: [10.1.0.80, "fd00:1::80"], role: portal}
`

const first = { four: '10.8.0.10', six: 'fd00:8::10' }
const second = { four: '10.8.0.11', six: 'fd00:8::11' }
/** What each took: at the same time, then bob with what had been alice's addresses, at once and somewhat later. */
const taken = {
  alice: [3_000_017, 1_200_011],
  bob: [2_000_003, 700_001],
  bobAtOnce: 350_003,
  bobLater: [1_400_003, 500_009],
}
/** Clocks may differ by as much: closer to a change of hands an address names nobody. */
const slack_ms = 5500
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

interface Scene {
  flows: FlowEvent[]
  log: string
  /** Of the time before the addresses changed hands. */
  status: { text: string; end_ms: number }
}

const folder = new Folder()
afterAll(() => folder.remove())

const happened = new Map<number, Promise<Scene>>()
function scene(statusVersion: 2 | 3): Promise<Scene> {
  const known = happened.get(statusVersion) ?? happen(statusVersion)
  happened.set(statusVersion, known)
  return known
}

async function happen(statusVersion: 2 | 3): Promise<Scene> {
  const stage = await Stage.open(hosts)
  try {
    await startWeb(stage, 'www')
    const behind = ['10.1.0.80', 'fd00:1::80']
    const address = { four: '10.1.0.3', six: 'fd00:1::3' }
    const vpn = await startGateway(stage, { names: ['alice', 'bob'], statusVersion, address, behind })
    const seen = await capture(stage, 'www')
    const takeAll = (client: string, sizes: readonly number[]) =>
      Promise.all(sizes.map((bytes, i) => take(stage, client, behind[i], bytes)))

    vpn.lease('alice', first)
    vpn.lease('bob', second)
    const [alice, bob] = await Promise.all([vpn.connect('laptop1', 'alice'), vpn.connect('laptop2', 'bob')])
    await Promise.all([takeAll('laptop1', taken.alice), takeAll('laptop2', taken.bob)])
    const taken_ms = Date.now()
    let status = { text: '', end_ms: 0 }
    await until(() => {
      status = { text: readFileSync(vpn.status, 'utf8'), end_ms: Date.now() }
      const { alice = 0, bob = 0 } = sentTo(status.text)
      return status.text.endsWith('END\n') && alice > sum(taken.alice) && bob > sum(taken.bob)
    }, 'the status to be written')

    await pause(Math.max(0, taken_ms + slack_ms - Date.now()))
    await Promise.all([alice.stop(), bob.stop()])
    vpn.lease('bob', first)
    await vpn.connect('laptop2', 'bob')
    await take(stage, 'laptop2', behind[0], taken.bobAtOnce)
    // the server says only now, some seconds late, that alice has left; her addresses are bob's all the same
    await Promise.all([
      until(() => /^\S+ \S+ alice\/.*client-instance exiting/m.test(readFileSync(vpn.log, 'utf8')), 'the end of alice'),
      pause(slack_ms),
    ])
    await takeAll('laptop2', taken.bobLater)
    return { flows: await seen.flows(), log: readFileSync(vpn.log, 'utf8'), status }
  } finally {
    await stage.close()
  }
}

/** Bytes that the status file says were sent, by client. */
function sentTo(status: string): Record<string, number> {
  const rows = status.split('\n').map((line) => line.split(/[\t,]/))
  return Object.fromEntries(rows.filter(([kind]) => kind === 'CLIENT_LIST').map((row) => [row[1], Number(row[6])]))
}

function expectAbout(bytes: number | undefined, moved: number, who: string): void {
  expect(bytes, who).toBeGreaterThanOrEqual(moved)
  expect(bytes, who).toBeLessThan(moved * 1.1)
}

describe.each([2, 3] as const)('openvpn, status version %i', (version) => {
  const limit = { timeout: 60_000 }

  test('the log names who held the address, also after it went to somebody else', limit, async (context) => {
    needStage(context, 'openvpn', 'openssl')
    const { flows, log } = await scene(version)
    const books = await booksOf(folder, config, { 'flows.ndjson': flowLines(flows), 'openvpn.log': log })
    const alice = `alice 198.51.100.7 ${gateway}`
    const bob = `bob 198.51.100.9 ${gateway}`
    // just after the change of hands it may have been either: never alice, and bob only if the machine was slow
    const { [alice]: ofAlice, [bob]: ofBob, ...unnamed } = await books.bytesOut('account', 'peer', 'gateway')
    expectAbout(ofAlice, sum(taken.alice), 'alice')
    expect(Object.keys(unnamed).filter((key) => key !== ` ${first.four} ${gateway}`)).toEqual([])
    const sure = sum([...taken.bob, ...taken.bobLater])
    expect(ofBob).toBeGreaterThanOrEqual(sure)
    expectAbout(ofBob + sum(Object.values(unnamed)), sure + taken.bobAtOnce, 'bob')
    expect(books.json.ledger).toMatchObject({ bytes_out: sum(flows.map((flow) => flow.bytes_dst)), flows: 7 })
  })

  test('the status file alone names who holds the addresses', limit, async (context) => {
    needStage(context, 'openvpn', 'openssl')
    const { flows, status } = await scene(version)
    const before = flows.filter((flow) => flow.end_ms <= status.end_ms)
    expect(before).toHaveLength(4)
    const books = await booksOf(folder, config, { 'flows.ndjson': flowLines(before), 'status.log': status.text })
    const named = await books.bytesOut('account')
    expect(Object.keys(named).sort()).toEqual(['alice', 'bob'])
    expectAbout(named.alice, sum(taken.alice), 'alice')
    expectAbout(named.bob, sum(taken.bob), 'bob')
  })

  test('where no flow was seen, the bytes that the status file states are in the books', limit, async (context) => {
    needStage(context, 'openvpn', 'openssl')
    const { status } = await scene(version)
    const books = await booksOf(folder, config, { 'status.log': status.text })
    const named = await books.bytesOut('account', 'peer')
    const { alice, bob } = sentTo(status.text)
    expect(named).toEqual({ 'alice 198.51.100.7': alice, 'bob 198.51.100.9': bob })
  })
})
