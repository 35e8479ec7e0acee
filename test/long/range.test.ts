/**
 * What the range writes, read as any user reads it: no line is refused, the books hold what truly left to the byte, and who is
 * named is who it was.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnalyzedRun } from '../../src/app/analyze.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { simulate } from '../../src/app/simulate.ts'
import { readConfigFile } from '../../src/cli/load-config-file.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { dayContext } from '../../src/range/background/context.ts'
import { runCampaignDay } from '../../src/range/campaign/run-day.ts'
import { firstDayMs } from '../../src/range/centre/day-shape.ts'
import { type Generated, generateRange } from '../../src/range/generate.ts'
import { DayFiles } from '../../src/range/logs/day-files.ts'
import { logFormats } from '../../src/range/logs/index.ts'
import { type MutatorName, mutatorNames } from '../../src/range/mutators/names.ts'
import type { Flow, OtherRecord } from '../../src/range/records.ts'
import { scenarios } from '../../src/range/scenarios/index.ts'
import { sshFanOut } from '../../src/range/scenarios/thefts.ts'
import { Simulation } from '../../src/range/simulation.ts'
import { CampaignTally } from '../../src/range/truth.ts'
import { weirYaml } from '../../src/range/weir-yaml.ts'
import { Books } from '../support/books.ts'
import { runWeir } from '../support/weir.ts'

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
  books = new Books(readConfigFile(join(out, 'weir.yaml')) as ConstructorParameters<typeof Books>[0])
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

describe('what campaigns add', () => {
  const already = ['clean', 'thin', 'thin-stay', 'two', 'decoy', 's1', 's4', 's5', 's9', 'b1', 'b3', 'b4', 'demo']
  const others = scenarios.filter(({ name, campaigns }) => !already.includes(name) && campaigns.length > 0)
  const world = { seed: 3, scale: 0.001, days: 4, declared: 1 }

  test('every record is accepted, but for writes and listings, which tell of no bytes that left', async () => {
    const folder = join(directory, 'campaigns')
    const files = new DayFiles(folder)
    const kinds = new Map<string, number>()
    for (const scenario of others) {
      const { centre, plans } = new Simulation({ ...world, scenario })
      const counted = (kind: string): void => void kinds.set(`${scenario.name} ${kind}`, told(scenario.name, kind) + 1)
      const sink = {
        flow: (flow: Flow) => {
          if (flow.unlogged) return
          counted('flow')
          for (const format of logFormats) format.flow?.(flow, files.emit)
        },
        put: (record: OtherRecord) => {
          counted(record.kind)
          for (const format of logFormats) format.record?.(record, files.emit)
        },
      }
      for (const plan of plans) {
        const tally = new CampaignTally(plan.spec.id, scenario.name)
        for (let day = 0; day < world.days; day++)
          runCampaignDay(plan, dayContext(centre, day), centre.egress_bytes_per_day, sink, tally)
      }
    }
    function told(scenario: string, kind: string): number {
      return kinds.get(`${scenario} ${kind}`) ?? 0
    }
    for (let day = 0; day <= world.days; day++) files.close(day)
    using own = new Books(readConfigFile(join(out, 'weir.yaml')) as ConstructorParameters<typeof Books>[0])
    const { sources } = await own.analyze([folder], firstDayMs + (world.days + 1) * 86_400_000)
    const sumOf = (reason: string): number => sum(sources.map(({ rejected }) => rejected[reason] ?? 0))
    const reasons = new Set(sources.flatMap(({ rejected }) => Object.keys(rejected)))
    expect([told('s6', 'write'), told('s8', 'listing')].every((count) => count > 0)).toBe(true)
    expect([...reasons]).toEqual(['stream_not_used'])
    expect(sumOf('stream_not_used')).toBe(told('s6', 'write') + told('s8', 'listing'))
    // a tunnel leaves no record, and of the first four days none is of a weekend
    const silent = others.filter(({ name }) => ![...kinds.keys()].some((key) => key.startsWith(`${name} `)))
    expect(silent.map(({ name }) => name)).toEqual(['s1-weekends', 's10'])
  })
})

describe('what is declared', () => {
  const world = { seed: 2, scale: 0.001, days: 2 }
  const sayable = scenarios.filter(
    ({ campaigns, events }) => events !== undefined || campaigns.some(({ can_be_declared }) => can_be_declared),
  )

  test.each(sayable)('$name: nothing, a fifth or all of what can be, and the same logs', (scenario) => {
    const made = [0, 0.2, 1].map((declared) => {
      const simulation = new Simulation({ ...world, scenario, declared })
      const yaml = weirYaml(simulation.centre, simulation.plans)
      const { ok } = loadConfig(yaml, 'weir.yaml')
      const hash = createHash('sha256')
      const keep = (record: object): void => void hash.update(JSON.stringify(record))
      for (let day = 0; day < world.days; day++) simulation.runDay(day, { flow: keep, put: keep })
      const days = ok?.calendar.map(({ from, kind }) => `${kind} ${from}`) ?? []
      return { ids: ok?.expectations.map(({ id }) => id), days, logs: hash.digest('hex'), plans: simulation.plans }
    })
    const [none, some, all] = made
    expect(none.ids).toEqual([])
    expect(all.ids?.length).toBeGreaterThan(0)
    for (const [fewer, more] of [
      [none, some],
      [some, all],
    ] as const) {
      expect((fewer.ids ?? ['-']).filter((id) => !more.ids?.includes(id))).toEqual([])
      expect(fewer.days.filter((day) => !more.days.includes(day))).toEqual([])
      expect(more.logs).toBe(fewer.logs)
    }
    const declared = scenario.campaigns.filter(({ can_be_declared }) => can_be_declared).map(({ id }) => id)
    expect(all.plans.filter((plan) => plan.declared).map(({ spec }) => spec.id)).toEqual(declared)
    for (const { id } of scenario.campaigns)
      expect(all.ids?.some((each) => each.startsWith(`EXP-${id}-`))).toBe(declared.includes(id))
    const told = Object.keys(scenario.events ?? {}).length
    expect(all.days.length - none.days.length).toBe(told)
  })
})

describe('logs with broken senses', () => {
  async function analyzed(mutate: readonly MutatorName[]): Promise<{ made: Generated; read: AnalyzedRun }> {
    const target = join(directory, mutate.join('-'))
    const scenario = scenarios.find(({ name }) => name === 'b2')
    if (!scenario) throw new Error('no scenario b2')
    const made = await generateRange({
      scenario,
      seed: 5,
      scale: 0.002,
      days: 2,
      declared: 1,
      mutate,
      directory: target,
    })
    using own = new Books(readConfigFile(join(target, 'weir.yaml')) as ConstructorParameters<typeof Books>[0])
    const read = await own.analyze([join(target, 'logs')], firstDayMs + (days + 1) * 86_400_000)
    const refused = read.sources.filter(({ records_read, accepted }) => records_read !== accepted)
    expect(refused.map(({ path, rejected }) => ({ path, rejected }))).toEqual([])
    return { made, read }
  }

  test('every record is accepted, and the books hold what left less what was not logged', async () => {
    // in an outage the books go by transfers instead
    const others = mutatorNames.filter((name) => !name.includes('sampling') && name !== 'sensor_outage')
    const { made, read } = await analyzed(others)
    const { border_bytes_out, not_logged } = made.truth
    expect(not_logged?.bytes_out).toBeGreaterThan(border_bytes_out / 10n)
    expect(read.ledger.bytes_out).toBe(border_bytes_out - (not_logged?.bytes_out ?? 0n))
  })

  test('of a sampling exporter too, scaled to within a tenth of what left', async () => {
    const { made, read } = await analyzed(['sampling_1000', 'skew', 'vpn_stop_loss'])
    const ratio = Number(read.ledger.bytes_out) / Number(made.truth.border_bytes_out)
    expect(ratio).toBeGreaterThan(0.9)
    expect(ratio).toBeLessThan(1.1)
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

  test('what is unknown cannot be done to the logs, and writes nothing', async () => {
    const target = join(directory, 'nothing')
    const options = { scenario: 'clean', directory: target, seed: 1, scale: 0.001, days: 1, declared: 1 }
    const run = simulate({
      ...options,
      mutate: ['skew', 'fog'],
      progress: silentProgress,
      signal: AbortSignal.timeout(9000),
    })
    await expect(run).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining("no mutator 'fog'") })
    expect(existsSync(target)).toBe(false)
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
