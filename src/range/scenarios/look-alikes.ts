/** Harmless egress in the shape of a theft (hpc-ops §8, B1, B3, B4), with the brief's numbers at scale 1. */
import type { CampaignSpec, Scenario } from './scenario.ts'

export const collaborationCampaign: CampaignSpec = {
  id: 'b1',
  is_theft: false,
  carrier: 'gridftp_pull',
  hosts: { count: 2, groups: ['dtn'] },
  peers: { count: 2, kinds: ['university'], networks: 1 },
  accounts: 1,
  vaults: { count: 1, open: false },
  volume: { bits_per_second: 0.93e9 },
  start_day: [33, 36],
  lasts: { days: 5 },
  ramp_days: 0,
  hours: [0, 24],
  piece: { mean: 200e9, sigma: 0.8 },
  bits_per_second_of_piece: [1e9, 4e9],
  client: 'usual',
  can_be_declared: true,
}

export const newCollaboration: Scenario = {
  name: 'b1',
  story: 'new collaboration: a university never seen before fetches 50 TB by Globus in 5 days; declared, no theft',
  twin: 'clean',
  days: 45,
  campaigns: [collaborationCampaign],
}

export const nightlyMirror: Scenario = {
  name: 'b3',
  story: 'nightly mirror: 40 mirrors fetch 3 TB of open data in 4 hours of every night for months; declared, no theft',
  twin: 'clean',
  days: 60,
  campaigns: [
    {
      id: 'b3',
      is_theft: false,
      carrier: 'ssh_pull',
      hosts: { count: 1, groups: ['login'] },
      peers: { count: 40, kinds: ['university', 'hosting'], networks: 40 },
      accounts: 1,
      vaults: { count: 1, open: true },
      volume: { bytes_per_day: 3e12 },
      start_day: [0, 0],
      ramp_days: 0,
      hours: [1, 5],
      piece: { low: 20e9, high: 30e9 },
      bits_per_second_of_piece: [3e8, 1e9],
      client: 'usual',
      can_be_declared: true,
    },
  ],
}

export const openDataRelease: Scenario = {
  name: 'b4',
  story: 'open data: 20,000 addresses fetch 1–5 GB a day each of a new release; a peer looks like one of s1, no theft',
  twin: 'clean',
  days: 90,
  campaigns: [
    {
      id: 'b4',
      is_theft: false,
      carrier: 'object_pull',
      hosts: { count: 4, groups: ['portal'] },
      peers: { count: 20_000, kinds: ['home', 'university', 'hosting'], networks: 600 },
      accounts: 0,
      vaults: { count: 1, open: true },
      volume: { bytes_per_day: 20_000 * 3e9 },
      start_day: [40, 45],
      ramp_days: 3,
      hours: 'people',
      piece: { low: 1e9, high: 5e9 },
      bits_per_second_of_piece: [5e6, 1e8],
      client: 'usual',
      can_be_declared: true,
    },
  ],
}
