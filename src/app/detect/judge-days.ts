/**
 * All days of arrivals, one after the other, through every detector: what was declared when, and by what. A pure function of the
 * arrivals and the configuration; nothing that is decided at a tick rests on a later one. The day at whose end members were
 * found anew is the first that is judged without them.
 */
import type { ModuleId } from '../../detectors/budget.ts'
import { type DayRows, partedAt } from '../../detectors/day-rows.ts'
import { placesKind, type VaultFacts, vaultsKind } from '../../detectors/names/first-kinds.ts'
import { NewClients } from '../../detectors/names/new-clients.ts'
import type { PeerMemory } from '../../detectors/peer-memory.ts'
import { Watch } from '../../detectors/sums/watch.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { AppError } from '../../model/errors.ts'
import type { Maturity, Notice } from '../../model/incident.ts'
import { ticksPerDay } from '../../model/window.ts'
import { AccountItems } from './account-items.ts'
import type { ArrivalDays } from './arrival-days.ts'
import { BorrowedClientsWatch } from './borrowed-clients-watch.ts'
import { FanInWatch } from './fan-in-watch.ts'
import { FirstAccessWatch } from './first-access-watch.ts'
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
  /** Fed with every day, for policy and for the picture. */
  observers: readonly { day(rows: DayRows): readonly Notice[] }[]
  onDay: () => void
  signal?: AbortSignal
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
  const watch = new Watch({ seed, alpha, nameOf: options.nameOf, isQuiet: options.isQuiet })
  const fanIn = new FanInWatch({ seed, names: arrivals, alpha: alpha.fan_in })
  const [vaults, places] = [vaultsKind(options.vaults), placesKind(arrivals)].map(
    (kind) => new FirstAccessWatch({ kind, names: arrivals, alpha: alpha[kind.id] }),
  )
  const clients = new BorrowedClientsWatch({ names: arrivals, alpha: alpha.borrowed_clients })
  const newClients = new NewClients()
  const accounts = new AccountItems({ names: arrivals, vaults: options.vaults })
  const balance = new VaultItems({ names: arrivals, seed, isQuiet: options.isQuiet })
  const campaigns: OpenCampaign<Told>[] = []
  const notices: Notice[] = []
  const drafts: WorkDraft[] = []
  const days = await arrivals.days()
  const isTaken = (rows: DayRows, i: number): boolean =>
    campaigns.some((campaign) => campaign.isMember(rows.peer[i]) && campaign.takes(rows.day))
  for (const day of days) {
    if (options.signal?.aborted)
      throw new AppError('interrupted', 'stopped while judging; the next run goes on from there')
    const { rows, notices: overruns } = await arrivals.read(day)
    notices.push(...overruns, ...options.observers.flatMap((observer) => observer.day(rows)))
    const open = campaigns.filter((campaign) => campaign.isOpen(day))
    for (const campaign of open) {
      campaign.add(rows)
      campaign.update(lastTick(day))
    }
    const declared = watch.day(rows, isTaken, open.length > 0)
    const shared = fanIn.day(rows)
    const reads = await arrivals.reads(day)
    const named = [vaults.day(rows, isTaken, reads), places.day(rows, isTaken), clients.day(rows, isTaken)]
    drafts.push(
      ...fanInItems(shared.subjects, day),
      ...streamItems(watch, day),
      ...newClientItems(newClients.day(rows, isTaken), day, (id) => arrivals.text(id)),
      ...named.flatMap(({ drafts: items }) => items),
      ...accounts.day(rows, isTaken, reads),
      ...balance.day(rows, isTaken, reads),
    )
    const told = [
      declared && tellSums(declared, day),
      shared.declared && tellKey(shared.declared, rows),
      ...named.map(({ told: each }) => each),
    ]
    const triggers = told.filter((each) => each !== undefined)
    // one campaign, however many modules see it on the same day
    triggers.sort((a, b) => a.tick - b.tick)
    for (const trigger of triggers) {
      const campaign = await campaignOf(trigger, rows, arrivals, memory)
      const isKnown = (peer: number): boolean => campaigns.some((each) => each.isOpen(day) && each.isMember(peer))
      // the name's evidence grew before its thief was told of: it stays an item of work
      if (campaign.shareTo(isKnown) >= samePeersShare) {
        trigger.release?.()
        continue
      }
      const host = campaigns.find((each) => each.isOpen(day) && isSame(campaign, each))
      if (host) host.adopt(campaign)
      else campaigns.push(campaign)
    }
    if (triggers.length > 0) {
      const from = Math.min(...triggers.map(({ since_day }) => since_day))
      for (let past = Math.max(days[0], from); past <= day; past++)
        watch.learn(past === day ? rows : (await arrivals.read(past)).rows, isTaken)
      watch.replay(new Set(told.map((each) => each?.module)))
    }
    options.onDay()
  }
  return { campaigns, notices, drafts, maturity: watch.maturity(), days }
}

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
): Promise<OpenCampaign<Told>> {
  const [before, after] = partedAt(rows, trigger.tick + 1)
  const campaign = new OpenCampaign(trigger, memory)
  for (let past = campaign.reference_from_day; past < rows.day; past++) campaign.add((await arrivals.read(past)).rows)
  campaign.add(before)
  campaign.update(trigger.tick)
  if (trigger.kind === 'fast_theft' && !campaign.isNamed)
    return campaignOf({ ...trigger, kind: 'campaign' }, rows, arrivals, memory)
  campaign.add(after)
  campaign.update(lastTick(rows.day))
  return campaign
}

/** Bytes of the smaller over hosts that both have, against all of its bytes. */
function isSame(a: OpenCampaign, b: OpenCampaign): boolean {
  const [x, y] = [a.bytesByHost(), b.bytesByHost()]
  const total = (of: Map<number, number>): number => [...of.values()].reduce((sum, bytes) => sum + bytes, 0)
  const [smaller, larger] = total(x) <= total(y) ? [x, b] : [y, a]
  let shared = 0
  for (const [host, bytes] of smaller) if ((larger.hosts.get(host) ?? 0) >= 0.5) shared += bytes
  const whole = total(smaller)
  return whole > 0 && shared >= sameHostsShare * whole
}
