/** The short sections: whom never to touch, how often Weir may be wrong, how long it remembers. */
import { z } from 'zod'
import { type Report, valueAt } from './checks.ts'
import { address, name } from './fields.ts'

export const protectedSchema = z.strictObject({
  addresses: z.array(address).prefault([]).describe('Addresses that no containment may touch.'),
  accounts: z.array(name).default([]).describe('Accounts that no containment may touch.'),
})

export const budgetSchema = z.strictObject({
  false_incidents_per_year: z
    .number()
    .positive()
    .max(366)
    .default(1)
    .describe('How many incidents a year may be nothing. Less finds later, more finds earlier.'),
  growth_per_month: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe('Growth of a usual day that is agreed to, as a share a month: a level beyond it is told as a notice.'),
})

export const retentionSchema = z.strictObject({
  flows_days: z.int().min(1).max(3660).default(30).describe('Accepted flows, for what becomes known later.'),
  named_days: z.int().min(1).max(3660).default(180).describe('Accounts and peers by name; after that, pseudonyms.'),
  pseudonymous_days: z.int().min(1).max(3660).default(800).describe('Pseudonyms; after that, class and network only.'),
})

/** Flows hold names, and names pseudonyms: neither can outlive what it would give away. */
export function checkRetention(raw: unknown, report: Report): void {
  const result = retentionSchema.safeParse(raw ?? {})
  if (!result.success) return
  const { flows_days, named_days, pseudonymous_days } = result.data
  // a default is never to blame: the complaint stands where something was written
  const place = (key: string) => (valueAt(raw, key) === undefined ? ['retention'] : ['retention', key])
  if (flows_days > named_days) {
    report(place('flows_days'), `expected flows_days of at most named_days (${named_days}), received ${flows_days}`)
  }
  if (named_days > pseudonymous_days) {
    const most = `at most pseudonymous_days (${pseudonymous_days})`
    report(place('named_days'), `expected named_days of ${most}, received ${named_days}`)
  }
}
