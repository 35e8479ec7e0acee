/** `vaults`: what there is to lose, and whose it is. */
import { z } from 'zod'
import { type Report, reportRepeats, soundEntries, textsUnder } from './checks.ts'
import { byteCount, name } from './fields.ts'

/** A path prefix without its last slash; `/` itself stays. */
const pathPrefix = z
  .string()
  .transform((text, context) => {
    const steps = text.split('/').filter((step) => step !== '')
    if (text.startsWith('/') && !steps.some((step) => step === '.' || step === '..')) return `/${steps.join('/')}`
    context.addIssue({ code: 'custom', message: 'an absolute path such as /proj/cfd' })
    return z.NEVER
  })
  .meta({ title: 'path' })

export const vaultSchema = z.strictObject({
  id: name.describe('Name of the vault in the books.'),
  paths: z
    .array(pathPrefix)
    .prefault([])
    .describe('Path prefixes, whole steps: /proj/cfd holds /proj/cfd/a and not /proj/cfd2. The longest prefix wins.'),
  buckets: z.array(name).default([]).describe('Buckets or collections of object stores.'),
  project: name.optional().describe('Project or allocation that owns the data.'),
  client_org: name.optional().describe('Organisation that the data belongs to: the one to tell if they leave.'),
  sensitivity: z
    .enum(['low', 'medium', 'high', 'critical'])
    .default('medium')
    .describe('What a loss would mean. Raises the severity of an incident, never the evidence.'),
  size_bytes: byteCount.min(1).optional().describe('Size of the vault; lets Weir count how many copies have left.'),
  budget_bytes_per_30d: byteCount.optional().describe('Bytes that may leave in 30 days before a notice.'),
})

export function checkVaults(raw: unknown, report: Report): void {
  const vaults = soundEntries(vaultSchema, raw, ['vaults'])
  reportRepeats(textsUnder(vaults, 'id'), 'an id of its own', report)
  reportRepeats(textsUnder(vaults, 'paths'), 'a path prefix of one vault', report)
  reportRepeats(textsUnder(vaults, 'buckets'), 'a bucket of one vault', report)
}
