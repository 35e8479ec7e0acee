import { beforeAll, describe, expect, test } from 'vitest'
import { defaultConfig } from '../../config/config-schema.ts'
import { dayMs } from '../../model/window.ts'
import { parseCampaigns } from '../../prove/spec.ts'
import { buildArrivals } from '../../testing/arrivals-builder.ts'
import { silentProgress } from '../progress.ts'
import { givenOf } from './given.ts'
import { isProof, type ProveSightOptions, proveSight, type SightProof } from './sight.ts'

const [days, length, first_day] = [36, 7, 20_000]
const history = { least_days: 20, mature_days: 29 }
const [small, large] = [0.0001, 3]

async function sightOf(share: number, more: Partial<ProveSightOptions> = {}, held = days) {
  const store = buildArrivals({ days: held, hosts: 10, first_day })
  const config = defaultConfig()
  const given = await givenOf({ name: 'a small site', store, config, verdicts: [], before: [], now_ms: 0 })
  const [standing] = parseCampaigns(`hosts=30,peers=40,days=${length},stay=${length},share=${share}`)
  const shares = [large]
  return proveSight(given, { standing, seed: 1, progress: silentProgress, at_ms: 1, history, shares, ...more })
}

describe('sight of a small site', () => {
  let proof: SightProof
  beforeAll(async () => {
    const result = await sightOf(large)
    if (!isProof(result)) throw new Error(result.reason)
    proof = result
  })

  test('a theft of thrice the egress that ends with the books is found, with all hosts there are', () => {
    expect(proof).toMatchObject({ complete: true, is_mature: true, history_days: days - length, own_incidents: [] })
    const { standing } = proof
    expect(proof.draws).toBe(1)
    expect(standing).toMatchObject({ found: true, share: large, hosts: 10, days: length })
    expect(standing.delay_days).toBeGreaterThan(0)
    expect(standing.delay_days).toBeLessThan(length)
    expect(standing.start_ms).toBeGreaterThanOrEqual((first_day + days - length) * dayMs)
    expect(standing.bytes_lost).toBeGreaterThan(0)
    expect(standing.bytes_lost).toBeLessThan(standing.gb_per_day * 1e9 * length)
  })

  test('floors of the site, the way out and the vault are bytes of a mean day', () => {
    expect(proof.floors.map(({ vault, path, hosts }) => [vault, path, hosts])).toEqual([
      [null, null, 10],
      [null, 'dtn', 3],
      ['genomes', null, 3],
    ])
    for (const { share, gb_per_day, is_at_most } of proof.floors) {
      expect([share, is_at_most]).toEqual([large, true])
      expect(gb_per_day).toBeCloseTo((large * proof.bytes_out_per_day) / 1e9, 9)
    }
    expect(proof.standing.gb_per_day).toBeCloseTo((large * proof.bytes_out_per_day) / 1e9, 3)
  })

  test('the books are judged until where they end, and not to the end of that day', () => {
    const last_ms = (first_day + days - 1) * dayMs
    expect(proof.judged_until_ms).toBeGreaterThan(last_ms)
    expect(proof.judged_until_ms).toBeLessThan(last_ms + dayMs)
  })
})

test('a stop keeps what was measured: a theft that nobody sees, however it is drawn, and no floors', async () => {
  const stop = new AbortController()
  let judged = 0
  const advance = (): void => {
    if (++judged === 4 * days) stop.abort()
  }
  const result = await sightOf(small, { signal: stop.signal, progress: { ...silentProgress, advance } })
  expect(result).toMatchObject({ complete: false, draws: 3, floors: [], not_placed: [] })
  expect(result).toMatchObject({ standing: { found: false, delay_days: null, bytes_lost: null } })
})

test('a stop before the standing campaign was judged keeps nothing', async () => {
  const stop = new AbortController()
  stop.abort()
  await expect(sightOf(small, { signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' })
})

test('young books are told when it will be possible', async () => {
  expect(await sightOf(large, {}, 26)).toEqual({
    reason: 'the books hold 26 of the 27 days that it takes',
    possible_from_ms: (first_day + 27) * dayMs,
  })
  expect(await sightOf(large, {}, 0)).toEqual({ reason: 'nothing has left yet', possible_from_ms: null })
})
