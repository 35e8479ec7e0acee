/** The command line when it is used wrongly, piped, watched by scripts, or told to be quiet. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connLog } from './support/conn-lines.ts'
import { Folder, mainFile, runWeir } from './support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const log = folder.file(
  'conn.log',
  connLog(300, (i) => ({ 'id.resp_h': `198.51.${i % 3}.${i % 250}` })),
)
const state = folder.state()

beforeAll(async () => {
  expect(await runWeir(['analyze', log, '--state', state, '--quiet'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  })
}, 60_000)

/** A shell line in which $WEIR is the program. */
function shell(line: string) {
  const env = { PATH: process.env.PATH, WEIR: `'${process.execPath}' '${mainFile}'`, HOME: folder.path }
  const { stdout, stderr, status } = spawnSync('sh', ['-c', line.replaceAll('$WEIR', env.WEIR)], {
    env,
    cwd: folder.path,
    encoding: 'utf8',
  })
  return { stdout, stderr, status }
}

describe('wrong usage', () => {
  const cases: [string[], RegExp][] = [
    [['analyze'], /missing required argument 'path'/],
    [['analyze', log, '--colour'], /unknown option '--colour'/],
    [['analyze', log, '--assume-year', 'next'], /--assume-year.*'next'/],
    [['analyze', log, '--log-format', 'xml'], /Allowed choices are json, pretty/],
    [['analyse', log], /unknown command 'analyse'/],
    [['ledger', '--state', state, '--from', 'yesterday'], /--from 'yesterday': a date such as 2026-01-31/],
    [['ledger', '--state', state, '--to', '2026-13-01'], /--to '2026-13-01'/],
    [['ledger', '--state', state, '--by', 'host,colour'], /'colour' is no column of the books; there are window, hour/],
    [['ledger', '--state', state, '--where', 'peer'], /--where 'peer': COLUMN=VALUE is expected/],
    [['ledger', '--state', state, '--where', 'peer=not-an-address'], /an address or a network/],
    [['ledger', '--state', state, '--where', 'role=king'], /one of login, compute/],
    [['ledger', '--state', state, '--top', '0'], /--top '0': a whole number from 1/],
    [
      ['ledger', '--state', state, '--json', '--csv'],
      /'--csv.*' cannot be used with option '--json|'--json.*' cannot be used with option '--csv/,
    ],
    [['analyze', log, '--config', folder.at('nowhere.yaml')], /nowhere\.yaml cannot be read/],
    [
      ['analyze', log, '--state', folder.at('unused'), '--json', folder.at('no/such/folder/x.json')],
      /x\.json cannot be written/,
    ],
    [['analyze', log, '--state', folder.at('unused'), '--json', folder.path], /is a directory/],
    [['analyze', log, '--state', folder.at('unused'), '--report', `${log}/report`], /cannot be written/],
    [['config', 'check', folder.file('bad.yaml', 'site: {networks: [10.0.0.0/99]}')], /1 problem/],
  ]

  test.each(cases)('%j', async (args, message) => {
    const { code, stdout, stderr } = await runWeir(args)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(code).toBe(2)
    if (args[0] !== 'config') expect(stdout).toBe('')
    expect(existsSync(folder.at('unused'))).toBe(false)
  })

  test('of a configuration file tells file, line and what was expected', async () => {
    const config = folder.file('wrong.yaml', 'site:\n  networks: [10.0.0.0/8]\n  colour: red\n')
    const { code, stderr } = await runWeir(['analyze', log, '--config', config, '--state', folder.at('unused')])
    expect(code).toBe(2)
    expect(stderr).toMatch(/wrong\.yaml:3.*colour/s)
    expect(existsSync(folder.at('unused'))).toBe(false)
  })
})

