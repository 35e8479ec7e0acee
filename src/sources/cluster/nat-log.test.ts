import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { logClock } from '../../model/log-clock.ts'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { syslog } from '../login/syslog.ts'
import { natLog, readNatMessage } from './nat-log.ts'

const time_ms = 1_767_225_600_123
const opened =
  '[1767225600.123456]\t    [NEW] tcp      6 120 SYN_SENT src=10.2.0.1 dst=198.51.100.7 sport=50000 dport=443 [UNREPLIED] ' +
  'src=198.51.100.7 dst=192.0.2.1 sport=443 dport=61000'
const closed =
  '[1767225700.000001]\t[DESTROY] tcp      6 src=10.2.0.1 dst=198.51.100.7 sport=50000 dport=443 packets=10 bytes=1000 ' +
  'src=198.51.100.7 dst=192.0.2.1 sport=443 dport=61000 packets=9 bytes=99999 [ASSURED]'
const ulogd =
  '[NEW] ORIG: SRC=10.2.0.1 DST=198.51.100.7 PROTO=TCP SPT=50000 DPT=443 PKTS=0 BYTES=0 , ' +
  'REPLY: SRC=198.51.100.7 DST=192.0.2.1 PROTO=TCP SPT=443 DPT=61000 PKTS=0 BYTES=0'

const one = { inside: '10.2.0.1', inside_port: 50000, outside: '192.0.2.1', outside_port: 61000, outside_port_last: 0 }
const bare = ({ offset, ...row }: Record<string, unknown>) => row
const rows = (...lines: string[]) => rowsOf(parseLines(natLog, `${lines.join('\n')}\n`), 'nat').map(bare)
const rejects = (...lines: string[]) => rejectedOf(parseLines(natLog, `${lines.join('\n')}\n`))

function read(message: string) {
  const batch = new ObservationBatch()
  const reason = readNatMessage(message, time_ms, 7, batch)
  return reason ?? rowsOf(batch, 'nat').map(bare)
}

test('conntrack events: a beginning is open, an end is a moment', () => {
  expect(rows(opened, closed)).toEqual([
    { ...one, start_ms: time_ms, end_ms: Number.NaN },
    { ...one, start_ms: 1_767_225_700_000, end_ms: 1_767_225_700_000 },
  ])
  const lasted = { ...one, start_ms: 1_767_225_600_000, end_ms: 1_767_225_700_000 }
  expect(rows(`${closed} delta-time=100 [start=x]`)).toEqual([lasted, { ...lasted, start_ms: lasted.end_ms }])
  expect(rows(opened.replace('tcp', 'ipv4     2 tcp').replace('[1767225600.123456]', '[1767225600.123456  ]'))).toEqual(
    [{ ...one, start_ms: time_ms, end_ms: Number.NaN }],
  )
})

describe('ulogd:', () => {
  const row = { ...one, start_ms: time_ms, end_ms: Number.NaN }
  test.each([
    [ulogd, [row]],
    [ulogd.replace('[NEW] ', ''), [row]],
    [ulogd.replace('NEW', 'DESTROY').replace('SRC=', 'EDGE=1.2.3.4 SRC='), [{ ...row, end_ms: time_ms }]],
    [ulogd.replace('NEW', 'UPDATE'), 'stream_not_used'],
  ])('%s', (message, expected) => {
    expect(read(message)).toEqual(expected)
  })

  test('its own files, whose times lack year and zone', () => {
    const clock = logClock({ timezone: 'Europe/Berlin', span: { from_ms: time_ms, to_ms: time_ms } })
    const batch = parseLines(
      natLog,
      `Jan  1 01:00:00 gw1 ${ulogd}\n2026-01-01T00:00:00.123456+00:00 gw1 ${ulogd}\n`,
      'x',
      { clock },
    )
    expect(rowsOf(batch, 'nat').map((row) => row.start_ms)).toEqual([1_767_225_600_000, time_ms])
  })
})

