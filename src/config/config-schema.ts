/**
 * `weir.yaml` as one schema: the types, the checks of single values, the defaults, the JSON Schema and the reference
 * page all come from here. What spans several entries is in the sections' `check…` functions.
 */
import { z } from 'zod'
import { calendarEntrySchema, checkCalendar } from './calendar.ts'
import { type Report, valueAt } from './checks.ts'
import { enrichSchema } from './enrich.ts'
import { checkExpectations, expectationSchema } from './expectations.ts'
import { checkHosts, hostSchema } from './hosts.ts'
import { budgetSchema, checkRetention, protectedSchema, retentionSchema } from './limits.ts'
import { checkSensors, resolveAccounts, type SensorConfig, sensorSchema } from './sensors.ts'
import { checkSite, siteSchema } from './site.ts'
import { checkVaults, vaultSchema } from './vaults.ts'

export const configSchema = z.strictObject({
  site: siteSchema.describe('The centre: what is inside, and what only looks it. The only section that is required.'),
  hosts: z.array(hostSchema).default([]).describe('Inside hosts worth a name or a role.'),
  sensors: z.array(sensorSchema).default([]).describe('Which files come from where, and whose bytes count.'),
  vaults: z
    .array(vaultSchema)
    .default([])
    .describe('Datasets that somebody owns and would miss. What no vault holds is listed as a blind spot.'),
  expectations: z
    .array(expectationSchema)
    .default([])
    .describe(
      'Egress that somebody has said will happen: it is explained, never hidden. Needs peers or asns, and vaults or ' +
        'accounts.',
    ),
  calendar: z.array(calendarEntrySchema).default([]).describe('Days that are not like others.'),
  protected: protectedSchema.prefault({}).describe('What no containment may ever touch.'),
  budget: budgetSchema.prefault({}).describe('How often Weir may be wrong.'),
  retention: retentionSchema.prefault({}).describe('How long Weir remembers, in days.'),
  enrich: enrichSchema
    .prefault({})
    .describe(
      'Files that you already have and what they say of addresses, accounts and projects. Relative paths start at the ' +
        'directory of this file; nothing is ever fetched.',
    ),
})

/** A checked configuration with all defaults filled in. */
export type Config = Omit<z.output<typeof configSchema>, 'sensors'> & { sensors: SensorConfig[] }

/**
 * Everything that can only be said of the file as a whole; `raw` may be anything. A remark is no error: the file means
 * something, though perhaps not what was meant.
 */
export function checkAcross(raw: unknown, report: Report, remark: Report): void {
  checkSite(valueAt(raw, 'site'), report)
  checkHosts(valueAt(raw, 'hosts'), report)
  checkSensors(valueAt(raw, 'sensors'), report)
  checkVaults(valueAt(raw, 'vaults'), report)
  checkExpectations(
    valueAt(raw, 'expectations'),
    { raw: valueAt(raw, 'vaults'), mapped: hasVaultMaps(raw) },
    report,
    remark,
  )
  checkCalendar(valueAt(raw, 'calendar'), report)
  checkRetention(valueAt(raw, 'retention'), report)
}

function hasVaultMaps(raw: unknown): boolean {
  const files = valueAt(valueAt(raw, 'enrich'), 'vaults')
  return Array.isArray(files) && files.length > 0
}

/** What follows from several entries together. */
export function resolveConfig(parsed: z.output<typeof configSchema>): Config {
  return { ...parsed, sensors: resolveAccounts(parsed.sensors) }
}

/** Used where there is no file: inside is what can only be private (RFC 1918, RFC 4193). */
export function defaultConfig(): Config {
  const networks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
  return resolveConfig(configSchema.parse({ site: { networks } }))
}

/** JSON Schema (draft 2020-12) of the file as people write it. */
export function configJsonSchema(): z.core.JSONSchema.JSONSchema {
  return { title: 'weir.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) }
}
