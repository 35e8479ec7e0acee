/**
 * Detection over a whole state: arrivals → declarations → campaigns → incidents, notices, worklist. A function of the books, the
 * configuration and the verdicts; the books' journal of what was known when makes it one of the records that were available.
 */
import type { Config } from '../../config/config-schema.ts'
import { periodOf } from '../../config/fields.ts'
import { ClosureWatch } from '../../detectors/border/closure-watch.ts'
import { alphas, spentBudget } from '../../detectors/budget.ts'
import type { DayRows, Names } from '../../detectors/day-rows.ts'
import type { VaultFacts } from '../../detectors/names/first-kinds.ts'
import { PeerMemory } from '../../detectors/peer-memory.ts'
import { CopiesOut } from '../../detectors/policy/copies-out.ts'
import { Creep } from '../../detectors/policy/creep.ts'
import { VaultBudgets } from '../../detectors/policy/vault-budget.ts'
import { incidentOf } from '../../incidents/incident-of.ts'
import { type Tier, type TierQuestion, tierOf } from '../../incidents/tier.ts'
import { verdictInForce, vouchedBy } from '../../incidents/verdict-effect.ts'
import { rankWorkItems, type WorkDraft } from '../../incidents/worklist.ts'
import { bytesText } from '../../model/amount-text.ts'
import type { Findings, Incident, Verdict } from '../../model/incident.ts'
import { dayMs, dayOf, tickMs } from '../../model/window.ts'
import type { DuckdbStore } from '../../store/duckdb/duckdb-store.ts'
import type { Progress } from '../progress.ts'
import { ArrivalDays, eachDay } from './arrival-days.ts'
import { caseOf } from './case-of.ts'
import { HostDays } from './host-days.ts'
import { type JudgeOptions, judgeDays } from './judge-days.ts'
import { Measured } from './measured.ts'
import { notObservable } from './not-observable.ts'
import type { OpenCampaign } from './open-campaign.ts'
import { rawRecords } from './raw-records.ts'
import { entityName } from './series-words.ts'
import type { Told } from './told.ts'

export interface DetectOptions {
  store: DuckdbStore
  config: Config
  progress: Progress
  signal?: AbortSignal
  verdicts: readonly Verdict[]
  /** Incidents of earlier runs: those judged harmless are not found again, and stay. */
  before: readonly Incident[]
  now_ms: number
  sums?: JudgeOptions['sums']
}

/** Splits ties between equal values; any number does, as long as it stays the same. */
const seed = 20_260_101

export async function detect({
  store,
  config,
  progress,
  signal,
  verdicts,
  before,
  now_ms,
  sums,
}: DetectOptions): Promise<Findings> {
  const anchor_ms = config.site.anchor ? periodOf({ from: config.site.anchor.date }).start_ms : undefined
  const memory = new PeerMemory(anchor_ms === undefined ? undefined : dayOf(anchor_ms))
  const arrivals = await ArrivalDays.of(store, memory, config, vouchedBy(verdicts, before, now_ms))
  const hosts = new HostDays()
  const policy = await policyOf(store, config)
  const days = await arrivals.days()
  const closure = new ClosureWatch({ seed, hours: await store.borderHours(), first_day: days[0] })
  const calendar = config.calendar.map(periodOf)
  progress.phase('judging', days.length, 'days')
  const { false_incidents_per_year } = config.budget
  const judged = await judgeDays({
    ...{ arrivals, memory, seed, signal, sums },
    alpha: alphas(false_incidents_per_year),
    vaults: vaultFacts(config, arrivals),
    nameOf: (kind, entity) => entityName(kind, entity, (id) => arrivals.text(id)),
    isQuiet: (day) => calendar.some(({ start_ms, end_ms }) => day * dayMs < end_ms && (day + 1) * dayMs > start_ms),
    evenings: { hosts, addressesOf: addressesOf(config), question: tierQuestion(config) },
    observers: [hosts, ...policy, closureOf(closure)],
    onDay: () => progress.advance(1),
  })
  const told = { ...judged, hosts, arrivals, first_day: days[0], last_day: days[days.length - 1] }
  const { incidents, drafts } = await tell(store, config, told, verdicts, now_ms)
  const kept = before.filter(
    ({ id }) =>
      !incidents.some((each) => each.id === id) && verdictInForce(verdicts, id, now_ms)?.verdict === 'harmless',
  )
  const until = days.length === 0 ? null : (hosts.last_tick + 1) * tickMs
  return {
    incidents: [...incidents, ...kept.map((each) => judgedAgain(each, verdicts, now_ms))],
    notices: [...judged.notices, ...closure.notices()],
    worklist: rankWorkItems([...judged.drafts, ...drafts]),
    maturity: judged.maturity,
    budget: { false_incidents_per_year, spent: spentBudget(daysOfYear(days, until), false_incidents_per_year) },
    judged_until_ms: until,
  }
}

