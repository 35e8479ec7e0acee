/** `sensors`: which files come from where, and whose bytes count. */
import { z } from 'zod'
import { formatPath, type Report, reportRepeats, soundEntries, textsUnder } from './checks.ts'
import { name, timezone } from './fields.ts'

export const sensorSchema = z.strictObject({
  id: name.describe('Name of the sensor in the books.'),
  match: z.string().min(1).describe("Glob over the path of a file below the given PATH, such as 'zeek/**'."),
  segment: name
    .default('border')
    .describe('The stretch of the way out that it sees. Sensors of one segment see the same bytes.'),
  accounts: z
    .boolean()
    .optional()
    .describe(
      'Whether its bytes are booked; all other sensors of the segment corroborate and never add. Unless stated, the ' +
        'first listed sensor of a segment accounts; at most one can.',
    ),
  timezone: timezone.optional().describe('IANA time zone of its records, where they state none; else `site.timezone`.'),
})

/** With the one accounting sensor of every segment decided. */
export type SensorConfig = z.output<typeof sensorSchema> & { accounts: boolean }

export function checkSensors(raw: unknown, report: Report): void {
  const sensors = soundEntries(sensorSchema, raw, ['sensors'])
  reportRepeats(textsUnder(sensors, 'id'), 'an id of its own', report)
  const accounting = new Map<string, { id: string; place: string }>()
  for (const { path, value } of sensors) {
    if (value.accounts !== true) continue
    const before = accounting.get(value.segment)
    if (before) {
      report(
        [...path, 'accounts'],
        `expected one accounting sensor on segment '${value.segment}', received '${value.id}' ` +
          `beside '${before.id}' (${before.place})`,
      )
    } else accounting.set(value.segment, { id: value.id, place: formatPath(path) })
  }
}

/** A sensor that says `accounts: true` accounts for its segment; else the first listed one that does not say no. */
export function resolveAccounts(sensors: readonly z.output<typeof sensorSchema>[]): SensorConfig[] {
  const chosen = new Map<string, string>()
  for (const { id, segment, accounts } of sensors) if (accounts === true) chosen.set(segment, id)
  for (const { id, segment, accounts } of sensors) {
    if (accounts === undefined && !chosen.has(segment)) chosen.set(segment, id)
  }
  return sensors.map((sensor) => ({ ...sensor, accounts: chosen.get(sensor.segment) === sensor.id }))
}
