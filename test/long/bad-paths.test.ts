/** Paths that cannot be read, are no files, have names that nobody would choose, or go away: told, never fatal for others. */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { connLog } from '../support/conn-lines.ts'
import { analysisBy, Folder, runWeir, startWeir } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

/** Root may read everything: then the program runs as somebody else. */
const isRoot = process.getuid?.() === 0
const somebody = isRoot ? 65_534 : undefined
/** A folder in which the program's user may write. */
function home(name: string): string {
  const path = folder.at(name)
  mkdirSync(path, { recursive: true, mode: 0o755 })
  chmodSync(folder.path, 0o755)
  if (somebody !== undefined) chownSync(path, somebody, somebody)
  return path
}

let files = 0
/** A log of three connections that no other file has. */
function someLog(): string {
  const file = ++files
  return connLog(3, (i) => ({ uid: `P${file}x${i}` }))
}

describe('names', () => {
  test('with spaces, quotes, line breaks, escapes and bytes that are no text', { timeout: 60_000 }, async () => {
    const names = [
      'a b.log',
      `it's "quoted".log`,
      'line\nbreak.log',
      '\x1b[31mred.log',
      '-q.log',
      '%s.log',
      'né.log',
      ';.log',
    ]
    for (const name of names) folder.file(join('names', name), someLog())
    writeFileSync(
      Buffer.concat([Buffer.from(folder.at('names/')), Buffer.from([0xff, 0xfe]), Buffer.from('.log')]),
      someLog(),
    )
    folder.file('names/unknown\nfile.txt', 'nothing')
    folder.file('names/\x1b]0;title\x07.txt', 'nothing')
    const report = folder.at('names-report')
    const { json, code, stderr } = await analysisBy([folder.at('names'), '--state', folder.state(), '--report', report])
    expect([code, stderr]).toEqual([0, ''])
    const expected = [...names, '\\xff\\xfe.log'].map((name) => folder.at('names', name))
    expect(json.sources.map(({ path }) => path).sort()).toEqual(expected.sort())
    for (const { accepted } of json.sources) expect(accepted).toBe(3)

    const ran = await runWeir(['analyze', folder.at('names'), '--state', folder.at('state-1')])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(ran.stdout + ran.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/)
    expect(ran.stdout).toContain('unknown\\nfile.txt')
    expect(ran.stdout).toContain('27 known already')
  })

  test('in messages stay on their line', async () => {
    const path = folder.file('two\nlines \x1b[1m.txt', 'no log')
    const { code, stderr } = await runWeir(['analyze', path, '--state', folder.state()])
    expect(code).toBe(3)
    expect(stderr).toMatch(/^weir: \S*two\\nlines \\u001b\[1m\.txt: no known format .* \[nothing_readable\]\n$/)
  })
})

describe('links', () => {
  test('in loops end, and each file is read once however it is reached', { timeout: 60_000 }, async () => {
    const top = folder.at('links')
    folder.file('links/real/conn.log', someLog())
    folder.file('elsewhere/conn.log', someLog())
    symlinkSync('.', join(top, 'loop'))
    symlinkSync('..', join(top, 'real/up'))
    symlinkSync('self', join(top, 'self'))
    symlinkSync('nowhere', join(top, 'dangling'))
    symlinkSync('real/conn.log', join(top, 'again.log'))
    symlinkSync('../elsewhere', join(top, 'away'))
    const { json, code } = await analysisBy([top, join(top, 'real'), top, '--state', folder.state()])
    expect(code).toBe(0)
    expect(json.sources.map(({ accepted, duplicates }) => [accepted, duplicates])).toEqual([
      [3, 0],
      [3, 0],
    ])
    expect(json.passed_over).toEqual([
      { path: join(top, 'dangling'), reason: 'there is no such file or directory' },
      { path: join(top, 'self'), reason: 'too many links, perhaps a loop' },
    ])
  })

  test('of the same content under two names count once', async () => {
    const log = folder.file('hard/one.log', someLog())
    linkSync(log, folder.at('hard/two.log'))
    const { json } = await analysisBy([folder.at('hard'), '--state', folder.state()])
    expect(json.sources.map(({ accepted, duplicates }) => [accepted, duplicates])).toEqual([
      [3, 0],
      [0, 3],
    ])
  })
})

describe('what is no file', () => {
  test('a pipe, a device: named inside a directory, exit code 3 when given', { timeout: 60_000 }, async () => {
    const log = folder.file('special/conn.log', someLog())
    const pipe = folder.at('special/pipe')
    if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error('mkfifo')
    const { json, code } = await analysisBy([folder.at('special'), '--state', folder.state()])
    expect([code, json.passed_over]).toEqual([0, [{ path: pipe, reason: 'a pipe, not a file' }]])
    for (const [path, reason] of [
      [pipe, 'a pipe, not a file'],
      ['/dev/null', 'a device, not a file'],
    ]) {
      const ran = await runWeir(['analyze', log, path, '--state', folder.state()])
      expect([ran.code, ran.stderr]).toEqual([3, `weir: ${path}: ${reason} [path_unreadable]\n`])
    }
  })
})

describe('what cannot be read', () => {
  test('inside a directory is named, and the rest is read', { timeout: 60_000 }, async () => {
    const place = home('locked')
    folder.file('locked/logs/open.log', someLog())
    chmodSync(folder.file('locked/logs/closed.log', someLog()), 0)
    folder.file('locked/logs/room/conn.log', someLog())
    chmodSync(folder.at('locked/logs/room'), 0)
    const args = [folder.at('locked/logs'), '--state', join(place, 'state')]
    const { json, code } = await analysisBy(args, { uid: somebody, cwd: place })
    expect(code).toBe(0)
    expect(json.sources.map(({ accepted }) => accepted)).toEqual([3])
    expect(json.passed_over).toEqual([
      { path: folder.at('locked/logs/closed.log'), reason: 'permission denied' },
      { path: folder.at('locked/logs/room'), reason: 'permission denied' },
    ])
    chmodSync(folder.at('locked/logs/room'), 0o755)
  })

  test('and was given by name ends the run before it begins', { timeout: 60_000 }, async () => {
    const place = home('refused')
    const open = folder.file('refused/open.log', someLog())
    const closed = folder.file('refused/closed.log', someLog())
    chmodSync(closed, 0)
    const room = folder.at('refused/room')
    mkdirSync(room, { mode: 0 })
    for (const [path, reason] of [
      [closed, 'permission denied'],
      [room, 'permission denied'],
      [folder.at('refused/nowhere'), 'there is no such file or directory'],
      [join(open, 'below'), expect.stringContaining('ENOTDIR') as unknown as string],
    ]) {
      const state = join(place, 'state')
      const ran = await runWeir(['analyze', open, path, '--state', state], { uid: somebody, cwd: place })
      expect(ran.code).toBe(3)
      if (typeof reason === 'string') expect(ran.stderr).toBe(`weir: ${path}: ${reason} [path_unreadable]\n`)
      else expect(ran.stderr).toMatch(/^weir: .*ENOTDIR.* \[path_unreadable\]\n$/)
      expect(existsSync(state)).toBe(false)
    }
  })

  test('a path without any log: the others are booked, and the exit code is 3', { timeout: 60_000 }, async () => {
    const log = folder.file('some.log', someLog())
    mkdirSync(folder.at('nothing/in/here'), { recursive: true })
    folder.file('notes/readme.txt', 'no log')
    const state = folder.state()
    const { code, json, stderr } = await analysisBy([log, folder.at('nothing'), folder.at('notes'), '--state', state])
    expect([code, json.ledger.flows]).toEqual([3, 3])
    expect(stderr).toContain(
      `weir: ${folder.at('nothing')}: no log that Weir knows\n${folder.at('notes')}: no log that Weir knows\n  ${folder.at('notes/readme.txt')}: no known format`,
    )
    const ledger = await runWeir(['ledger', '--state', state, '--json'])
    expect(JSON.parse(ledger.stdout).total.flows).toBe(3)
  })
})

describe('what changes while it is read', () => {
  test('a file that goes away is named', { timeout: 60_000 }, async () => {
    folder.file('leaving/a.log', connLog(20_000))
    const leaving = folder.file('leaving/b.log', someLog())
    folder.file('leaving/c.log', someLog())
    const state = folder.state()
    const { ended } = startWeir(['analyze', folder.at('leaving'), '--state', state, '--json', '-', '--no-progress'])
    // the state is opened once the files are found
    while (!existsSync(state)) await pause(2)
    rmSync(leaving)
    const { code, stdout } = await ended
    const json = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(json.sources.map(({ accepted }: { accepted: number }) => accepted)).toEqual([20_000, 3])
    expect(json.passed_over).toEqual([{ path: leaving, reason: 'there is no such file or directory' }])
  })

  test('the state itself, inside the path that is read, is no log', { timeout: 60_000 }, async () => {
    folder.file('around/conn.log', someLog())
    const args = ['--state', folder.at('around/weir-state')]
    await analysisBy([folder.at('around'), ...args])
    const { json } = await analysisBy(['.', ...args], { cwd: folder.at('around') })
    expect([json.sources.length, json.passed_over]).toEqual([1, []])
  })
})
