import { describe, expect, test } from 'vitest'
import { logClock, utcClock } from '../../model/log-clock.ts'
import { emptyLine, looksLikeSyslog, readSyslogLine, type SyslogLine } from './syslog-line.ts'

const read = (line: string, clock = utcClock): SyslogLine | undefined => {
  const into = emptyLine()
  return readSyslogLine(line, clock, into) ? into : undefined
}
const sshd = { host: 'login1', program: 'sshd', pid: '41', message: 'hello: world' }
const at = (iso: string, rest: Partial<SyslogLine> = {}) => ({ ...sshd, time_ms: Date.parse(iso), ...rest })
const in2025 = logClock({ span: { from_ms: Date.UTC(2025, 5, 1), to_ms: Date.UTC(2025, 5, 30) } })

describe('RFC 3164', () => {
  test('without a year takes the nearest to what is dated', () => {
    expect(read('Jun 12 13:08:09 login1 sshd[41]: hello: world', in2025)).toEqual(at('2025-06-12T13:08:09Z'))
    expect(read('Nov 2 15:40:14 login1 sshd[41]: hello: world', in2025)).toEqual(at('2025-11-02T15:40:14Z'))
    expect(read('<38>Jun  2 13:08:09 login1 sshd[41]: hello: world', in2025)).toEqual(at('2025-06-02T13:08:09Z'))
  })

  test('with a year, before or after the time, or fractions', () => {
    expect(read('<166>Jun 22 2022 13:29:11 login1 sshd[41]: hello: world')).toEqual(at('2022-06-22T13:29:11Z'))
    expect(read('Jun 22 13:29:11 2022 login1 sshd[41]: hello: world')).toEqual(at('2022-06-22T13:29:11Z'))
    expect(read('Jun 22 13:29:11.250999 login1 sshd[41]: hello: world', in2025)).toEqual(at('2025-06-22T13:29:11.250Z'))
  })

  test('in the zone of whoever wrote it', () => {
    const berlin = logClock({ timezone: 'Europe/Berlin' })
    expect(read('Jun 22 2022 13:29:11 login1 sshd[41]: hello: world', berlin)).toEqual(at('2022-06-22T11:29:11Z'))
  })

  test('without process, tag or host', () => {
    expect(read('Jun 22 2022 13:29:11 login1 kernel: [1.5] x')).toMatchObject({
      host: 'login1',
      program: 'kernel',
      pid: '',
      message: '[1.5] x',
    })
    expect(read('Jun 22 2022 13:29:11 single : %ASA-6-113039: x')).toMatchObject({
      host: 'single',
      program: '',
      message: ': %ASA-6-113039: x',
    })
    expect(read('Jun 22 2022 13:29:11 sshd[41]: hello: world')).toEqual(at('2022-06-22T13:29:11Z', { host: '' }))
    expect(read('Jun 22 2022 13:29:11 login1 sshd[41]: [ID 800047 auth.info] hello: world')).toEqual(
      at('2022-06-22T13:29:11Z'),
    )
  })

  test('of a day that does not exist has no time', () => {
    for (const date of ['Foo 12', 'Feb 30', 'Jan  0', 'Jan 99']) {
      expect(read(`${date} 13:08:09 login1 sshd[41]: hello: world`)).toMatchObject({ ...sshd, time_ms: Number.NaN })
    }
    expect(read('Jan  1 25:00:00 login1 sshd[41]: hello: world')).toMatchObject({ time_ms: Number.NaN })
  })
})

test('ISO times of rsyslog and journalctl', () => {
  expect(read('2026-01-01T00:00:00.123456+01:00 login1 sshd[41]: hello: world')).toEqual(at('2025-12-31T23:00:00.123Z'))
  expect(read('2026-01-01T00:00:00+0100 login1 sshd[41]: hello: world')).toEqual(at('2025-12-31T23:00:00Z'))
  expect(read('<86>2026-01-01T00:00:00Z login1 sshd[41]: hello: world')).toEqual(at('2026-01-01T00:00:00Z'))
})

