/** Clean worlds: how often an incident is told where nobody steals, and how much there is on the worklist. */
import { expect, test } from 'vitest'
import { judged, scenarioNamed } from '../support/detection/court.ts'

const worlds = 13
const days = 150
const false_incidents_per_year = 1
const mostItemsPerWeek = 20

test(`over ${worlds} clean worlds of ${days} days false incidents stay within the budget`, {
  timeout: 1_800_000,
}, async () => {
  const scenario = scenarioNamed('clean')
  const told: string[] = []
  const perWeek: number[] = []
  let site_days = 0
  for (let seed = 101; seed < 101 + worlds; seed++) {
    const { findings, days: of } = await judged({ scenario, seed, days })
    site_days += of
    told.push(
      ...findings.incidents.map(({ id, evidence: [first] }) => `${seed} ${id} ${first?.detector} ${first?.subject}`),
    )
    const weeks = new Map<number, number>()
    for (const { week_ms } of findings.worklist) weeks.set(week_ms, (weeks.get(week_ms) ?? 0) + 1)
    perWeek.push(...weeks.values())
  }
  const years = site_days / 365
  const items = perWeek.reduce((sum, each) => sum + each, 0)
  console.log(
    `clean: ${told.length} false incidents in ${years.toFixed(2)} site-years (${(told.length / years).toFixed(2)} a year); ` +
      `worklist ${(items / (site_days / 7)).toFixed(1)} items a week, at most ${Math.max(0, ...perWeek)}; ${told.join(', ')}`,
  )
  expect(years).toBeGreaterThanOrEqual(5)
  expect(told.length).toBeLessThanOrEqual(false_incidents_per_year * years)
  expect(Math.max(0, ...perWeek)).toBeLessThanOrEqual(mostItemsPerWeek)
})
