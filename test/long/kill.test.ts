/**
 * Killed at any moment and run again, `analyze` comes to the same state as if nobody had disturbed it: kill -9 at random
 * points of a first run into a new state, and of a second one that brings newer days, late records, a day from before all
 * others, and moves the horizon. Thirty kills, beside those of the first moments. WEIR_KILL_SEED repeats a series,
 * WEIR_KILL_ROUNDS and WEIR_KILL_PER_DAY make it larger.
 */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readState } from '../../src/app/state.ts'
import { seeded } from '../support/seeded.ts'
import { type SiteLogs, writeSiteLogs } from '../support/site-logs.ts'
import { contentOf, differences, type Progress, progressOf, type StateContent } from '../support/state-content.ts'
import { Folder, leftOf, runWeir, startWeir } from '../support/weir.ts'

const seed = Number(process.env.WEIR_KILL_SEED ?? Math.floor(Math.random() * 1e9))
const rounds = Number(process.env.WEIR_KILL_ROUNDS ?? 20)
const perDay = Number(process.env.WEIR_KILL_PER_DAY ?? 8_000)
const random = seeded(seed)
const folder = new Folder()
afterAll(() => folder.remove())

/** A run of `analyze` to be disturbed: from which state on, over which logs, and what it comes to. */
interface Stage {
  name: string
  base: string | undefined
  paths: string[]
  expected: string
  content: StateContent
  answers: string[]
  lasts_ms: number
  before: Progress
  after: Progress
}
const nothing: Progress = { flows: 0, dirty: 0, booked: 0, sealed: 0, horizon: 0 }

let logs: SiteLogs
const stages: Stage[] = []
/** Where the kills fell. */
const fell = new Map<string, number>()

const argumentsOf = (stage: Pick<Stage, 'paths'>, state: string) => {
  return ['analyze', ...stage.paths, '--config', logs.config, '--state', state, '--no-progress', '--quiet']
}

beforeAll(async () => {
  console.log(`kill rounds with WEIR_KILL_SEED=${seed}`)
  logs = writeSiteLogs(folder.at('logs'), { seed, perDay })
  const [first, second] = [folder.at('first'), folder.at('second')]
  await addStage('a first run', undefined, [logs.first], first)
  await addStage('a second run', first, [logs.first, logs.second], second)
}, 300_000)

async function addStage(name: string, base: string | undefined, paths: string[], expected: string): Promise<void> {
  if (base) cpSync(base, expected, { recursive: true })
  const began = Date.now()
  const ran = await runWeir(argumentsOf({ paths }, expected))
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const lasts_ms = Date.now() - began
  stages.push({
    ...{ name, base, paths, expected, lasts_ms },
    before: base ? await progressOf(base) : nothing,
    after: await progressOf(expected),
    content: await contentOf(expected),
    answers: await answersOf(expected),
  })
}

/** What the books answer to questions that go over all of their tables. */
async function answersOf(state: string): Promise<string[]> {
  const store = await readState(state)
  try {
    const answers: string[] = []
    for (const by of [
      [],
      ['day', 'sensor'],
      ['month', 'peer_class', 'cohort'],
      ['day', 'host', 'role', 'inside', 'service', 'account', 'project', 'vault', 'client_org', 'gateway'],
      ['peer', 'leased_ip', 'client_fp', 'explanation', 'explained'],
      ['hour', 'account'],
      ['window', 'peer_class'],
    ]) {
      const { rows, total } = await store.query({ by, where: [] })
      const lines = [...rows, total].map((row) => Object.values(row).join(' | '))
      answers.push(...lines.sort())
    }
    return answers
  } finally {
    await store.close()
  }
}

