import { expect, test } from 'vitest'
import { defaultConfig } from '../../config/config-schema.ts'
import { exactJson } from '../../model/exact-json.ts'
import { inject } from '../../prove/injection.ts'
import { parseCampaigns } from '../../prove/spec.ts'
import { buildArrivals } from '../../testing/arrivals-builder.ts'
import { KeptSums } from '../detect/kept-sums.ts'
import { givenOf } from './given.ts'
import { judgeGiven } from './judge-placed.ts'

const onDay = (): void => undefined

test('sums that were kept of the days before a campaign give what judging all days gives', async () => {
  const store = buildArrivals({ days: 56, hosts: 20 })
  const given = await givenOf({ name: '', store, config: defaultConfig(), verdicts: [], before: [], now_ms: 0 })
  const { background } = given
  const [first, end] = [background.days[0], background.days[background.days.length - 1] + 1]
  const [spec] = parseCampaigns('hosts=8,peers=40,days=12,stay=12,share=2,history=40')
  const injection = inject(background, spec, { start_day: first + 40, seed: 1, key: 'a' })
  if (typeof injection === 'string') throw new Error(injection)
  const sums = new KeptSums([first + 30, first + 39])
  await judgeGiven(given, { until_day: end, onDay, sums })
  const options = { injection, until_day: end, onDay }
  const whole = await judgeGiven(given, options)
  expect(whole.incidents).toHaveLength(1)
  for (const kept of [sums, sums]) {
    const { worklist: _, ...findings } = await judgeGiven(given, { ...options, sums: kept })
    const { worklist: __, ...all } = whole
    expect(exactJson(findings)).toBe(exactJson(all))
  }
})
