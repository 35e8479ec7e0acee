import { beforeAll, describe, expect, test } from 'vitest'
import { defaultConfig } from '../../config/config-schema.ts'
import { exactJson } from '../../model/exact-json.ts'
import { parseCampaigns } from '../../prove/spec.ts'
import { buildArrivals } from '../../testing/arrivals-builder.ts'
import { silentProgress } from '../progress.ts'
import { givenOf } from './given.ts'
import { type Proof, prove } from './prove.ts'

const config = defaultConfig()
const shape = 'hosts=8,peers=40,days=12,stay=12'

async function proofOf(line: string, signal?: AbortSignal): Promise<Proof> {
  const store = buildArrivals({ days: 56, hosts: 20 })
  const background = await givenOf({ name: 'a small site', store, config, verdicts: [], before: [], now_ms: 0 })
  const campaigns = parseCampaigns(line)
  return prove({ background, campaigns, placements: 1, seed: 1, progress: silentProgress, signal })
}

describe('a proof on a small background', () => {
  let proof: Proof
  beforeAll(async () => {
    proof = await proofOf(`${shape},share=0.0001/2,history=40/80`)
  })

  test('finds a theft of twice the egress, with its members, and not one of a ten-thousandth', () => {
    const [small, , large] = proof.cells
    expect([small.placements, small.power]).toEqual([1, 0])
    expect([small.delay_days_median, small.bytes_lost_share, small.peers_precision]).toEqual([null, 1, null])
    expect([large.placements, large.power]).toEqual([1, 1])
    expect(large.delay_days_median).toBeLessThan(4)
    expect(large.bytes_lost_share).toBeLessThan(0.4)
    expect(large.peers_precision).toBeGreaterThan(0.8)
    expect(large.hosts_recall).toBeGreaterThan(0.8)
    expect(large.oracle_days_median).toBeLessThan(1)
  })

  test('is silent without it, and says how little that proves', () => {
    expect(proof.false_incidents.count).toBe(0)
    expect(proof.false_incidents.site_years).toBeCloseTo(56 / 365, 9)
    expect(proof.false_incidents.per_year_high).toBeCloseTo((3.6889 * 365) / 56, 2)
  })

  test('the floor lies between the two shares', () => {
    expect(proof.floors).toHaveLength(1)
    const [floor] = proof.floors
    expect(floor.share).toBeGreaterThan(0.0001)
    expect(floor.share).toBeLessThan(2)
    const egress = proof.backgrounds[0].bytes_out_per_day
    expect(floor.gb_per_day).toBeCloseTo(((floor.share ?? 0) * egress) / 1e9, 0)
  })

  test('what does not fit is told, not dropped', () => {
    expect(proof.not_placed.map(({ reason }) => reason)).toEqual(new Array(2).fill('92 days are needed, there are 56'))
    expect(proof.cells[1]).toMatchObject({ placements: 0, power_low: 0, power_high: 1 })
  })

  test('a usual rule is judged by the same law', () => {
    const [placement] = proof.placements.filter(({ found }) => found)
    const rules = new Map(proof.cells[2].usual_rules.map((each) => [each.rule, each]))
    for (const { rule, delay_days, twin_alarms } of placement.usual_rules)
      expect(rules.get(rule)?.power, rule).toBe(delay_days !== null && !twin_alarms ? 1 : 0)
    const site = placement.usual_rules.find(({ rule }) => rule === 'site_cusum')
    expect(site?.delay_days).toBeLessThan(8)
    expect(placement.usual_rules.some(({ twin_alarms }) => twin_alarms)).toBe(true)
    expect(placement.usual_rules.some(({ delay_days, twin_alarms }) => delay_days !== null && !twin_alarms)).toBe(true)
  })

  test('the same seed and background give the same bytes, whatever else is placed', async () => {
    const alone = await proofOf(`${shape},share=2,history=40`)
    expect(exactJson(alone.placements)).toBe(exactJson(proof.placements.slice(1)))
    expect(exactJson(alone.cells)).toBe(exactJson([proof.cells[2]]))
  })
})

test('a stop leaves what was measured until then, and says so', async () => {
  const stop = new AbortController()
  stop.abort()
  const { complete, placements, false_incidents } = await proofOf(shape, stop.signal)
  expect([complete, placements, false_incidents.site_years]).toEqual([false, [], 0])
  expect(false_incidents.per_year_high).toBeNull()
})
