/** Findings about our own sight: a virtual theft that was not found, a proof that is old, and floors that rose. */
import { bytesText, dateText, durationText, plural } from '../../../model/amount-text.ts'
import { dayMs } from '../../../model/window.ts'
import type { SightProof } from '../../prove/sight.ts'
import { type WorseFloor, worseFloors } from '../../prove/worse-floors.ts'
import type { Facts } from '../facts.ts'
import { type Finding, finding } from './finding.ts'

/** The books may be judged further than this beyond the last proof: a night may be missed. */
const staleAfterMs = 2 * dayMs

export function sightFindings({ sight, judged }: Pick<Facts, 'sight' | 'judged'>, sameState: string): Finding[] {
  const { last, reference, days, days_needed } = sight
  const command = `weir prove --sight${sameState}`
  if (last === null) {
    if (days < days_needed) return []
    const statement = 'it was never proven that a theft would be seen here'
    return [finding('sight_never', 'hint', statement, 'prove it every night after analyze', command)]
  }
  const findings: Finding[] = []
  if (!last.standing.found && last.is_mature)
    findings.push(finding('sight_lost', 'blind', lostText(last), nextStepOf(last), command))
  const worse = reference === null ? [] : worseFloors(last, reference)
  if (reference !== null && worse.length > 0)
    findings.push(finding('sight_worse', 'blind', worseText(worse, reference), nextStepOf(last), command))
  const behind_ms = (judged.judged_until_ms ?? 0) - last.judged_until_ms
  if (behind_ms > staleAfterMs)
    findings.push(
      finding(
        'sight_stale',
        'doubt',
        `sight was last proven on books until ${dateText(last.judged_until_ms - 1)}; they were judged ${durationText(behind_ms)} further`,
        'prove it every night after analyze',
        command,
      ),
    )
  return findings
}

function lostText({ standing: { gb_per_day, hosts, days }, draws, judged_until_ms }: SightProof): string {
  const size = `${bytesText(Math.round(gb_per_day * 1e9))} a day from ${plural(hosts, 'host')}`
  return `a virtual theft of ${size} was not found within its ${plural(days, 'day')} in ${plural(draws, 'draw')}, until ${dateText(judged_until_ms - 1)}: a real one of this size would not be seen either`
}

function worseText([first, ...more]: readonly WorseFloor[], reference: SightProof): string {
  const { vault, path, gb_per_day_before, gb_per_day } = first
  const where = vault === null ? (path === null ? 'of the whole site' : `by ${path} hosts`) : `out of vault ${vault}`
  const now = gb_per_day === null ? 'nothing that was tried is seen' : `it takes ${gbText(gb_per_day)}`
  const others = more.length === 0 ? '' : `; ${plural(more.length, 'other floor')} rose as well`
  return `less is seen than on ${dateText(reference.judged_until_ms - 1)}: then ${gbText(gb_per_day_before)} a day ${where} were enough, now ${now}${others}`
}

function nextStepOf({ own_incidents }: SightProof): string {
  return own_incidents.length === 0
    ? 'mend what else is found here, ask what changed in the background, the configuration or the program, and prove again'
    : `judge ${own_incidents[0]} first, which takes in what is placed beside it; then prove again`
}

const gbText = (gb: number): string => bytesText(Math.round(gb * 1e9))
