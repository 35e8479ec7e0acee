/** `enrich`: files that the operator already has, and what Weir may learn from them. Nothing is ever fetched. */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'

const file = z.string().min(1)

export const enrichSchema = z.strictObject({
  asn_db: file
    .optional()
    .describe('MaxMind DB (.mmdb) from address to autonomous system: `peer_asn` in the books, `asns` of expectations.'),
  geo_db: file.optional().describe('MaxMind DB (.mmdb) from address to country.'),
  identities: z
    .array(file)
    .default([])
    .describe(
      'Who an account is, as LDIF, CSV or ColdFront JSON: its uid number, mail, principal and WireGuard keys become ' +
        'other names of the account. Groups in it count only if they are known as projects.',
    ),
  projects: z
    .array(file)
    .default([])
    .describe(
      'Projects with their accounts and client organisations, as LDIF (every group is one), CSV or ColdFront JSON.',
    ),
  vaults: z
    .array(file)
    .default([])
    .describe('Further vaults, as CSV or ColdFront JSON. What `vaults` says of the same id, path or bucket wins.'),
})

export type EnrichConfig = z.output<typeof enrichSchema>

/** With every path made absolute: a relative one starts at the directory of the configuration file. */
export function enrichPathsFrom(config_file: string, enrich: EnrichConfig): EnrichConfig {
  const from = (path: string): string => resolve(dirname(config_file), path)
  return {
    asn_db: enrich.asn_db && from(enrich.asn_db),
    geo_db: enrich.geo_db && from(enrich.geo_db),
    identities: enrich.identities.map(from),
    projects: enrich.projects.map(from),
    vaults: enrich.vaults.map(from),
  }
}
