/**
 * All days of arrivals, one after the other, through every detector: what was declared when, and by what. A pure function of the
 * arrivals and the configuration; nothing that is decided at a tick rests on a later one. The day at whose end members were
 * found anew is the first that is judged without them.
 */
import type { ModuleId } from '../../detectors/budget.ts'
import { type DayRows, partedAt } from '../../detectors/day-rows.ts'
import { memberWeight } from '../../detectors/members/member-hosts.ts'
import { placesKind, type VaultFacts, vaultsKind } from '../../detectors/names/first-kinds.ts'
import { NewClients } from '../../detectors/names/new-clients.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { Watch, type WatchOptions } from '../../detectors/sums/watch.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { AppError } from '../../model/errors.ts'
import type { Maturity, Notice } from '../../model/incident.ts'
import { ticksPerDay } from '../../model/window.ts'
import { AccountItems } from './account-items.ts'
import { type ArrivalDays, eachDay } from './arrival-days.ts'
import { BeaconWatch } from './beacon-watch.ts'
import { BorrowedClientsWatch } from './borrowed-clients-watch.ts'
import { type Evenings, isLookedAt, readingOf, tierAt } from './evening.ts'
import { FanInWatch } from './fan-in-watch.ts'
import { FirstAccessWatch } from './first-access-watch.ts'
import { FurtherRise } from './further-rise.ts'
import type { KeptSums } from './kept-sums.ts'
import { LockstepWatch } from './lockstep-watch.ts'
import { OpenCampaign } from './open-campaign.ts'
import { type Told, tellKey, tellSums } from './told.ts'
import { VaultItems } from './vault-items.ts'
import { fanInItems, newClientItems, streamItems } from './work-items.ts'

export interface JudgeOptions {
  arrivals: ArrivalDays
  memory: PeerMemory
  seed: number
  alpha: Readonly<Record<ModuleId, number>>
  vaults: VaultFacts
  nameOf: ConstructorParameters<typeof Watch>[0]['nameOf']
  isQuiet: (day: number) => boolean
  /** What decides on each evening whether a campaign is told as an incident. */
  evenings: Omit<Evenings, 'arrivals'>
  /** Fed with every day, for policy and for the picture. */
  observers: readonly { day(rows: DayRows): readonly Notice[] }[]
  onDay: () => void
  signal?: AbortSignal
  /** Sums of the same days judged before, which differ from these from a day on; or where to keep those of this run. */
  sums?: { kept: KeptSums; differ_from_day: number }
}

export interface Judged {
  campaigns: readonly OpenCampaign<Told>[]
  notices: readonly Notice[]
  drafts: readonly WorkDraft[]
  maturity: readonly Maturity[]
  days: readonly number[]
}

/** A new declaration this much of whose bytes leave from an open campaign's hosts is more of the same. */
const sameHostsShare = 0.5
/** A name most of whose bytes went to peers of open campaigns is no campaign of its own. */
const samePeersShare = 0.5

