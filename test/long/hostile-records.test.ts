/**
 * Records that somebody made up: counts beyond reason, dates of another century, names that are commands. The books stay
 * sound, go on taking in honest records, and nothing that a log says reaches the terminal or the SQL.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { readState } from '../../src/app/state.ts'
import type { LedgerAnswer, LedgerQuery } from '../../src/model/ledger-query.ts'
import { connHeader, connLine, newYear_s } from '../support/conn-lines.ts'
import { analysisBy, Folder, mainFile, runWeir } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const most = 2n ** 63n - 1n

async function answerOf(state: string, query: Partial<LedgerQuery>): Promise<LedgerAnswer> {
  const store = await readState(state)
  try {
    return await store.query({ by: [], where: [], ...query })
  } finally {
    await store.close()
  }
}
const at_ms = newYear_s * 1000

/** Lines of JSON; counts may be bigint. */
function ndjson(records: readonly object[]): string {
  const text = (value: unknown) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value))
  return records
    .map((record) => `{${Object.entries(record).map(([key, value]) => `"${key}":${text(value)}`)}}\n`)
    .join('')
}

const flow = {
  type: 'flow',
  start_ms: at_ms,
  end_ms: at_ms + 5000,
  src_ip: '10.0.0.5',
  src_port: 1,
  dst_ip: '198.51.100.1',
  dst_port: 22,
  proto: 'tcp',
  bytes_src: 10,
  bytes_dst: 20,
}

describe('gigantic counts', () => {
  const honest = (day: number) =>
    connHeader +
    Array.from({ length: 10 }, (_, i) => connLine({ ts: newYear_s + day * 86_400 + i, uid: `H${day}x${i}` })).join('')

  test('are refused, and the books never overflow nor refuse what comes after', { timeout: 60_000 }, async () => {
    const state = folder.state()
    const giants = [
      folder.file(
        'giants/conn.log',
        connHeader +
          Array.from({ length: 4 }, (_, i) =>
            [
              connLine({ uid: `A${i}`, orig_bytes: most }),
              connLine({ uid: `B${i}`, resp_bytes: most }),
              connLine({ uid: `C${i}`, orig_pkts: most, resp_pkts: most }),
              connLine({ uid: `D${i}`, orig_bytes: '-', resp_bytes: '-', orig_ip_bytes: most, resp_ip_bytes: most }),
              connLine({ uid: `E${i}`, orig_bytes: 2n ** 62n - 1n }),
            ].join(''),
          ).join(''),
      ),
      folder.file(
        'giants/events.ndjson',
        ndjson(
          [1, 2, 3, 4].flatMap((i) => [
            { ...flow, start_ms: at_ms + i, bytes_src: 2 ** 31, packets_src: 1, packets_dst: 1, sampling: 2 ** 31 },
            {
              type: 'transfer',
              tool: 't',
              host_ip: '10.0.0.6',
              peer_ip: '198.51.100.2',
              direction: 'out',
              bytes: most,
              start_ms: at_ms - 1e9 - i,
              end_ms: at_ms - 1e9,
            },
            {
              type: 'session',
              kind: 'vpn',
              account: 'a',
              peer_ip: '198.51.100.3',
              host_ip: '10.0.0.7',
              start_ms: at_ms - 2e9 - i,
              end_ms: at_ms - 2e9,
              bytes_out: most,
              bytes_in: most,
            },
          ]),
        ),
      ),
    ]
    const first = await analysisBy([...giants, folder.file('first.log', honest(0)), '--state', state])
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.json.sources.map(({ accepted, rejected }) => [accepted, rejected])).toEqual([
      [0, { count_out_of_range: 20 }],
      [0, { count_out_of_range: 12 }],
      [10, {}],
    ])
    const again = await analysisBy([...giants, folder.file('second.log', honest(1)), '--state', state])
    expect(again.json.sources[2]).toMatchObject({ accepted: 10, rejected: {} })
    expect(again.json.ledger).toMatchObject({ bytes_out: 20_000, bytes_in: 4_000, flows: 20 })
  })

  test('of a petabyte are believed, to the byte', async () => {
    const bytes = 9_007_199_254_740_993n
    const log = folder.file('large.ndjson', ndjson([1, 2, 3].map((i) => ({ ...flow, src_port: i, bytes_src: bytes }))))
    const { stdout } = await analysisBy([log, '--state', folder.state()])
    expect(stdout).toContain(`"bytes_out": ${3n * bytes},`)
  })
})

