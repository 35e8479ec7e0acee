/** What is on disk: the same for the same arguments, and the same background with a campaign or without. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { generateRange } from './generate.ts'
import { scenarios } from './scenarios/index.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-range-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let made = 0
async function generate(name: string, more: { seed?: number; declared?: number } = {}) {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const directory = join(root, String(++made))
  const generated = await generateRange({ scenario, seed: 11, scale: 0.004, days: 4, declared: 1, ...more, directory })
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
  const files = new Map(names.sort().map((file) => [file, readFileSync(join(directory, file), 'utf8')]))
  return { ...generated, directory, files }
}
let clean: ReturnType<typeof generate> | undefined
/** Made once for all. */
function cleanOnce(): ReturnType<typeof generate> {
  clean ??= generate('clean')
  return clean
}
type Files = ReadonlyMap<string, string>
const digest = (files: Files): string =>
  createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
const logsOf = (files: Files): [string, string][] => [...files].filter(([file]) => file.startsWith('logs/'))
/** Sums over the whole link, in which a campaign must show. */
const isCounter = (file: string): boolean => file.startsWith('logs/counters/')

test('equal arguments give equal files, another seed gives others', async () => {
  const once = await generate('s4')
  expect(digest((await generate('s4')).files)).toBe(digest(once.files))
  expect(digest((await generate('s4', { seed: 12 })).files)).not.toBe(digest(once.files))
})

test.each(['thin', 'two', 'decoy', 'demo', 's1', 's4', 's5', 's9', 'b1', 'b3', 'b4'])(
  '%s leaves every line of the background as it was',
  async (name) => {
    const clean = await cleanOnce()
    const other = await generate(name)
    let added = 0
    for (const [file, text] of logsOf(clean.files).filter(([file]) => !isCounter(file))) {
      // in the same order, with the campaign's lines between them
      const lines = (other.files.get(file) ?? '').split('\n')
      let at = 0
      for (const line of text.split('\n')) {
        const found = lines.indexOf(line, at)
        if (found < 0) expect.fail(`${file} has lost a line: ${line}`)
        at = found + 1
      }
      added += lines.length - text.split('\n').length
    }
    expect(added).toBeGreaterThan(0)
    const theirs = [...other.truth.campaigns, ...other.truth.look_alikes].map(({ bytes_out }) => bytes_out)
    const bytes_out = theirs.reduce((sum, bytes) => sum + bytes, 0n)
    expect(other.truth.border_bytes_out - clean.truth.border_bytes_out).toBe(bytes_out)
  },
)

test('what is declared changes weir.yaml and no log', async () => {
  const [all, none] = [await generate('b1'), await generate('b1', { declared: 0 })]
  expect(logsOf(none.files)).toEqual(logsOf(all.files))
  expect(none.files.get('weir.yaml')).toContain('expectations: []')
  expect(all.files.get('weir.yaml')).toMatch(/- \{id: EXP-b1-1, vaults: /)
})

test('only logs are below logs/, and truth is exact JSON of the contract’s shape', async () => {
  const { files, truth } = await generate('s4')
  expect([...files.keys()].filter((file) => !file.startsWith('logs/'))).toEqual([
    'accounts.csv',
    'truth.json',
    'weir.yaml',
  ])
  const told = JSON.parse(files.get('truth.json') ?? '')
  expect(Object.keys(told.campaigns[0])).toEqual([
    ...['id', 'scenario', 'start_ms', 'end_ms', 'bytes_out', 'bytes_out_by_day', 'hosts', 'peers', 'accounts'],
    ...['vaults', 'client_orgs'],
  ])
  expect(BigInt(told.border_bytes_out)).toBe(truth.border_bytes_out)
  // a campaign is nowhere in what operators know
  expect(files.get('weir.yaml') === (await cleanOnce()).files.get('weir.yaml')).toBe(true)
})

test('a directory that holds anything is refused, and stays as it is', async () => {
  const directory = join(root, 'taken')
  mkdirSync(directory)
  writeFileSync(join(directory, 'mine'), 'x')
  const run = generateRange({ scenario: scenarios[0], seed: 1, scale: 0.004, days: 1, declared: 1, directory })
  await expect(run).rejects.toMatchObject({ code: 'usage' })
  expect(readdirSync(directory)).toEqual(['mine'])
})

test('who stops it gets a word, and no truth of what is half there', async () => {
  const stop = new AbortController()
  const directory = join(root, 'stopped')
  const options = {
    scenario: scenarios[0],
    seed: 1,
    scale: 0.004,
    days: 5,
    declared: 1,
    directory,
    signal: stop.signal,
  }
  const run = generateRange({ ...options, onDay: () => stop.abort() })
  await expect(run).rejects.toMatchObject({ code: 'interrupted' })
  expect(readdirSync(directory).sort()).toEqual(['accounts.csv', 'logs', 'weir.yaml'])
})