export async function judgeDays(options: JudgeOptions): Promise<Judged> {
  const { arrivals, memory, alpha, seed } = options
  const { nameOf, isQuiet } = options
  const watchOptions: WatchOptions = { seed, alpha, nameOf, isQuiet }
  const known = options.sums?.kept.before(options.sums.differ_from_day, watchOptions)
  const watch = known?.watch ?? new Watch(watchOptions)
  const isSummed = (day: number): boolean => known !== undefined && day <= known.until_day
  let isUntouched = true
  const memory_day = (): number => memory.memory_day
  const further = new FurtherRise({ ...{ seed, nameOf, isQuiet, memory_day }, alpha: alpha.further_rise })
  const fanIn = new FanInWatch({ seed, names: arrivals, alpha: alpha.fan_in })
  const [vaults, places] = [vaultsKind(options.vaults), placesKind(arrivals)].map(
    (kind) => new FirstAccessWatch({ kind, names: arrivals, alpha: alpha[kind.id] }),
  )
  const clients = new BorrowedClientsWatch({ names: arrivals, alpha: alpha.borrowed_clients })
  const newClients = new NewClients()
  const structure = [new LockstepWatch({ seed, names: arrivals }), new BeaconWatch({ names: arrivals })]
  const accounts = new AccountItems({ names: arrivals, vaults: options.vaults })
  const balance = new VaultItems({ names: arrivals, seed, isQuiet: options.isQuiet })
  const campaigns: OpenCampaign<Told>[] = []
  const notices: Notice[] = []
  const drafts: WorkDraft[] = []
  const days = await arrivals.days()
  const evenings = { arrivals, ...options.evenings }
  const isTaken = (rows: DayRows, i: number): boolean =>
    campaigns.some((campaign) => campaign.isMember(rows.peer[i]) && campaign.takes(rows.day))
  // who is in what is work, as everybody may be, can still be a thief
  const isOfIncident = (rows: DayRows, i: number): boolean =>
    campaigns.some((campaign) => campaign.isIncident && campaign.isMember(rows.peer[i]))
  for (const day of days) {
    if (options.signal?.aborted)
      throw new AppError('interrupted', 'stopped while judging; the next run goes on from there')
    const { rows, notices: overruns } = await arrivals.read(day)
    notices.push(...overruns, ...options.observers.flatMap((observer) => observer.day(rows)))
    const open = campaigns.filter((campaign) => campaign.isOpen(day))
    // later ones first: what they hold is no longer the others'
    for (const campaign of open.toReversed()) {
      campaign.add(rows)
      campaign.update(lastTick(day))
    }
    const declared = isSummed(day) ? undefined : watch.day(rows, isTaken, open.length > 0)
    const shared = fanIn.day(rows)
    const reads = await arrivals.reads(day)
    const named = [
      vaults.day(rows, isOfIncident, reads),
      places.day(rows, isOfIncident),
      clients.day(rows, isOfIncident),
    ]
    drafts.push(
      ...fanInItems(shared.subjects, day),
      ...(isSummed(day) ? [] : streamItems(watch, day)),
      ...newClientItems(newClients.day(rows, isOfIncident), day, (id) => arrivals.text(id)),
      ...named.flatMap(({ drafts: items }) => items),
      ...structure.flatMap((each) => each.day(rows, isOfIncident)),
      ...accounts.day(rows, isOfIncident, reads),
      ...balance.day(rows, isOfIncident, reads),
    )
    const told = [
      declared && tellSums(declared, day),
      shared.declared && tellKey(shared.declared, rows),
      ...named.map(({ told: each }) => each),
      further.day(
        rows,
        open.some(({ isNamed, isExplained }) => isNamed && !isExplained),
      ),
    ]
    const triggers = told.filter((each) => each !== undefined)
    // one campaign, however many modules see it on the same day
    triggers.sort((a, b) => a.tick - b.tick)
    for (const trigger of triggers) {
      const campaign = await campaignOf(trigger, rows, arrivals, memory, evenings)
      // a harmless reading of others is none of what is declared now; nor does what is work say anything of a name
      const ofToday = campaigns.filter(
        (each) => each.isOpen(day) && !each.isExplained && (each.isIncident || !trigger.isOwn),
      )
      const isKnown = (peer: number): boolean => ofToday.some((each) => each.isMember(peer))
      // the name's evidence grew before its thief was told of: it stays an item of work
      if (campaign.shareTo(isKnown) >= samePeersShare) {
        trigger.release?.()
        continue
      }
      // an open one takes in newcomers of any kind: what comes long after it is more of it only if it is all that it is
      const isLater = (each: OpenCampaign): boolean => trigger.is_further || each.isLongBefore(trigger.since_day)
      const host = ofToday.find((each) => (isLater(each) ? isAllSame : isSame)(campaign, each))
      if (host) host.adopt(campaign)
      else {
        for (const each of ofToday.filter(isLater)) each.part(campaign)
        campaigns.push(campaign)
      }
    }
    isUntouched &&= triggers.length === 0
    if (isUntouched && !isSummed(day)) options.sums?.kept.offer(day, watch, watchOptions)
    if (triggers.length > 0) {
      const from = Math.min(...triggers.map(({ since_day }) => since_day))
      await eachDay(arrivals, Math.max(days[0], from), day, (past) => watch.learn(past, isTaken))
      watch.learn(rows, isTaken)
      watch.replay(new Set(told.map((each) => each?.module)))
    }
    // a day that has not ended has no evening
    const hasEnded = day < days[days.length - 1] || rows.tick[rows.length - 1] === lastTick(day)
    for (const campaign of hasEnded ? [...campaigns] : []) {
      if (!campaign.isNamed || !campaign.isOpen(day) || !isLookedAt(day - dayOf(campaign))) continue
      const tier = await tierAt(campaign, rows, evenings)
      if (tier.tier !== 'incident') {
        if (campaign.wasTold) campaign.becameWork()
        else if (tier.explains) campaign.explained(readingOf(tier.explains, evenings))
        continue
      }
      // what is known by now may show that two of them are one
      const at = campaigns.indexOf(campaign)
      const host = campaigns.find((each, i) => (!campaign.wasTold || i < at) && isOneWith(each, campaign, day))
      if (host) {
        host.adopt(campaign)
        campaigns.splice(at, 1)
      } else campaign.told(lastTick(day))
    }
    arrivals.release(rows)
    options.onDay()
  }
  return { campaigns, notices, drafts, maturity: watch.maturity(), days }
}

