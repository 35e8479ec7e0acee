/**
 * The configuration that this centre's operators would have written: networks, pools, hosts, vaults with their owners and sizes,
 * and what somebody declared. It knows nothing of campaigns. Names are the range's own and need no quoting but for IPv6.
 */
import { accountsFile } from './accounts-csv.ts'
import { allPeers } from './campaign/peers.ts'
import type { CampaignPlan } from './campaign/plan.ts'
import type { Centre } from './centre/centre.ts'
import { dayMs, firstDayMs } from './centre/day-shape.ts'
import { centreNetworks, leasedPrefix } from './centre/hosts.ts'
import { ipv4, type PeerNetwork } from './centre/networks.ts'
import { isoDate } from './logs/log.ts'
import { addressesSeen, embedded } from './mutators/addresses-seen.ts'

const list = (values: readonly string[]): string =>
  `[${values.map((value) => (value.includes(':') ? `"${value}"` : value)).join(', ')}]`
const dateOf = (day: number): string => isoDate(firstDayMs + day * dayMs)
const anywhere = ['0.0.0.0/0', '::/0']
/** More peers than this are not listed one by one. */
const mostListedPeers = 256

export function weirYaml(centre: Centre, plans: readonly CampaignPlan[]): string {
  const { hosts, vaults, shape, collaborations } = centre
  const seen = addressesSeen(centre)
  const isV6 = centre.mutate.includes('v6_only')
  const prefixesOf = (network: PeerNetwork): string[] => prefixesSeen(network, isV6)
  const seenOf = (addresses: readonly string[]): string[] => [
    ...new Set([...addresses, ...(isV6 ? addresses.map(seen) : [])]),
  ]
  const calendar = shape.calendar.filter(({ untold }) => !untold)
  const expectations = [
    ...collaborations
      .filter(({ declared }) => declared)
      .map((one) => {
        const peers = prefixesOf(one.university)
        return expectation(
          one.id,
          one.vault.id,
          peers,
          [one.account.name],
          Math.max(0, one.from_day),
          `DMP-${one.vault.project}`,
        )
      }),
    ...plans.filter(({ declared }) => declared).flatMap((plan) => declaredPlan(plan, prefixesOf, seen)),
  ]
  return `${[
    '# A simulated research computing centre: names, people and addresses are made up. Written by `weir range generate`.',
    '',
    'site:',
    '  name: Range Centre',
    '  timezone: UTC',
    '  # Inside. All else is outside.',
    `  networks: ${list(centreNetworks)}`,
    '  # Leased to people who are elsewhere: what reaches these addresses has left.',
    '  vpn_pools:',
    `    - {gateway: vpn1, networks: [${leasedPrefix.vpn1}.0.0/16], inner_flows: observed}`,
    `    - {gateway: vpn2, networks: [${leasedPrefix.vpn2}.0.0/16], inner_flows: observed}`,
    '',
    '# Machines at the border, the NAT gateway, and compute nodes behind it.',
    'hosts:',
    ...hosts.all.map(
      ({ name, addresses, role }) => `  - {name: ${name}, addresses: ${list(seenOf(addresses))}, role: ${role}}`,
    ),
    '',
    ...sensorsOf(centre),
    '',
    '# Who is behind a number in the file audit.',
    'enrich:',
    `  identities: [${accountsFile}]`,
    '',
    '# What somebody would miss, whose it is, and how large.',
    'vaults:',
    ...vaults.map(
      ({ id, path, bucket, project, client_org, sensitivity, size_bytes }) =>
        `  - {id: ${id}, paths: [${path}], buckets: [${bucket}], project: ${project}, client_org: ${client_org}, ` +
        `sensitivity: ${sensitivity}, size_bytes: ${size_bytes}}`,
    ),
    '',
    '# What was agreed.',
    ...(expectations.length === 0 ? ['expectations: []'] : ['expectations:', ...expectations]),
    '',
    '# Days that are not like others.',
    ...(calendar.length === 0 ? ['calendar: []'] : ['calendar:']),
    ...calendar.map(
      ({ from_day, until_day, kind }) => `  - {from: ${dateOf(from_day)}, until: ${dateOf(until_day)}, kind: ${kind}}`,
    ),
  ].join('\n')}\n`
}

function sensorsOf({ mutate }: Centre): string[] {
  if (!mutate.some((name) => name.includes('sampling')))
    return [
      '# One Zeek sees the border and the inner side of the VPN gateways.',
      'sensors:',
      "  - {id: zeek-border, match: '**/zeek/**', segment: border, accounts: true, timezone: UTC}",
    ]
  return [
    '# One exporter of flows samples the border and the inner side of the VPN gateways.',
    'sensors:',
    "  - {id: flows-border, match: '**/flows/**', segment: border, accounts: true, timezone: UTC}",
  ]
}

function prefixesSeen({ first, size, prefix6 }: PeerNetwork, isV6: boolean): string[] {
  const length = 32 - Math.round(Math.log2(size))
  const own = isV6 ? `${embedded('peer', ipv4(first))}/${96 + length}` : `${ipv4(first)}/${length}`
  return [own, ...(prefix6 === '' ? [] : [`${prefix6}::/48`])]
}

function expectation(
  id: string,
  vault: string,
  peers: readonly string[],
  accounts: readonly string[],
  from_day: number,
  ticket: string,
): string {
  const by = accounts.length === 0 ? '' : `, accounts: ${list(accounts)}`
  return `  - {id: ${id}, vaults: [${vault}], peers: ${list(peers)}${by}, from: ${dateOf(from_day)}, ticket: ${ticket}}`
}

/** One for each vault. Nothing can be said of what touches no vault. */
function declaredPlan(
  plan: CampaignPlan,
  prefixesOf: (network: PeerNetwork) => string[],
  seen: (address: string) => string,
): string[] {
  const { spec, slots, vaults, accounts, from_day } = plan
  const networks = new Set(slots.map(({ network }) => network))
  const few = spec.peers.count <= mostListedPeers
  const peers = !few ? anywhere : networks.size === 1 ? prefixesOf([...networks][0]) : allPeers(plan).map(seen)
  const names = accounts.map(({ name }) => name)
  return vaults.map((vault, i) =>
    expectation(`EXP-${spec.id}-${i + 1}`, vault.id, peers, names, from_day, `CHG-${spec.id}`),
  )
}
