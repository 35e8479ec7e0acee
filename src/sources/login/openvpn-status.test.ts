import { expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { sessionParts } from '../../model/observation.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectToSurviveDamage } from '../../testing/source-laws.ts'
import { openVpnStatus } from './openvpn-status.ts'

const header =
  'HEADER,CLIENT_LIST,Common Name,Real Address,Virtual Address,Virtual IPv6 Address,Bytes Received,Bytes Sent,Connected Since,Connected Since (time_t),Username,Client ID,Peer ID,Data Channel Cipher'
const version2 = `TITLE,OpenVPN 2.6.3 x86_64-pc-linux-gnu
TIME,2026-01-01 10:00:00,1767261600
${header}
CLIENT_LIST,alice,203.0.113.9:51515,10.8.0.6,2001:db8:8::6,1000,9007199254740993,2026-01-01 09:00:00,1767258000,UNDEF,1,0,AES-256-GCM
CLIENT_LIST,laptop7,[2001:db8::9]:443,10.8.0.7,,7,8,2026-01-01 09:00:01,1767258001,bob,2,1,AES-256-GCM
CLIENT_LIST,UNDEF,198.51.100.1:5,,,10,20,2026-01-01 09:59:00,1767261540,UNDEF,3,2,
HEADER,ROUTING_TABLE,Virtual Address,Common Name,Real Address,Last Ref,Last Ref (time_t)
ROUTING_TABLE,10.8.0.6,alice,203.0.113.9:51515,2026-01-01 09:59:00,1767261540
ROUTING_TABLE,10.8.0.66,alice,203.0.113.9:51515,2026-01-01 09:59:00,1767261540
ROUTING_TABLE,10.9.0.0/24,alice,203.0.113.9:51515,2026-01-01 09:59:00,1767261540
ROUTING_TABLE,10.9.0.5C,alice,203.0.113.9:51515,2026-01-01 09:59:00,1767261540
GLOBAL_STATS,Max bcast/mcast queue length,0
END
`
const start_ms = Date.UTC(2026, 0, 1, 9)

test('version 2: each client with its counters, a second row for its other addresses', () => {
  const batch = parseLines(openVpnStatus, version2)
  const rows = rowsOf(batch, 'session')
  const alice = { kind: 'vpn', account: 'alice', peer: '203.0.113.9', peer_port: 51515, start_ms, end_ms: Number.NaN }
  const open = { part: sessionParts.opened, gateway: '' }
  expect(rows).toMatchObject([
    { ...alice, ...open, assigned: '10.8.0.6', bytes_out: 9007199254740993n, bytes_in: 1000n },
    { ...alice, ...open, assigned: '2001:db8:8::6', bytes_out: 0n, bytes_in: 0n },
    {
      account: 'bob',
      peer: '2001:db8::9',
      peer_port: 443,
      assigned: '10.8.0.7',
      bytes_out: 8n,
      start_ms: start_ms + 1000,
    },
    { ...alice, ...open, assigned: '10.8.0.66', bytes_out: 0n },
  ])
  expect(new Set([rows[0].sid, rows[1].sid, rows[3].sid]).size).toBe(1)
  expect(rows[2].sid).not.toBe(rows[0].sid)
  expect(rows.map((row) => version2.slice(Number(row.offset)).split(',', 3).join(','))).toEqual([
    ...['CLIENT_LIST,alice,203.0.113.9:51515', 'CLIENT_LIST,alice,203.0.113.9:51515'],
    ...['CLIENT_LIST,laptop7,[2001:db8::9]:443', 'ROUTING_TABLE,10.8.0.66,alice'],
  ])
  expect([batch.records_read, rejectedOf(batch)]).toEqual([7, { stream_not_used: 4 }])
})

test('version 3 is the same with tabs', () => {
  const rows = rowsOf(parseLines(openVpnStatus, version2.replaceAll(',', '\t')), 'session')
  const same = rowsOf(parseLines(openVpnStatus, version2), 'session')
  expect(rows).toEqual(same)
})

const version1 = `OpenVPN CLIENT LIST
Updated,Thu Jun 18 08:12:15 2015
Common Name,Real Address,Bytes Received,Bytes Sent,Connected Since
alice,203.0.113.9:49502,334948,1973012,Thu Jun 18 04:23:03 2015
bob,203.0.113.10:49503,10,20,2015-06-18 04:23:04
ROUTING TABLE
Virtual Address,Common Name,Real Address,Last Ref
10.8.0.6,alice,203.0.113.9:49502,Thu Jun 18 08:12:09 2015
2001:db8:8::6,alice,203.0.113.9:49502,Thu Jun 18 08:12:09 2015
aa:bb:cc:dd:ee:ff,bob,203.0.113.10:49503,Thu Jun 18 08:12:09 2015
10.8.0.9,nobody,203.0.113.11:1,Thu Jun 18 08:12:09 2015
GLOBAL STATS
Max bcast/mcast queue length,0
dco_enabled,0
END
`

test('version 1: the inner addresses stand in the routing table', () => {
  const berlin = { clock: logClock({ timezone: 'Europe/Berlin' }) }
  const batch = parseLines(openVpnStatus, version1, 'x', berlin)
  const rows = rowsOf(batch, 'session')
  const start_ms = Date.UTC(2015, 5, 18, 2, 23, 3)
  expect(rows).toMatchObject([
    { account: 'alice', assigned: '::', bytes_out: 1973012n, bytes_in: 334948n, start_ms },
    { account: 'bob', assigned: '::', bytes_out: 20n, start_ms: start_ms + 1000 },
    { account: 'alice', assigned: '10.8.0.6', bytes_out: 0n, start_ms, sid: rows[0].sid },
    { account: 'alice', assigned: '2001:db8:8::6', bytes_out: 0n, start_ms, sid: rows[0].sid },
  ])
  expect([batch.records_read, rejectedOf(batch)]).toEqual([6, { stream_not_used: 2 }])
})

test('rows of an older server, without header lines', () => {
  const old =
    'TITLE,OpenVPN 2.3\nCLIENT_LIST,redacted1,192.0.2.1:19021,0.0.0.0,693438277,228390856,Thu Mar 16 17:09:03 2017,1489680543,UNDEF\nROUTING_TABLE,0.0.0.0,redacted1,192.0.2.1:19021,x,1\n'
  expect(rowsOf(parseLines(openVpnStatus, old), 'session')).toMatchObject([
    { account: 'redacted1', assigned: '::', bytes_out: 228390856n, bytes_in: 693438277n, start_ms: 1489680543000 },
  ])
})

test('polls after each other tell the same session', () => {
  const later = version2.replace(',9007199254740993,', ',9007199254740999,')
  const rows = rowsOf(parseLines(openVpnStatus, version2 + version1 + later), 'session')
  expect(rows).toHaveLength(12)
  expect(rows[8]).toEqual({ ...rows[0], bytes_out: 9007199254740999n, offset: rows[8].offset })
})

test('what cannot be read is counted by its reason', () => {
  const row = (from: string, to: string) =>
    rejectedOf(
      parseLines(openVpnStatus, `TITLE,OpenVPN 2.6\n${header}\n${version2.split('\n')[3].replace(from, to)}\n`),
    )
  expect(row('203.0.113.9', 'x.x.x.x')).toEqual({ bad_address: 1 })
  expect(row('10.8.0.6', 'x.x.x.x')).toEqual({ bad_address: 1 })
  expect(row(',9007199254740993,', ',-1,')).toEqual({ count_out_of_range: 1 })
  expect(row(',1767258000,', ',yesterday,')).toEqual({ bad_time: 1 })
  expect(row('alice', 'a,lice')).toEqual({ malformed: 1 })
  expect(row(',10.8.0.6,2001:db8:8::6,1000', '')).toEqual({ bad_address: 1 })
  expect(rejectedOf(parseLines(openVpnStatus, 'TITLE,OpenVPN 2.6\nCLIENT_LIST,alice\nhello\n'))).toEqual({
    ...{ missing_field: 1, malformed: 1 },
  })
})

test('survives damage', () => {
  expectToSurviveDamage(openVpnStatus, version2)
  expectToSurviveDamage(openVpnStatus, version1)
})
