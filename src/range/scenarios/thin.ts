/**
 * The acceptance campaign: 1 % of what the centre sends, over HTTPS connections from outside, 30 hosts, 400 peers. In `thin`
 * peers come and go; in `thin-stay` each stays for 60 days, so that a tool that learns who is usual learns the thief. Its span is
 * longer, so that the latest start leaves time for every stay.
 */
import type { CampaignSpec, Scenario } from './scenario.ts'

export const thinCampaign: CampaignSpec = {
  id: 'thin',
  is_theft: true,
  carrier: 'https_pull',
  hosts: { count: 30, groups: ['service', 'portal'] },
  peers: { count: 400, kinds: ['home', 'hosting'], networks: 120, stays_days: 10 },
  accounts: 0,
  vaults: { count: 12, open: false },
  volume: { share_of_egress: 0.01 },
  start_day: [75, 95],
  ramp_days: 0,
  hours: 'people',
  piece: { mean: 200e6, sigma: 0.6 },
  bits_per_second_of_piece: [5e6, 1e8],
  client: 'usual',
  can_be_declared: false,
}

export const thin: Scenario = {
  name: 'thin',
  story: 'a botnet of 400 pulls 1 % of egress from 30 hosts over HTTPS, peers stay 10 days; the acceptance campaign',
  twin: 'clean',
  days: 120,
  campaigns: [thinCampaign],
}

export const thinStay: Scenario = {
  name: 'thin-stay',
  story: 'the same by peers that stay for 60 days each: whoever learns who is usual learns the thief',
  twin: 'clean',
  days: 160,
  campaigns: [{ ...thinCampaign, id: 'thin-stay', peers: { ...thinCampaign.peers, stays_days: 60 } }],
}