test('RFC 5424, structured data or not', () => {
  const time = '2022-01-19T14:23:55+00:00'
  expect(read(`<38>1 ${time} login1 sshd 41 - [meta x="1]\\"" y="2"][b] hello: world`)).toEqual(at(time))
  expect(read(`<38>1 ${time} login1 sshd 41 ID7 - \ufeffhello: world`)).toEqual(at(time))
  expect(read(`123 <38>1 ${time} login1 sshd 41 - - hello: world`)).toEqual(at(time))
  // RSYSLOG_SyslogProtocol23Format
  expect(read(`<38>1 ${time} login1 sshd 41 - -  hello: world`)).toEqual(at(time))
  expect(read(`<38>1 ${time} - - - - -`)).toEqual(at(time, { host: '', program: '', pid: '', message: '' }))
  expect(read(`<38>1 - login1 sshd 41 - - hello: world`)).toMatchObject({ ...sshd, time_ms: Number.NaN })
  expect(read(`<38>1 ${time} login1 sshd 41 - [meta x="1" hello: world`)).toBeUndefined()
  expect(read(`<38>1 ${time} login1 sshd 41 - hello: world`)).toBeUndefined()
})

describe('journald JSON', () => {
  const entry = {
    ...{ __REALTIME_TIMESTAMP: '1767225600999999', _SOURCE_REALTIME_TIMESTAMP: '1767225600123456' },
    ...{ _HOSTNAME: 'login1', SYSLOG_IDENTIFIER: 'sshd', _PID: '41', MESSAGE: 'hello: world' },
  }

  test('in the time of the sender, else of the journal', () => {
    expect(read(JSON.stringify(entry))).toEqual(at('2026-01-01T00:00:00.123Z'))
    expect(read(JSON.stringify({ ...entry, _SOURCE_REALTIME_TIMESTAMP: undefined }))).toEqual(
      at('2026-01-01T00:00:00.999Z'),
    )
    expect(
      read(JSON.stringify({ ...entry, __REALTIME_TIMESTAMP: 'x', _SOURCE_REALTIME_TIMESTAMP: 7.5 })),
    ).toMatchObject({ time_ms: Number.NaN })
  })

  test('with messages as bytes or in several', () => {
    expect(read(JSON.stringify({ ...entry, MESSAGE: [...Buffer.from('grün\0')] }))?.message).toBe('grün\uFFFD')
    expect(read(JSON.stringify({ ...entry, MESSAGE: ['a', 'b'] }))?.message).toBe('a')
    for (const odd of [null, {}, [], [-1], [256], [[1]], true])
      expect(read(JSON.stringify({ ...entry, MESSAGE: odd }))?.message).toBe('')
  })

  test('with other names for program and process', () => {
    const { SYSLOG_IDENTIFIER, _PID, ...rest } = entry
    expect(read(JSON.stringify({ ...rest, _COMM: 'sshd', SYSLOG_PID: 41 }))).toEqual(at('2026-01-01T00:00:00.123Z'))
  })

  test('and no other JSON', () => {
    expect(read('{"MESSAGE":"x","_HOSTNAME":"y"}')).toBeUndefined()
    expect(read('{"message":"\\"__REALTIME_TIMESTAMP\\""}')).toBeUndefined()
    expect(read('{"__REALTIME_TIMESTAMP":"1",')).toBeUndefined()
  })
})

test('looks like syslog with a program or a priority only', () => {
  const looks = (line: string) => looksLikeSyslog(line, utcClock)
  expect(looks('Jun 22 13:29:11 login1 sshd[41]: x')).toBe(true)
  expect(looks('<13>Jun 22 13:29:11 login1 x')).toBe(true)
  expect(looks('Jun 22 13:29:11 is when we met')).toBe(false)
  expect(looks('2026-01-01T00:00:00Z login1 x')).toBe(false)
  expect(looks('2026-01-01 00:00:00 1.2.3.4:5 MULTI: x')).toBe(false)
})

test('a long hostile line takes no time', () => {
  const began = performance.now()
  for (const piece of ['a', ' ', '[', '"', '[x="', ' from 1 port 1', ':', '<1>', '\\"', '[a]']) {
    const long = piece.repeat(Math.floor(1_000_000 / piece.length))
    for (const start of ['Jun 22 13:29:11 h p: ', 'Jun 22 13:29:11 ', '<1>1 - - - - - ', '{"__REALTIME_TIMESTAMP"', ''])
      read(start + long)
  }
  expect(performance.now() - began).toBeLessThan(3000)
})
