/**
 * Log injection: nothing that an outsider writes into a log (formulas, escape sequences, markup, line feeds, SQL, shell,
 * YAML) has any effect on whoever reads what Weir makes of it, in any output that there is.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { queryColumns } from '../../src/model/ledger-query.ts'
import { attacks, hostileConfig, writeHostileLogs } from '../support/hostile-logs.ts'
import { Folder, mainFile, type Ran, runWeir } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const timeout = 120_000

const logs = folder.at('logs')
const config = folder.file('weir.yaml', JSON.stringify(hostileConfig))
const state = folder.state()
const report = folder.at('report')

/** What the books make of a name: at most 512 bytes, no NUL, no byte order mark. */
const kept = (attack: string): string => attack.replaceAll(/\0|^\ufeff/g, '\ufffd').slice(0, 512)
const names = attacks.map(kept)

/** Whatever moves a cursor, rings, hides, reverses or breaks a line; all but the line feed that ends one. */
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u

/** Of text for people: no control character, and no line that a log began. */
function expectHarmless(text: string): void {
  expectPlain(text)
  expect(text.split('\n').filter((line) => /^\s*forged/.test(line))).toEqual([])
}

function expectPlain(text: string): void {
  const bad = control.exec(text)
  expect(bad === null ? '' : `…${JSON.stringify(text.slice(Math.max(0, bad.index - 60), bad.index + 20))}`).toBe('')
}

const run = (...args: string[]): Promise<Ran> => runWeir(args, { cwd: folder.path })
const byNames = ['account', 'service', 'sensor', 'client_fp']

beforeAll(() => writeHostileLogs(logs))

describe('analyze', () => {
  const file = folder.at('analysis.json')
  let ran: Ran
  beforeAll(async () => {
    const paths = ['--state', state, '--config', config, '--json', file, '--report', report]
    ran = await run('analyze', logs, ...paths)
  }, timeout)

  test('takes in the names of every format', () => {
    expect([ran.code, ran.stderr.replaceAll(/^weir: .*\n/gm, '')]).toEqual([0, ''])
    const { sources } = JSON.parse(readFileSync(file, 'utf8')) as {
      sources: { path: string; format: string; records_read: number; accepted: number; rejected: object }[]
    }
    const share = (part: string) => {
      const found = sources.filter(({ path }) => path.includes(part))
      return found.map(({ format, accepted, records_read }) => [format, accepted > 0.8 * records_read])
    }
    expect(
      Object.fromEntries(
        ['auth.log', 'hosts.log', 'vpn.log', 'detail', 'transfer.log', 's3', 'web', 'http', 'ssl'].map((part) => [
          part,
          share(`/${part}`),
        ]),
      ),
    ).toEqual({
      ...{
        'auth.log': [['syslog', true]],
        'hosts.log': [['syslog', true]],
        'vpn.log': [['syslog', true]],
        detail: [['radius_detail', true]],
      },
      ...{ 'transfer.log': [['gridftp', true]], s3: [['s3_access', true]], web: [['http_access', true]] },
      ...{ http: [['zeek_http', true]], ssl: [['zeek_ssl', true]] },
    })
  })

  test('tells it on a screen that nothing drives', () => {
    expect(ran.stdout).toContain('rejected')
    expectHarmless(ran.stdout)
    expectHarmless(ran.stderr)
  })

  test('writes JSON that is whole, and reports', () => {
    expect(readdirSync(report).sort()).toEqual(['analysis.json', 'summary.txt'])
    expect(readFileSync(`${report}/analysis.json`, 'utf8')).toBe(readFileSync(file, 'utf8'))
    expectHarmless(readFileSync(`${report}/summary.txt`, 'utf8'))
  })
})