/** Its notices say how things stand at the end, so that none comes with a day. */
function closureOf(closure: ClosureWatch): { day: (rows: DayRows) => Findings['notices'] } {
  return {
    day: (rows) => {
      closure.day(rows.day)
      return []
    },
  }
}

/** By id of the vault's name. */
function vaultFacts({ vaults }: Config, names: Pick<Names, 'text'>): VaultFacts {
  const byName = new Map(vaults.map((vault) => [vault.id, vault]))
  const projects = new Map<string, number>()
  return {
    isOpen: (vault) => byName.get(names.text(vault))?.sensitivity === 'low',
    projectOf: (vault) => {
      const name = names.text(vault)
      const project = byName.get(name)?.project ?? `vault ${name}`
      const known = projects.get(project) ?? projects.size + 1
      projects.set(project, known)
      return known
    },
    hasProject: (vault) => byName.get(names.text(vault))?.project !== undefined,
  }
}

function tierQuestion({ vaults }: Config): TierQuestion {
  const projects = new Map(vaults.map(({ id, project }) => [id, project ?? '']))
  const open = vaults.filter(({ sensitivity }) => sensitivity === 'low').map(({ id }) => id)
  return { projectOf: (vault) => projects.get(vault) ?? '', openVaults: new Set(open) }
}

function addressesOf({ hosts }: Config): ReadonlyMap<string, readonly string[]> {
  return new Map(hosts.map(({ name, addresses }) => [name, addresses]))
}

interface ToldDays {
  campaigns: readonly OpenCampaign<Told>[]
  maturity: Findings['maturity']
  hosts: HostDays
  arrivals: ArrivalDays
  first_day: number
  last_day: number
}

async function tell(
  store: DuckdbStore,
  config: Config,
  { campaigns, maturity, hosts, arrivals, first_day, last_day }: ToldDays,
  verdicts: readonly Verdict[],
  now_ms: number,
): Promise<{ incidents: Incident[]; drafts: WorkDraft[] }> {
  const measured = campaigns.map((campaign) => new Measured(campaign))
  const from = Math.min(...campaigns.map(({ trigger }) => trigger.since_day))
  await eachDay(arrivals, from, last_day + 1, (rows) => {
    for (const each of measured) if (rows.day >= each.campaign.trigger.since_day) each.add(rows)
  })
  const incidents: Incident[] = []
  const drafts: WorkDraft[] = []
  const taken = new Set<string>()
  const question = tierQuestion(config)
  for (const [i, campaign] of campaigns.entries()) {
    if (!campaign.isNamed || measured[i].gross === 0) {
      drafts.push(nobodyNamed(campaign))
      continue
    }
    const records = await rawRecords(store, campaign, memberPeers(campaign, arrivals))
    const told = caseOf(campaign, measured[i], {
      ...{ config, names: arrivals, hosts, first_day, last_day, records, taken },
      addressesOf: addressesOf(config),
      not_observable: notObservable(config, maturity),
    })
    taken.add(told.id)
    const tier = campaign.wasTold ? tierOf(told, question) : notYet(tierOf(told, question))
    if (tier.tier === 'incident')
      incidents.push(
        incidentOf(told, {
          false_incidents_per_year: config.budget.false_incidents_per_year,
          verdict: verdictInForce(verdicts, told.id, now_ms),
        }),
      )
    else
      drafts.push({
        at_ms: told.detected_at_ms,
        detector: told.leading[0]?.detector ?? campaign.trigger.detector,
        subject: told.leading[0]?.subject ?? '',
        text: `${bytesText(told.excess.best)} more than expected to ${told.members.peers.length} peers; no incident, as ${tier.why}`,
        log10_e: told.log_e / Math.LN10,
        facts: { peers: told.members.peers.length, bytes_out: told.excess.best },
      })
  }
  incidents.sort((a, b) => a.detected_at_ms - b.detected_at_ms)
  return { incidents, drafts }
}

