import { describe, expect, test } from 'vitest'
import { exactJson } from '../../model/exact-json.ts'
import { parseCampaigns } from '../../prove/spec.ts'
import { silentProgress } from '../progress.ts'
import { type ProveSimulatedOptions, proveSimulated } from './prove-simulated.ts'
import { daysFor } from './simulated.ts'

/** Threads run what is built: Node does not read TypeScript. */
const worker_url = new URL('../../../dist/app/prove/prove-worker.js', import.meta.url)
const running = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

function options(given: Partial<ProveSimulatedOptions>): ProveSimulatedOptions {
  return {
    ...{ centre: { scale: 0.0002, days: 9 }, worlds: 2, workers: 2, seed: 7, worker_url },
    campaigns: parseCampaigns('hosts=3,peers=20,share=0.5,history=6,days=3'),
    ...{ progress: silentProgress, signal: new AbortController().signal },
    ...given,
  }
}

describe('simulated centres in several threads', () => {
  test('give the same bytes as one after the other, and the same days of progress', async () => {
    const told = await Promise.all(
      [1, 2].map(async (workers) => {
        const days = { told: 0, done: 0 }
        const progress = {
          ...silentProgress,
          phase: (_: string, total: number) => {
            days.told = total
          },
          advance: (n: number) => {
            days.done += n
          },
        }
        return { proof: await proveSimulated(options({ workers, progress })), days }
      }),
    )
    const [{ proof, days }, threaded] = told
    expect(proof.complete).toBe(true)
    expect(proof.placements).toHaveLength(2)
    expect(proof.backgrounds.map(({ name }) => name)).toEqual(
      [7, 8].map((seed) => `simulated centre, seed ${seed}, scale 0.0002`),
    )
    expect(exactJson(threaded.proof)).toBe(exactJson(proof))
    expect(threaded.days).toEqual(days)
    expect(days.done).toBe(days.told)
  }, 60_000)

  test('a stop leaves what was measured until then, and says so', async () => {
    const stop = new AbortController()
    const progress = { ...silentProgress, advance: () => stop.abort() }
    const { complete, backgrounds, placements } = await proveSimulated(options({ progress, signal: stop.signal }))
    expect([complete, backgrounds, placements]).toEqual([false, [], []])
  })

  test.each([
    ['process.exit(3)', 'ended before its result was there (exit code 3)'],
    ["throw new Error('no more memory')", 'failed: no more memory'],
  ])('a thread that runs into %s is an error with its reason', async (code, message) => {
    await expect(proveSimulated(options({ worker_url: running(code) }))).rejects.toThrow(message)
  })

  test('one that fails ends the others, which would go on for ever', async () => {
    const code =
      "import { workerData as w } from 'node:worker_threads'; if (w.centre_seed === 8) throw new Error('eight'); setInterval(() => {}, 1000)"
    await expect(proveSimulated(options({ worker_url: running(code) }))).rejects.toThrow('seed 8 failed: eight')
  })
})

test('a centre has the days that the longest campaign needs, and 120 at least', () => {
  expect(daysFor(parseCampaigns('history=7/90'))).toBe(120)
  expect(daysFor(parseCampaigns('history=30/180'))).toBe(215)
})