/** RFC 4180: records end with CR LF, quotes are doubled, and nothing follows a closing quote. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let [record, at]: [string[], number] = [[], 0]
  while (at < text.length) {
    const cell = /"((?:[^"]|"")*)"|[^",\r\n]*/y
    cell.lastIndex = at
    const [whole, quoted] = cell.exec(text) as RegExpExecArray
    record.push(quoted === undefined ? whole : quoted.replaceAll('""', '"'))
    at += whole.length
    const end = /,|\r\n/y
    end.lastIndex = at
    const [mark] = end.exec(text) ?? [undefined]
    if (mark === undefined) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at - 40, at + 40))}`)
    at += mark.length
    if (mark === ',') continue
    records.push(record)
    record = []
  }
  return records
}

describe('ledger', () => {
  test(
    'as a table: a line for each name',
    async () => {
      for (const by of [
        byNames.join(','),
        'project,vault,account',
        'host,candidate,account,runner_up',
        'month,explanation,account',
      ]) {
        const { code, stdout } = await run('ledger', '--state', state, '--by', by, '--top', '500')
        expect(code).toBe(0)
        expectHarmless(stdout)
        expect(stdout.split('\n').length).toBeGreaterThan(attacks.length)
      }
    },
    timeout,
  )

  test('as JSON: exactly the names that were written', async () => {
    const { stdout } = await run(
      'ledger',
      '--state',
      state,
      '--by',
      byNames.join(','),
      '--where',
      'host=login2',
      '--json',
    )
    const rows: Record<string, string>[] = JSON.parse(stdout).rows
    expect(rows.map(({ account }) => account).sort()).toEqual([...names].sort())
    for (const { account, ...rest } of rows)
      expect([rest.service, rest.sensor, rest.client_fp]).toEqual([account, account, account])
  })

  test('as CSV: no cell is a formula, none breaks its line', async () => {
    const { stdout } = await run(
      'ledger',
      '--state',
      state,
      '--by',
      byNames.join(','),
      '--where',
      'host=login2',
      '--csv',
    )
    const [head, ...records] = parseCsv(stdout)
    expect(head.slice(0, 4)).toEqual(byNames)
    for (const record of records) {
      expect(record).toHaveLength(head.length)
      // OWASP: = + - @, tab, CR, LF and the wide forms
      for (const cell of record) expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/)
    }
    const plainly = records.map(([account]) =>
      /^'[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(account) ? account.slice(1) : account,
    )
    expect(plainly.sort()).toEqual([...names].sort())
    // where the list separator is another, cells are as whole
    for (const line of stdout.split('\r\n')) expect(line.replaceAll(/"(?:[^"]|"")*"/g, '')).not.toMatch(/[;\t]/)
  })

  test('as Parquet: the names as they are', async () => {
    const file = folder.at("it's =1+1.parquet")
    expect(
      (await run('ledger', '--state', state, '--by', 'account', '--where', 'host=login2', '--parquet', file)).code,
    ).toBe(0)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const reader = await connection.runAndReadAll(`SELECT account FROM read_parquet('${file.replaceAll("'", "''")}')`)
    expect(
      reader
        .getRows()
        .map(([account]) => account)
        .sort(),
    ).toEqual([...names].sort())
    connection.closeSync()
    instance.closeSync()
  })

  test(
    'asked for by a hostile name, in every column',
    async () => {
      for (const column of ['account', 'service', 'sensor', 'client_fp', 'vault', 'explanation', 'gateway']) {
        const { code, stdout, stderr } = await run(
          'ledger',
          '--state',
          state,
          '--by',
          column,
          '--where',
          `${column}=' OR 1=1 --`,
          '--json',
        )
        expect([code, stderr]).toEqual([0, ''])
        const found = ['account', 'service', 'sensor', 'client_fp', 'gateway'].includes(column) ? ["' OR 1=1 --"] : []
        expect([...new Set(JSON.parse(stdout).rows.map((row: Record<string, string>) => row[column]))]).toEqual(found)
      }
    },
    timeout,
  )

  test('an error that quotes a name is one harmless line', async () => {
    const { code, stderr } = await run('ledger', '--state', state, '--by', 'a\u001b[2J\nforged\u202e')
    expect(code).toBe(2)
    expectHarmless(stderr)
    expect(queryColumns.every((column) => stderr.includes(column))).toBe(true)
  })
})

describe('doctor', () => {
  test(
    'on the screen and as JSON',
    async () => {
      const file = folder.at('doctor.json')
      const { code, stdout } = await run('doctor', '--state', state, '--config', config, '--json', file)
      expect(code).toBe(0)
      expectHarmless(stdout)
      const diagnosis = JSON.parse(readFileSync(file, 'utf8'))
      expect(diagnosis.balance.balanced).toBe(true)
      const use: { kind: string; unmatched: { account: string }[] }[] = diagnosis.joins.use
      // examples are exact
      expect(names).toContain(use.find(({ kind }) => kind === 'portal session')?.unmatched[0].account)
      for (const { statement, next_step, command = '' } of diagnosis.findings) {
        for (const text of [statement, next_step, command]) expectHarmless(text.replaceAll('\n', '\\n'))
      }
    },
    timeout,
  )

  test('commands that it proposes do nothing but what they say', async () => {
    const { stdout } = await run('doctor', '--state', state, '--config', config, '--json')
    const commands: string[] = JSON.parse(stdout).findings.flatMap(({ command = '' }: { command?: string }) => command)
    expect(commands.some((command) => command.startsWith('weir ledger'))).toBe(true)
    for (const command of commands.filter((each) => each !== '')) expect(shellWords(command)[0]).toBe('weir')
  })
})

/** The words that a POSIX shell makes of a command, in which `weir` is a function that prints them. */
function shellWords(command: string): string[] {
  if (command === '') return []
  const script = `weir() { printf '%s\\0' weir "$@"; }\n${command}`
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8', cwd: folder.path })
  expect([command, status]).toEqual([command, 0])
  return stdout.split('\0').slice(0, -1)
}

