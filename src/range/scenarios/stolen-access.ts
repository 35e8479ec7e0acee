/** Thefts with what somebody may use: a token, cookies, a key, an own account (hpc-ops §8, S3, S7, S8, S11), at scale 1. */
import type { Scenario } from './scenario.ts'

export const globusGuest: Scenario = {
  name: 's3',
  story:
    'Globus guest: one stolen token, 12 collections, 6 endpoints like universities, 3 TB a day in working hours, 30 days',
  twin: 'b1',
  days: 70,
  campaigns: [
    {
      id: 's3',
      is_theft: true,
      carrier: 'gridftp_pull',
      hosts: { count: 4, groups: ['dtn'] },
      peers: { count: 6, kinds: ['university'], networks: 6 },
      accounts: 1,
      vaults: { count: 12, open: false, of_anybody: true },
      volume: { bits_per_second: 278e6 },
      start_day: [30, 34],
      lasts: { days: 30 },
      ramp_days: 0,
      hours: 'people',
      piece: { mean: 40e9, sigma: 0.8 },
      bits_per_second_of_piece: [1e9, 4e9],
      client: 'usual',
      consents: true,
      can_be_declared: false,
    },
  ],
}

export const portalSwarm: Scenario = {
  name: 's7',
  story:
    'portal swarm: stolen sessions of 200 people, 400 addresses, 2 GB a day each for 60 days; one client, one order',
  twin: 'b5',
  days: 95,
  campaigns: [
    {
      id: 's7',
      is_theft: true,
      carrier: 'object_pull',
      hosts: { count: 4, groups: ['portal'] },
      peers: { count: 400, kinds: ['home', 'hosting'], networks: 120, of_one_account: true },
      accounts: 200,
      vaults: { count: 24, open: false, of_anybody: true, in_order: true },
      volume: { bytes_per_day: 200 * 2e9 },
      start_day: [30, 34],
      lasts: { days: 60 },
      ramp_days: 0,
      hours: 'people',
      piece: { low: 0.4e9, high: 0.6e9 },
      bits_per_second_of_piece: [2e7, 2e8],
      client: 'one',
      user_agents: ['python-requests/2.31.0'],
      can_be_declared: false,
    },
  ],
}

export const presignedLeak: Scenario = {
  name: 's8',
  story: 'presigned leak: one key of the object store, buckets listed first, 8 TB by 3,000 addresses in 5 days',
  twin: 'b4',
  days: 45,
  campaigns: [
    {
      id: 's8',
      is_theft: true,
      carrier: 'object_pull',
      hosts: { count: 4, groups: ['portal'] },
      peers: { count: 3000, kinds: ['home', 'hosting'], networks: 500 },
      accounts: 1,
      vaults: { count: 5, open: false },
      volume: { bits_per_second: 148e6 },
      start_day: [32, 36],
      lasts: { days: 5 },
      ramp_days: 0,
      hours: [0, 24],
      piece: { mean: 300e6, sigma: 0.8 },
      bits_per_second_of_piece: [2e7, 2e8],
      client: 'usual',
      user_agents: ['Amazon CloudFront', 'Mozilla/5.0 (compatible; edge-prefetch/1.4)', 'Varnish/7.4'],
      lists_buckets: true,
      can_be_declared: false,
    },
  ],
}

export const leaver: Scenario = {
  name: 's11',
  story:
    'leaver: a principal investigator takes 12 TB in 21 days to a cloud of his own, from 6 projects that he may read',
  twin: 'clean',
  days: 60,
  campaigns: [
    {
      id: 's11',
      is_theft: true,
      carrier: 'object_pull',
      hosts: { count: 4, groups: ['portal'] },
      peers: { count: 2, kinds: ['cloud'], networks: 1 },
      accounts: 1,
      vaults: { count: 24, open: false, shared_projects: 5 },
      volume: { bits_per_second: 53e6 },
      start_day: [32, 36],
      lasts: { days: 21 },
      ramp_days: 0,
      hours: 'people',
      piece: { mean: 4e9, sigma: 1 },
      bits_per_second_of_piece: [1e8, 8e8],
      client: 'usual',
      user_agents: ['rclone/v1.66.0'],
      can_be_declared: false,
    },
  ],
}