describe('help', () => {
  const commands = [
    [],
    ['analyze'],
    ['ledger'],
    ['init'],
    ['doctor'],
    ['config'],
    ['config', 'check'],
    ['config', 'schema'],
  ]
  test.each(commands)('of weir %s %s', async (...command) => {
    const { code, stdout, stderr } = await runWeir([...command.filter((word) => word !== undefined), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Usage: weir')
    const isLeaf = command.length > 0 && command.join(' ') !== 'config'
    if (isLeaf) expect(stdout).toMatch(/\nExample:\n {2}weir \S/)
  })
})

describe('output', () => {
  test('a reader that stops early is no error', () => {
    for (const command of [
      `$WEIR ledger --state '${state}' --by peer --csv`,
      `$WEIR ledger --state '${state}' --by peer --json`,
      '$WEIR config schema',
      '$WEIR --help',
      `$WEIR analyze '${log}' --state '${state}' --json -`,
    ]) {
      const { stderr, stdout } = shell(`{ ${command}; echo "exit $?" >&2; } | head -n 1`)
      expect([command, stderr]).toEqual([command, 'exit 0\n'])
      expect(stdout.split('\n')).toHaveLength(2)
    }
  })

  test('a full disk behind standard output is told', () => {
    if (!existsSync('/dev/full')) return
    expect(shell(`$WEIR ledger --state '${state}' > /dev/full`)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^weir: standard output cannot be written: ENOSPC.*\n$/),
    })
  })

  test('a standard error that nobody reads stops nothing', () => {
    const fresh = folder.state()
    const { stdout } = shell(
      `$WEIR analyze '${log}' --state '${fresh}' 2>&1 >/dev/null | true; $WEIR ledger --state '${fresh}'`,
    )
    expect(stdout).toContain('300 kB')
  })

  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it
  const colour = /\x1b\[/
  const summary = async (env: Record<string, string>) =>
    (await runWeir(['analyze', log, '--state', state], { env })).stdout

  test('has no colours where there is no terminal, whatever CI says', async () => {
    expect(await summary({ CI: 'true' })).not.toMatch(colour)
    const { stderr } = await runWeir(['analyze', folder.at('nowhere')], { env: { CI: 'true' } })
    expect(stderr).toBe(`weir: ${folder.at('nowhere')}: there is no such file or directory [path_unreadable]\n`)
  })

  test('has colours on a terminal, unless NO_COLOR is set; a report never has', (context) => {
    if (!existsSync('/usr/bin/script')) context.skip('no script(1) to give a terminal')
    const onTerminal = (line: string) => shell(`/usr/bin/script -qec "${line.replaceAll('"', '\\"')}" /dev/null`).stdout
    const report = folder.at('report')
    const command = `$WEIR analyze '${log}' --state '${state}' --no-progress --report '${report}'`
    expect(onTerminal(`TERM=xterm ${command}`)).toMatch(colour)
    expect(readFileSync(`${report}/summary.txt`, 'utf8')).not.toMatch(colour)
    expect(onTerminal(`TERM=xterm NO_COLOR=1 ${command}`)).not.toMatch(colour)
  })

  test('--quiet says nothing but results and errors', async () => {
    const ran = await runWeir(['analyze', log, '--state', state, '--quiet', '--json', '-'])
    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout).sources[0].duplicates).toBe(300)
    expect((await runWeir(['analyze', folder.at('nowhere'), '--quiet'])).stderr).toContain('path_unreadable')
  })

  test('--log-format json gives a JSON object a line, errors of all kinds too', async () => {
    for (const args of [
      ['analyze', log, folder.at('nowhere')],
      ['analyze', log, '--colour'],
      ['analyze'],
      ['ledger', '--state', folder.at('nowhere')],
      ['ledger', '--state', state, '--by', 'colour'],
    ]) {
      const { stderr } = await runWeir([...args, '--log-format', 'json'])
      const lines = stderr.trimEnd().split('\n')
      for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 'error', message: expect.any(String) })
      expect(lines.length).toBeGreaterThan(0)
    }
  })
})
