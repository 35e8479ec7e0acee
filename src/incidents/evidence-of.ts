/**
 * The streams of evidence behind a case as statements: what was seen, beside what its own past predicts. A statement
 * says what the evidence is consistent with, nothing about intent.
 */
import { bytesText, countText, plural } from '../model/amount-text.ts'
import type { Evidence } from '../model/incident.ts'
import type { CampaignCase, LeadingEvidence } from './case.ts'

/** The strongest first. */
export function evidenceOf({ leading, extra_evidence }: CampaignCase): Evidence[] {
  return [...leading.map(fromLeading), ...extra_evidence].sort((a, b) => b.log10_e - a.log10_e)
}

function fromLeading(each: LeadingEvidence): Evidence {
  const { detector, subject, channel, scale, unit, observed_per_day, expected_per_day, reference_ticks } = each
  const past = reference_ticks === 0 ? '' : `, ranked among ${plural(reference_ticks, 'earlier tick')} of ${scale}`
  return {
    detector,
    subject,
    statement: `In ${subject}, ${channel}: ${levelText(observed_per_day, unit)} a day${expectedText(each)}${past}. Consistent with ${meanings[detector] ?? 'small movements that belong together'}.`,
    log10_e: each.log_e / Math.LN10,
    facts: { scale, unit, observed_per_day, expected_per_day, reference_ticks, since_ms: each.since_ms },
  }
}

/** What else a statement is consistent with than the parts of a sum. */
const meanings: Readonly<Record<string, string>> = {
  borrowed_clients: 'one hand behind these accounts',
  first_places: 'many hands that hold one key',
  first_access: 'somebody who looks through what this account may read',
}

/** The expected level is an estimate: told with its interval or not at all. */
function expectedText(each: LeadingEvidence): string {
  const { unit, expected_per_day, expected_low_per_day: low, expected_high_per_day: high } = each
  if (low === undefined || high === undefined) return ''
  const [best, from, to] = [expected_per_day, low, high].map((value) => levelText(value, unit))
  return ` where its own past predicts ${best} (90 % interval ${from} to ${to})`
}

function levelText(value: number, unit: LeadingEvidence['unit']): string {
  if (unit === 'bytes') return bytesText(Math.round(Math.max(0, value)))
  if (value === 1) return `1 ${unit.replace(/s$/, '')}`
  return `${value >= 100 || Number.isInteger(value) ? countText(Math.round(value)) : value.toFixed(1)} ${unit}`
}
