/**
 * FreeRADIUS: a NAS reports sessions, one report gets lost, counters pass 4 GiB, addresses of both protocols change hands.
 * The detail file that the server writes names the holder of an address at each moment, and how much each session carried.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { Folder } from '../support/weir.ts'
import { booksOf, flowLines } from './support/books-of.ts'
import type { FlowEvent } from './support/capture.ts'
import { type Accounting, type Request, radiusHost, startAccounting } from './support/freeradius.ts'
import { needStage } from './support/need-stage.ts'
import { Stage } from './support/stage.ts'

const nas = { name: 'vpn1', addresses: ['10.1.0.3'] }
const server = { name: radiusHost, addresses: ['10.1.0.9'] }

const config = `
site:
  networks: [10.1.0.0/16, "fd00:1::/64"]
  vpn_pools: [{gateway: vpn1, networks: [10.8.0.0/24, "fd00:8::/64"], inner_flows: observed}]
hosts:
  - {name: vpn1, addresses: [10.1.0.3], role: vpn}
`

function sessionOf(account: string, id: string, outer: string, addresses: Request): Request {
  const port = { 'NAS-Identifier': 'vpn1', 'NAS-IP-Address': '10.1.0.3', 'NAS-Port-Type': 'Virtual' }
  const caller = { 'Calling-Station-Id': outer, 'Tunnel-Client-Endpoint:0': outer }
  return { 'User-Name': account, 'Acct-Session-Id': id, ...port, ...caller, ...addresses }
}
const alice = sessionOf('alice', '5E0A1', '198.51.100.7', {
  ...{ 'Framed-IP-Address': '10.8.0.10', 'Framed-IPv6-Address': 'fd00:8::10' },
})
const bob = sessionOf('bob', '5E0A2', '198.51.100.9', {
  ...{ 'Framed-IP-Address': '10.8.0.11', 'Framed-IPv6-Prefix': 'fd00:8::11/128' },
})
/** Gets what bob had; his end is never reported. */
const carol = sessionOf('carol', '5E0A3', '2001:db8:9::9', {
  ...{ 'Framed-IP-Address': '10.8.0.11', 'Framed-IPv6-Prefix': 'fd00:8::11/128' },
})

/** Octets as the NAS states them: what it sent to the caller is its output. */
function counted(out: bigint, seconds: number): Request {
  return {
    'Acct-Session-Time': seconds,
    ...{ 'Acct-Input-Octets': 1000 * seconds, 'Acct-Input-Gigawords': 0 },
    ...{ 'Acct-Output-Octets': Number(out & 0xffffffffn), 'Acct-Output-Gigawords': Number(out >> 32n) },
  }
}
const stated = { alice: 9_089_934_597n, bob: 4_294_967_295n, carol: 70_000_001n }

interface Scene {
  /** Epoch seconds to which the times below are relative. */
  zero: number
  detail: string
}

/** When the addresses of bob become carol's, and when alice leaves. */
const at = { handedOn: 1800, aliceLeaves: 3000 }

const folder = new Folder()
afterAll(() => folder.remove())

async function onStage(wallClock: string, reports: (radius: Accounting) => Promise<void>): Promise<string> {
  const stage = await Stage.open([nas, server])
  try {
    const nasOnStage = { host: nas.name, address: nas.addresses[0] }
    const radius = await startAccounting(stage, { nas: nasOnStage, address: server.addresses[0], wallClock })
    await reports(radius)
    return await radius.detail()
  } finally {
    await stage.close()
  }
}

let happened: Promise<Scene> | undefined
const scene = (): Promise<Scene> => (happened ??= happen())

/** An hour of sessions, told now: the NAS states when each thing happened, or how late it tells it. */
async function happen(): Promise<Scene> {
  const zero = Math.floor(Date.now() / 1000) - 3600
  const detail = await onStage('UTC0', async (radius) => {
    const report = (session: Request, type: string, seconds: number, more: Request = {}) =>
      radius.report({ ...session, 'Acct-Status-Type': type, 'Event-Timestamp': zero + seconds, ...more })
    await report(alice, 'Start', 0)
    await report(bob, 'Start', 10)
    await report(alice, 'Interim-Update', 600, counted(4_294_967_296n, 600))
    await report(bob, 'Interim-Update', 610, counted(stated.bob, 600))
    await report(carol, 'Start', at.handedOn)
    await report(carol, 'Stop', 2400, { ...counted(stated.carol, 600), 'Acct-Terminate-Cause': 'Lost-Carrier' })
    const late = { 'Acct-Delay-Time': 3600 - at.aliceLeaves, 'Acct-Terminate-Cause': 'User-Request' }
    await radius.report({ ...alice, 'Acct-Status-Type': 'Stop', ...counted(stated.alice, at.aliceLeaves), ...late })
  })
  return { zero, detail }
}

