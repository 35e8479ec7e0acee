import { describe, expect, test } from 'vitest'
import { sessionParts } from '../../model/observation.ts'
import { parseLines, type Row, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { syslog } from './syslog.ts'

const time_ms = Date.UTC(2026, 0, 1, 0, 31, 2)
const line = (message: string, program = 'sshd[41]') => `2026-01-01T00:31:02Z login3 ${program}: ${message}\n`
const parse = (...messages: string[]) => parseLines(syslog, messages.map((message) => line(message)).join(''))
const sessions = (...messages: string[]): Row[] => rowsOf(parse(...messages), 'session')
const rejects = (...messages: string[]) => rejectedOf(parse(...messages))

const key = 'SHA256:Kl8kPGZrTiz7g4FO1hyqHdsSBBb5Fge6NWOobN03XJg'
const login = `Accepted publickey for alice from 203.0.113.9 port 51515 ssh2: ED25519 ${key}`

describe('a login', () => {
  test('opens a session', () => {
    expect(sessions(login)).toEqual([
      expect.objectContaining({
        ...{ kind: 'ssh', account: 'alice', peer: '203.0.113.9', peer_port: 51515, host_name: 'login3', gateway: '' },
        ...{ key_fp: key, start_ms: time_ms, end_ms: Number.NaN, part: sessionParts.opened, assigned: '::', offset: 0 },
      }),
    ])
  })

  test('by other methods, over IPv6, from older and newer servers', () => {
    expect(sessions('Accepted keyboard-interactive/pam for bob from 2001:db8::7 port 22 ssh2')).toMatchObject([
      { account: 'bob', peer: '2001:db8::7', peer_port: 22, key_fp: '' },
    ])
    expect(
      sessions('Accepted gssapi-with-mic for bob from ::ffff:192.0.2.1 port 22 ssh2: bob@EXAMPLE.ORG'),
    ).toMatchObject([{ account: 'bob', peer: '192.0.2.1', key_fp: '' }])
    expect(
      sessions('Accepted publickey for b from fe80::1%eth0 port 2 on 10.0.0.1 port 22 rdomain "" ssh2'),
    ).toMatchObject([{ account: 'b', peer: 'fe80::1', peer_port: 2 }])
    const log = line(login, 'sshd-session[41]') + line(login, 'sshd-auth[41]')
    expect(rowsOf(parseLines(syslog, log), 'session')).toHaveLength(1)
  })

  test('with a certificate keeps the fingerprint of its key', () => {
    const certificate = `ED25519-CERT ${key} ID alice@example.org (serial 7) CA RSA SHA256:otherotherotherotherother`
    expect(sessions(`Accepted publickey for alice from 192.0.2.1 port 5 ssh2: ${certificate}`)[0].key_fp).toBe(key)
    const old = 'ED25519-CERT ID alice (serial 7) CA RSA SHA256:otherotherotherotherother'
    expect(sessions(`Accepted publickey for alice from 192.0.2.1 port 5 ssh2: ${old}`)[0].key_fp).toBe('')
  })

  test('by a person whose name has spaces, backslashes or letters beyond ASCII', () => {
    const names = ['John Smith', 'CORP\\\\alice', 'j\\303\\266rg', 'from 1.2.3.4 port 5']
    const rows = sessions(...names.map((name) => `Accepted password for ${name} from 192.0.2.1 port 5 ssh2`))
    expect(rows.map((row) => row.account)).toEqual(['John Smith', 'CORP\\alice', 'jörg', 'from 1.2.3.4 port 5'])
    expect(rows.map((row) => row.peer)).toEqual(Array(4).fill('192.0.2.1'))
  })
})

describe('nobody is logged in by words of a stranger:', () => {
  const forged = 'x from 198.51.100.66 port 6 ssh2'

  test.each([
    `Failed password for invalid user ${forged} from 192.0.2.1 port 5 ssh2`,
    `Failed password for invalid user Accepted password for root from 198.51.100.66 port 6 ssh2 from 192.0.2.1 port 5 ssh2`,
    `Invalid user Accepted password for root from 198.51.100.66 port 6 ssh2 from 192.0.2.1 port 5`,
    `error: Accepted password for ${forged}`,
    `message repeated 2 times: [ Accepted password for ${forged}]`,
    `Accepted key RSA ${key} found at /home/x/.ssh/authorized_keys:1`,
    `Accepted password for ${forged} [preauth]`,
    `Disconnected from invalid user user bob 192.0.2.1 port 5 [preauth]`,
    `Disconnected from authenticating user bob 192.0.2.1 port 5`,
    `Disconnected from invalid user bob 192.0.2.1 port 5`,
    `Connection closed by authenticating user root 192.0.2.1 port 5 [preauth]`,
    `Connection closed by invalid user user root 192.0.2.1 port 5`,
    `Received disconnect from 192.0.2.1 port 5:11: bye [preauth]`,
    `Connection from 192.0.2.1 port 5 on 10.0.0.1 port 22 rdomain ""`,
    `Connection from 192.0.2.1 port 5`,
    `Postponed publickey for alice from 192.0.2.1 port 5 ssh2`,
    `Partial publickey for alice from 192.0.2.1 port 5 ssh2`,
    `pam_unix(sshd:session): session opened for user alice by (uid=0)`,
  ])('%s', (message) => {
    expect(rejects(message)).toEqual({ stream_not_used: 1 })
  })

  test('an address in a name, or in the id of a certificate, is not the peer', () => {
    expect(sessions(`Accepted password for ${forged} from 192.0.2.1 port 5 ssh2`)[0]).toMatchObject({
      account: 'x from 198.51.100.66 port 6 ssh2',
      peer: '192.0.2.1',
    })
    const id = `ED25519-CERT ${key} ID ${forged} (serial 1) CA RSA ${key}`
    expect(sessions(`Accepted publickey for alice from 192.0.2.1 port 5 ssh2: ${id}`)[0]).toMatchObject({
      account: 'alice',
      peer: '192.0.2.1',
      peer_port: 5,
    })
  })
})

test('the end of a connection closes the session of the same port', () => {
  const ends = [
    'Disconnected from user alice 203.0.113.9 port 51515',
    'Disconnected from 203.0.113.9 port 51515',
    'Connection closed by user alice 203.0.113.9 port 51515',
    'Connection closed by 203.0.113.9 port 51515',
    'Connection reset by user alice 203.0.113.9 port 51515',
    'Received disconnect from 203.0.113.9 port 51515:11: disconnected by user',
    'error: Received disconnect from 203.0.113.9 port 51515:2: Packet integrity error',
    'Timeout, client not responding from user alice 203.0.113.9 port 51515',
    'Connection from user alice 203.0.113.9 port 51515 timed out',
    'Disconnected from user alice ::ffff:203.0.113.9 port 51515',
  ]
  const [opened, ...closed] = sessions(login, ...ends)
  expect(closed).toHaveLength(ends.length)
  for (const row of closed) {
    expect(row).toMatchObject({ kind: 'ssh', peer: '203.0.113.9', peer_port: 51515, part: sessionParts.closed })
    expect([row.start_ms, row.end_ms, row.sid]).toEqual([time_ms, time_ms, opened.sid])
    expect(['alice', '']).toContain(row.account)
  }
  const [other, elsewhere] = [
    sessions('Disconnected from 203.0.113.9 port 51516')[0],
    rowsOf(parseLines(syslog, line(ends[0]).replace('login3', 'login4')), 'session')[0],
  ]
  expect(new Set([opened.sid, other.sid, elsewhere.sid]).size).toBe(3)
})

test('what cannot be read is counted by its reason', () => {
  expect(rejects('Accepted password for alice from x.x.x.x port 5 ssh2')).toEqual({ bad_address: 1 })
  expect(rejects('Disconnected from user alice x.x.x.x port 5')).toEqual({ bad_address: 1 })
  expect(rejects('Accepted password for alice from 192.0.2.1 port 99999 ssh2')).toEqual({ bad_port: 1 })
  expect(rejects('Accepted password for alice from 192.0.2.1')).toEqual({ malformed: 1 })
  expect(rejectedOf(parseLines(syslog, `<38>1 - login3 sshd 41 - - ${login}\n`))).toEqual({ bad_time: 1 })
})

const log = [
  login,
  `Failed password for invalid user x from 192.0.2.1 port 5 ssh2`,
  'Disconnected from user alice 203.0.113.9 port 51515',
  'Accepted password for bob from x.x.x.x port 5 ssh2',
]
const text = log.map((message, i) => line(message).replace('00:31:02', `00:31:0${i}`)).join('')

test('survives damage, and splits anywhere', () => {
  expectToSurviveDamage(syslog, text)
  expectSameHoweverSplit(syslog, text)
})

test('a long hostile message takes no time', () => {
  const began = performance.now()
  for (const piece of [
    ' from 1 port 1',
    ' from ',
    ' from 1.2.3.4 port 5 rdomain "',
    'a ',
    'a',
    ' 1.2.3.4 port 5',
    ': ',
    '\\101',
  ])
    for (const start of ['Accepted password for ', 'Disconnected from user ', 'Received disconnect from user '])
      parse(start + piece.repeat(Math.floor(500_000 / piece.length)))
  expect(performance.now() - began).toBeLessThan(3000)
})
