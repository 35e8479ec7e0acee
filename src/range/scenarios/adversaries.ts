/**
 * Thieves who know what they are up against: one who read the configuration, one who teaches it first, two who hide in what is
 * agreed. Their numbers are a thief's guesses: nothing here is read from the detectors.
 */
import { referenceSite, ways } from '../centre/reference-site.ts'
import type { CampaignSpec, Scenario } from './scenario.ts'
import { thinCampaign } from './thin.ts'

/** Sizes as those of everybody's downloads from services. */
const usualPiece = {
  mean: (referenceSite.egress_bytes_per_day * ways.services.egress_share) / ways.services.per_day,
  sigma: ways.services.sigma,
}

export const adaptive: Scenario = {
  name: 'adaptive',
  story:
    'an attacker who reads the configuration: 0.2 % of egress, by what each host serves, peers gone before 7 days, no two alike',
  twin: 'clean',
  days: 160,
  campaigns: [
    {
      ...thinCampaign,
      id: 'adaptive',
      carrier: 'by_host',
      hosts: { count: 60, groups: ['login', 'service', 'portal', 'dtn'] },
      peers: { count: 900, kinds: ['home', 'hosting', 'university'], networks: 600, stays_days: 6 },
      accounts: 24,
      vaults: { count: 60, open: false, of_anybody: true },
      volume: { share_of_egress: 0.002 },
      unevenness: 0.6,
      piece: usualPiece,
      bits_per_second_of_piece: [5e6, 2e8],
    },
  ],
}

const bait: CampaignSpec = {
  ...thinCampaign,
  id: 'poison-bait',
  is_theft: false,
  peers: { count: 400, kinds: ['home', 'hosting'], networks: 120 },
  vaults: { count: 2, open: true },
  volume: { share_of_egress: 0.03 },
  start_day: [30, 30],
  lasts: { days: 90 },
  ramp_days: 90,
  can_be_declared: false,
}

export const poison: Scenario = {
  name: 'poison-90',
  story:
    'a poisoner: 400 peers fetch open data, up to 3 % of egress over 90 days, then take as much of what is not open',
  twin: 'clean',
  days: 180,
  campaigns: [
    bait,
    {
      ...bait,
      id: 'poison-thief',
      is_theft: true,
      vaults: { count: 12, open: false },
      after: bait.id,
      start_day: [90, 90],
      lasts: { days: 60 },
      ramp_days: 0,
      cover: { campaign: bait.id },
    },
  ],
}

/** Maintenance from afar, which somebody agreed to. */
const service: CampaignSpec = {
  id: 'vendor-service',
  is_theft: false,
  carrier: 'vpn_pull',
  hosts: { count: 2, groups: ['login'] },
  peers: { count: 3, kinds: ['hosting'], networks: 1 },
  accounts: 1,
  new_accounts: 'supplier',
  vaults: { count: 1, open: false },
  volume: { bytes_per_day: 200e9 },
  start_day: [0, 0],
  ramp_days: 0,
  hours: 'people',
  piece: { mean: 400e6, sigma: 1 },
  bits_per_second_of_piece: [5e7, 4e8],
  client: 'usual',
  can_be_declared: true,
}

export const vendor: Scenario = {
  name: 'vendor',
  story:
    "a supplier's account, in use for maintenance over VPN, declared; from a day between 75 and 85 it takes 0.5 % of egress",
  twin: 'clean',
  days: 130,
  campaigns: [
    service,
    {
      ...service,
      id: 'vendor-theft',
      is_theft: true,
      vaults: { count: 8, open: false, of_anybody: true },
      volume: { share_of_egress: 0.005 },
      start_day: [75, 85],
      lasts: { days: 45 },
      cover: { campaign: service.id },
      can_be_declared: false,
    },
  ],
}

export const vendorCollaboration: Scenario = {
  name: 'vendor-collab',
  story:
    'a partner is broken into: the busiest collaboration’s account, host and university take 1 % more, of 6 other vaults',
  twin: 'clean',
  days: 130,
  campaigns: [
    {
      id: 'vendor-collab',
      is_theft: true,
      carrier: 'gridftp_pull',
      hosts: { count: 1, groups: ['dtn'] },
      peers: { count: 2, kinds: ['university'], networks: 1 },
      accounts: 1,
      vaults: { count: 6, open: false, of_anybody: true },
      volume: { share_of_egress: 0.01 },
      start_day: [75, 85],
      lasts: { days: 45 },
      ramp_days: 5,
      hours: [0, 24],
      piece: { mean: 20e9, sigma: 1 },
      bits_per_second_of_piece: [1e9, 8e9],
      client: 'usual',
      cover: 'collaboration',
      can_be_declared: false,
    },
  ],
}
