/** One campaign in one background: whether and when it was found, what had left by then, who was named, and what others would say. */
import { formatHalves } from '../../model/address.ts'
import type { Findings, Incident } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import { bytesAt } from '../../prove/background.ts'
import { type DaySeries, emptySeries, HostSeries } from '../../prove/host-series.ts'
import { type Injection, meanEgress } from '../../prove/injection.ts'
import { oracleDays, oracleLevels } from '../../prove/oracle.ts'
import { specText } from '../../prove/spec.ts'
import type { Given } from './given.ts'
import { sumsBetDays } from './sums-bet.ts'
import { leastBaselineDays, type UsualOutcome, usualOutcomes } from './usual.ts'

export interface Placement {
  campaign: string
  background: string
  start_ms: number
  bytes_out: number
  background_bytes_out_per_day: number
  /** Days from the start on which it may be found. */
  judged_days: number
  /** Of these, days for which any sum had enough of a past to bet. */
  sums_bet_days: number
  /** An incident named one of its peers. */
  found: boolean
  /** The clean twin has an incident that nobody judged within the same days: finding something there proves nothing. */
  twin_alarms: boolean
  /** From the first byte; null if it was not found. */
  delay_days: number | null
  bytes_lost: number
  peers: Named
  hosts: Named
  /** Incidents of these days that name nobody of it and are not the twin's. */
  other_incidents: number
  oracle_days: number | null
  usual_rules: readonly UsualOutcome[]
}

export interface Named {
  truth: number
  found: number
  right: number
}

/** Days after the last of the campaign on which it may still be found. */
export const tailDays = 5

export async function placementOf(
  given: Given,
  injection: Injection,
  findings: Findings,
  twin: Findings,
): Promise<Placement> {
  const { background, names, config } = given
  const last_day = background.days[background.days.length - 1]
  const judged_days = Math.min(last_day + 1, injection.end_day + tailDays) - injection.start_day
  const until_ms = (injection.end_day + tailDays) * dayMs
  const start_ms = firstTick(injection) * tickMs
  const within = ({ detected_at_ms }: Incident): boolean => detected_at_ms > start_ms && detected_at_ms <= until_ms
  const texts = await names.nameTexts(injection.hosts)
  const truth = {
    hosts: new Set([...injection.hosts].map((host) => texts.get(host) ?? '')),
    peers: peersOf(injection),
  }
  const named = (kind: 'hosts' | 'peers', incident?: Incident): Named => ({
    truth: truth[kind].size,
    found: incident?.members[kind].length ?? 0,
    right: incident?.members[kind].filter(({ id }) => truth[kind].has(id)).length ?? 0,
  })
  const inTime = findings.incidents.filter(within)
  const [incident] = inTime
    .filter((each) => named('peers', each).right > 0)
    .sort((a, b) => named('peers', b).right - named('peers', a).right)
  const seriesOf = addedSeries(injection, background.series)
  const { false_incidents_per_year } = config.budget
  const oracle = oracleOf(given, injection, seriesOf)
  const twins = new Set(twin.incidents.map(({ detected_at_ms }) => detected_at_ms))
  return {
    ...{ campaign: specText(injection.spec), background: given.name, start_ms, bytes_out: injection.bytes_out },
    background_bytes_out_per_day: meanEgress(background, injection.start_day),
    ...{ judged_days, sums_bet_days: sumsBetDays(findings.maturity, judged_days) },
    found: incident !== undefined,
    twin_alarms: twin.incidents.some((each) => each.verdict === undefined && within(each)),
    delay_days: incident ? (incident.detected_at_ms - start_ms) / dayMs : null,
    bytes_lost: incident ? bytesBefore(injection, incident.detected_at_ms) : injection.bytes_out,
    ...{ peers: named('peers', incident), hosts: named('hosts', incident) },
    other_incidents: inTime.filter((each) => named('peers', each).right === 0 && !twins.has(each.detected_at_ms))
      .length,
    oracle_days: Number.isFinite(oracle) ? oracle : null,
    usual_rules: usualOutcomes({
      ...{ background, added: seriesOf, start_day: injection.start_day, end_day: injection.end_day + tailDays },
      false_alarms_per_year: false_incidents_per_year,
    }),
  }
}

/** Addresses as incidents name them. */
export function peersOf({ peers }: Injection): Set<string> {
  return new Set([...peers].map((peer) => formatHalves(0n, (0xffffn << 32n) | BigInt(peer))))
}

export function firstTick({ days }: Injection): number {
  return Math.min(...[...days.values()].map(({ data }) => data.tick[0]))
}

/** Bytes of rows that had left: a row is judged one tick after. */
export function bytesBefore({ days }: Injection, at_ms: number): number {
  let sum = 0
  for (const { data, length } of days.values())
    for (let i = 0; i < length; i++) if (data.tick[i] * tickMs < at_ms) sum += bytesAt(data.bytes_out, i)
  return sum
}

interface Added {
  hosts: Map<number, DaySeries>
  site: DaySeries
}

/** What the campaign adds to each host and the site; its peers are new like others, for a week. */
function addedSeries({ days }: Injection, { first_day, length }: HostSeries): Added {
  const own = new HostSeries(first_day, length)
  for (const [day, columns] of [...days].sort(([a], [b]) => a - b)) own.add(day, columns)
  return { hosts: own.hosts, site: own.site }
}

/** The best of three: one that sees all bytes of the members, one what goes to new peers, one how many those are. */
function oracleOf({ background, config }: Given, { hosts, start_day, end_day }: Injection, added: Added): number {
  const { series } = background
  const [start, end] = [start_day - series.first_day, Math.min(series.length, end_day - series.first_day)]
  const none = emptySeries(series.length)
  const delays = (['all', 'fresh', 'fresh_peers'] as const).map((feed) => {
    const from = feed === 'all' ? 0 : HostSeries.freshFrom
    if (start - from < leastBaselineDays) return Number.POSITIVE_INFINITY
    const members = [...hosts].map((host) => ({
      clean: (series.hosts.get(host) ?? none)[feed].subarray(from, end),
      added: (added.hosts.get(host) ?? none)[feed].subarray(from, end),
    }))
    const levelOf = feed === 'fresh_peers' ? oracleLevels.peers : oracleLevels.bytes
    return oracleDays(members, levelOf, config.budget.false_incidents_per_year)
  })
  return Math.min(...delays)
}
