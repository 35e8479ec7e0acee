import { expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { jupyterhub } from './jupyterhub.ts'

const hub = (message: string, from = 'JupyterHub log:192') => `[I 2026-01-01 00:00:10.123 ${from}] ${message}`
const home = hub('200 GET /hub/home?token=5ec2e7 (alice@203.0.113.9) 12.34ms')
const login = hub('User logged in: alice', 'JupyterHub base:905')
const sessions = (...lines: string[]) => rowsOf(parseLines(jupyterhub, `${lines.join('\n')}\n`), 'session')
const rejects = (...lines: string[]) => rejectedOf(parseLines(jupyterhub, `${lines.join('\n')}\n`))

test('a request is a session of the moment it took', () => {
  expect(sessions(home)).toEqual([
    expect.objectContaining({
      ...{ kind: 'portal', account: 'alice', peer: '203.0.113.9', peer_port: 0, host: '::', assigned: '::', part: 0 },
      ...{ start_ms: Date.UTC(2026, 0, 1, 0, 0, 10, 111), end_ms: Date.UTC(2026, 0, 1, 0, 0, 10, 123), bytes_out: 0n },
      offset: 0,
    }),
  ])
})

test('of the hub and of the servers behind it, whatever became of it', () => {
  const lines = [
    hub('302 GET /user/alice/files/proj/a.h5 → /hub/api/oauth2/authorize (alice@::ffff:198.51.100.7) 3ms'),
    hub(
      '200 GET /files/a b (x'.replace('a b', 'a%20b').replace('(x', '(bob@example.org@2001:db8::7) 61000.5ms'),
      'ServerApp',
    ),
    hub('403 POST /user/carol/api/contents (carol@10.0.0.1) 1.00ms referer=https://hub/?x', 'SingleUserLabApp log:186'),
    hub('200 GET /hub/api (dave@192.0.2.1) 9.57ms', 'dave notebookapp:1083'),
  ]
  expect(sessions(...lines).map((row) => [row.account, row.peer, Number(row.end_ms) - Number(row.start_ms)])).toEqual([
    ['alice', '198.51.100.7', 3],
    ['bob@example.org', '2001:db8::7', 61001],
    ['carol', '10.0.0.1', 1],
    ['dave', '192.0.2.1', 10],
  ])
})

test('wall times are of the clock', () => {
  const batch = parseLines(jupyterhub, home, 'x', { clock: logClock({ timezone: 'Europe/Berlin' }) })
  expect(rowsOf(batch, 'session')[0].end_ms).toBe(Date.UTC(2025, 11, 31, 23, 0, 10, 123))
})

test('lines without user and address are not used, among them tracebacks', () => {
  const lines = [
    login,
    hub('200 GET /hub/health (@10.0.0.113) 1.57ms'),
    hub('200 GET /api (203.0.113.9) 1.57ms', 'ServerApp'),
    hub('200 GET /api (unknown@203.0.113.9) 1.57ms', 'ServerApp'),
    hub('302 GET / -> /hub/ (@203.0.113.9) 1.57ms'),
    hub('Adding role user for User: alice (alice@203.0.113.9)'),
    'Traceback (most recent call last):',
    '    [I 2026',
  ]
  expect(rejects(...lines)).toEqual({ stream_not_used: 8 })
})

test('broken lines are counted', () => {
  expect(rejects('[I 10:11:12.345 NotebookApp] 200 GET / (alice@203.0.113.9) 1ms')).toEqual({ bad_time: 1 })
  expect(rejects(home.replace('01-01', '13-01'))).toEqual({ bad_time: 1 })
  expect(rejects(home.replace('2026', '1970'))).toEqual({ time_out_of_range: 1 })
  expect(rejects(home.replace('203.0.113.9', 'proxy.example.org'))).toEqual({ bad_address: 1 })
})

test('no token of a URL is kept', () => {
  const batch = parseLines(jupyterhub, [home, home.replace('203.', 'x.'), hub('GET /x?token=5ec2e7')].join('\n'))
  expect(batch.examples.map(({ sample }) => sample)).toEqual([
    '[I 2026-01-01 00:00:10.123 JupyterHub log:192] 200 GET /hub/home...',
    '[I 2026-01-01 00:00:10.123 JupyterHub log:192] GET /x...',
  ])
  expect(batch.names.texts.join()).not.toContain('5ec2e7')
})

test('a hostile line costs no more than its length', () => {
  const start = performance.now()
  const long = ['(a@1'.repeat(60_000), 'x -> '.repeat(50_000), ' ('.repeat(120_000), '/'.repeat(240_000)]
  expect(rejects(...long.map((text) => hub(`200 GET ${text}`)))).toEqual({ stream_not_used: 4 })
  expect(performance.now() - start).toBeLessThan(10_000)
}, 60_000)

test('laws of every source', () => {
  const log = [home, login, 'Traceback', home.replace('alice', 'bob'), home.replace('203', 'x'), ''].join('\n')
  expectToSurviveDamage(jupyterhub, log, 300)
  expectSameHoweverSplit(jupyterhub, log)
})
