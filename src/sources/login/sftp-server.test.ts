import { expect, test } from 'vitest'
import { sessionParts } from '../../model/observation.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { syslog } from './syslog.ts'

const time_ms = Date.UTC(2026, 0, 1, 0, 31, 2)
const line = (message: string, program = 'internal-sftp[41133]') =>
  `2026-01-01T00:31:02Z login3 ${program}: ${message}\n`
const parse = (...messages: string[]) => parseLines(syslog, messages.map((message) => line(message)).join(''))
const transfers = (...messages: string[]) => rowsOf(parse(...messages), 'transfer')
const rejects = (...messages: string[]) => rejectedOf(parse(...messages))

const opened = 'session opened for local user alice from [203.0.113.9]'
const closed = 'session closed for local user alice from [203.0.113.9]'
const left = 'close "/proj/p123/run7.h5" bytes read 2147483648 written 0'

test('a file that a client read has left, in the session that its process told', () => {
  const batch = parse(opened, left, closed)
  const [start, end] = rowsOf(batch, 'session')
  const [row] = rowsOf(batch, 'transfer')
  expect(row).toMatchObject({
    ...{ tool: 'sftp', direction: 'out', path: '/proj/p123/run7.h5', bytes: 2147483648n, host_name: 'login3' },
    ...{ account: '', peer: '::', start_ms: time_ms, end_ms: time_ms, offset: line(opened).length },
  })
  const same = { kind: 'ssh', account: 'alice', peer: '203.0.113.9', host_name: 'login3', start_ms: time_ms }
  expect(start).toMatchObject({ ...same, part: sessionParts.opened, end_ms: Number.NaN })
  expect(end).toMatchObject({ ...same, part: sessionParts.closed, end_ms: time_ms })
  expect([row.sid, end.sid]).toEqual([start.sid, start.sid])
  expect(batch.records_read).toBe(3)
})

test('of another process it is another session', () => {
  const log = line(left) + line(left, 'sftp-server[41133]') + line(left, 'sftp-server[41134]')
  const sids = rowsOf(parseLines(syslog, log), 'transfer').map((row) => row.sid)
  expect(sids[0]).toBe(sids[1])
  expect(sids[1]).not.toBe(sids[2])
})

test('a file written has come in, and one both read and written is a row each way', () => {
  expect(transfers('close "/x" bytes read 0 written 7')).toMatchObject([{ direction: 'in', bytes: 7n }])
  const rows = transfers('forced close "/x" bytes read 9 written 7')
  expect(rows).toMatchObject([
    { direction: 'out', bytes: 9n, offset: 0 },
    { direction: 'in', bytes: 7n, offset: 0 },
  ])
  expect(rows[0].sid).toBe(rows[1].sid)
})

test('lines that were folded into one count as often as they came', () => {
  const [row, ...more] = transfers(`message repeated 3 times: [ ${left}]`)
  expect([row.bytes, row.path, more]).toEqual([3n * 2147483648n, '/proj/p123/run7.h5', []])
  expect(rejects('message repeated 3 times: [ open "/x" flags READ mode 0666]')).toEqual({ stream_not_used: 1 })
  expect(rejects(`message repeated 999999999 times: [ close "/x" bytes read 99999999999 written 0]`)).toEqual({
    count_out_of_range: 1,
  })
  expect(rejects(`message repeated 2 times: [ close "/x" bytes read ${'9'.repeat(1000)} written 0]`)).toEqual({
    count_out_of_range: 1,
  })
})

test('paths are as they were before they were written', () => {
  const paths = ['/a b', '/a" bytes read 5 written 6', '/Z\\303\\274rich\\n', 'c:\\\\x', '']
  expect(transfers(...paths.map((path) => `close "${path}" bytes read 1 written 0`)).map((row) => row.path)).toEqual([
    ...['/a b', '/a" bytes read 5 written 6', '/Zürich\n', 'c:\\x', ''],
  ])
})

test('a chroot without a log socket is heard through sshd', () => {
  const log = line(`${opened} [postauth]`, 'sshd[7]') + line(`${left} [postauth]`, 'sshd[7]')
  const batch = parseLines(syslog, log)
  expect(rowsOf(batch, 'session')).toMatchObject([{ account: 'alice', peer: '203.0.113.9' }])
  expect(rowsOf(batch, 'transfer')[0].sid).toBe(rowsOf(batch, 'session')[0].sid)
})

test('sessions over IPv6, of spaces and backslashes, or without a connection', () => {
  const sessions = rowsOf(
    parse(
      'session opened for local user CORP\\\\John Smith from [2001:db8::1]',
      'session opened for local user x from [192.0.2.1] from [192.0.2.2]',
      'session opened for local user local from [UNKNOWN]',
    ),
    'session',
  )
  expect(sessions).toMatchObject([
    { account: 'CORP\\John Smith', peer: '2001:db8::1' },
    { account: 'x from [192.0.2.1]', peer: '192.0.2.2' },
    { account: 'local', peer: '::' },
  ])
})

test('what moved nothing is not used, what cannot be read has its reason', () => {
  const others = [
    'open "/x" flags READ mode 0666',
    'closedir "/x"',
    'close "/x" bytes read 0 written 0',
    'sent status Failure',
  ]
  expect(rejects(...others)).toEqual({ stream_not_used: 4 })
  expect(rejects('close "/very/long/path/cut')).toEqual({ truncated: 1 })
  expect(rejects(opened.replace('203.0.113.9', 'x.x.x.x'))).toEqual({ bad_address: 1 })
  const batch = parse('close "/x" bytes read 1 written 99999999999999999999')
  expect([rejectedOf(batch), rowsOf(batch, 'transfer')]).toEqual([{ count_out_of_range: 1 }, []])
})

test('survives damage, and splits anywhere', () => {
  const text = line(opened) + line(left) + line('forced close "/\\303\\274" bytes read 9 written 7') + line(closed)
  expectToSurviveDamage(syslog, text)
  expectSameHoweverSplit(syslog, text)
})
