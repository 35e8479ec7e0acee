/** In which hours of a day a campaign runs, and how much of a whole day's bytes falls into them. */
import type { DayContext } from '../background/context.ts'
import { peopleHours } from '../centre/day-shape.ts'
import type { CampaignSpec } from '../scenarios/scenario.ts'
import { Stream } from '../stream.ts'
import type { CampaignPlan } from './plan.ts'

/** Weights of the day's 24 hours of UTC; 0 where it rests. Without a duty every hour has its weight. */
export function activeHours({ spec }: CampaignPlan, { centre, day }: DayContext): number[] {
  const { duty } = spec
  const weights = Array.from({ length: 24 }, (_, hour) => weightOf(spec, hour))
  if (duty === undefined) return weights
  if (duty === 'weekends') return weights.map((weight) => (day % 7 >= 5 ? weight : 0))
  const stream = new Stream(centre.seed, 'campaign', spec.id, 'duty', day)
  return weights.map((weight) => (stream.chance(duty.share_of_hours) ? weight : 0))
}

/** Of a day that is active throughout. */
export function activeShare(spec: CampaignSpec, hours: readonly number[]): number {
  if (spec.duty === undefined) return 1
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return sum(hours) / sum(Array.from({ length: 24 }, (_, hour) => weightOf(spec, hour)))
}

function weightOf({ hours }: CampaignSpec, hour: number): number {
  if (hours === 'people') return peopleHours[hour]
  if (hours === 'flat') return 1
  const [from, until] = hours
  return (hour >= from && hour < until) || hour + 24 < until ? 1 : 0
}
