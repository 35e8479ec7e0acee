/** `expectations`: egress that somebody has said will happen. */
import { z } from 'zod'
import { type Report, reportRepeats, soundEntries, textsUnder, valueAt } from './checks.ts'
import { byteCount, moment, name, network, periodOf } from './fields.ts'
import { closest } from './suggestion.ts'

export const expectationSchema = z.strictObject({
  id: name.describe('Name of the expectation in the books.'),
  vaults: z
    .array(name)
    .default([])
    .describe('Ids of the vaults that the bytes come from, or names that logs give to vaults themselves.'),
  peers: z.array(network).prefault([]).describe('Networks or addresses that the bytes go to.'),
  asns: z.array(z.int().min(1).max(4294967295)).default([]).describe('Autonomous systems that the bytes go to.'),
  accounts: z.array(name).default([]).describe('Accounts that move the bytes.'),
  max_bytes_per_day: byteCount
    .min(1)
    .optional()
    .describe('Cap: bytes of a UTC day beyond it are unexplained. Without it there is none.'),
  from: moment.optional().describe('Start: a date or a time. Without it, always.'),
  until: moment.optional().describe('End: a date, that day included, or a time. Without it, for ever.'),
  ticket: name.optional().describe('Where it was agreed.'),
  owner: name.optional().describe('Who answers for it.'),
})

/** `mapped`: whether there are vaults in files, which a check does not read. */
export function checkExpectations(
  raw: unknown,
  vaults: { raw: unknown; mapped: boolean },
  report: Report,
  remark: Report,
): void {
  const expectations = soundEntries(expectationSchema, raw, ['expectations'])
  reportRepeats(textsUnder(expectations, 'id'), 'an id of its own', report)
  for (const { path, value } of expectations) {
    if (value.peers.length + value.asns.length === 0) report(path, 'expected peers or asns, received neither')
    if (value.vaults.length + value.accounts.length === 0) report(path, 'expected vaults or accounts, received neither')
    const { start_ms, end_ms } = periodOf(value)
    if (end_ms <= start_ms) {
      report([...path, 'until'], `expected a time after from (${value.from}), received '${value.until}'`)
    }
  }
  // a vault with a problem of its own is still a known vault
  const known = Array.isArray(vaults.raw) ? vaults.raw.map((vault) => valueAt(vault, 'id')) : []
  const ids = known.filter((id) => typeof id === 'string')
  for (const { path, value } of textsUnder(expectations, 'vaults')) {
    if (ids.includes(value)) continue
    const near = closest(value, ids)
    if (vaults.mapped) remark(path, `no vault '${value}' in this file: this holds if a file of enrich.vaults has it`)
    else if (near) report(path, `expected the id of a vault, received '${value}', did you mean '${near}'?`)
    else remark(path, `no vault '${value}' is configured: this holds only for logs that name it themselves`)
  }
}
