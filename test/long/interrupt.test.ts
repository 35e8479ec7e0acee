/**
 * Ctrl-C at any moment: the program says so and is gone at once, the state opens, and the next run comes to what an
 * undisturbed one would have come to. WEIR_KILL_SEED repeats a series.
 */
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seeded } from '../support/seeded.ts'
import { type SiteLogs, writeSiteLogs } from '../support/site-logs.ts'
import { contentOf, differences, type StateContent } from '../support/state-content.ts'
import { Folder, leftOf, runWeir, startWeir } from '../support/weir.ts'

const seed = Number(process.env.WEIR_KILL_SEED ?? Math.floor(Math.random() * 1e9))
const rounds = 10
/** Promised are about two seconds; the machine may have other things to do. */
const patience_ms = 4_000
const random = seeded(seed)
const folder = new Folder()
afterAll(() => folder.remove())

let logs: SiteLogs
let lasts_ms = 0
let expected = ''
let content: StateContent

const argumentsFor = (state: string) => ['analyze', logs.first, logs.second, '--config', logs.config, '--state', state]

beforeAll(async () => {
  console.log(`interrupts with WEIR_KILL_SEED=${seed}`)
  logs = writeSiteLogs(folder.at('logs'), { seed, perDay: 10_000 })
  expected = folder.state()
  const began = Date.now()
  const { code, stderr } = await runWeir([...argumentsFor(expected), '--no-progress'])
  lasts_ms = Date.now() - began
  expect([code, stderr]).toEqual([0, ''])
  content = await contentOf(expected)
}, 300_000)

/** Starts a run, lets it go on for a while, and gives it signals. */
async function interrupted(state: string, after_ms: number, ...signals: NodeJS.Signals[]) {
  const { child, ended } = startWeir([...argumentsFor(state), '--no-progress', '--quiet'])
  while (!existsSync(state)) await pause(5)
  await Promise.race([pause(after_ms), ended])
  const began = Date.now()
  for (const [i, signal] of signals.entries()) {
    if (i > 0) await pause(15)
    giveSignal(child, signal)
  }
  const ran = await ended
  for (let i = 0; i < 20 && leftOf(child).length > 0; i++) await pause(100)
  expect(leftOf(child)).toEqual([])
  return { ...ran, took_ms: Date.now() - began }
}

/** As a terminal does it: to the program and to what it started. */
function giveSignal({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch (error) {
    // it was quicker
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function comesToTheSame(state: string): Promise<void> {
  const { code, stderr } = await runWeir([...argumentsFor(state), '--no-progress', '--quiet'])
  expect([code, stderr]).toEqual([0, ''])
  if (JSON.stringify(await contentOf(state)) !== JSON.stringify(content))
    throw new Error(`not the state of an undisturbed run:\n${(await differences(expected, state)).join('\n')}`)
}

describe('Ctrl-C', () => {
  test(`stops at once and loses nothing, ${rounds} times`, { timeout: 900_000 }, async () => {
    const took: number[] = []
    for (let round = 0; round < rounds; round++) {
      const state = folder.state()
      const signal = round % 4 === 3 ? 'SIGTERM' : 'SIGINT'
      const { code, stdout, stderr, took_ms } = await interrupted(state, random() * lasts_ms, signal)
      if (code === 0) continue
      expect([code, stdout], stderr).toEqual([130, ''])
      expect(stderr).toMatch(/^weir: stopped.*the next run goes on from there \[interrupted\]\n$/)
      expect(existsSync(`${state}/lock`)).toBe(false)
      const ledger = await runWeir(['ledger', '--state', state])
      expect(ledger).toMatchObject({ code: 0, stderr: '' })
      took.push(took_ms)
      // some are stopped a second time on their way
      if (round % 3 === 0) await interrupted(state, random() * lasts_ms, signal)
      if (round % 2 === 0) await comesToTheSame(state)
    }
    console.log(`stopped after ${took.join(', ')} ms`)
    expect(took.length).toBeGreaterThan(rounds / 2)
    expect(Math.max(...took)).toBeLessThan(patience_ms)
  })

  test('twice ends it on the spot', { timeout: 300_000 }, async () => {
    const state = folder.state()
    const ends: (string | number | null)[] = []
    for (let i = 0; i < 6; i++) {
      const { code, signal, took_ms } = await interrupted(state, lasts_ms * (0.3 + 0.1 * i), 'SIGINT', 'SIGINT')
      expect(took_ms).toBeLessThan(1_500)
      ends.push(signal ?? code)
    }
    // some may have been quicker than the second signal
    expect(ends).toContain('SIGINT')
    await comesToTheSame(state)
  })
})

describe('at the very end', () => {
  test('a signal after the result is out changes nothing', { timeout: 300_000 }, async () => {
    const state = folder.state()
    const args = [...argumentsFor(state), '--no-progress']
    expect((await runWeir(args)).code).toBe(0)
    for (let i = 0; i < 12; i++) {
      const { child, ended } = startWeir(args)
      await Promise.race([new Promise((heard) => child.stdout?.once('data', heard)), ended])
      await pause(2 * i)
      giveSignal(child, 'SIGINT')
      expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    }
  })

  test('a reader that takes its time gets every byte', { timeout: 300_000 }, async () => {
    const { child, ended } = startWeir(['ledger', '--state', expected, '--by', 'day,host,peer,vault', '--json'])
    child.stdout?.pause()
    await pause(2_000)
    child.stdout?.resume()
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(200_000)
    expect(JSON.parse(stdout).rows.length).toBeGreaterThan(500)
  })
})

describe('progress where there is no terminal', () => {
  test('is a line about every ten seconds, or none when nobody wants it', { timeout: 300_000 }, async () => {
    const began = Date.now()
    const { stderr } = await runWeir([...argumentsFor(folder.state()), '--log-level', 'info'])
    const lines = stderr.split('\n').filter((line) => line !== '')
    for (const line of lines) expect(line).toMatch(/^weir: (reading|booking|judging|closing) .* of .*\/s.* \(\d+ %\)$/)
    const due = Math.floor((Date.now() - began) / 10_000)
    expect(lines.length).toBeGreaterThanOrEqual(due - 1)
    expect(lines.length).toBeLessThanOrEqual(due + 1)
  })
})
