/**
 * `prove`: campaigns are placed in backgrounds, each paired with the same background without it, and what detection makes of both
 * is counted. A function of the backgrounds and the seed; a stop leaves what was measured until then.
 */
import { keyedUniform } from '../../math/keyed-uniform.ts'
import { AppError } from '../../model/errors.ts'
import { dayMs } from '../../model/window.ts'
import { inject } from '../../prove/injection.ts'
import { type CampaignSpec, specText } from '../../prove/spec.ts'
import type { Progress } from '../progress.ts'
import { version } from '../version.ts'
import { type Cell, cellOf, type FalseIncidents, type Floor, falseIncidentsOf, floorsOf } from './cells.ts'
import type { Given } from './given.ts'
import { judgeGiven } from './judge-placed.ts'
import { type Placement, placementOf, tailDays } from './placement.ts'

export interface ProveOptions {
  /** Made one after the other, each when the one before is done with. */
  backgrounds: readonly ((onDay: () => void) => Promise<Given>)[]
  /** Days of work before and in each, as far as they can be known, for the time that is left. */
  background_days: number
  /** Whether a background is made day by day, or lies there. */
  are_made: boolean
  campaigns: readonly CampaignSpec[]
  /** Of each campaign in each background. */
  placements: number
  seed: number
  progress: Progress
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

export interface Proof {
  weir: string
  seed: number
  /** False after Ctrl-C: what was measured until then. */
  complete: boolean
  backgrounds: ProvedBackground[]
  false_incidents: FalseIncidents
  cells: Cell[]
  floors: Floor[]
  placements: Placement[]
  not_placed: { campaign: string; background: string; reason: string }[]
}

/** Starts of several placements differ by up to so many days. */
const mostJitterDays = 14

export async function prove(options: ProveOptions): Promise<Proof> {
  const { backgrounds, campaigns, progress, signal } = options
  const placed: Placement[] = []
  const not_placed: Proof['not_placed'] = []
  const proved: ProvedBackground[] = []
  let complete = true
  let days = 0
  progress.phase('proving', totalDays(options), 'days')
  const onDay = (): void => progress.advance(1)
  try {
    for (const made of backgrounds) {
      const given = await made(onDay)
      const { background } = given
      const [first, last] = [background.days[0], background.days[background.days.length - 1]]
      if (first === undefined)
        throw new AppError('nothing_readable', `${given.name}: nothing left, so nothing can be hidden in it`)
      const twin = await judgeGiven(given, { until_day: last + 1, onDay, signal })
      const false_incidents = twin.incidents.filter(({ verdict }) => verdict?.verdict !== 'theft').length
      days += background.days.length
      const { site } = background.series
      proved.push({
        ...{ name: given.name, from_ms: first * dayMs, until_ms: (last + 1) * dayMs, hosts: background.hostCount },
        bytes_out_per_day: site.all.reduce((sum, bytes) => sum + bytes, 0) / background.days.length,
        false_incidents,
      })
      for (let n = 0; n < options.placements; n++)
        for (const spec of campaigns) {
          const campaign = specText(spec)
          const slack = last + 1 - first - spec.history - spec.days
          if (slack < 0) {
            const reason = `${spec.history + spec.days} days are needed, there are ${last + 1 - first}`
            if (n === 0) not_placed.push({ campaign, background: given.name, reason })
            continue
          }
          const key = `${campaign} ${n}`
          const jitter =
            n === 0 ? 0 : Math.floor(keyedUniform(options.seed, key, 'start') * (1 + Math.min(mostJitterDays, slack)))
          const injection = inject(background, spec, {
            start_day: first + spec.history + jitter,
            seed: options.seed,
            key,
          })
          if (typeof injection === 'string' || injection.days.size === 0) {
            const reason = typeof injection === 'string' ? injection : 'less than one byte a day would leave'
            if (n === 0) not_placed.push({ campaign, background: given.name, reason })
            continue
          }
          const until_day = Math.min(last + 1, injection.end_day + tailDays)
          const findings = await judgeGiven(given, { injection, until_day, onDay, signal })
          placed.push(await placementOf(given, injection, findings, twin))
        }
    }
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'interrupted')) throw error
    complete = false
  } finally {
    progress.done()
  }
  const cells = campaigns.map((spec) =>
    cellOf(
      spec,
      placed.filter(({ campaign }) => campaign === specText(spec)),
    ),
  )
  return {
    ...{ weir: version, seed: options.seed, complete, backgrounds: proved },
    false_incidents: falseIncidentsOf(
      proved.reduce((sum, { false_incidents }) => sum + false_incidents, 0),
      days,
    ),
    ...{ cells, floors: floorsOf(cells), placements: placed, not_placed },
  }
}

function totalDays({ backgrounds, background_days, are_made, campaigns, placements }: ProveOptions): number {
  const ofPlaced = campaigns
    .filter(({ history, days }) => history + days <= background_days)
    .reduce((sum, { history, days }) => sum + Math.min(background_days, history + days + tailDays), 0)
  return backgrounds.length * ((are_made ? 2 : 1) * background_days + placements * ofPlaced)
}
