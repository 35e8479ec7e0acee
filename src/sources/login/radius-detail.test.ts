import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../model/columns.ts'
import { logClock, utcClock } from '../../model/log-clock.ts'
import { sessionParts } from '../../model/observation.ts'
import { bytesOf, parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { radiusDetail } from './radius-detail.ts'

type Values = Record<string, string | number | undefined>

const now = Date.UTC(2026, 0, 1, 8)
const record = (values: Values = {}, date = 'Thu Jan  1 08:00:00 2026') => {
  const all: Values = {
    ...{
      'Acct-Status-Type': 'Stop',
      'User-Name': '"alice"',
      'Acct-Session-Id': '"5F2A"',
      'NAS-IP-Address': '10.0.0.5',
    },
    ...{ 'Framed-IP-Address': '10.8.0.6', 'Calling-Station-Id': '"203.0.113.9"', 'Acct-Session-Time': 28800 },
    ...{ 'Acct-Output-Octets': 1288490188, 'Acct-Output-Gigawords': 3, 'Acct-Input-Octets': 7, ...values },
  }
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
  return `${date}\n${lines.map(([name, value]) => `\t${name} = ${value}\n`).join('')}\n`
}
const sessions = (...records: string[]) => rowsOf(parseLines(radiusDetail, records.join('')), 'session')
const rejects = (values: Values) => rejectedOf(parseLines(radiusDetail, record(values)))

const stopped = {
  ...{ kind: 'vpn', account: 'alice', assigned: '10.8.0.6', peer: '203.0.113.9', gateway: '10.0.0.5' },
  ...{ start_ms: now - 28_800_000, end_ms: now, part: sessionParts.whole },
  ...{ bytes_out: 1288490188n + (3n << 32n), bytes_in: 7n },
}

describe('a session', () => {
  test('is told whole by its Stop', () => {
    expect(sessions(record())).toMatchObject([stopped])
  })

  test('is opened by its Start, goes on by its updates, all with one sid', () => {
    const rows = sessions(
      record({ 'Acct-Status-Type': 'Start', 'Acct-Session-Time': undefined, 'Acct-Output-Octets': undefined }),
      record({ 'Acct-Status-Type': 'Interim-Update', 'Acct-Session-Time': 600, 'Acct-Output-Gigawords': undefined }),
      record({ 'Acct-Status-Type': 'Alive', 'Acct-Session-Time': 601 }),
      record(),
    )
    expect(rows).toMatchObject([
      { part: sessionParts.opened, start_ms: now, end_ms: Number.NaN },
      { part: sessionParts.opened, start_ms: now - 600_000, end_ms: Number.NaN, bytes_out: 1288490188n },
      { part: sessionParts.opened, start_ms: now - 601_000, bytes_out: stopped.bytes_out },
      stopped,
    ])
    expect(new Set(rows.map((row) => row.sid)).size).toBe(1)
    const others = sessions(record({ 'Acct-Session-Id': '"5F2B"' }), record({ 'NAS-IP-Address': '10.0.0.6' }))
    expect(new Set([rows[0].sid, ...others.map((row) => row.sid)]).size).toBe(3)
  })

  test('is only closed by a Stop that states no duration', () => {
    expect(sessions(record({ 'Acct-Session-Time': undefined }))).toMatchObject([
      { part: sessionParts.closed, start_ms: now, end_ms: now },
    ])
  })

  test('has a row for each address, the bytes on the first', () => {
    const rows = sessions(
      record({
        ...{ 'Framed-IPv6-Address': '2001:db8:8::6', 'Framed-IPv6-Prefix': '2001:db8:9::/64' },
        ...{ 'Delegated-IPv6-Prefix': '2001:db8:a::/56' },
      }),
    )
    expect(rows.map((row) => [row.assigned, row.bytes_out])).toEqual([
      ['10.8.0.6', stopped.bytes_out],
      ...[
        ['2001:db8:8::6', 0n],
        ['2001:db8:9::', 0n],
      ],
    ])
    expect(sessions(record({ 'Framed-IP-Address': '255.255.255.254' }))[0].assigned).toBe('::')
  })

  test('names its gateway and outer address where they are stated', () => {
    const [row] = sessions(
      record({
        ...{ 'NAS-Identifier': '"vpn1"', 'Calling-Station-Id': '"00-11-22-33-44-55"' },
        'Tunnel-Client-Endpoint:0': '"2001:db8::9"',
      }),
    )
    expect(row).toMatchObject({ gateway: 'vpn1', peer: '2001:db8::9' })
    expect(sessions(record({ 'Calling-Station-Id': '"+49301234"' }))[0].peer).toBe('::')
  })
})

describe('it happened', () => {
  const ends = (values: Values, clock = utcClock) =>
    rowsOf(parseLines(radiusDetail, record(values), 'x', { clock }), 'session')[0].end_ms

  test('when the NAS says', () => {
    const event = Date.UTC(2026, 0, 1, 7, 30)
    const received = { Timestamp: now / 1000, 'Acct-Delay-Time': 5 }
    expect(ends({ 'Event-Timestamp': '"Jan  1 2026 07:30:00 UTC"', ...received })).toBe(event)
    expect(ends({ 'Event-Timestamp': event / 1000, ...received })).toBe(event)
    expect(ends({ 'Event-Timestamp': '"2026-01-01T08:30:00+01:00"', ...received })).toBe(event)
  })

  test('else when it was received, less the delay', () => {
    expect(ends({ Timestamp: now / 1000 + 60, 'Acct-Delay-Time': 5 })).toBe(now + 55_000)
    expect(ends({ 'Acct-Delay-Time': 5 })).toBe(now - 5000)
  })

  test('in the zone of the server where only a wall time is stated', () => {
    const berlin = logClock({ timezone: 'Europe/Berlin' })
    expect(ends({}, berlin)).toBe(now - 3_600_000)
    expect(ends({ 'Event-Timestamp': '"Jan  1 2026 07:30:00 CET"' }, berlin)).toBe(Date.UTC(2026, 0, 1, 6, 30))
    expect(ends({ 'Event-Timestamp': '"Jan  1 2026 07:30:00 EST"', Timestamp: now / 1000 }, berlin)).toBe(now)
  })
})

test('names with quotes, escapes and letters beyond ASCII', () => {
  const accountOf = (text: string) => sessions(record({ 'User-Name': text }))[0].account
  expect(accountOf('"al\\"ice\\\\x"')).toBe('al"ice\\x')
  expect(accountOf('"j\\303\\266rg"')).toBe('jörg')
  expect(accountOf('"jörg"')).toBe('jörg')
  expect(accountOf('"a\\n\\tAcct-Session-Id = x"')).toBe('a\n\tAcct-Session-Id = x')
  expect(accountOf("'alice'")).toBe('alice')
  expect(accountOf('alice')).toBe('alice')
})

test('what is no session is not used, what cannot be read has its reason', () => {
  expect(rejects({ 'Acct-Status-Type': 'Accounting-On' })).toEqual({ stream_not_used: 1 })
  expect(rejects({ 'Acct-Status-Type': undefined, 'User-Password': '"x"' })).toEqual({ stream_not_used: 1 })
  expect(rejects({ 'Acct-Status-Type': 'toString' })).toEqual({ stream_not_used: 1 })
  expect(rejects({ 'User-Name': undefined })).toEqual({ missing_field: 1 })
  expect(rejects({ 'Acct-Session-Id': '""' })).toEqual({ missing_field: 1 })
  expect(rejects({ 'Framed-IP-Address': 'x.x.x.x' })).toEqual({ bad_address: 1 })
  expect(rejects({ 'Acct-Output-Octets': -1 })).toEqual({ bad_count: 1 })
  expect(rejects({ 'Acct-Output-Gigawords': 4_294_967_295 })).toEqual({ count_out_of_range: 1 })
  expect(rejects({ 'Acct-Session-Time': 'x' })).toEqual({ bad_value: 1 })
  expect(rejects({ 'Acct-Session-Time': 4_000_000_000 })).toEqual({ time_out_of_range: 1 })
  expect(rejectedOf(parseLines(radiusDetail, record({}, 'Someday')))).toEqual({ malformed: 1 })
  expect(rejectedOf(parseLines(radiusDetail, record({}, 'Thu Jan 41 08:00:00 2026')))).toEqual({ bad_time: 1 })
  expect(rejectedOf(parseLines(radiusDetail, record().replace('\tUser', '\t?User')))).toEqual({ malformed: 1 })
})

test('the end of a record that began in another file is not taken for one', () => {
  const batch = parseLines(radiusDetail, `\tUser-Name = "x"\n\tAcct-Status-Type = Stop\n\n${record()}`)
  expect([batch.records_read, rejectedOf(batch)]).toEqual([2, { malformed: 1 }])
})

test('a last record without its blank line is taken, unless the input broke off', () => {
  const bytes = bytesOf(record() + record().trimEnd())
  for (const [brokeOff, counts] of [
    [false, [2, 2, {}]],
    [true, [2, 1, { truncated: 1 }]],
  ] as const) {
    const batch = new ObservationBatch()
    const parser = radiusDetail.open({ path: 'x', clock: utcClock, mtime_ms: Number.NaN })
    parser.parse(bytes, 0, bytes.length, 0, batch)
    parser.finish?.(batch, brokeOff)
    expect([batch.records_read, batch.session.length, rejectedOf(batch)]).toEqual(counts)
  }
})

test('no password is kept, not even of a damaged record', () => {
  const secret = { 'User-Password': '"hunter2"', 'CHAP-Password': '0xhunter2' }
  const nameless = record({ ...secret, 'User-Name': undefined })
  const text = `${record(secret)}${nameless}hunter2\n\tUser-Password = "hunter2"\n\n`
  const batch = parseLines(radiusDetail, text)
  const kept = JSON.stringify([batch.names.texts, batch.examples])
  expect([batch.records_read, rejectedOf(batch)]).toEqual([3, { missing_field: 1, malformed: 1 }])
  expect(kept).not.toContain('hunter2')
})

test('survives damage, and splits anywhere', () => {
  const text = record({ 'Acct-Status-Type': 'Start' }) + record() + record({ 'User-Name': '"j\\303"' })
  expectToSurviveDamage(radiusDetail, text)
  expectSameHoweverSplit(radiusDetail, text)
})
