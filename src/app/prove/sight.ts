/**
 * Proof of sight: campaigns that never were end with the last judged tick, and the days are judged with each of them and without. One
 * is the standing campaign, which must be found; smaller and larger ones tell the floor of the whole site, of each way out and of the
 * largest vaults. Each is drawn alike every night: what changes from night to night is the site or the program, not the dice. A
 * standing campaign that is missed is drawn anew, as luck may hide one: only several that are missed are an alarm. A floor says what
 * was seen once, no power. Nothing of it reaches the books.
 */
import { AppError } from '../../model/errors.ts'
import type { Findings } from '../../model/incident.ts'
import { dayMs, tickMs } from '../../model/window.ts'
import type { Background } from '../../prove/background.ts'
import { type Injection, inject, meanEgress } from '../../prove/injection.ts'
import { type CampaignSpec, parseCampaigns, specText } from '../../prove/spec.ts'
import type { Progress } from '../progress.ts'
import { version } from '../version.ts'
import { type Place, placesBefore } from './campaigns.ts'
import type { Given } from './given.ts'
import { judgeGiven } from './judge-placed.ts'
import { beforeTick, type Sighting, sightingOf } from './sighting.ts'
import { smallestSeen, triesOf } from './smallest-seen.ts'

/** The same words and numbers as of `Floor`, of one placement each; largest place first, the whole site before all. */
export interface SightFloor {
  vault: string | null
  path: string | null
  hosts: number
  /** Bytes of a mean day over those of the site's; null: not even the largest that was tried was found. */
  share: number | null
  /** The smallest share that was tried was found. */
  is_at_most: boolean
  gb_per_day: number | null
}

export interface SightProof {
  weir: string
  at_ms: number
  /** End of the last tick that was judged. */
  judged_until_ms: number
  /** False after Ctrl-C: floors are missing. */
  complete: boolean
  /** The standing campaign as it was asked for. */
  campaign: string
  /** Judged days before the campaigns, and whether so many let one expect that the standing campaign is found. */
  history_days: number
  is_mature: boolean
  bytes_out_per_day: number
  /** Incidents of the books themselves in the days of the campaigns that nobody has judged: they may take in what is placed. */
  own_incidents: string[]
  standing: Sighting
  /** How often the standing campaign was drawn, with other hosts and peers each time, until it was found. */
  draws: number
  /** Sizes that were tried for the floors, as shares of the egress. */
  shares_tried: number[]
  floors: SightFloor[]
  not_placed: { vault: string | null; path: string | null; reason: string }[]
}

/** Nothing can be placed yet, which is no fault. */
export interface NoSightYet {
  reason: string
  /** Null: it is not a matter of days. */
  possible_from_ms: number | null
}

export const [standingCampaign] = parseCampaigns('hosts=30,share=0.01,days=30,hours=people')
/** Before so many days nearly nothing can be found, and from so many on nearly everything of this size is. */
export const sightHistory = { least_days: 30, mature_days: 90 }
/** Steps of 2 and 2.5, the standing campaign's in the middle, where halving begins. */
const usualShares = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
/** Ways out with less of the egress are left out. */
const leastShareOfPath = 0.001
const mostDraws = 3

export interface ProveSightOptions {
  standing: CampaignSpec
  seed: number
  progress: Progress
  signal?: AbortSignal
  at_ms: number
  history?: typeof sightHistory
  shares?: readonly number[]
}