/** Flows to leased addresses, each of so many bytes at so many seconds. */
function flowsTo(zero: number, moments: readonly (readonly [string, number, number])[]): FlowEvent[] {
  return moments.map(([dst_ip, seconds, bytes_src], i) => {
    const start_ms = (zero + seconds) * 1000
    const src_ip = dst_ip.includes(':') ? 'fd00:1::80' : '10.1.0.80'
    const ends = { src_ip, src_port: 443, dst_ip, dst_port: 40_000 + i }
    return { type: 'flow', start_ms, end_ms: start_ms + 10, ...ends, proto: 'tcp', bytes_src, bytes_dst: 1 }
  })
}

/** The sensor sees something every minute, nothing of it leaving: it watched all the time, also over midnight. */
function heartbeat(zero: number): FlowEvent[] {
  return Array.from({ length: 61 }, (_, minute) => {
    const start_ms = (zero + 60 * minute) * 1000
    const ends = { src_ip: '203.0.113.5', src_port: 5000 + minute, dst_ip: '10.1.0.80', dst_port: 443 }
    return { type: 'flow', start_ms, end_ms: start_ms + 10, ...ends, proto: 'tcp', bytes_src: 60, bytes_dst: 0 }
  })
}

describe('freeradius', () => {
  const limit = { timeout: 60_000 }

  test('leases from start to end, also when the end was never reported, or late', limit, async (context) => {
    needStage(context, 'freeradius', 'radclient')
    const { zero, detail } = await scene()
    const flows = flowsTo(zero, [
      ...([
        ['10.8.0.10', 1, 1],
        ['fd00:8::10', 2000, 20],
        ['10.8.0.10', at.aliceLeaves - 20, 300],
      ] as const),
      ...([
        ['10.8.0.11', 20, 4000],
        ['fd00:8::11', at.handedOn - 10, 50_000],
      ] as const),
      ...([
        ['10.8.0.11', at.handedOn + 10, 600_000],
        ['fd00:8::11', 2390, 7_000_000],
      ] as const),
      // nobody holds the addresses then
      ...([
        ['10.8.0.10', at.aliceLeaves + 20, 80_000_000],
        ['10.8.0.11', 2500, 900_000_000],
      ] as const),
    ])
    const seen = flowLines([...heartbeat(zero), ...flows])
    const books = await booksOf(folder, config, { 'flows.ndjson': seen, 'radius/detail-20260101': detail })
    expect(await books.bytesOut('account')).toEqual({ alice: 321, bob: 54_000, carol: 7_600_000, '': 980_000_000 })
  })

  test('bytes beyond 4 GiB, the last count of each session, no count twice', limit, async (context) => {
    needStage(context, 'freeradius', 'radclient')
    const { detail } = await scene()
    const books = await booksOf(folder, config, { 'radius/detail-20260101': detail })
    expect(await books.bytesOut('account', 'peer', 'gateway')).toEqual({
      'alice 198.51.100.7 vpn1': Number(stated.alice),
      'bob 198.51.100.9 vpn1': Number(stated.bob),
      // books know IPv6 peers by their network
      'carol 2001:db8:9::/64 vpn1': Number(stated.carol),
    })
  })

  test('a server whose clock on the wall is not UTC', limit, async (context) => {
    needStage(context, 'freeradius', 'radclient')
    const zero = Math.floor(Date.now() / 1000)
    const detail = await onStage('CET-1', (radius) => radius.report({ ...alice, 'Acct-Status-Type': 'Start' }))
    const flows = flowsTo(zero, [['10.8.0.10', 60, 1000]])
    const berlin = config.replace('site:', 'site:\n  timezone: Etc/GMT-1')
    const books = await booksOf(folder, berlin, { 'flows.ndjson': flowLines(flows), 'detail-20260101': detail })
    expect(await books.bytesOut('account')).toEqual({ alice: 1000 })
  })
})
