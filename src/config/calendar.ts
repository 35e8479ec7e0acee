/** `calendar`: days that are not like others. */
import { z } from 'zod'
import { type Report, soundEntries } from './checks.ts'
import { moment, periodOf } from './fields.ts'

export const calendarEntrySchema = z.strictObject({
  from: moment.describe('First day, or a time.'),
  until: moment.describe('Last day, included, or the time of its end.'),
  kind: z
    .enum(['holiday', 'maintenance', 'deadline', 'semester'])
    .describe('Days of one kind are compared with each other.'),
})

export function checkCalendar(raw: unknown, report: Report): void {
  for (const { path, value } of soundEntries(calendarEntrySchema, raw, ['calendar'])) {
    const { start_ms, end_ms } = periodOf(value)
    if (end_ms <= start_ms) {
      report([...path, 'until'], `expected a time after from (${value.from}), received '${value.until}'`)
    }
  }
}
