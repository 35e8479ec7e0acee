/** Harmless days that are not like others (hpc-ops §8, B2, B5, B6, B7, B8), with the brief's numbers at scale 1. */
import type { CampaignSpec, Scenario } from './scenario.ts'
import { jobSmuggler } from './thefts.ts'

const cohort: CampaignSpec = {
  id: 'b2-ssh',
  is_theft: false,
  carrier: 'ssh_pull',
  hosts: { count: 6, groups: ['login'] },
  peers: { count: 1500, kinds: ['home'], networks: 300, of_one_account: true },
  accounts: 1500,
  new_accounts: 'course',
  scales: true,
  vaults: { count: 1, open: false },
  volume: { bytes_per_day: 300e9 },
  start_day: [40, 44],
  lasts: { days: 14 },
  ramp_days: 0,
  hours: 'people',
  piece: { mean: 4e6, sigma: 1 },
  bits_per_second_of_piece: [5e6, 1e8],
  client: 'usual',
  can_be_declared: true,
}

export const semesterStart: Scenario = {
  name: 'b2',
  story:
    'semester start: 1,500 new accounts, four times the logins, 3.5 GB each of one course’s vault in 14 days; no theft',
  twin: 'clean',
  days: 75,
  campaigns: [
    cohort,
    {
      ...cohort,
      id: 'b2-vpn',
      carrier: 'vpn_pull',
      volume: { bytes_per_day: 75e9 },
      after: cohort.id,
      start_day: [0, 0],
      piece: { mean: 30e6, sigma: 1 },
      cover: { campaign: cohort.id, same_vaults: true },
    },
  ],
}

export const conferenceTravel: Scenario = {
  name: 'b5',
  story:
    'conference: 60 people in a new country behind one address for 5 days, with their own devices; little, no theft',
  twin: 'clean',
  days: 75,
  campaigns: [
    {
      id: 'b5',
      is_theft: false,
      carrier: 'ssh_pull',
      hosts: { count: 6, groups: ['login'] },
      peers: { count: 1, kinds: ['venue'], networks: 1 },
      accounts: 60,
      vaults: { count: 60, open: false },
      volume: { bytes_per_day: 60 * 0.5e9 },
      start_day: [40, 45],
      lasts: { days: 5 },
      ramp_days: 0,
      hours: 'people',
      piece: { mean: 20e6, sigma: 1.2 },
      bits_per_second_of_piece: [5e6, 1e8],
      client: 'usual',
      // nobody writes an expectation for a journey
      can_be_declared: false,
    },
  ],
}

export const scanResearch: Scenario = {
  name: 'b6',
  story:
    'scan research: one host sends 100 million datagrams of 80 bytes to 50,000 addresses in every network; no theft',
  twin: 'clean',
  days: 90,
  campaigns: [
    {
      id: 'b6',
      is_theft: false,
      carrier: 'scan',
      hosts: { count: 1, groups: ['service'] },
      peers: { count: 50_000, kinds: ['home', 'hosting', 'cloud', 'university', 'venue'], networks: 1400 },
      accounts: 0,
      vaults: { count: 0, open: false },
      volume: { bytes_per_day: (100e6 * 80) / 90 },
      start_day: [0, 0],
      ramp_days: 0,
      hours: [0, 24],
      piece: { low: 40, high: 120 },
      bits_per_second_of_piece: [1e6, 1e6],
      client: 'usual',
      // an expectation speaks of vaults and accounts: it has neither
      can_be_declared: false,
    },
  ],
}

const cutover: CampaignSpec = {
  id: 'b7',
  is_theft: false,
  carrier: 'https_push',
  hosts: { count: 6, groups: ['dtn'] },
  peers: { count: 8, kinds: ['archive'], networks: 1 },
  accounts: 1,
  new_accounts: 'svc-backup',
  vaults: { count: 60, open: false, of_anybody: true },
  volume: { bits_per_second: 8.8e9 },
  start_day: [40, 45],
  lasts: { days: 21 },
  ramp_days: 1,
  hours: [0, 24],
  piece: { mean: 100e9, sigma: 0.5 },
  bits_per_second_of_piece: [1e9, 4e9],
  client: 'one',
  can_be_declared: true,
}

export const backupCutover: Scenario = {
  name: 'b7',
  story: 'backup cutover: 2 PB in 21 days from transfer nodes to a cloud never seen before; declared, no theft',
  twin: 'clean',
  days: 75,
  campaigns: [cutover],
}

const [smuggled] = jobSmuggler.campaigns

export const smugglerInCutover: Scenario = {
  name: 'b7-s5',
  story:
    'the job smuggler of s5 inside the cutover of b7: to the same kind of cloud, of vaults that the ticket does not name',
  twin: 'b7',
  days: 75,
  campaigns: [
    cutover,
    {
      ...smuggled,
      id: 'b7-s5',
      peers: { count: 12, kinds: ['archive'], networks: 4 },
      after: cutover.id,
      start_day: [3, 6],
    },
  ],
}

export const dataChallenge: Scenario = {
  name: 'b8',
  story:
    'data challenge: 66 grid sites fetch 300 Gbit/s over IPv6 for 12 days, of 4 experiment vaults; declared, no theft',
  twin: 'clean',
  days: 75,
  campaigns: [
    {
      id: 'b8',
      is_theft: false,
      carrier: 'https_pull',
      hosts: { count: 10, groups: ['dtn'] },
      peers: { count: 66, kinds: ['university'], networks: 66, family: 6 },
      accounts: 0,
      vaults: { count: 4, open: false },
      volume: { bits_per_second: 300e9 },
      start_day: [40, 45],
      lasts: { days: 12 },
      ramp_days: 0,
      hours: [0, 24],
      piece: { mean: 200e9, sigma: 0.5 },
      bits_per_second_of_piece: [4e9, 2e10],
      client: 'one',
      can_be_declared: true,
    },
  ],
}
