/** `site`: what is inside, and what only looks it. */
import { z } from 'zod'
import { type Report, reportRepeats, soundEntries, textsUnder, valueAt } from './checks.ts'
import { moment, name, siteNetwork, timezone } from './fields.ts'

const vpnPoolSchema = z.strictObject({
  gateway: name.describe('Name of the gateway, as it is to appear in the books.'),
  networks: z
    .array(siteNetwork)
    .min(1)
    .describe('Addresses that the gateway leases. Where a pool and an inside network are equally long, the pool wins.'),
  inner_flows: z
    .enum(['observed', 'none'])
    .default('observed')
    .describe(
      'Whether a sensor sees the flows inside the tunnel. If so, the tunnel itself carries them and is no egress of ' +
        'its own; if not, the tunnel is all that is seen and counts.',
    ),
  tunnel_ports: z
    .array(z.int().min(1).max(65535))
    .default([443, 500, 1194, 1701, 4500, 4501, 51820])
    .describe('Ports of the gateway at which its tunnels end.'),
})

const anchorSchema = z.strictObject({
  date: moment.describe('Peers first seen before this date (of UTC) or time are known.'),
  by: name.describe('Who decided it.'),
  reason: name.describe('Why these peers can be trusted.'),
})

export const siteSchema = z.strictObject({
  name: name.default('site').describe('Name of the centre, for people.'),
  timezone: timezone.default('UTC').describe('IANA time zone of sources that state none.'),
  networks: z
    .array(siteNetwork)
    .min(1)
    .describe(
      'Networks that are inside, in CIDR form. Place, and so egress, follows from these and `vpn_pools` alone.',
    ),
  vpn_pools: z
    .array(vpnPoolSchema)
    .prefault([])
    .describe('Addresses leased to people who are outside: what flows to them has left.'),
  anchor: anchorSchema
    .optional()
    .describe('A date up to which a person vouches for all peers. Without it nothing is known by age alone.'),
})

export function checkSite(raw: unknown, report: Report): void {
  const pools = soundEntries(vpnPoolSchema, valueAt(raw, 'vpn_pools'), ['site', 'vpn_pools'])
  reportRepeats(textsUnder(pools, 'networks'), 'a network of one pool', report)
}
