/** ./weir and scripts/setup.sh in a checkout of their own, with an npm and a tsc that only note that they ran. */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

const npm = `#!/bin/sh
echo npm >>"$LOG"
sleep "\${NPM_SECONDS:-0}"
[ -z "\${NPM_FAILS:-}" ] || { echo 'npm error code ECONNREFUSED'; exit 1; }
mkdir -p node_modules/typescript/bin
cp "$TSC" node_modules/typescript/bin/tsc
`
/** Called as \`tsc -p FILE --outDir FOLDER\`. */
const tsc = `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
appendFileSync(process.env.LOG, 'tsc\\n')
const out = process.argv[5] + '/cli'
mkdirSync(out, { recursive: true })
writeFileSync(out + '/main.js', 'console.log(JSON.stringify(process.argv.slice(2)))')
process.exitCode = process.env.TSC_FAILS ? 2 : 0
`

let folder: string
let checkout: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir launcher '))
  checkout = join(folder, 'check out')
  for (const file of ['weir', 'scripts/setup.sh', 'scripts/installed.mjs', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(root, file), join(checkout, file))
  }
  mkdirSync(join(checkout, 'src/cli'), { recursive: true })
  writeFileSync(join(checkout, 'src/cli/main.ts'), '')
  writeFileSync(join(checkout, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}')
  executable('npm', npm)
  writeFileSync(join(folder, 'tsc'), tsc)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function executable(name: string, text: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin', name), text)
  chmodSync(join(folder, 'bin', name), 0o755)
}

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`
  return { ...process.env, PATH: path, LOG: join(folder, 'log'), TSC: join(folder, 'tsc'), ...more }
}

function start(args: string[] = [], more: Record<string, string> = {}, command = join(checkout, 'weir')) {
  const { stdout, stderr, status } = spawnSync(command, args, { env: environment(more), encoding: 'utf8', cwd: folder })
  return { stdout, stderr, status }
}

/** What ran so far: `npm tsc`. */
const ran = () =>
  existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').join(' ') : ''

describe('the launcher', () => {
  test('installs and builds at the first start, and never again while nothing changes', () => {
    const first = start(['--version', 'a b', '', '*'])
    expect(first).toMatchObject({ stdout: '["--version","a b","","*"]\n', status: 0 })
    expect(first.stderr).toBe(
      'weir: first start: installing the locked dependencies (about a minute)…\nweir: building…\n',
    )
    expect(start()).toEqual({ stdout: '[]\n', stderr: '', status: 0 })
    expect(ran()).toBe('npm tsc')
  })

  test('works through symlinks', () => {
    symlinkSync('check out/weir', join(folder, 'one'))
    symlinkSync(join(folder, 'one'), join(folder, 'bin-two'))
    expect(start(['x'], {}, join(folder, 'bin-two')).stdout).toBe('["x"]\n')
  })

  test('builds anew when a source changed, appeared or went, and not when it was only touched', () => {
    start()
    const source = join(checkout, 'src/cli/main.ts')
    writeFileSync(source, '')
    start()
    expect(ran()).toBe('npm tsc')
    writeFileSync(source, '// changed')
    start()
    expect(ran()).toBe('npm tsc tsc')
    writeFileSync(join(checkout, 'src/cli/other.ts'), '')
    start()
    rmSync(join(checkout, 'src/cli/other.ts'))
    start()
    expect(ran()).toBe('npm tsc tsc tsc tsc')
  })

  test('installs anew when the lock changed, and goes back to what was there when that fails', () => {
    start()
    const lock = join(checkout, 'package-lock.json')
    const before = readFileSync(lock, 'utf8')
    writeFileSync(lock, before.replace('1.0.0', '1.0.1'))
    const failed = start([], { NPM_FAILS: 'yes' })
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('npm error code ECONNREFUSED\nweir: installing failed (npm ci: exit 1;')
    writeFileSync(lock, before)
    expect(start()).toEqual({ stdout: '[]\n', stderr: '', status: 0 })
    writeFileSync(lock, before.replace('1.0.0', '1.0.2'))
    expect(start().status).toBe(0)
    expect(ran()).toBe('npm tsc npm npm')
  })

  test('leaves alone what npm has already installed from the same lock', () => {
    mkdirSync(join(checkout, 'node_modules/typescript/bin'), { recursive: true })
    cpSync(join(folder, 'tsc'), join(checkout, 'node_modules/typescript/bin/tsc'))
    cpSync(join(checkout, 'package-lock.json'), join(checkout, 'node_modules/.package-lock.json'))
    expect(start().status).toBe(0)
    expect(ran()).toBe('tsc')
  })

  test('does not start on a build with errors, and tries again', () => {
    const failed = start([], { TSC_FAILS: 'yes' })
    expect(failed).toMatchObject({ stdout: '', status: 1 })
    expect(failed.stderr).toContain('weir: building failed (tsc: exit 2)')
    expect(start().status).toBe(0)
  })

  test('says what is wrong with Node or npm', () => {
    executable('node', '#!/bin/sh\necho v20.18.3\n')
    expect(start()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Node.js 20.18.3 is too old; 20.19 or newer'),
    })
    executable('node', '#!/bin/sh\nexit 127\n')
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining('does not say which version it is') })
    expect(ran()).toBe('')
  })
})

describe('starts at the same time', () => {
  function startInBackground(more: Record<string, string> = {}) {
    const child = spawn(join(checkout, 'weir'), [], { env: environment(more), cwd: folder })
    const output = { stderr: '', stdout: '' }
    child.stderr.on('data', (text) => (output.stderr += text))
    child.stdout.on('data', (text) => (output.stdout += text))
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    return { output, ended }
  }

  test('wait for the one that sets up', async () => {
    const starts = [1, 2, 3].map(() => startInBackground({ NPM_SECONDS: '1' }))
    expect(await Promise.all(starts.map(({ ended }) => ended))).toEqual([0, 0, 0])
    expect(starts.map(({ output }) => output.stdout)).toEqual(['[]\n', '[]\n', '[]\n'])
    const waiting = starts.filter(({ output }) => output.stderr.includes('is installing or building: waiting for it'))
    expect(waiting).toHaveLength(2)
    expect(ran()).toBe('npm tsc')
    expect(existsSync(join(checkout, '.cache/setup.lock'))).toBe(false)
  })

  test('take over from a dead one', () => {
    const { pid } = spawnSync('true')
    mkdirSync(join(checkout, '.cache/setup.lock'), { recursive: true })
    writeFileSync(join(checkout, '.cache/setup.lock/owner'), `${pid} ${spawnSync('uname', ['-n']).stdout}`)
    const taken = start()
    expect(taken.stderr).toContain(`weir: process ${pid}, which was setting up, is gone: taking over\n`)
    expect(taken.status).toBe(0)
  })

  test('are not kept waiting by one that was asked to stop', async () => {
    const { ended } = startInBackground({ NPM_SECONDS: '5' })
    while (!existsSync(join(checkout, '.cache/setup.lock/child')))
      await new Promise((resolve) => setTimeout(resolve, 20))
    const setup = Number(readFileSync(join(checkout, '.cache/setup.lock/owner'), 'utf8').split(' ')[0])
    process.kill(setup, 'SIGTERM')
    expect(await ended).toBe(1)
    expect(existsSync(join(checkout, '.cache/setup.lock'))).toBe(false)
    expect(start().status).toBe(0)
  })
})
