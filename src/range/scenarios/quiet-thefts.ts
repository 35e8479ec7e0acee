/** Thefts that no single day shows (hpc-ops §8, S2, S6, S10, S12), with the brief's numbers at scale 1. */
import type { Scenario } from './scenario.ts'

export const subNoise: Scenario = {
  name: 's2',
  story: 'sub-noise: 51 Mbit/s for 180 days, 12 hosts, 800 peers of 0.69 GB a day each, 9 vaults; below 1 % of egress',
  twin: 'clean',
  days: 210,
  campaigns: [
    {
      id: 's2',
      is_theft: true,
      carrier: 'https_pull',
      hosts: { count: 12, groups: ['login', 'service', 'portal', 'dtn'] },
      peers: { count: 800, kinds: ['home', 'hosting'], networks: 200, rotation_per_day: 0.03 },
      accounts: 0,
      vaults: { count: 9, open: false },
      volume: { bits_per_second: 51e6 },
      start_day: [30, 30],
      lasts: { days: 180 },
      ramp_days: 10,
      hours: 'people',
      // nearly equal: what a program cuts
      piece: { low: 0.65e9, high: 0.73e9 },
      bits_per_second_of_piece: [5e6, 1e8],
      client: 'usual',
      can_be_declared: false,
    },
  ],
}

export const stageAndTrickle: Scenario = {
  name: 's6',
  story: 'stage and trickle: 5 TB packed on scratch, then 200 Mbit/s from 1 to 5 at night, 14 days, 1 host to 3 relays',
  twin: 'b3',
  days: 60,
  campaigns: [
    {
      id: 's6',
      is_theft: true,
      carrier: 'ssh_pull',
      hosts: { count: 1, groups: ['login'] },
      peers: { count: 3, kinds: ['hosting'], networks: 3 },
      accounts: 1,
      vaults: { count: 40, open: false, of_anybody: true },
      volume: { bytes_per_day: (200e6 / 8) * 4 * 3600 },
      start_day: [36, 40],
      lasts: { days: 14 },
      ramp_days: 0,
      hours: [1, 5],
      unevenness: 0,
      piece: { low: 5e9, high: 5e9 },
      bits_per_second_of_piece: [1.8e8, 2.2e8],
      client: 'one',
      staging_days: 3,
      can_be_declared: false,
    },
  ],
}

export const routerTunnel: Scenario = {
  name: 's10',
  story: 'router tunnel: 100 Mbit/s flat for 60 days from a storage gateway to 2 peers, past the sensor of flows',
  twin: 'b8',
  days: 95,
  campaigns: [
    {
      id: 's10',
      is_theft: true,
      carrier: 'tunnel',
      hosts: { count: 1, groups: ['storage'] },
      peers: { count: 2, kinds: ['hosting'], networks: 2 },
      accounts: 0,
      vaults: { count: 6, open: false },
      volume: { bits_per_second: 100e6 },
      start_day: [30, 30],
      lasts: { days: 60 },
      ramp_days: 0,
      hours: 'flat',
      unevenness: 0,
      // not used: every hour has its piece
      piece: { low: 1e9, high: 1e9 },
      bits_per_second_of_piece: [1e8, 1e8],
      client: 'one',
      can_be_declared: false,
    },
  ],
}

export const threeSites: Scenario = {
  name: 's12',
  story: 'three sites: one SSH key and the same 200 peers at every seed, 5 Mbit/s for 90 days; a seed is a site',
  twin: 'clean',
  days: 120,
  campaigns: [
    {
      id: 's12',
      is_theft: true,
      carrier: 'ssh_pull',
      hosts: { count: 2, groups: ['login'] },
      peers: { count: 200, kinds: ['hosting'], networks: 60 },
      accounts: 1,
      vaults: { count: 6, open: false },
      volume: { bits_per_second: 5e6 },
      start_day: [30, 30],
      lasts: { days: 90 },
      ramp_days: 0,
      hours: 'people',
      piece: { mean: 100e6, sigma: 0.5 },
      bits_per_second_of_piece: [5e7, 4e8],
      client: 'one',
      same_everywhere: true,
      can_be_declared: false,
    },
  ],
}
