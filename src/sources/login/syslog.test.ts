import { expect, test } from 'vitest'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { syslog } from './syslog.ts'

const login = 'Accepted password for alice from 203.0.113.9 port 51515 ssh2'
const close = 'close "/proj/run7.h5" bytes read 7 written 0'
const learn = 'a/192.0.2.1:5 MULTI: Learn: 10.8.0.6 -> a/192.0.2.1:5'

/** One message in each framing, all of the same moment, host, program and process. */
const framings = (program: string, message: string): string[] => [
  `Jan  1 2026 00:31:02 login3 ${program}[41]: ${message}`,
  `<38>Jan  1 2026 00:31:02 login3 ${program}[41]: ${message}`,
  `2026-01-01T01:31:02.000000+01:00 login3 ${program}[41]: ${message}`,
  `2026-01-01T00:31:02+0000 login3 ${program}[41]: ${message}`,
  `<38>1 2026-01-01T00:31:02Z login3 ${program} 41 - - ${message}`,
  `97 <38>1 2026-01-01T00:31:02Z login3 ${program} 41 - [a b="]"] ${message}`,
  JSON.stringify({
    ...{ __REALTIME_TIMESTAMP: '1767227462000000', _HOSTNAME: 'login3', SYSLOG_IDENTIFIER: program, _PID: '41' },
    MESSAGE: program === 'sshd' ? [...Buffer.from(message)] : message,
  }),
]

test.each([
  ['sshd', login, 'session'],
  ['internal-sftp', close, 'transfer'],
  ['openvpn', learn, 'session'],
] as const)('%s says the same in every framing', (program, message, type) => {
  const lines = framings(program, message)
  const batch = parseLines(syslog, `${lines.join('\n')}\n`)
  const rows = rowsOf(batch, type).map((row) => ({ ...row, offset: 0 }))
  expect(rejectedOf(batch)).toEqual({})
  expect(rows).toHaveLength(lines.length)
  expect(rows[0]).toMatchObject({ start_ms: Date.UTC(2026, 0, 1, 0, 31, 2), host_name: 'login3' })
  for (const row of rows) expect(row).toEqual(rows[0])
})

test('other programs are not used, lines without framing are malformed', () => {
  const text = [
    ...framings('CRON', login),
    ...framings('openssh', login),
    ...framings('sftp', close),
    `Jan  1 2026 00:31:02 login3 ${login}`,
  ]
  expect(rejectedOf(parseLines(syslog, `${text.join('\n')}\n`))).toEqual({ stream_not_used: text.length })
  expect(rejectedOf(parseLines(syslog, `${login}\n{}\n<38>x\n\n`))).toEqual({ malformed: 3 })
})

test('messages that are not used are not shown, whatever somebody typed', () => {
  const text = [
    ...framings('sshd', 'Invalid user hunter2 from 192.0.2.1 port 5'),
    ...framings('sudo', 'COMMAND=mysql -phunter2'),
  ].map((line) => `${line}\n`)
  for (const line of text) {
    const { examples } = parseLines(syslog, line)
    expect(examples).toHaveLength(1)
    expect(examples[0].sample).toMatch(/^\(a message of (sshd|sudo) on login3\)$/)
  }
  const [{ sample }] = parseLines(syslog, 'not framed, password=hunter2\n').examples
  expect(sample).toBe('not framed, ...')
  expect(
    parseLines(syslog, `${framings('sshd', login.replace('203.0.113.9', 'x.x.x.x'))[0]}\n`).examples[0].sample,
  ).toContain('Accepted password for alice from x.x.x.x')
})

test('survives damage, and splits anywhere', () => {
  const text = [...framings('sshd', login), ...framings('internal-sftp', close), ...framings('openvpn', learn)].join(
    '\n',
  )
  expectToSurviveDamage(syslog, text)
  expectSameHoweverSplit(syslog, `${text}\n`)
})
