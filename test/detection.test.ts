/** The smallest centre that can be judged: a theft in it is found with its members, and its clean twin is silent. */
import { expect, test } from 'vitest'
import type { Scenario } from '../src/range/scenarios/scenario.ts'
import { hostsMatch, incidentOf, judged, peersMatch, scenarioNamed, tell } from './support/detection/court.ts'

const [thin] = scenarioNamed('thin').campaigns
/** As in `thin`, but a tenth of egress: a centre of a thousandth is noisier than one of a hundredth. */
const scenario: Scenario = {
  ...{ name: 'tiny', story: 'a tenth of what leaves a tiny centre, to 100 peers', twin: 'clean', days: 52 },
  campaigns: [
    {
      ...thin,
      id: 'tiny',
      start_day: [45, 45],
      volume: { share_of_egress: 0.1 },
      peers: { ...thin.peers, count: 100, networks: 40 },
    },
  ],
}
const options = { seed: 1, scale: 0.001, days: scenario.days }

test('a theft is found, with its peers and hosts', { timeout: 60_000 }, async () => {
  const world = await judged({ scenario, ...options })
  tell(world)
  const [campaign] = world.truth.campaigns
  expect(world.findings.incidents).toHaveLength(1)
  const incident = incidentOf(world, campaign)
  if (!incident) throw new Error('the incident names none of the peers')
  expect(incident.detected_at_ms).toBeGreaterThan(campaign.start_ms)
  const [peers, hosts] = [peersMatch(incident, campaign), hostsMatch(incident, campaign)]
  expect(peers.precision).toBeGreaterThanOrEqual(0.8)
  expect(peers.recall).toBeGreaterThanOrEqual(0.6)
  expect(hosts.precision).toBeGreaterThanOrEqual(0.8)
})

test('without it nothing is found', { timeout: 60_000 }, async () => {
  const twin = await judged({ scenario: scenarioNamed(scenario.twin), ...options })
  expect(twin.findings.incidents).toEqual([])
})
