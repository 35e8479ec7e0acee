/** All that is measured in one background: its clean twin, and every campaign that fits, judged in the same days. */
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { AppError } from '../../model/errors.ts'
import { dayMs } from '../../model/window.ts'
import { inject } from '../../prove/injection.ts'
import { type CampaignSpec, specText } from '../../prove/spec.ts'
import { KeptSums } from '../detect/kept-sums.ts'
import type { Given } from './given.ts'
import { judgeGiven } from './judge-placed.ts'
import { type Placement, placementOf, tailDays } from './placement.ts'

export interface PlacingOptions {
  campaigns: readonly CampaignSpec[]
  /** Of each campaign. */
  placements: number
  seed: number
  onDay: () => void
  signal?: AbortSignal
}

export interface ProvedBackground {
  name: string
  from_ms: number
  until_ms: number
  hosts: number
  bytes_out_per_day: number
  /** Of the clean twin, but those that were judged to be thefts. */
  false_incidents: number
}

export interface NotPlaced {
  campaign: string
  background: string
  reason: string
}

/** Plain data, so that it can be handed from one thread to another. */
export interface ProvedPart {
  /** False after a stop: what was measured until then. */
  complete: boolean
  /** One, if its clean twin was judged to the end. */
  backgrounds: ProvedBackground[]
  placements: Placement[]
  not_placed: NotPlaced[]
}

/** Starts of several placements differ by up to so many days. */
const mostJitterDays = 14

/** A function of the background and the seed, whatever else is measured elsewhere. */
export async function proveBackground(made: () => Promise<Given>, options: PlacingOptions): Promise<ProvedPart> {
  const part: ProvedPart = { complete: true, backgrounds: [], placements: [], not_placed: [] }
  try {
    await measureInto(part, await made(), options)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'interrupted')) throw error
    part.complete = false
  }
  return part
}

async function measureInto(part: ProvedPart, given: Given, options: PlacingOptions): Promise<void> {
  const { campaigns, seed, onDay, signal } = options
  const { background } = given
  const [first, last] = [background.days[0], background.days[background.days.length - 1]]
  if (first === undefined)
    throw new AppError('nothing_readable', `${given.name}: nothing left, so nothing can be hidden in it`)
  const sums = new KeptSums(campaigns.map(({ history }) => first + history - 1))
  const twin = await judgeGiven(given, { until_day: last + 1, onDay, signal, sums })
  const { site } = background.series
  part.backgrounds.push({
    ...{ name: given.name, from_ms: first * dayMs, until_ms: (last + 1) * dayMs, hosts: background.hostCount },
    bytes_out_per_day: site.all.reduce((sum, bytes) => sum + bytes, 0) / background.days.length,
    false_incidents: twin.incidents.filter(({ verdict }) => verdict?.verdict !== 'theft').length,
  })
  for (let n = 0; n < options.placements; n++)
    for (const spec of campaigns) {
      const campaign = specText(spec)
      const notPlaced = (reason: string): void => {
        if (n === 0) part.not_placed.push({ campaign, background: given.name, reason })
      }
      const slack = last + 1 - first - spec.history - spec.days
      if (slack < 0) {
        notPlaced(`${spec.history + spec.days} days are needed, there are ${last + 1 - first}`)
        continue
      }
      const key = `${campaign} ${n}`
      const jitter = n === 0 ? 0 : Math.floor(keyedUniform(seed, key, 'start') * (1 + Math.min(mostJitterDays, slack)))
      const injection = inject(background, spec, { start_day: first + spec.history + jitter, seed, key })
      if (typeof injection === 'string' || injection.days.size === 0) {
        notPlaced(typeof injection === 'string' ? injection : 'less than one byte a day would leave')
        continue
      }
      const until_day = Math.min(last + 1, injection.end_day + tailDays)
      const findings = await judgeGiven(given, { injection, until_day, onDay, signal, sums })
      part.placements.push(await placementOf(given, injection, findings, twin))
    }
}
