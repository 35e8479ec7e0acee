/** All that is measured in one simulated centre: made, judged without, and with each campaign. */
import type { CampaignSpec } from '../../prove/spec.ts'
import { type ProvedPart, proveBackground } from './prove-background.ts'
import { type Centre, simulatedBackground } from './simulated.ts'

/** Plain data: all that a worker needs to know. */
export interface CentreTask {
  centre: Centre
  campaigns: readonly CampaignSpec[]
  /** Of the run, from which campaigns are drawn. */
  seed: number
  centre_seed: number
}

export function proveCentre(
  { centre, campaigns, seed, centre_seed }: CentreTask,
  { onDay, signal }: { onDay: () => void; signal: AbortSignal },
): Promise<ProvedPart> {
  const made = () => simulatedBackground({ ...centre, seed: centre_seed, onDay, signal })
  return proveBackground(made, { campaigns, placements: 1, seed, onDay, signal })
}
