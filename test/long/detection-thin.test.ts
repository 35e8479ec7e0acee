/** The acceptance campaigns in worlds without log files: found in time, by whom, once; their clean twins are silent. */
import { describe, expect, test } from 'vitest'
import { dayMs, firstDayMs } from '../../src/range/centre/day-shape.ts'
import { Simulation } from '../../src/range/simulation.ts'
import {
  delayDays,
  incidentOf,
  type Judged,
  judged,
  peersMatch,
  scenarioNamed,
  tell,
} from '../support/detection/court.ts'

const clean = scenarioNamed('clean')

function expectFound(world: Judged): void {
  const [campaign] = world.truth.campaigns
  expect(world.findings.incidents).toHaveLength(1)
  const incident = incidentOf(world, campaign)
  if (!incident) throw new Error('the incident names none of the peers')
  const { recall, precision } = peersMatch(incident, campaign)
  expect(delayDays(incident, campaign)).toBeLessThanOrEqual(14)
  expect(delayDays(incident, campaign)).toBeGreaterThan(0)
  expect(recall).toBeGreaterThanOrEqual(0.6)
  expect(precision).toBeGreaterThanOrEqual(0.8)
}

describe.each([
  ['thin', 1],
  ['thin', 2],
  ['thin', 3],
  ['thin-stay', 1],
  ['thin-stay', 2],
] as const)('%s of seed %i', (name, seed) => {
  const scenario = scenarioNamed(name)

  test('is found in 14 days, as one incident, with its peers', async () => {
    const world = await judged({ scenario, seed })
    tell(world)
    expectFound(world)
  })

  test('its clean twin is silent', async () => {
    const twin = await judged({ scenario: clean, seed, days: scenario.days })
    tell(twin)
    expect(twin.findings.incidents).toEqual([])
  })
})

test('with 14 days of history thin says what it cannot see yet, and tests without history say what they can', async () => {
  const scenario = scenarioNamed('thin')
  const options = { seed: 1, scale: 0.01, days: scenario.days, declared: 1 }
  const [{ start_ms }] = new Simulation({ scenario, ...options }).plans
  const world = await judged({ scenario, ...options, from_day: (start_ms - firstDayMs) / dayMs - 14 })
  tell(world)
  const { maturity, notices, worklist, incidents } = world.findings
  const levels = new Map(maturity.map(({ level }) => [level, maturity.filter((each) => each.level === level)]))
  const free = [
    ...notices.filter(({ kind }) => kind === 'policy').map(({ text }) => text),
    ...worklist.filter(({ detector }) => detector === 'fan_in').map(({ text }) => text),
    ...incidents.flatMap(({ evidence }) => evidence.filter(({ detector }) => detector === 'fan_in')),
  ]
  console.log(
    `maturity: ${[...levels].map(([level, of]) => `${of.length} ${level}`).join(', ')}; ${free.length} statements without history`,
  )
  const young = maturity.filter(({ pool, level }) => pool === 'site' && level !== 'mature')
  expect(young.length).toBeGreaterThan(0)
  for (const { mature_from_ms } of young) expect(mature_from_ms).toBeGreaterThan(start_ms)
  expect(free.length).toBeGreaterThan(0)
})
