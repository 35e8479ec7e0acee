/** The other thefts of the range, two at a time, and what only looks like one, in worlds without log files. */
import { describe, expect, test } from 'vitest'
import {
  bytesPrecision,
  hostsMatch,
  incidentOf,
  type Judged,
  judged,
  peersMatch,
  scenarioNamed,
  tell,
} from '../support/detection/court.ts'

const minuteMs = 60_000

test('s9 is found as a fast theft within 30 minutes of its first piece', async () => {
  const world = await judged({ scenario: scenarioNamed('s9'), seed: 1 })
  const [campaign] = world.truth.campaigns
  tell(world)
  const [incident] = world.findings.incidents
  if (incident) {
    // pieces last about a second: the first record is there as soon as the first byte has left
    const since = (ms: number): string => `${((incident.detected_at_ms - ms) / minuteMs).toFixed(1)} minutes`
    console.log(`s9: ${since(campaign.start_ms)} after its first record, ${since(campaign.end_ms)} after its last`)
  }
  expect(world.findings.incidents.map(({ kind }) => kind)).toEqual(['fast_theft'])
  expect(incident.detected_at_ms - campaign.start_ms).toBeLessThanOrEqual(30 * minuteMs)
  expect(incident.detected_at_ms).toBeGreaterThan(campaign.start_ms)
  expect(hostsMatch(incident, campaign).recall).toBe(1)
})

/** Whatever is told of a theft of this size tells of it, not of others. */
function expectNobodyElse({ findings, truth }: Judged): void {
  for (const incident of findings.incidents)
    expect(peersMatch(incident, truth.campaigns[0]).precision).toBeGreaterThanOrEqual(0.8)
}

test('60 days of s1 in a two-hundredth of the centre are found, and who is named took part in it', async () => {
  const s1 = scenarioNamed('s1')
  const [spec] = s1.campaigns
  const days = spec.start_day[0] + 60
  const world = await judged({
    scenario: { ...s1, days, campaigns: [{ ...spec, lasts: { days: 60 } }] },
    ...{ seed: 1, scale: 0.005 },
  })
  tell(world)
  expect(world.findings.incidents.length).toBeGreaterThanOrEqual(1)
  expectNobodyElse(world)
})

describe.each(['b1', 'b3', 'b4'])('%s', (name) => {
  test('declared, is no incident', async () => {
    const world = await judged({ scenario: scenarioNamed(name), seed: 1 })
    tell(world)
    expect(world.findings.incidents).toEqual([])
  })

  test('declared by nobody, is work at most', async () => {
    const world = await judged({ scenario: scenarioNamed(name), seed: 1, declared: 0 })
    tell(world)
    expect(world.findings.incidents).toEqual([])
  })
})

test.each(['b2', 'b5', 'b6', 'b7', 'b8'])('%s, declared, is no incident', async (name) => {
  const world = await judged({ scenario: scenarioNamed(name), seed: 1 })
  tell(world)
  expect(world.findings.incidents).toEqual([])
})

/** By name: an account among vaults that it never drew from, one client in the hands of many accounts. */
describe.each([
  { name: 's3', detector: 'first_access' },
  { name: 's11', detector: 'first_access' },
  { name: 's8', detector: 'first_places' },
  { name: 's4', detector: 'borrowed_clients' },
  { name: 's7', detector: 'borrowed_clients' },
])('$name', ({ name, detector }) => {
  test.each([1, 0])(
    'is told within a week with its accounts, peers and hosts, %i of collaborations declared',
    async (declared) => {
      const world = await judged({ scenario: scenarioNamed(name), seed: 1, declared })
      const [campaign] = world.truth.campaigns
      tell(world)
      expect(world.findings.incidents).toHaveLength(1)
      const [incident] = world.findings.incidents
      expect(incident.evidence[0].detector).toBe(detector)
      expect(incident.detected_at_ms - campaign.start_ms).toBeLessThan(7 * 24 * 60 * minuteMs)
      expect(Object.keys(campaign.accounts)).toEqual(
        expect.arrayContaining(incident.members.accounts.map(({ id }) => id)),
      )
      expect(peersMatch(incident, campaign).recall).toBeGreaterThanOrEqual(0.95)
      expect(peersMatch(incident, campaign).precision).toBeGreaterThanOrEqual(0.95)
      expect(hostsMatch(incident, campaign)).toEqual({ recall: 1, precision: 1 })
    },
  )
})

