/** States that are in use, damaged, foreign, read-only or out of room: one clear line, and nothing is overwritten. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connLog } from '../support/conn-lines.ts'
import { fillsUp, scatteredLog } from '../support/small-disk.ts'
import { analysisBy, Folder, type Ran, runWeir, startWeir } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const log = folder.file('conn.log', connLog(50))
const sound = folder.state()

beforeAll(async () => {
  await analysisBy([log, '--state', sound])
}, 60_000)

function copyOfState(): string {
  const state = folder.state()
  cpSync(sound, state, { recursive: true })
  return state
}
const books = (state: string) => join(state, 'weir.duckdb')
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** One line, with the code at its end. */
function saysOnly(ran: Ran, code: number, pattern: RegExp): void {
  expect(ran).toMatchObject({ code, stdout: '' })
  expect(ran.stderr).toMatch(pattern)
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
}

describe('damaged books', () => {
  test('cut short, overwritten, empty: named, and left as they are', { timeout: 60_000 }, async () => {
    const size = readFileSync(books(sound)).length
    const damages: ((file: string) => void)[] = [
      (file) => truncateSync(file, 0),
      (file) => truncateSync(file, size >> 1),
      (file) => writeFileSync(file, 'no database at all\n'.repeat(1000)),
      (file) => writeFileSync(file, readFileSync(file).fill(0xff, 8192, 20_000)),
    ]
    for (const damage of damages) {
      const state = copyOfState()
      damage(books(state))
      const before = digest(books(state))
      for (const args of damage === damages[0] ? [['analyze', log], ['ledger']] : [['analyze', log]]) {
        const ran = await runWeir([...args, '--state', state])
        saysOnly(
          ran,
          1,
          new RegExp(`^weir: ${books(state)} is damaged or no file of Weir \\(.*\\): put .* \\[state_unusable\\]\\n$`),
        )
      }
      expect(digest(books(state))).toBe(before)
      expect(readdirSync(state)).toEqual(['weir.duckdb'])
    }
  })

  test('of another version', async () => {
    const state = copyOfState()
    await change(state, "UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    const before = digest(books(state))
    for (const args of [['analyze', log], ['ledger']])
      saysOnly(
        await runWeir([...args, '--state', state]),
        1,
        /has books of version 999; this program reads version \d+ \[state_unusable\]/,
      )
    expect(digest(books(state))).toBe(before)
  })

  test('begun under other networks', async () => {
    const state = folder.state()
    const config = (networks: string) => folder.file(`${networks.length}.yaml`, `site: {networks: [${networks}]}`)
    await analysisBy([log, '--state', state, '--config', config('10.0.0.0/8')])
    const ran = await runWeir(['analyze', log, '--state', state, '--config', config('10.0.0.0/8, 192.0.2.0/24')])
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(/was begun with other networks or pools:.*192\.0\.2\.0\/24.*\[state_mismatch\]/s)
    const { json } = await analysisBy([log, '--state', state, '--config', config('10.0.0.0/8')])
    expect(json.sources[0].duplicates).toBe(50)
  })

  test('under no networks yet, when nothing was ever read into them', async () => {
    const state = folder.state()
    const nothing = folder.file('nothing.txt', 'no log')
    expect((await runWeir(['analyze', nothing, '--state', state])).code).toBe(3)
    const config = folder.file('site.yaml', 'site: {networks: [10.0.0.0/16]}')
    expect((await analysisBy([log, '--state', state, '--config', config])).json.ledger.flows).toBe(50)
  })

  async function change(state: string, sql: string): Promise<void> {
    const instance = await DuckDBInstance.create(books(state))
    const connection = await instance.connect()
    await connection.run(sql)
    connection.closeSync()
    instance.closeSync()
  }
})

describe('a state in use', () => {
  test('is named with its process, and is free afterwards', { timeout: 60_000 }, async () => {
    const large = folder.file('large.log', connLog(5_000))
    const state = folder.state()
    const { child, ended } = startWeir(['analyze', large, '--state', state, '--quiet'])
    // the journal is there once something was written; then it holds still while others try
    while (!existsSync(`${books(state)}.wal`)) await pause(2)
    child.kill('SIGSTOP')
    const busy = `^weir: ${state} is in use by process ${child.pid}; wait for it, or give another --state \\[state_in_use\\]\n$`
    for (const args of [['analyze', log], ['ledger']])
      saysOnly(await runWeir([...args, '--state', state]), 1, new RegExp(busy))
    child.kill('SIGCONT')
    expect((await ended).code).toBe(0)
    expect((await analysisBy([log, '--state', state])).json.ledger.flows).toBe(5_000)
    expect(readdirSync(state)).toEqual(['weir.duckdb'])
  })

  test('what a kill left behind is cleared away', async () => {
    const state = copyOfState()
    writeFileSync(join(state, 'lock'), '')
    mkdirSync(join(state, 'spill'))
    writeFileSync(join(state, 'spill/duckdb_temp_storage-0.tmp'), 'x')
    mkdirSync(join(state, 'new'))
    writeFileSync(join(state, 'new/weir.duckdb'), 'half of a file')
    expect((await runWeir(['analyze', log, '--state', state, '--quiet'])).code).toBe(0)
    expect(readdirSync(state)).toEqual(['weir.duckdb'])
  })
})

describe('no way to write', () => {
  /** Root writes where it is forbidden: then the program runs as somebody else. */
  const somebody = process.getuid?.() === 0 ? 65_534 : undefined
  const asSomebody = { uid: somebody, cwd: '/' }

  test('a state that is read-only: analyze says so, ledger answers', { timeout: 60_000 }, async () => {
    chmodSync(folder.path, 0o755)
    for (const forbid of [
      (state: string) => {
        chmodSync(books(state), 0o444)
        chmodSync(state, 0o555)
      },
      (state: string) => {
        chmodSync(books(state), 0o444)
        chmodSync(state, 0o755)
        if (somebody !== undefined) chownSync(state, somebody, somebody)
      },
    ]) {
      const state = copyOfState()
      forbid(state)
      const before = digest(books(state))
      saysOnly(
        await runWeir(['analyze', log, '--state', state], asSomebody),
        1,
        /^weir: .*[Pp]ermission denied.*\[state_unusable\]\n$/,
      )
      const ledger = await runWeir(['ledger', '--state', state, '--json'], asSomebody)
      expect(JSON.parse(ledger.stdout).total.bytes_out).toBe(50_000)
      expect([digest(books(state)), readdirSync(state)]).toEqual([before, ['weir.duckdb']])
    }
  })

  test('a state that is a file, below a file, or not to be looked into', { timeout: 60_000 }, async () => {
    for (const state of [log, join(log, 'state')]) {
      saysOnly(await runWeir(['analyze', log, '--state', state]), 1, /cannot be written: .* \[state_unusable\]\n$/)
    }
    saysOnly(
      await runWeir(['ledger', '--state', folder.at('nowhere')]),
      1,
      /no books in .*: run 'weir analyze PATH… --state .*' first/,
    )
    const closed = copyOfState()
    chmodSync(closed, 0)
    saysOnly(
      await runWeir(['ledger', '--state', closed], asSomebody),
      1,
      /cannot be read: EACCES.* \[state_unusable\]\n$/,
    )
    chmodSync(closed, 0o755)
  })

  test('a disk that is full: said at once, and all goes well once there is room', { timeout: 60_000 }, (context) => {
    const large = folder.file('larger.log', scatteredLog(5_000))
    fillsUp(context, { log: large, size: '3m', out: folder.at('disk'), bytes_out: 5_000_000 })
  })
})
