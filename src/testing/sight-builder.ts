/** A proof of sight of a centre that sends 300 GB a day: found after six days, floors of the site, one way out and one vault. */
import type { SightFloor, SightProof } from '../app/prove/sight.ts'
import type { Sighting } from '../app/prove/sighting.ts'
import { dayMs } from '../model/window.ts'

export const sightDay_ms = Date.UTC(2026, 4, 1)

export type SightMore = Partial<Omit<SightProof, 'standing'>> & { standing?: Partial<Sighting> }

export function buildSight({ standing, ...more }: SightMore = {}): SightProof {
  const floor = (share: number, of: Partial<SightFloor>): SightFloor => ({
    ...{ vault: null, path: null, hosts: 3, share, is_at_most: false, gb_per_day: share * 300 },
    ...of,
  })
  return {
    ...{ weir: '0', at_ms: sightDay_ms + 2 * 3_600_000, judged_until_ms: sightDay_ms, complete: true },
    campaign: 'hosts=30,peers=100,spread=4,share=0.01,days=30,stay=10,hours=people,duty=1,history=90,piece=20000000',
    ...{ history_days: 120, is_mature: true, bytes_out_per_day: 300e9, own_incidents: [] },
    standing: {
      ...{ share: 0.01, hosts: 30, days: 30, start_ms: sightDay_ms - 30 * dayMs, gb_per_day: 3 },
      ...{ found: true, delay_days: 6.21, bytes_lost: 18e9 },
      ...standing,
    },
    draws: 1,
    shares_tried: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    floors: [
      floor(0.005, { hosts: 30 }),
      floor(0.002, { path: 'dtn' }),
      floor(0.001, { vault: 'cfd', is_at_most: true }),
    ],
    not_placed: [],
    ...more,
  }
}