/** Work that would be an incident by now is told as one on the next evening on which it is looked at. */
function notYet(tier: Tier): Extract<Tier, { tier: 'worklist' }> {
  return tier.tier === 'worklist' ? tier : { tier: 'worklist', why: 'it was none when it was last looked at' }
}

/** A sum that spoke, of which nobody could be named. */
function nobodyNamed({ trigger, detected_tick }: OpenCampaign<Told>): WorkDraft {
  const [leading] = trigger.leading
  return {
    at_ms: (detected_tick + 1) * tickMs,
    detector: leading?.detector ?? trigger.detector,
    subject: leading?.subject ?? '',
    text: 'more than its own past lets expect, beyond the alarm line; no incident, as no peer could be told from the others',
    log10_e: trigger.log_e / Math.LN10,
    facts: {},
  }
}

/** Its largest member peers, as addresses. */
function memberPeers(campaign: OpenCampaign, arrivals: ArrivalDays): { hi: bigint; lo: bigint }[] {
  return [...campaign.peers.keys()]
    .filter((peer) => campaign.isMember(peer))
    .map((peer) => ({ peer, bytes: campaign.contacts.habit(peer)?.bytes ?? 0, address: arrivals.peer(peer) }))
    .sort((a, b) => b.bytes - a.bytes || (a.address < b.address ? -1 : 1))
    .slice(0, 50)
    .map(({ peer }) => arrivals.halves(peer))
}

async function policyOf(
  store: DuckdbStore,
  config: Config,
): Promise<{ day: (rows: Parameters<HostDays['day']>[0]) => Findings['notices'] }[]> {
  const ids = await store.internNames(config.vaults.map(({ id }) => id))
  const vaults = config.vaults.map((vault, i) => ({ ...vault, vault_id: ids[i], name: vault.id }))
  const copies = new CopiesOut({
    vaults: vaults.flatMap(({ vault_id, name, size_bytes }) =>
      size_bytes ? [{ vault_id, name, size_bytes: BigInt(size_bytes) }] : [],
    ),
  })
  const budgets = new VaultBudgets({
    vaults: vaults.flatMap(({ vault_id, name, budget_bytes_per_30d }) =>
      budget_bytes_per_30d ? [{ vault_id, name, budget_bytes_per_30d: BigInt(budget_bytes_per_30d) }] : [],
    ),
  })
  const creep = new Creep({ growth_per_month: config.budget.growth_per_month })
  return [copies, budgets, creep].map((each) => ({ day: (rows) => each.day(rows).notices }))
}

function judgedAgain(incident: Incident, verdicts: readonly Verdict[], now_ms: number): Incident {
  const verdict = verdictInForce(verdicts, incident.id, now_ms)
  if (!verdict) return incident
  return verdict.verdict === 'theft'
    ? { ...incident, verdict, state: 'judged_theft' }
    : { ...incident, verdict, state: 'judged_harmless', proposed_actions: [] }
}

/** Days judged since 1 January of the last one's year. */
function daysOfYear(days: readonly number[], until_ms: number | null): number {
  if (until_ms === null) return 0
  const first = dayOf(Date.UTC(new Date(until_ms - 1).getUTCFullYear(), 0, 1))
  return days.filter((day) => day >= first).length
}