/** Too few peers for a share of their number: what counts is by how many bytes they are right. */
test.each(['s6', 'vendor'])('%s, an account among the vaults of others, is told within two days', async (name) => {
  const world = await judged({ scenario: scenarioNamed(name), seed: 1 })
  const [campaign] = world.truth.campaigns
  tell(world)
  expect(world.findings.incidents).toHaveLength(1)
  const [incident] = world.findings.incidents
  expect(incident.evidence[0]).toMatchObject({
    detector: 'first_access',
    subject: `account:${Object.keys(campaign.accounts)[0]}`,
  })
  expect(incident.detected_at_ms - campaign.start_ms).toBeLessThan(2 * 24 * 60 * minuteMs)
  expect(peersMatch(incident, campaign).recall).toBe(1)
  expect(bytesPrecision(incident, campaign)).toBeGreaterThanOrEqual(0.95)
  expect(hostsMatch(incident, campaign).recall).toBe(1)
})

test('s10 leaves past the sensor: the border closure tells of it within a week, by its bytes', async () => {
  const world = await judged({ scenario: scenarioNamed('s10'), seed: 1 })
  const [campaign] = world.truth.campaigns
  expect(world.findings.incidents).toEqual([])
  const [notice, ...others] = world.findings.notices.filter(({ kind }) => kind === 'sensor')
  expect(others).toEqual([])
  const after_ms = (notice.at_ms as number) - campaign.start_ms
  console.log(`s10: ${notice.text}, ${after_ms / (24 * 60 * minuteMs)} days after it began`)
  expect(after_ms).toBeGreaterThan(0)
  expect(after_ms).toBeLessThan(7 * 24 * 60 * minuteMs)
  expect(Number(notice.facts?.bytes_out) / Number(campaign.bytes_out)).toBeCloseTo(1, 1)
})

/** What one site cannot tell from chance, or nobody can name, is among the first of its week on the worklist. */
test.each([{ name: 's5', detector: 'new_client', days: 1 }])(
  '$name is work: $detector is the first item of a week',
  async ({ name, detector, days }) => {
    const world = await judged({ scenario: scenarioNamed(name), seed: 1, declared: 0 })
    const [campaign] = world.truth.campaigns
    tell(world)
    const items = world.findings.worklist.filter((item) => item.detector === detector && item.rank <= 3)
    for (const { rank, text } of items) console.log(`${name}: rank ${rank}, ${text}`)
    const first_ms = Math.min(...items.map(({ week_ms }) => week_ms))
    expect(first_ms).toBeLessThan(campaign.start_ms + days * 24 * 60 * minuteMs)
    expect(first_ms).toBeGreaterThan(campaign.start_ms - 14 * 24 * 60 * minuteMs)
  },
)

describe.each(['two', 'decoy'])('%s', (name) => {
  test('is exactly two incidents, one for each campaign', async () => {
    const world = await judged({ scenario: scenarioNamed(name), seed: 1 })
    tell(world)
    expectOneEach(world)
  })
})

function expectOneEach(world: Judged): void {
  const { campaigns } = world.truth
  expect(campaigns).toHaveLength(2)
  expect(world.findings.incidents).toHaveLength(2)
  const found = campaigns.map((campaign) => incidentOf(world, campaign))
  expect(new Set(found.map((incident) => incident?.id)).size).toBe(2)
  for (const [i, campaign] of campaigns.entries()) {
    const incident = found[i]
    if (!incident) throw new Error(`${campaign.id} is not found`)
    expect(peersMatch(incident, campaign).precision).toBeGreaterThanOrEqual(0.8)
  }
}
