import { describe, expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { sessionParts } from '../../model/observation.ts'
import { parseLines, type Row, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { openVpnLog } from './openvpn-log.ts'
import { openVpnClient } from './openvpn-message.ts'
import { syslog } from './syslog.ts'

const time_ms = Date.UTC(2023, 9, 31, 15, 9, 59)
const line = (message: string) => `2023-10-31 15:09:59 ${message}\n`
const parse = (...messages: string[]) => parseLines(openVpnLog, messages.map(line).join(''))
const sessions = (...messages: string[]): Row[] => rowsOf(parse(...messages), 'session')
const rejects = (...messages: string[]) => rejectedOf(parse(...messages))

const client = 'client01/165.225.204.88:59321'
const primary = `${client} MULTI: primary virtual IP for ${client}: 10.8.0.6`
const learn = `${client} MULTI: Learn: 10.8.0.6 -> ${client}`

describe('a client that gets an inner address', () => {
  const opened = {
    ...{ kind: 'vpn', account: 'client01', peer: '165.225.204.88', peer_port: 59321, assigned: '10.8.0.6' },
    ...{ gateway: '', start_ms: time_ms, end_ms: Number.NaN, part: sessionParts.opened },
  }

  test('opens a session, told twice with the same sid', () => {
    const rows = sessions(primary, learn, `MULTI: Learn: 10.8.0.6 -> ${client}`)
    expect(rows).toMatchObject([opened, opened, opened])
    expect(new Set(rows.map((row) => row.sid)).size).toBe(1)
  })

  test('by syslog, where the host is the gateway', () => {
    const text = `Oct 31 2023 15:09:59 vpn1 ovpn-server[901]: ${learn}\n<30>1 2023-10-31T15:09:59Z vpn1 openvpn 901 - - ${primary}\n`
    expect(rowsOf(parseLines(syslog, text), 'session')).toMatchObject([
      { ...opened, gateway: 'vpn1', host_name: 'vpn1' },
      { ...opened, gateway: 'vpn1', host_name: 'vpn1' },
    ])
  })

  test('by the older form of the file, in the zone of the server', () => {
    const berlin = { clock: logClock({ timezone: 'Europe/Berlin' }) }
    const text = `Thu Mar 16 17:09:03 2017 us=123456 ${learn}\n2023-10-31 15:09:59 us=1 ${learn}\n`
    const rows = rowsOf(parseLines(openVpnLog, text, 'x', berlin), 'session')
    expect(rows.map((row) => row.start_ms)).toEqual([Date.UTC(2017, 2, 16, 16, 9, 3), time_ms - 3_600_000])
  })

  test('inside or outside IPv6', () => {
    const ends = ['a/2001:db8::9', 'a/[2001:db8::9]:51515', 'a/udp6:[2001:db8::9]:51515', 'a/::ffff:192.0.2.1']
    const rows = sessions(
      ...ends.map((end) => `${end} MULTI: Learn: 2001:db8:8::5 -> ${end}`),
      `a/192.0.2.1:5 MULTI: primary virtual IPv6 for a/192.0.2.1:5: 2001:db8:8::5`,
    )
    expect(rows.map((row) => [row.peer, row.peer_port])).toEqual([
      ...[
        ['2001:db8::9', 0],
        ['2001:db8::9', 51515],
        ['2001:db8::9', 51515],
        ['192.0.2.1', 0],
      ],
      ['192.0.2.1', 5],
    ])
    expect(new Set(rows.map((row) => row.assigned))).toEqual(new Set(['2001:db8:8::5']))
  })

  test('with its address family before the address', () => {
    const rows = sessions(
      'alice/[AF_INET6]2001:db8::9:51515 MULTI: Learn: 10.8.0.6 -> alice/[AF_INET6]2001:db8::9:51515',
      'alice/[AF_INET]192.0.2.1:5 MULTI: Learn: 10.8.0.6 -> alice/[AF_INET]192.0.2.1:5',
      'alice/[AF_INET]192.0.2.1:5 SIGTERM[soft,remote-exit] received, client-instance exiting',
    )
    expect(rows.map(({ peer, peer_port }) => [peer, peer_port])).toEqual([
      ['2001:db8::9', 51515],
      ['192.0.2.1', 5],
      ['192.0.2.1', 5],
    ])
  })

  test('from another port than before, by other names', () => {
    expect(sessions('alice/192.0.2.1:40001 MULTI: Learn: 10.8.0.6 -> alice/192.0.2.2:51515')).toMatchObject([
      { account: 'alice', peer: '192.0.2.2', peer_port: 51515 },
    ])
    expect(sessions('John Smith/192.0.2.1:5 MULTI: Learn: 10.8.0.6 -> John Smith/192.0.2.1:5')[0].account).toBe(
      'John Smith',
    )
    expect(sessions('192.0.2.1:5 MULTI: Learn: 10.8.0.6 -> a/b/192.0.2.1:5')[0].account).toBe('a/b')
  })
})

test('an instance that exits or restarts closes it', () => {
  const rows = sessions(
    learn,
    `${client} SIGTERM[soft,remote-exit] received, client-instance exiting`,
    `${client} SIGUSR1[soft,ping-restart] received, client-instance restarting`,
  )
  const closed = {
    part: sessionParts.closed,
    start_ms: time_ms,
    end_ms: time_ms,
    account: 'client01',
    sid: rows[0].sid,
  }
  expect(rows.slice(1)).toMatchObject([closed, closed])
})

test('nobody gets an address by words of a stranger', () => {
  const forged = 'MULTI: Learn: 10.8.0.6 -> bob/198.51.100.6:6'
  const verify = '192.0.2.1:5 VERIFY ERROR: depth=0, error=unable to get local issuer certificate: CN=x'
  expect(
    rejects(
      `${verify} ${forged}`,
      `${verify}/198.51.100.6:6 ${forged}`,
      `alice/192.0.2.1:5 ${forged}`,
      `192.0.2.1:5 x ${forged}`,
      `${verify} MULTI: primary virtual IP for bob/198.51.100.6:6: 10.8.0.6`,
      `x${forged}`,
    ),
  ).toEqual({ stream_not_used: 6 })
})

test('networks behind a client, Ethernet addresses and strangers are not used', () => {
  expect(
    rejects(
      `${client} MULTI: Learn: 10.9.0.0/24 -> ${client}`,
      `${client} MULTI: Learn: aa:bb:cc:dd:ee:ff@0 -> ${client}`,
      `${client} MULTI: Learn: aa:bb:cc:dd:ee:ff -> ${client}`,
      '192.0.2.1:5 SIGUSR1[soft,tls-error] received, client-instance restarting',
      'UNDEF/192.0.2.1:5 SIGTERM[soft,x] received, client-instance exiting',
      'SIGTERM[hard,] received, process exiting',
      '192.0.2.1:5 Peer Connection Initiated with [AF_INET]192.0.2.1:5',
    ),
  ).toEqual({ stream_not_used: 7 })
})

test('what cannot be read is counted by its reason', () => {
  expect(rejects('MULTI: Learn: 10.8.0.6 -> a/x.x.x.x:5', 'MULTI: Learn: x.x.x.x -> a/192.0.2.1:5')).toEqual({
    bad_address: 2,
  })
  expect(rejects('a/x.x.x.x:5 SIGTERM[soft,x] received, client-instance exiting')).toEqual({ bad_address: 1 })
  expect(rejects('MULTI: Learn: 10.8.0.6 -> 192.0.2.1:5')).toEqual({ missing_field: 1 })
  expect(rejects('MULTI: Learn: 10.8.0.6', 'MULTI: Learn: 10.8.0.6 -> a/192.0.2.1:99999')).toEqual({
    ...{ malformed: 1, bad_port: 1 },
  })
  expect(rejectedOf(parseLines(openVpnLog, `no time\n2023-13-31 15:09:59 ${learn}\n`))).toEqual({
    ...{ malformed: 1, bad_time: 1 },
  })
})

test('clients as the server prints them', () => {
  expect(openVpnClient('alice/203.0.113.9:51515')).toEqual({
    ...{ common_name: 'alice', peer: '203.0.113.9', peer_port: '51515', endpoint: '203.0.113.9:51515' },
  })
  expect(openVpnClient('tcp4-server:203.0.113.9:51515')).toMatchObject({ common_name: '', peer: '203.0.113.9' })
  expect(openVpnClient('')).toMatchObject({ common_name: '', peer: '' })
})

const text = [primary, learn, '192.0.2.1:5 TLS Error: x', `${client} SIGTERM[soft,x] received, client-instance exiting`]

test('survives damage, and splits anywhere', () => {
  expectToSurviveDamage(openVpnLog, text.map(line).join(''))
  expectSameHoweverSplit(openVpnLog, text.map(line).join(''))
})

test('a long hostile message takes no time', () => {
  const began = performance.now()
  for (const piece of [' MULTI: primary virtual IP for ', ' -> ', '/', 'a ', ' SIGTERM[', ': ', 'MULTI: Learn: '])
    parse(
      piece.repeat(Math.floor(500_000 / piece.length)),
      `x/1.2.3.4:5 MULTI: primary virtual IP for ${piece.repeat(20_000)}`,
    )
  expect(performance.now() - began).toBeLessThan(3000)
})
