import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { needTestData } from '../../testing/needs.ts'
import { parseLines, readSource, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { auditd } from './auditd.ts'

const gs = '\u001d'
const acquired = (acct = '"alice"', more = 'addr=203.0.113.9 terminal=ssh res=success', exe = '/usr/sbin/sshd') =>
  `type=CRED_ACQ msg=audit(1767225600.123:413): pid=1298 uid=0 auid=4294967295 ses=4294967295 subj=system_u:system_r:sshd_t:s0 ` +
  `msg='op=PAM:setcred grantors=pam_env,pam_unix acct=${acct} exe="${exe}" hostname=relay.example.net ${more}'`
const given = acquired().replace('CRED_ACQ', 'CRED_DISP').replace('1767225600.123', '1767229200.500')
const login = (enriched: string) =>
  `type=USER_LOGIN msg=audit(1767225600.193:421): pid=1298 uid=0 auid=1000 ses=1 msg='op=login id=1000 exe="/usr/libexec/openssh/sshd-session" ` +
  `hostname=relay.example.net addr=203.0.113.9 terminal=/dev/pts/0 res=success'${enriched}`
const sessions = (...lines: string[]) => rowsOf(parseLines(auditd, `${lines.join('\n')}\n`), 'session')
const rejects = (...lines: string[]) => rejectedOf(parseLines(auditd, `${lines.join('\n')}\n`))

test('credentials taken up and given back begin and end a session', () => {
  const [opened, closed] = sessions(acquired(), given)
  const common = { kind: 'ssh', account: 'alice', peer: '203.0.113.9', host_name: '', sid: opened.sid }
  expect(opened).toMatchObject({ ...common, part: 1, start_ms: 1_767_225_600_123, end_ms: Number.NaN })
  expect(closed).toMatchObject({ ...common, part: 2, start_ms: 1_767_229_200_500, end_ms: 1_767_229_200_500 })
  expect(opened.sid).not.toBe(0n)
})

test('hosts, processes and people have sessions of their own', () => {
  const [a, node, pid, person] = sessions(
    acquired(),
    `node=login1 ${acquired()}`,
    acquired().replace('pid=1298', 'pid=1299'),
    acquired('"bob"'),
  )
  expect(new Set([a.sid, node.sid, pid.sid, person.sid]).size).toBe(4)
  expect(node.host_name).toBe('login1')
})

test('names that could not be quoted are in hexadecimal', () => {
  expect(sessions(acquired('616C2069636522'))[0].account).toBe('al ice"')
  expect(rejects(acquired('616C2'), acquired('alice'), acquired('""'))).toEqual({ stream_not_used: 3 })
})

test('a login that names its number alone would be a second name for the same person', () => {
  expect(sessions(login(`${gs}UID="root" AUID="alice" ID="alice"`))).toMatchObject([{ account: 'alice', part: 1 }])
  expect(rejects(login(''), login(`${gs}UID="root" AUID="unset"`))).toEqual({ stream_not_used: 2 })
})

test('what failed, was not sshd, or came from nowhere is not used', () => {
  expect(
    rejects(
      acquired('"alice"', 'addr=203.0.113.9 terminal=ssh res=failed'),
      acquired('"alice"', 'addr=? terminal=ssh res=success'),
      acquired('"root"', 'addr=203.0.113.9 terminal=ssh res=success', '/usr/bin/sudo'),
      acquired().replace('CRED_ACQ', 'USER_START'),
      'type=CWD msg=audit(1481077231.371:479): cwd="/root"',
    ),
  ).toEqual({ stream_not_used: 5 })
  expect(rejects(acquired('"alice"', 'addr=relay terminal=ssh res=success'))).toEqual({ bad_address: 1 })
  expect(rejects('type=LOGIN msg=?', 'nonsense', acquired().replace('1767225600', '5'))).toEqual({
    malformed: 2,
    time_out_of_range: 1,
  })
})

test('no sample shows a command or what was typed', () => {
  const batch = parseLines(
    auditd,
    'type=EXECVE msg=audit(1481077231.371:479): argc=2 a0="mysql" a1="-phunter2"\n' +
      'type=TTY msg=audit(1481077231.371:480): tty pid=1 data=68756E74657232\ntype=EXECVE broken a1="-phunter2"\n',
  )
  expect(batch.examples.map((example) => example.sample)).toEqual([
    'type=EXECVE msg=audit(1481077231.371:479): ',
    'type=TTY msg=audit(1481077231.371:480): ',
    'type=EXECVE broken a1="-',
  ])
})

interface Golden {
  record_type: string
  '@timestamp': string
  data?: { acct?: string; addr?: string; result?: string; exe?: string }
}

test.for(['audit-rhel7.log', 'audit-ubuntu16.log'])(
  'real records as another parser reads them: %s',
  async (name, context) => {
    const path = needTestData(context, `auditd/${name}`)
    // of a record that it cannot read the other parser has null
    const golden: (Golden | null)[] = JSON.parse(readFileSync(`${path}.golden`, 'utf8'))
    const { id, records_read, rows, rejected } = await readSource(path, ['session'])
    const parts: Record<string, number> = { cred_acq: 1, cred_disp: 2 }
    const logins = golden.filter(
      (record): record is Golden =>
        record !== null &&
        record.record_type in parts &&
        record.data?.exe?.endsWith('sshd') === true &&
        record.data.result === 'success',
    )
    expect([id, records_read]).toEqual(['auditd', golden.length])
    expect(
      (rows.session ?? []).map(({ account, peer, part, start_ms }) => ({ account, peer, part, start_ms })),
    ).toEqual(
      logins.map((record) => ({
        account: record.data?.acct,
        peer: record.data?.addr,
        part: parts[record.record_type],
        start_ms: Date.parse(record['@timestamp']),
      })),
    )
    const broken = golden.filter((record) => record === null).length
    expect(rejected).toEqual({
      stream_not_used: golden.length - logins.length - broken,
      ...(broken > 0 ? { malformed: broken } : {}),
    })
  },
)

test('real records, enriched', async (context) => {
  const { id, rows, records_read, rejected } = await readSource(needTestData(context, 'auditd/audit_enriched.log'), [
    'session',
  ])
  expect([id, records_read, rejected]).toEqual(['auditd', 29, { stream_not_used: 28 }])
  expect(rows.session).toMatchObject([
    { account: 'root', peer: '172.23.112.1', part: 1, start_ms: 1_783_414_613_166, kind: 'ssh' },
  ])
})

test('survives damage and splits', () => {
  const log = [acquired(), given, login(`${gs}AUID="alice"`), `node=a ${acquired('616C')}`].join('\n')
  expectToSurviveDamage(auditd, log)
  expectSameHoweverSplit(auditd, log)
})
