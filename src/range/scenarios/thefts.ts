/** Campaigns of the operations brief (hpc-ops §8), with its numbers at scale 1. */
import type { Scenario } from './scenario.ts'

export const thinPetabyte: Scenario = {
  name: 's1',
  story:
    'thin petabyte: a state actor pulls 5.09 Gbit/s for 182 days from 60 hosts to 1,500 peers; large only in the sum',
  twin: 'b4',
  days: 212,
  campaigns: [
    {
      id: 's1',
      is_theft: true,
      carrier: 'https_pull',
      hosts: { count: 60, groups: ['login', 'service', 'portal', 'dtn'] },
      peers: { count: 1500, kinds: ['home', 'hosting'], networks: 300, rotation_per_day: 0.03 },
      accounts: 0,
      vaults: { count: 420, open: false },
      volume: { bits_per_second: 5.09e9 },
      start_day: [30, 30],
      lasts: { days: 182 },
      ramp_days: 10,
      hours: 'people',
      piece: { low: 2e9, high: 2e9 },
      bits_per_second_of_piece: [5e6, 1e8],
      client: 'one',
      can_be_declared: false,
    },
  ],
}

export const sshFanOut: Scenario = {
  name: 's4',
  story:
    'SSH fan-out: 14 stolen keys, 60 rented servers, 20 GB a day each for 45 days; one client behind many accounts',
  twin: 'clean',
  days: 75,
  campaigns: [
    {
      id: 's4',
      is_theft: true,
      carrier: 'ssh_pull',
      hosts: { count: 3, groups: ['login'] },
      peers: { count: 60, kinds: ['hosting'], networks: 20 },
      accounts: 14,
      vaults: { count: 14, open: false },
      volume: { bytes_per_day: 60 * 20e9 },
      start_day: [30, 30],
      lasts: { days: 45 },
      ramp_days: 0,
      hours: 'people',
      piece: { mean: 1e9, sigma: 0.5 },
      bits_per_second_of_piece: [5e7, 4e8],
      client: 'one',
      can_be_declared: false,
    },
  ],
}

export const jobSmuggler: Scenario = {
  name: 's5',
  story: "job smuggler: a student's account sends 2 Gbit/s in 6 hours a day from 25 shared nodes to 2 clouds, 10 days",
  twin: 'clean',
  days: 45,
  campaigns: [
    {
      id: 's5',
      is_theft: true,
      carrier: 'job_push',
      hosts: { count: 25, groups: ['compute'] },
      peers: { count: 12, kinds: ['cloud'], networks: 2 },
      accounts: 1,
      vaults: { count: 3, open: false },
      volume: { bits_per_second: 2e9 },
      start_day: [32, 34],
      lasts: { days: 10 },
      ramp_days: 0,
      hours: [20, 26],
      piece: { mean: 50e9, sigma: 0.5 },
      bits_per_second_of_piece: [4e8, 2e9],
      client: 'one',
      can_be_declared: false,
    },
  ],
}

export const mftSmash: Scenario = {
  name: 's9',
  story: 'MFT smash: 1 Gbit/s for 40 minutes of a weekend from one appliance, 400 clients’ files; fast theft',
  twin: 'clean',
  days: 45,
  campaigns: [
    {
      id: 's9',
      is_theft: true,
      carrier: 'https_pull',
      hosts: { count: 1, groups: ['appliance'] },
      peers: { count: 4, kinds: ['hosting'], networks: 3 },
      accounts: 0,
      vaults: { count: 400, open: false },
      volume: { bits_per_second: 1e9 },
      start_day: [33, 40],
      lasts: { minutes: 40 },
      starts_on_weekend: true,
      ramp_days: 0,
      hours: [2, 3],
      piece: { mean: 2e7, sigma: 0.8 },
      bits_per_second_of_piece: [2e8, 6e8],
      client: 'one',
      can_be_declared: false,
    },
  ],
}
