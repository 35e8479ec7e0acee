/**
 * What the range writes, read as any user reads it: no line is refused, the books hold what truly left to the byte, and who is
 * named is who it was.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnalyzedRun } from '../src/app/analyze.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { firstDayMs } from '../src/range/centre/day-shape.ts'
import { type Generated, generateRange } from '../src/range/generate.ts'
import type { Flow } from '../src/range/records.ts'
import { scenarios } from '../src/range/scenarios/index.ts'
import { sshFanOut } from '../src/range/scenarios/thefts.ts'
import { Books } from './support/books.ts'
import { runWeir } from './support/weir.ts'

const days = 3
const directory = mkdtempSync(join(tmpdir(), 'weir-range-'))
const out = join(directory, 'centre')
let generated: Generated
let books: Books
let run: AnalyzedRun
/** Of flows that some log can name: bytes by account. */
const truth = new Map<string, number>()
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

function remember({ way, account, bytes_out, several_possible }: Flow): void {
  if (way !== 'tunnel' && account !== '' && !several_possible) truth.set(account, (truth.get(account) ?? 0) + bytes_out)
}

beforeAll(async () => {
  const options = { scenario: sshFanOut, seed: 20_260_105, scale: 0.005, days, declared: 1 }
  generated = await generateRange({ ...options, directory: out, onFlow: remember })
  const { ok } = loadConfig(readFileSync(join(out, 'weir.yaml'), 'utf8'), 'weir.yaml')
  if (!ok) throw new Error('the configuration is not sound')
  books = new Books(ok as ConstructorParameters<typeof Books>[0])
  run = await books.analyze([join(out, 'logs')], firstDayMs + (days + 1) * 86_400_000)
})
afterAll(() => {
  books?.[Symbol.dispose]()
  rmSync(directory, { recursive: true, force: true })
})

test('every record is accepted', () => {
  const refused = run.sources.filter(({ records_read, accepted }) => records_read !== accepted)
  expect(refused.map(({ path, rejected }) => ({ path, rejected }))).toEqual([])
  expect([...new Set(run.sources.map(({ format }) => format))].sort()).toEqual([
    ...['ceph_rgw', 'gpfs_audit', 'gridftp', 'lustre_job_stats', 'nat_log', 'neutral', 'radius_detail', 'slurm_sacct'],
    ...['syslog', 'zeek_conn', 'zeek_ssh', 'zeek_ssl'],
  ])
})

test('the books hold what truly left, to the byte', () => {
  expect(run.ledger.bytes_out).toBe(generated.truth.border_bytes_out)
  expect(run.nothing_in).toEqual([])
})

describe('who is named', () => {
  test('more than 99 % of what logs can tell is named, and rightly', async () => {
    const said = new Map(Object.entries(await books.bytesOut('account')))
    const total = sum(truth.values())
    const right = sum([...truth].map(([account, bytes]) => Math.min(bytes, Number(said.get(account) ?? 0n))))
    console.log(`named rightly: ${((100 * right) / total).toFixed(3)} % of ${(total / 1e12).toFixed(2)} TB`)
    expect(right / total).toBeGreaterThan(0.99)
  })

  test('the campaign goes to the accounts whose keys were stolen and the peers that pulled', async () => {
    const [campaign] = generated.truth.campaigns
    const said = await books.bytesOut('peer', 'account')
    const peers = new Set(Object.keys(campaign.peers))
    const accounts = new Set(Object.keys(campaign.accounts))
    const own = Object.entries(said).filter(([key]) => peers.has(key.split(' ')[0]))
    const named = own.filter(([key]) => accounts.has(key.split(' ')[1]))
    expect(accounts.size).toBeGreaterThan(5)
    expect(accounts.size).toBeLessThanOrEqual(14)
    expect(sum(named.map(([, bytes]) => Number(bytes)))).toBeGreaterThan(0.99 * Number(campaign.bytes_out))
  })
})

describe('on the command line', () => {
  test('range list has a line for each scenario', async () => {
    const { code, stdout } = await runWeir(['range', 'list'])
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(scenarios.map(({ name }) => name))
  })

  test('range generate says what it wrote and what comes next', async () => {
    const target = join(directory, 'by-command')
    const args = ['range', 'generate', '--scenario', 's9', '--scale', '0.001', '--days', '7', '--out', target]
    const { code, stdout } = await runWeir(args)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /by-command: 7 days, [\d,]+ flows, .* of logs; .* left, 300 MB of s9 among it\nNext: weir analyze /,
    )
    expect(await runWeir(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') })
  })

  test.each([
    ['--scenario', 'nobody'],
    ['--scale', '0'],
    ['--days', '0'],
    ['--seed', '-1'],
    ['--declared', '1.5'],
  ])('%s %s is wrong usage and writes nothing', async (option, value) => {
    const target = join(directory, 'nothing')
    const args = ['range', 'generate', '--scenario', 'clean', '--out', target, option, value]
    expect((await runWeir(args)).code).toBe(2)
    expect(existsSync(target)).toBe(false)
  })
})