/** Throws `interrupted` if it is stopped before the standing campaign was judged; later stops leave what was measured. */
export async function proveSight(given: Given, options: ProveSightOptions): Promise<SightProof | NoSightYet> {
  const { standing, progress, signal, shares = usualShares, history = sightHistory } = options
  const { background } = given
  const { days } = background
  const [first] = days
  if (first === undefined) return { reason: 'nothing has left yet', possible_from_ms: null }
  const end_day = first + days.length
  const start_day = end_day - standing.days
  const history_days = start_day - first
  if (history_days < history.least_days) return tooYoung(first, days.length, history.least_days + standing.days)
  const egress = meanEgress(background, start_day)
  const subjects = subjectsOf(background, standing, start_day, egress * history_days)
  const judged = (injection?: Injection): Promise<Findings> =>
    judgeGiven(given, { injection, until_day: end_day, onDay: () => progress.advance(1), signal })
  const draw = ({ vault, role, hosts }: Subject, share: number, nth = 1): Injection | string => {
    const spec = { ...standing, vault, role, hosts, share, history: history_days }
    const key = `sight ${vault ?? ''} ${role ?? ''} ${nth}`
    const injection = inject(background, spec, { start_day, seed: options.seed, key })
    return typeof injection !== 'string' && injection.days.size === 0 ? 'less than a byte would leave' : injection
  }
  const isOffLadder = !shares.includes(standing.share)
  const rungs = triesOf(shares)
  progress.phase('proving', days.length * (1 + (isOffLadder ? 1 : 0) + rungs * subjects.length), 'days')
  try {
    const clean = await judged()
    const judged_until_ms = clean.judged_until_ms ?? end_day * dayMs
    // nothing leaves after the books end
    const see = async (injection: Injection): Promise<Sighting> => {
      const past = beforeTick(injection, judged_until_ms / tickMs)
      return sightingOf(past, await judged(past))
    }
    const [whole] = subjects
    const drawn = draw(whole, standing.share)
    if (typeof drawn === 'string') return { reason: drawn, possible_from_ms: null }
    let [seen, draws] = [await see(drawn), 1]
    while (!seen.found && draws < mostDraws) seen = await see(draw(whole, standing.share, ++draws) as Injection)
    // so that the floor of the site fits what was found
    const nthOf = (subject: Subject): number => (subject === whole && seen.found ? draws : 1)
    const proof: SightProof = {
      ...{ weir: version, at_ms: options.at_ms, judged_until_ms, complete: false, campaign: specText(standing) },
      ...{ history_days, is_mature: history_days >= history.mature_days, bytes_out_per_day: egress },
      own_incidents: ownIncidents(clean, start_day * dayMs),
      ...{ standing: seen, draws, shares_tried: [...shares], floors: [], not_placed: [] },
    }
    await untilStopped(async () => {
      for (const subject of subjects) {
        const { vault = null, role: path = null, hosts } = subject
        const smallest = draw(subject, Math.min(...shares))
        if (typeof smallest === 'string') {
          proof.not_placed.push({ vault, path, reason: smallest })
          progress.advance(days.length * rungs)
          continue
        }
        const share = await smallestSeen(shares, async (tried) => {
          if (subject === whole && tried === standing.share) return seen.found
          return (await see(draw(subject, tried, nthOf(subject)) as Injection)).found
        })
        proof.floors.push({
          ...{ vault, path, hosts, share: share ?? null, is_at_most: share === Math.min(...shares) },
          gb_per_day: share === undefined ? null : (share * egress) / 1e9,
        })
      }
      proof.complete = true
    })
    return proof
  } catch (cause) {
    if (!isStop(cause)) throw cause
    throw new AppError('interrupted', 'stopped before the standing campaign was judged: nothing is kept', { cause })
  } finally {
    progress.done()
  }
}

type Subject = Omit<Place, 'bytes_out'>

/** The whole site first; ways out with hardly any of the egress are left out. */
function subjectsOf(background: Background, standing: CampaignSpec, start_day: number, bytes_out: number): Subject[] {
  const sending = new Set(background.sourcesBefore(start_day, {}).map(({ host }) => host)).size
  const places = placesBefore(background, start_day)
  const paths = places.filter((each) => each.role !== undefined && each.bytes_out >= leastShareOfPath * bytes_out)
  return [
    { hosts: Math.max(1, Math.min(standing.hosts, sending)) },
    ...paths,
    ...places.filter(({ vault }) => vault !== undefined),
  ]
}

async function untilStopped(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isStop(error)) throw error
  }
}

function isStop(error: unknown): boolean {
  return error instanceof AppError && error.code === 'interrupted'
}

export function isProof(result: SightProof | NoSightYet): result is SightProof {
  return 'standing' in result
}

/** Floors of two proofs can be compared where this is equal. */
export function shapeOf({ campaign }: SightProof): string {
  return campaign.replace(/,(share|history)=[^,]+/g, '')
}

export function tooYoung(first_day: number, days: number, needed: number): NoSightYet {
  return {
    reason: `the books hold ${days} of the ${needed} days that it takes`,
    possible_from_ms: (first_day + needed) * dayMs,
  }
}

function ownIncidents({ incidents }: Findings, from_ms: number): string[] {
  return incidents
    .filter(({ verdict, detected_at_ms, last_activity_ms }) => {
      return verdict === undefined && Math.max(detected_at_ms, last_activity_ms) > from_ms
    })
    .map(({ id }) => id)
}
