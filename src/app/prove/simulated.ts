/** Simulated centres in which nobody steals, as backgrounds. Nothing here opens a database. */
import type { CampaignSpec } from '../../prove/spec.ts'
import { firstDayMs } from '../../range/centre/day-shape.ts'
import { scenarios } from '../../range/scenarios/index.ts'
import { rangeWorld } from '../range-days.ts'
import { type Given, givenOf } from './given.ts'
import { tailDays } from './placement.ts'

/** Some 95 hosts, 300 GB and 450 rows of arrivals a day. */
export const usualScale = 0.002
/** A centre of other length is another centre: what is published of the usual one stays as it is. */
const leastDays = 120

/** As many as the longest campaign needs with its history, and the days after it on which it may still be found. */
export function daysFor(campaigns: readonly CampaignSpec[]): number {
  const needed = Math.max(...campaigns.map(({ history, days }) => history + days))
  return needed <= leastDays ? leastDays : needed + tailDays
}

export interface Centre {
  scale: number
  days: number
}

export interface SimulatedOptions extends Centre {
  seed: number
  signal?: AbortSignal
  onDay: () => void
}

export async function simulatedBackground({ seed, scale, ...options }: SimulatedOptions): Promise<Given> {
  const scenario = scenarios.find(({ name }) => name === 'clean')
  if (!scenario) throw new Error('the range has no clean scenario')
  const { store, config } = await rangeWorld({ scenario, seed, scale, declared: 1, ...options })
  const name = `simulated centre, seed ${seed}, scale ${scale}`
  return givenOf({ name, store, config, verdicts: [], before: [], now_ms: firstDayMs })
}