/** Starts the stage on a state and kills it `after_ms` later; whether it was still running. */
async function killedAfter(stage: Stage, state: string, after_ms: number): Promise<boolean> {
  const began = Date.now()
  const { child, ended } = startWeir(argumentsOf(stage, state))
  await Promise.race([pause(after_ms), ended])
  child.kill('SIGKILL')
  const { signal, code, stderr } = await ended
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`ended by itself: ${stderr}`)
  for (let i = 0; leftOf(child).length > 0; i++) {
    if (i === 50) throw new Error(`processes outlived their parent: ${leftOf(child)}`)
    await pause(100)
  }
  // the machine has become quicker
  if (signal !== 'SIGKILL') stage.lasts_ms = Math.min(stage.lasts_ms, Date.now() - began)
  const place = signal === 'SIGKILL' ? await placeOf(stage, state) : 'after the end'
  fell.set(`${stage.name}: ${place}`, (fell.get(`${stage.name}: ${place}`) ?? 0) + 1)
  return signal === 'SIGKILL'
}

async function placeOf(stage: Stage, state: string): Promise<string> {
  if (!existsSync(`${state}/weir.duckdb`)) return '1 opening'
  // a copy, so that looking changes nothing
  const copy = folder.at('looked-at')
  cpSync(state, copy, { recursive: true })
  const [before, now, end] = [stage.before, await progressOf(copy), stage.after]
  rmSync(copy, { recursive: true })
  if (now.flows === before.flows) return '2 reading, nothing accepted'
  if (now.flows < end.flows) return '3 reading, partly accepted'
  if (now.booked === before.booked) return '4 booking, no day yet'
  if (now.dirty > 0) return '5 booking, some days'
  if (now.sealed < end.sealed) return '6 classing or folding'
  if (now.horizon < end.horizon) return '7 letting detail go'
  return '8 closing'
}

function stateFor(stage: Stage): string {
  const state = folder.state()
  if (stage.base) cpSync(stage.base, state, { recursive: true })
  return state
}

async function runsOn(stage: Stage, state: string): Promise<void> {
  const ran = await runWeir(argumentsOf(stage, state))
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const content = await contentOf(state)
  if (JSON.stringify(content) !== JSON.stringify(stage.content))
    throw new Error(`not the state of an undisturbed run:\n${(await differences(stage.expected, state)).join('\n')}`)
  expect(await answersOf(state)).toEqual(stage.answers)
  rmSync(state, { recursive: true })
}

test('undisturbed runs are alike', { timeout: 300_000 }, async () => {
  for (const stage of stages) await runsOn(stage, stateFor(stage))
})

describe('kill -9', () => {
  test(`${rounds} times, each at a random moment`, { timeout: 1_800_000 }, async () => {
    let killed = 0
    for (let round = 0; killed < rounds; round++) {
      expect(round).toBeLessThan(rounds * 2)
      const stage = stages[killed % stages.length]
      const state = stateFor(stage)
      if (await killedAfter(stage, state, random() * stage.lasts_ms)) killed++
      await runsOn(stage, state)
    }
  })

  test('towards the end, where days are classed, folded and closed', { timeout: 900_000 }, async () => {
    for (let round = 0; round < rounds / 5; round++) {
      const stage = stages[1]
      const state = stateFor(stage)
      await killedAfter(stage, state, (0.75 + 0.25 * random()) * stage.lasts_ms)
      await runsOn(stage, state)
    }
  })

  test('again and again without coming to an end', { timeout: 900_000 }, async () => {
    for (const stage of stages) {
      const state = stateFor(stage)
      for (let i = 0; i < 3; i++) await killedAfter(stage, state, random() * stage.lasts_ms)
      await runsOn(stage, state)
    }
  })

  test('in the first moments, when the books are made', { timeout: 300_000 }, async () => {
    const [stage] = stages
    const state = stateFor(stage)
    for (let after_ms = 100; after_ms < 700; after_ms += 30) {
      await killedAfter(stage, state, after_ms)
      if (after_ms % 4 === 0) rmSync(state, { recursive: true, force: true })
    }
    await runsOn(stage, state)
  })

  afterAll(() =>
    console.log(
      `kills fell:\n${[...fell]
        .sort()
        .map(([place, n]) => `  ${n} × ${place}`)
        .join('\n')}`,
    ),
  )
})
