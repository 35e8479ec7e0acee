/** Public login and VPN logs that nobody here wrote; see the MANIFEST beside them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { logClock } from '../../model/log-clock.ts'
import { sessionParts } from '../../model/observation.ts'
import { needTestData } from '../../testing/needs.ts'
import { readSource } from '../../testing/parse-lines.ts'

const of2017 = { clock: logClock({ span: { from_ms: Date.UTC(2017, 2, 1), to_ms: Date.UTC(2017, 3, 30) } }) }
const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
const total = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0)

test('sshd-real: a month of a server, its logins and their ends', async (context) => {
  const path = needTestData(context, 'vpn-auth/sshd-real/auth.log')
  const { id, format, records_read, rows, rejected } = await readSource(path, ['session', 'transfer'], of2017)
  const lines = linesOf(path)
  const sessions = rows.session ?? []
  const opened = sessions.filter((row) => row.part === sessionParts.opened)
  const closed = sessions.filter((row) => row.part === sessionParts.closed)
  expect([id, format, records_read, rows.transfer]).toEqual(['syslog', 'syslog', 7121, undefined])
  expect(sessions.length + total(rejected)).toBe(7121)
  expect(Object.keys(rejected)).toEqual(['stream_not_used'])

  const logins = lines.filter((line) => line.includes(']: Accepted '))
  expect(opened).toHaveLength(logins.length)
  expect(logins.length).toBeGreaterThan(200)
  for (const [i, login] of logins.entries()) {
    const [month, day, time, host, , , , , account, , peer, , port, , , key_fp = ''] = login.split(/ +/)
    const start_ms = Date.parse(`2017-${month === 'Mar' ? '03' : '04'}-${day.padStart(2, '0')}T${time}Z`)
    expect(opened[i]).toMatchObject({ account, peer, peer_port: Number(port), key_fp, host_name: host, start_ms })
  }

  const ends = lines.filter((line) => /\]: (?:Disconnected|Received disconnect) from .*(?<!\[preauth\])$/.test(line))
  expect(closed).toHaveLength(ends.length)
  const last = new Map(closed.map((row) => [row.sid, row.end_ms as number]))
  const ended = opened.filter((row) => (last.get(row.sid) ?? 0) >= (row.start_ms as number))
  // the rest was still there when the log was cut, or told its end otherwise
  expect(ended.length / opened.length).toBeGreaterThan(0.95)
})

/** What the parsers of CrowdSec say of the same lines, by line: user and address of logins. */
function goldenLogins(path: string): { user?: string; source_ip?: string; sshd_client_port?: string }[] {
  const golden: Record<string, string>[] = []
  const fact =
    /^results\["s01-parse"\]\["[^"]+"\]\[(\d+)\]\.Evt\.(?:Meta|Parsed)\["(user|source_ip|sshd_client_port)"\] == "(.*)"$/
  for (const line of linesOf(path)) {
    const found = fact.exec(line)
    if (found) golden[Number(found[1])] = { ...golden[Number(found[1])], [found[2]]: found[3] }
  }
  return golden
}

test('crowdsec sshd-success-logs: the same users, addresses and ports as they find', async (context) => {
  const folder = needTestData(context, 'vpn-auth/crowdsec/sshd-success-logs')
  const { rows, rejected } = await readSource(join(folder, 'sshd-success-logs.log'), ['session'], of2017)
  const golden = goldenLogins(join(folder, 'parser.assert'))
  expect(golden).toHaveLength(4)
  expect(rejected).toEqual({})
  expect(
    rows.session?.map(({ account, peer, peer_port }) => ({
      ...{ user: account, source_ip: peer, sshd_client_port: String(peer_port) },
    })),
  ).toEqual(golden)
})

test('crowdsec sshd-impossible-travel: one key, two far networks', async (context) => {
  const folder = needTestData(context, 'vpn-auth/crowdsec/sshd-impossible-travel')
  const { rows } = await readSource(join(folder, 'sshd-success-logs.log'), ['session'], of2017)
  const overflow = readFileSync(join(folder, 'scenario.assert'), 'utf8')
  const peers = rows.session?.map((row) => String(row.peer)) ?? []
  expect(peers).toEqual(['1.2.3.4', '9.8.8.8'])
  for (const peer of peers) expect(overflow).toContain(`"${peer}"`)
  expect(new Set(rows.session?.map((row) => row.account))).toEqual(new Set(['vagrant']))
})

describe('logs without a login are read to their end:', () => {
  test.for([
    ...['sshd-logs', 'ssh-bf', 'ssh-slow-bf', 'opnsense-sshd', 'wireguard-logs', 'wireguard-auth', 'bind9-syslog'],
    ...['openvpn', 'openvpn-bf'],
  ])('crowdsec %s', async (name, context) => {
    const folder = needTestData(context, `vpn-auth/crowdsec/${name}`)
    const path = join(folder, readdirSync(folder).find((file) => file.endsWith('.log')) as string)
    const { id, records_read, rows, rejected } = await readSource(path, ['session', 'transfer'])
    expect(id).toBe(name.startsWith('openvpn') ? 'openvpn_log' : 'syslog')
    expect([records_read, rows, rejected]).toEqual([linesOf(path).length, {}, { stream_not_used: records_read }])
  })
})