const dayOf = ({ trigger }: OpenCampaign<Told>): number => Math.floor(trigger.tick / ticksPerDay)
const lastTick = (day: number): number => (day + 1) * ticksPerDay - 1

/**
 * The campaign that was declared in the course of a day, at its end. Whether it is a burst is decided by what was known at the
 * tick: where nobody drew more than usual within hours, many drew a little, and it is a campaign like any other.
 */
async function campaignOf(
  trigger: Told,
  rows: DayRows,
  arrivals: ArrivalDays,
  memory: PeerMemory,
  evenings: Evenings,
): Promise<OpenCampaign<Told>> {
  const [before, after] = partedAt(rows, trigger.tick + 1)
  const campaign = new OpenCampaign(trigger, memory)
  await eachDay(arrivals, campaign.reference_from_day, rows.day, (past) => campaign.add(past))
  campaign.add(before)
  campaign.update(trigger.tick)
  if (trigger.kind === 'fast_theft' && !campaign.isNamed)
    return campaignOf({ ...trigger, kind: 'campaign' }, rows, arrivals, memory, evenings)
  if (campaign.isNamed && (await tierAt(campaign, before, evenings)).tier === 'incident') campaign.told(trigger.tick)
  campaign.add(after)
  campaign.update(lastTick(rows.day))
  return campaign
}

/** At least half of the smaller one's bytes left from hosts of the larger one, or went to its peers. */
function isSame(a: OpenCampaign, b: OpenCampaign): boolean {
  const [smaller, larger] = total(a.bytesByHost()) <= total(b.bytesByHost()) ? [a, b] : [b, a]
  return shareFrom(smaller, larger) >= sameHostsShare || smaller.sharedWith(larger) >= samePeersShare
}

/** Whether two that were declared at about the same time turned out to be one incident, which is told already. */
function isOneWith(incident: OpenCampaign<Told>, campaign: OpenCampaign<Told>, day: number): boolean {
  const both = [incident, campaign]
  if (incident === campaign || !incident.wasTold || !incident.isOpen(day)) return false
  if (both.some(({ trigger }, i) => trigger.is_further || both[1 - i].isLongBefore(trigger.since_day))) return false
  return isSame(campaign, incident)
}

/** A rise within what is open already is from its hosts anyway: more of the same is what takes most of them. */
function isAllSame(rise: OpenCampaign, open: OpenCampaign): boolean {
  return Math.min(shareFrom(rise, open), shareFrom(open, rise)) >= sameHostsShare
}

/** Of the bytes of one, the share that left from hosts of the other. */
function shareFrom(one: OpenCampaign, { hosts }: OpenCampaign): number {
  const bytes = one.bytesByHost()
  let shared = 0
  for (const [host, each] of bytes) if ((hosts.get(host) ?? 0) >= memberWeight) shared += each
  const whole = total(bytes)
  return whole === 0 ? 0 : shared / whole
}

const total = (bytes: ReadonlyMap<number, number>): number => [...bytes.values()].reduce((sum, each) => sum + each, 0)
