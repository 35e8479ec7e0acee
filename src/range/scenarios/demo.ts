/**
 * What is shown to whoever has a minute: the acceptance campaign, and during it a collaboration that is large, new and declared.
 * As short as it can be with 60 days before the theft and 20 days of it; with fewer peers, so that in a centre small enough to be
 * read in that minute each of them still comes several times.
 */
import { collaborationCampaign } from './look-alikes.ts'
import type { Scenario } from './scenario.ts'
import { thinCampaign } from './thin.ts'

export const demo: Scenario = {
  name: 'demo',
  story:
    'for showing: 200 peers pull 3 % of egress, otherwise as in thin, and meanwhile a large new collaboration, declared',
  twin: 'clean',
  days: 90,
  campaigns: [
    {
      ...thinCampaign,
      id: 'demo-theft',
      peers: { ...thinCampaign.peers, count: 200, networks: 60 },
      volume: { share_of_egress: 0.03 },
      start_day: [62, 66],
    },
    {
      ...collaborationCampaign,
      id: 'demo-collaboration',
      // smaller than those of `b1`, so that a small centre still sends several a day
      piece: { mean: 10e9, sigma: 0.8 },
      start_day: [72, 75],
    },
  ],
}
