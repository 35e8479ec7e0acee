/**
 * What follows from the facts of `doctor`, most urgent first, each with one step that would mend it. Pure: facts in,
 * sentences out. Names in them come from logs as they are; whoever prints them takes care.
 */

import type { Facts } from './facts.ts'
import { balanceFindings, configFindings, sourceFindings } from './findings/books-findings.ts'
import { closureFindings, expectationFindings, sensorFindings } from './findings/border-findings.ts'
import { type Finding, severities } from './findings/finding.ts'
import { clockFindings, nameFindings, vaultFindings } from './findings/name-findings.ts'
import { unwatchedFindings, useFindings } from './findings/record-findings.ts'
import { sightFindings } from './findings/sight-findings.ts'

/** `sameState`: what a command needs to name the same state: ` --state DIR`, or ''. */
export function findingsOf(facts: Facts, sameState: string): Finding[] {
  const findings = [
    ...balanceFindings(facts, sameState),
    ...sightFindings(facts, sameState),
    ...configFindings(facts, sameState),
    ...sourceFindings(facts),
    ...nameFindings(facts, sameState),
    ...vaultFindings(facts, sameState),
    ...unwatchedFindings(facts, sameState),
    ...clockFindings(facts),
    ...useFindings(facts),
    ...sensorFindings(facts),
    ...closureFindings(facts),
    ...expectationFindings(facts, sameState),
  ]
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}