describe('a date of another century', () => {
  /** Nine days of 2023, hundreds of days ago whenever this runs. */
  const start_s = Date.parse('2023-03-01T00:00:00Z') / 1000
  const lines = Array.from({ length: 9 * 24 }, (_, i) =>
    connLine({ ts: start_s + i * 3600, uid: `D${i}`, 'id.resp_h': `198.51.${100 + (i % 3)}.${i % 7}` }),
  )
  const span = { from_ms: start_s * 1000, to_ms: Date.parse('2024-01-01') }

  test('does not make Weir forget or fold', { timeout: 60_000 }, async () => {
    const honest = folder.state()
    const forged = folder.state()
    const log = folder.file('2023.log', connHeader + lines.join(''))
    const future = folder.file('2099.log', connHeader + connLine({ ts: 4_070_908_800, uid: 'F1' }))
    await analysisBy([log, '--state', honest])
    await analysisBy([log, future, '--state', forged])
    const { json } = await analysisBy([log, future, '--state', forged])
    expect(json.ledger.bytes_out).toBe(lines.length * 1000 + 1000)
    for (const by of [['day', 'host', 'peer', 'service'], ['hour', 'host', 'peer'], ['window']]) {
      const [before, after] = [await answerOf(honest, { by, ...span }), await answerOf(forged, { by, ...span })]
      expect(after).toEqual(before)
    }
    expect(json.notices.map(({ text }) => text)).toEqual([
      expect.stringMatching(/nothing from 2023-03-09T.* to 2099-01-01/),
    ])
  })
})

describe('names that are commands', () => {
  const names = [
    "'; DROP TABLE names; --",
    '"; SELECT 1; --',
    '<script>alert(1)</script>',
    '\x1b[31mred\x1b[0m\x07',
    '\u009b31m C1',
    '\u202egpj.exe',
    'two\nlines',
    'tab\tand\rreturn',
    '\u0000nul\u0000',
    "=cmd|' /C calc'!A0",
    '$HOME $(reboot) `reboot`',
    '%s%n%d',
    '../../etc/passwd',
    '😀 naïve',
    'a'.repeat(10_240),
  ]
  /** What the books make of a name: at most 512 bytes, no NUL. */
  const kept = (name: string) => name.replaceAll('\0', '\uFFFD').slice(0, 512)
  const records = names.flatMap((name, i) => {
    const peer_ip = `198.51.100.${i + 1}`
    const times = { start_ms: at_ms, end_ms: at_ms + 60_000 }
    return [
      { type: 'session', kind: 'ssh', account: name, peer_ip, peer_port: 40_000 + i, host_ip: '10.0.0.5', ...times },
      {
        ...flow,
        src_ip: peer_ip,
        src_port: 40_000 + i,
        dst_ip: '10.0.0.5',
        dst_port: 22,
        service: name,
        bytes_dst: 1000 + i,
        sensor: name,
        client_fp: name,
      },
      {
        type: 'transfer',
        tool: name,
        account: name,
        host_ip: '10.0.0.5',
        peer_ip,
        path: `/p/${name}`,
        bucket: name,
        object: name,
        direction: 'out',
        bytes: 500,
        task_id: name,
        ...times,
      },
      { type: 'job', job_id: name, account: name, project: name, nodes: [name, 'n1'], ...times },
    ]
  })
  const state = folder.state()
  /** Anything that moves a cursor, rings or hides: control characters but line feed, C1, direction marks. */
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/

  test('are taken in, asked for and printed as text', { timeout: 60_000 }, async () => {
    const log = folder.file('hostile.ndjson', ndjson(records))
    const ran = await runWeir(['analyze', log, '--state', state])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).not.toMatch(control)
    expect(ran.stdout).toContain(`${records.length} accepted`)

    const json = await runWeir(['ledger', '--state', state, '--by', 'account,service,sensor,client_fp', '--json'])
    const rows: Record<string, string>[] = JSON.parse(json.stdout).rows
    expect(rows.map(({ account }) => account).sort()).toEqual(names.map(kept).sort())
    for (const { account, service, sensor, client_fp } of rows)
      expect([service, sensor, client_fp]).toEqual([account, account, account])

    const screen = await runWeir(['ledger', '--state', state, '--by', 'account,service', '--top', '50'])
    expect(screen.stdout).not.toMatch(control)
    expect(screen.stdout.trimEnd().split('\n')).toHaveLength(names.length + 2)
    const csv = await runWeir(['ledger', '--state', state, '--by', 'account', '--csv'])
    expect(csv.stdout).toContain(`"'=cmd|' /C calc'!A0"`.replaceAll('"', ''))
  })

  test('are found by exactly themselves', { timeout: 60_000 }, async () => {
    for (const i of names.keys()) {
      const where = [{ column: 'account', value: kept(names[i]) }]
      const { rows } = await answerOf(state, { by: ['peer'], where })
      expect(rows.map(({ peer, bytes_out }: Record<string, unknown>) => [peer, bytes_out])).toEqual([
        [`198.51.100.${i + 1}`, BigInt(1000 + i)],
      ])
    }
  })

  test('do not drive a terminal that shows JSON or CSV', (context) => {
    if (!existsSync('/usr/bin/script')) context.skip('no script(1) to give a terminal')
    for (const form of ['--json', '--csv']) {
      const command = `'${process.execPath}' '${mainFile}' ledger --state '${state}' --by account ${form}`
      const { stdout } = spawnSync('/usr/bin/script', ['-qec', command, '/dev/null'], { encoding: 'utf8' })
      expect(stdout).toContain('DROP TABLE')
      expect(stdout.replaceAll('\r\n', '\n')).not.toMatch(control)
    }
  })
})
