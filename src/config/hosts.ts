/** `hosts`: inside hosts worth a name or a role. */
import { z } from 'zod'
import { hostRoles } from '../model/site.ts'
import { type Report, reportRepeats, soundEntries, textsUnder } from './checks.ts'
import { address, name } from './fields.ts'

export const hostSchema = z.strictObject({
  name: name.describe('Name in the books; host names in logs match it by their first label.'),
  addresses: z.array(address).min(1).describe('All its addresses.'),
  role: z
    .enum(hostRoles)
    .default('other')
    .describe('What the host is for. Hosts of one role are compared; `dtn` is a data transfer node.'),
})

export function checkHosts(raw: unknown, report: Report): void {
  const hosts = soundEntries(hostSchema, raw, ['hosts'])
  reportRepeats(textsUnder(hosts, 'name'), 'a name of its own', report)
  reportRepeats(textsUnder(hosts, 'addresses'), 'an address of one host', report)
}
