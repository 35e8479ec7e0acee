/** Two thefts at a time: by thieves who know nothing of each other, and by one who makes a noise to hide the other. */
import type { CampaignSpec, Scenario } from './scenario.ts'
import { thinCampaign } from './thin.ts'

const atServices: CampaignSpec = { ...thinCampaign, id: 'two-web', hosts: { count: 30, groups: ['service'] } }

/** By stolen accounts, at every host that people log in to or fetch objects from. */
const atPeoplesHosts: CampaignSpec = {
  ...thinCampaign,
  id: 'two-keys',
  carrier: 'by_host',
  hosts: { count: 10, groups: ['portal', 'login'] },
  accounts: 12,
  volume: { share_of_egress: 0.03 },
}

export const two: Scenario = {
  name: 'two',
  story:
    'two thieves: 400 peers take 1 % at web services, 400 others 3 % with 12 stolen accounts at portals and logins',
  twin: 'clean',
  days: 120,
  campaigns: [atServices, atPeoplesHosts],
}

const loud: CampaignSpec = {
  id: 'decoy',
  is_theft: true,
  carrier: 'ssh_pull',
  hosts: { count: 4, groups: ['login'] },
  peers: { count: 60, kinds: ['hosting'], networks: 24 },
  accounts: 6,
  vaults: { count: 6, open: false },
  volume: { share_of_egress: 0.1 },
  start_day: [70, 75],
  lasts: { days: 25 },
  ramp_days: 0,
  hours: 'people',
  piece: { mean: 2e9, sigma: 0.5 },
  bits_per_second_of_piece: [5e7, 4e8],
  client: 'one',
  can_be_declared: false,
}

const behindIt: CampaignSpec = { ...thinCampaign, id: 'decoy-thief', start_day: [3, 6], after: 'decoy' }

export const decoy: Scenario = {
  name: 'decoy',
  story: 'a decoy of 10 % from 4 login nodes to 60 peers for 25 days; days later the thief of thin begins behind it',
  twin: 'clean',
  days: 120,
  campaigns: [loud, behindIt],
}
