/**
 * The centre at scale 1: the size of the reference site of the operations brief (about 20 Gbit/s at the border, 5,000
 * accounts, 2,000 nodes, 6,000 client organisations). People, nodes, vaults and the number of events a day scale; hosts at the
 * border, the rates of single connections and the sizes of single files do not, as a smaller centre has fewer of them, not
 * smaller ones. These are estimates, not measurements; nothing that detects reads them.
 */
export const referenceSite = {
  accounts: 5000,
  projects: 1000,
  client_orgs: 6000,
  compute_nodes: 2000,
  collaborations: 300,
  stored_bytes: 50e15,
  /** Mean egress of a working day at the start. */
  egress_bytes_per_day: 160e12,
  login_hosts: 6,
  dtn_hosts: 10,
  portal_hosts: 4,
  service_hosts: 80,
  storage_hosts: 4,
  nat_addresses: 8,
} as const

/** The smallest that still is a centre: what a test of seconds needs. */
export const smallestSite = {
  accounts: 40,
  projects: 12,
  client_orgs: 200,
  compute_nodes: 24,
  collaborations: 8,
} as const
/** Client organisations that a configuration is written for at most. */
export const mostClientOrgs = 50_000

/**
 * What leaves by which way: events a day at scale 1, the share of egress that they carry, and the deviation of the logarithm
 * of their sizes. Shares need not add up to 1: web and other small flows come on top with sizes of their own.
 */
export const ways = {
  transfers: { per_day: 800, egress_share: 0.68, sigma: 1.5 },
  objects: { per_day: 40_000, egress_share: 0.1, sigma: 1.9 },
  logins: { per_day: 20_000, egress_share: 0.07, sigma: 2.4 },
  services: { per_day: 10_000, egress_share: 0.06, sigma: 1.9 },
  vpn: { per_day: 6000, egress_share: 0.03, sigma: 1.8 },
  jobs: { per_day: 4000, egress_share: 0.06, sigma: 1.7 },
} as const
/** Small flows of services, both directions; sizes are those of flow-sizes.ts. */
export const smallFlows = { web_per_day: 60_000, outbound_per_day: 20_000, dns_per_day: 20_000 } as const
/** Connections without payload. */
export const scans_per_day = 40_000
/** Growth of all that people do, linear, in a year. */
export const growth_per_year = 0.2
/** What compute reads from storage, as a multiple of egress. */
export const compute_reads_per_egress = 150
