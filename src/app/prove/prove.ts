/**
 * `prove`: campaigns are placed in backgrounds, each paired with the same background without it, and what detection makes of both
 * is counted. A function of the backgrounds and the seed; a stop leaves what was measured until then.
 */
import { dayMs } from '../../model/window.ts'
import { type CampaignSpec, specText } from '../../prove/spec.ts'
import type { Progress } from '../progress.ts'
import { version } from '../version.ts'
import { type Cell, cellOf, type FalseIncidents, type Floor, falseIncidentsOf, floorsOf } from './cells.ts'
import type { Given } from './given.ts'
import { type Placement, tailDays } from './placement.ts'
import { type NotPlaced, type ProvedBackground, type ProvedPart, proveBackground } from './prove-background.ts'

export interface Proof {
  weir: string
  seed: number
  /** Of all runs that were added up: `seed` is the first. */
  seeds?: number[]
  /** False after Ctrl-C: what was measured until then. */
  complete: boolean
  backgrounds: ProvedBackground[]
  false_incidents: FalseIncidents
  cells: Cell[]
  floors: Floor[]
  placements: Placement[]
  not_placed: NotPlaced[]
}

export interface ProveOptions {
  background: Given
  campaigns: readonly CampaignSpec[]
  /** Of each campaign. */
  placements: number
  seed: number
  progress: Progress
  signal?: AbortSignal
}

/** In one background that lies there: a state, or logs. */
export async function prove({ background, progress, ...options }: ProveOptions): Promise<Proof> {
  const { campaigns, placements, seed } = options
  const { length } = background.background.days
  progress.phase('proving', length + placements * placedDays(campaigns, length), 'days')
  try {
    const onDay = (): void => progress.advance(1)
    const part = await proveBackground(async () => background, { ...options, onDay })
    return proofOf([part], { campaigns, seed, complete: part.complete })
  } finally {
    progress.done()
  }
}

/** What was measured in several backgrounds, told together, in the order of the parts. */
export function proofOf(
  parts: readonly Pick<ProvedPart, 'backgrounds' | 'placements' | 'not_placed'>[],
  { campaigns, seed, complete }: { campaigns: readonly CampaignSpec[]; seed: number; complete: boolean },
): Proof {
  const backgrounds = parts.flatMap((part) => part.backgrounds)
  const placements = parts.flatMap((part) => part.placements)
  const cells = campaigns.map((spec) => {
    const text = specText(spec)
    return cellOf(
      spec,
      placements.filter(({ campaign }) => campaign === text),
    )
  })
  return {
    ...{ weir: version, seed, complete, backgrounds },
    false_incidents: falseIncidentsOf(
      backgrounds.reduce((sum, { false_incidents }) => sum + false_incidents, 0),
      backgrounds.reduce((sum, { from_ms, until_ms }) => sum + (until_ms - from_ms) / dayMs, 0),
    ),
    ...{ cells, floors: floorsOf(cells), placements, not_placed: parts.flatMap((part) => part.not_placed) },
  }
}

/** Days that are judged for one placement of each campaign in a background of so many days. */
export function placedDays(campaigns: readonly CampaignSpec[], background_days: number): number {
  return campaigns
    .filter(({ history, days }) => history + days <= background_days)
    .reduce((sum, { history, days }) => sum + Math.min(background_days, history + days + tailDays), 0)
}