describe('Juniper:', () => {
  const block = {
    inside: '10.0.0.1',
    inside_port: 0,
    outside: '203.0.113.1',
    outside_port: 1024,
    outside_port_last: 1151,
  }
  const held = [{ ...block, start_ms: time_ms, end_ms: Number.NaN }]
  const ended = [{ ...block, start_ms: time_ms, end_ms: time_ms }]
  const structured =
    'internal-ip="10.0.0.1" block-used="1" block-max-per-host="4" block-port-low="1024" block-port-high="1151"'
  const flow =
    'session created 10.2.0.1/50000->198.51.100.7/443 0x0 junos-https 192.0.2.1/61000->198.51.100.7/443 0x0 source rule r1 N/A N/A 6 p1 a b 7'
  const data = (name: string, protocol = 6) =>
    `- ${name} [junos@2636.1.1.1.2.25 source-address="10.2.0.1" source-port="50000" destination-address="198.51.100.7" ` +
    `destination-port="443" nat-source-address="192.0.2.1" nat-source-port="61000" protocol-id="${protocol}" elapsed-time="45"]`
  const session = [{ ...one, start_ms: time_ms, end_ms: Number.NaN }]

  test.each([
    ['JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-1151', held],
    [
      '(FPC Slot 2, PIC Slot 0) 2011-10-31 04:46:04 [FWNAT]:ASP_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-1151',
      held,
    ],
    ['{SS}JSERVICES_NAT_PORT_BLOCK_RELEASE: 10.0.0.1 -> 203.0.113.1:1024-1151 0x58ef6bb2', ended],
    [`RT_SRC_NAT_PBA_ALLOC [${structured} reflexive-ip="203.0.113.1" nat-pool-name="guest"]`, held],
    [`RT_SRC_NAT_PBA_INTERIM [${structured} reflexive-ip="203.0.113.1" nat-pool-name="guest"]`, held],
    [
      'RT_SRC_NAT_PBA_RELEASE: Subscriber 10.0.0.1 used/maximum [0/8] blocks, releases port block [1024-1151] in 203.0.113.1 in source pool p1',
      ended,
    ],
    [
      'RT_NAT: RT_SRC_NAT_PBA_ALLOC: Subscriber 10.0.0.1 used/maximum [1/8] blocks, allocates port block [1024-1151] from 203.0.113.1 in source pool p1',
      held,
    ],
    [`RT_FLOW_SESSION_CREATE: ${flow}`, session],
    [data('RT_FLOW_SESSION_CREATE_USF'), session],
    [
      'MSVCS_LOG_SESSION_OPEN: App:none, xe-3/1/1.0 10.2.0.1:50000 [192.0.2.1:61000] -> 198.51.100.7:443 (TCP)',
      session,
    ],
    [
      data('RT_FLOW_SESSION_CLOSE'),
      [
        { ...one, start_ms: time_ms - 45_000, end_ms: time_ms },
        { ...one, start_ms: time_ms, end_ms: time_ms },
      ],
    ],
    [data('RT_FLOW_SESSION_CREATE', 1), 'stream_not_used'],
    [`RT_FLOW_SESSION_CREATE: ${flow.replace('192.0.2.1/61000', '10.2.0.1/50000')}`, 'stream_not_used'],
    [`RT_FLOW_SESSION_CREATE: ${flow.replace('junos-https', 'icmp')}`, 'stream_not_used'],
    ['RT_FLOW_SESSION_DENY: session denied 10.2.0.1/50000->198.51.100.7/443', 'stream_not_used'],
    ['RT_SRC_NAT_PBA_ALLOC [internal-ip="10.0.0.1"]', 'missing_field'],
    ['JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1151-1024', 'bad_port'],
    ['JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-65536', 'bad_port'],
    ['JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.999 -> 203.0.113.1:1024-1151', 'bad_address'],
  ])('%s', (message, expected) => {
    expect(read(message)).toEqual(expected)
  })
})

