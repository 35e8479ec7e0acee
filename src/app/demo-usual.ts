/**
 * Reads the judged days of a state once more, for two questions of the demo: what the usual rules would have said, and how much of
 * what a look-alike fetched was expected.
 */

import type { DayRows } from '../detectors/day-rows.ts'
import { decodeDay } from '../detectors/decode-day.ts'
import { PeerMemory } from '../detectors/peer-memory.ts'
import { type AlarmSubject, type UsualRule, UsualRules, usualRules } from '../detectors/usual-rules/usual-rules.ts'
import { tallyUsualRules, type UsualTally } from '../detectors/usual-rules/usual-rules-tally.ts'
import { formatHalves } from '../model/address.ts'
import { dayOf, ticksPerDay } from '../model/window.ts'
import type { CampaignTruth } from '../range/truth.ts'
import type { Store } from '../store/store.ts'

export interface LookAlikeBytes {
  bytes_out: bigint
  explained_bytes_out: bigint
  /** Expectations that matched. */
  explanations: string[]
}

export interface UsualOptions {
  store: Pick<Store, 'arrivalDays' | 'readArrivals' | 'nameTexts'>
  /** Addresses inside, each with the name that its host has in the books. */
  hostNames: ReadonlyMap<string, string>
  thefts: readonly CampaignTruth[]
  lookAlikes: readonly CampaignTruth[]
  /** Alarms before this moment count: that of detection, or the end. */
  until_ms: number
}

export interface UsualOutcome {
  /** The rules' reference ends where the first theft began, which in life nobody could tell them. */
  from_day: number
  until_day: number
  tallies: UsualTally[]
  /** In the order of `lookAlikes`. */
  lookAlikes: LookAlikeBytes[]
}

export async function usualOutcome({
  store,
  hostNames,
  thefts,
  lookAlikes,
  until_ms,
}: UsualOptions): Promise<UsualOutcome> {
  const from_day = Math.min(...thefts.map(({ start_ms }) => dayOf(start_ms)))
  const until_day = dayOf(until_ms - 1) + 1
  const rules = new UsualRules({ reference_until_day: from_day })
  const memory = new PeerMemory()
  const hosts = new Set<number>()
  const looked = lookAlikes.map(() => ({ bytes_out: 0n, explained_bytes_out: 0n, ids: new Set<number>() }))
  for (const day of (await store.arrivalDays()).keys()) {
    const rows = await decodeDay(day, store.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay), memory)
    rules.day(rows)
    for (const host of rows.host) hosts.add(host)
    const names = peerNames(memory)
    for (const [which, { peers }] of lookAlikes.entries())
      addExplained(looked[which], rows, (peer) => Object.hasOwn(peers, names(peer)))
  }
  const names = peerNames(memory)
  const texts = await store.nameTexts([...hosts, ...looked.flatMap(({ ids }) => [...ids])])
  const isOf = (campaigns: readonly CampaignTruth[]) => {
    const hostsOf = new Set(campaigns.flatMap((each) => Object.keys(each.hosts).map((at) => hostNames.get(at) ?? at)))
    const peersOf = new Set(campaigns.flatMap((each) => Object.keys(each.peers)))
    return ({ kind, id }: AlarmSubject): boolean =>
      kind === 'host' ? hostsOf.has(texts.get(id) ?? '') : kind === 'peer' && peersOf.has(names(id))
  }
  const tallies = tallyUsualRules(
    { lines: rules.lines(), alarms: rules.alarms() },
    { from_day, until_day, isMember: isOf(thefts), isLookAlike: isOf(lookAlikes) },
  )
  return {
    ...{ from_day, until_day, tallies },
    lookAlikes: looked.map(({ ids, ...bytes }) => ({
      ...bytes,
      explanations: [...ids].map((id) => texts.get(id) ?? '').sort(),
    })),
  }
}

function peerNames(memory: PeerMemory): (peer: number) => string {
  return (peer) => {
    const { hi, lo } = memory.halves(peer)
    return formatHalves(hi, lo)
  }
}

function addExplained(
  sums: { bytes_out: bigint; explained_bytes_out: bigint; ids: Set<number> },
  rows: DayRows,
  isPeer: (peer: number) => boolean,
): void {
  for (let i = 0; i < rows.length; i++) {
    if (!isPeer(rows.peer[i])) continue
    const bytes = BigInt(rows.bytes_out[i])
    sums.bytes_out += bytes
    if (rows.unexplained[i] === 0) sums.explained_bytes_out += bytes
    if (rows.explanation[i] !== 0) sums.ids.add(rows.explanation[i])
  }
}

/** The rule in a few words, for whoever tells of it. */
export function usualRuleTitle(rule: UsualRule): string {
  return usualRules.find(({ id }) => id === rule)?.title ?? rule
}