describe('init', () => {
  test(
    'proposes YAML that parses and holds every name as text',
    async () => {
      const file = folder.at('proposed.yaml')
      const { code, stderr } = await run('init', logs, '--out', file)
      expect(code).toBe(0)
      expectHarmless(stderr)
      const yaml = readFileSync(file, 'utf8')
      expectHarmless(yaml)
      expect(Object.keys(parseYaml(yaml)).sort()).toEqual(['hosts', 'sensors', 'site', 'vaults'])
      const { vaults } = parseYaml(yaml) as { vaults: { id: unknown; paths?: unknown[]; buckets?: unknown[] }[] }
      expect(vaults.length).toBeGreaterThan(3)
      for (const { id, paths = [], buckets = [] } of vaults)
        for (const text of [id, ...paths, ...buckets]) expect(typeof text).toBe('string')
      const checked = await run('config', 'check', file)
      expect([checked.code, checked.stderr]).toEqual([0, ''])
    },
    timeout,
  )
})

describe('census', () => {
  test(
    'on the screen, as JSON and as a page',
    async () => {
      const [json, page] = [folder.at('census.json'), folder.at('census.html')]
      const { code, stdout, stderr } = await run('census', logs, '--config', config, '--json', json, '--html', page)
      expect(code).toBe(0)
      expectHarmless(stdout)
      expectHarmless(stderr)
      expect(typeof JSON.parse(readFileSync(json, 'utf8'))).toBe('object')
      const html = readFileSync(page, 'utf8')
      expectHarmless(html)
      expect(html).toContain('alert(1)')
      expectOnlyOwnMarkup(html)
    },
    timeout,
  )
})

/** Every tag and attribute is one that a page of ours has: attacks stand in it as text alone. */
function expectOnlyOwnMarkup(html: string): void {
  const style = /<style>[^<]*<\/style>/g
  const rest = html.replaceAll(style, '')
  expect(html.match(style)?.length ?? 0).toBeLessThanOrEqual(1)
  const tags = rest.match(/<[^>]*>?/g) ?? []
  const own = /^<(?:!doctype html|\/?[a-z][a-z0-9]*(?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)* ?\/?)>$/i
  expect(tags.filter((tag) => !own.test(tag))).toEqual([])
  const bare = tags.map((tag) => tag.replaceAll(/="[^"]*"/g, ''))
  expect(bare.filter((tag) => /^<\/?(?:script|img|iframe|object|embed|link|base|form|input)\b/i.test(tag))).toEqual([])
  expect(bare.filter((tag) => / on[a-z]+\b| autofocus/i.test(tag))).toEqual([])
  const links = tags.flatMap((tag) => tag.match(/(?:href|src|style)="[^"]*"/gi) ?? [])
  expect(links.filter((link) => /javascript:|https?:|url\(/i.test(link))).toEqual([])
}

test(
  'a terminal that shows JSON, CSV, YAML or a page is not driven either',
  (context) => {
    if (!existsSync('/usr/bin/script')) context.skip('no script(1) to give a terminal')
    const asked = [
      ...[`ledger --state '${state}' --by ${byNames} --json`, `ledger --state '${state}' --by account --csv`],
      ...[
        `ledger --state '${state}' --by account,service --top 99`,
        `doctor --state '${state}'`,
        `doctor --state '${state}' --json`,
      ],
      ...[
        `init '${logs}'`,
        `analyze '${logs}/neutral' --state '${folder.state()}'`,
        `census '${logs}/neutral' --json -`,
      ],
      ...[`census '${logs}/neutral' --html -`, `census '${logs}/neutral'`],
    ]
    for (const args of asked) {
      const command = `'${process.execPath}' '${mainFile}' ${args} 2>/dev/null`
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' }
      const { stdout } = spawnSync('/usr/bin/script', ['-qec', command, '/dev/null'], {
        encoding: 'utf8',
        cwd: folder.path,
        env,
      })
      expect([args, stdout.length > 500]).toEqual([args, true])
      const shown = stdout.replaceAll('\r\n', '\n')
      // a quoted cell of CSV may hold a line feed
      if (args.endsWith('--csv')) expectPlain(shown)
      else expectHarmless(shown)
      if (!args.startsWith('ledger') || !args.endsWith('--json')) continue
      // made plain, it is still the same JSON
      const accounts: string[] = JSON.parse(shown).rows.map(({ account }: { account: string }) => account)
      expect(accounts).toEqual(expect.arrayContaining(names))
    }
  },
  timeout,
)

test('names of a state and of a configuration are words in what is proposed to type', async () => {
  const evil = "x'\u001b[2J\nforged $(touch weir-was-here)"
  const [directory, file] = [folder.at(evil), folder.file(`${evil}.yaml`, JSON.stringify(hostileConfig))]
  const { code, stdout } = await run('analyze', `${logs}/radius`, '--state', directory, '--config', file)
  expect(code).toBe(0)
  expectHarmless(stdout)
  const commands = stdout.split('\n').flatMap((line) => /(weir (?:ledger|doctor) .*)/.exec(line)?.[1] ?? [])
  expect(commands).toHaveLength(2)
  expect(shellWords(commands[0]).slice(0, 3)).toEqual(['weir', 'ledger', '--state'])
  const doctor = await run('doctor', '--state', directory)
  expect(doctor.code).toBe(0)
  expectHarmless(doctor.stdout)
})

test('nothing was run', () => {
  expect(existsSync(folder.at('weir-was-here'))).toBe(false)
  expect(existsSync('weir-was-here')).toBe(false)
})