describe('in syslog, whatever its framing:', () => {
  const at_ms = Date.UTC(2026, 0, 1)
  const block = {
    inside: '10.0.0.1',
    inside_port: 0,
    outside: '203.0.113.1',
    outside_port: 1024,
    outside_port_last: 1151,
  }
  const data =
    '[junos@2636.1.1.1.2.25 source-address="10.2.0.1" source-port="50000" nat-source-address="192.0.2.1" nat-source-port="61000"]'
  test.each([
    [`2026-01-01T00:00:00Z gw1 ulogd[284]: ${ulogd}`, one],
    ['<14>2026-01-01T00:00:00Z mx1 JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-1151', block],
    ['2026-01-01T00:00:00Z mx1 {SS}JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-1151', block],
    [`<14>1 2026-01-01T00:00:00Z srx1 RT_FLOW - RT_FLOW_SESSION_CREATE ${data} session created`, one],
    [JSON.stringify({ __REALTIME_TIMESTAMP: String(at_ms * 1000), SYSLOG_IDENTIFIER: 'ulogd', MESSAGE: ulogd }), one],
  ])('%s', (line, expected) => {
    const batch = parseLines(syslog, `${line}\n`)
    expect([rowsOf(batch, 'nat').map(bare), rejectedOf(batch)]).toEqual([
      [{ ...expected, start_ms: at_ms, end_ms: Number.NaN }],
      {},
    ])
  })

  test('what packet filters log is not of NAT', (context) => {
    const path = needTestData(context, 'vpn-auth/crowdsec/iptables-logs/iptables-logs.log')
    const batch = parseLines(syslog, readFileSync(path, 'utf8'))
    expect([batch.records_read, rejectedOf(batch), rowsOf(batch, 'nat')]).toEqual([4, { stream_not_used: 4 }, []])
  })
})

test('what translates no source, or has no ports, is not used', () => {
  const ping =
    '[1767225600.123456]\t    [NEW] icmp     1 30 src=10.2.0.1 dst=198.51.100.7 type=8 code=0 id=1 [UNREPLIED] src=198.51.100.7 dst=192.0.2.1 type=0 code=0 id=1'
  const forwarded = opened.replace('dst=192.0.2.1', 'dst=10.2.0.1')
  expect(rejects(ping, forwarded, opened.replace('[NEW]', '[UPDATE]'))).toEqual({ stream_not_used: 3 })
})

test('broken lines are counted', () => {
  expect(rejects('prose', opened.slice(20))).toEqual({ malformed: 2 })
  expect(rejects(opened.slice(0, 90))).toEqual({ missing_field: 1 })
  expect(rejects(opened.replace('dport=61000', 'dport=65536'))).toEqual({ bad_port: 1 })
  expect(rejects(opened.replace('dst=192.0.2.1', 'dst=nat.example.org'))).toEqual({ bad_address: 1 })
  expect(rejects(opened.replace('[1767225600', '[100000000'), `Foo  1 00:00:00 gw1 ${ulogd}`)).toEqual({
    ...{ time_out_of_range: 1, bad_time: 1 },
  })
  expect(rejects(`${closed} delta-time=999999999`)).toEqual({ time_out_of_range: 1 })
})

test('a hostile message costs no more than its length', () => {
  const start = performance.now()
  const long = [
    ...[
      'ORIG: ',
      'a:',
      'src=1 ',
      '[NEW] src=1 ',
      ' source-address="',
      '1/1->',
      'Subscriber a [',
      'NAT_PORT_BLOCK_ALLOC: ',
    ],
  ]
  for (const text of long) {
    for (const prefix of ['', 'RT_FLOW_SESSION_CREATE ', 'RT_SRC_NAT_PBA_ALLOC ', '[NEW] ']) {
      expect(read(prefix + text.repeat(240_000 / text.length))).toBe('line_too_long')
      const longest = (prefix + text.repeat(20_000)).slice(0, 16_384)
      for (let i = 0; i < 10; i++) expect(typeof read(longest)).toBe('string')
    }
  }
  expect(performance.now() - start).toBeLessThan(10_000)
}, 60_000)

test('laws of every source', () => {
  const juniper = 'Jan  1 00:00:00 gw1 JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.0.0.1 -> 203.0.113.1:1024-1151'
  const log = [opened, closed, `${closed} delta-time=5`, `Jan  1 00:00:00 gw1 ${ulogd}`, juniper, 'x', ''].join('\n')
  expectToSurviveDamage(natLog, log, 300)
  expectSameHoweverSplit(natLog, log)
})
