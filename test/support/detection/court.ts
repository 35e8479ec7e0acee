/** Findings beside the truth of a simulated world: who was found, when, and what was said of nobody. */
import type { Findings, Incident } from '../../../src/model/incident.ts'
import { dayMs } from '../../../src/model/window.ts'
import { scenarios } from '../../../src/range/scenarios/index.ts'
import type { Scenario } from '../../../src/range/scenarios/scenario.ts'
import type { CampaignTruth, RangeTruth } from '../../../src/range/truth.ts'
import { judgeWorld, type RangeWorldOptions, rangeWorld } from '../../../src/testing/range-days.ts'

export interface Judged {
  name: string
  seed: number
  days: number
  truth: RangeTruth
  findings: Findings
}

export type WorldOf = Partial<RangeWorldOptions> & { scenario: Scenario; seed: number }

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((each) => each.name === name)
  if (!found) throw new Error(`no scenario ${name}`)
  return found
}

/** A world at the usual scale, all of it declared, unless told otherwise. */
export async function judged({ scenario, seed, ...rest }: WorldOf): Promise<Judged> {
  const options = { scale: 0.01, days: scenario.days, declared: 1, ...rest }
  const world = await rangeWorld({ scenario, seed, ...options })
  const findings = await judgeWorld(world)
  return { name: scenario.name, seed, days: options.days - (options.from_day ?? 0), truth: world.truth, findings }
}

/** Of a list of members against the truth; precision of nobody is 1. */
export interface Match {
  recall: number
  precision: number
}

function matchOf(found: ReadonlySet<string>, truth: ReadonlySet<string>): Match {
  const right = [...found].filter((each) => truth.has(each)).length
  return { recall: right / truth.size, precision: found.size === 0 ? 1 : right / found.size }
}

export function peersMatch({ members }: Incident, { peers }: CampaignTruth): Match {
  return matchOf(new Set(members.peers.map(({ id }) => id)), new Set(Object.keys(peers)))
}

/** Share of the named peers' bytes that is of peers of the truth. */
export function bytesPrecision({ members }: Incident, { peers }: CampaignTruth): number {
  const sum = (all: typeof members.peers): number => all.reduce((total, each) => total + Number(each.bytes_out), 0)
  return sum(members.peers.filter(({ id }) => peers[id] !== undefined)) / sum(members.peers)
}

/** Hosts of the truth are addresses; those of an incident have names and all of their addresses. */
export function hostsMatch({ members }: Incident, { hosts }: CampaignTruth): Match {
  const firstOf = new Map(members.hosts.flatMap(({ id, addresses }) => (addresses ?? [id]).map((each) => [each, id])))
  const truth = new Set(Object.keys(hosts).map((address) => firstOf.get(address) ?? address))
  return matchOf(new Set(members.hosts.map(({ id }) => id)), truth)
}

export const delayDays = ({ detected_at_ms }: Incident, { start_ms }: CampaignTruth): number =>
  (detected_at_ms - start_ms) / dayMs

/** The incident that names most of this campaign's peers; undefined if none names any. */
export function incidentOf({ findings }: Judged, campaign: CampaignTruth): Incident | undefined {
  const ranked = findings.incidents
    .map((incident) => ({ incident, recall: peersMatch(incident, campaign).recall }))
    .filter(({ recall }) => recall > 0)
    .sort((a, b) => b.recall - a.recall)
  return ranked[0]?.incident
}

const shown = ({ recall, precision }: Match): string => `${recall.toFixed(2)}/${precision.toFixed(2)}`

/** One line of figures for each campaign of a world, and what was found of none. */
export function tell(world: Judged, twin?: Judged): void {
  const { name, seed, truth, findings } = world
  const campaigns = truth.campaigns.length === 0 ? truth.look_alikes : truth.campaigns
  const lines = campaigns.map((campaign) => {
    const incident = incidentOf(world, campaign)
    if (!incident) return `${campaign.id}: not found`
    return (
      `${campaign.id}: ${delayDays(incident, campaign).toFixed(2)} days, peers ${shown(peersMatch(incident, campaign))}, ` +
      `hosts ${shown(hostsMatch(incident, campaign))}, ${incident.kind}, log10 ${incident.log10_evidence.toFixed(2)}, ` +
      `by ${incident.evidence[0]?.detector} of ${incident.evidence[0]?.subject}, silent ${incident.silent}`
    )
  })
  const silence = twin === undefined ? '' : `; twin ${twin.findings.incidents.length} incidents`
  console.log(
    `${name} ${seed}: ${lines.join(' | ')}; ${findings.incidents.length} incidents, ${findings.worklist.length} on the worklist${silence}`,
  )
}
