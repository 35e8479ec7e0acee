/** What detection said last: until when, how well it could see, and what it cost of the budget. */
import type { Findings } from '../../../model/incident.ts'
import { storedFindings } from '../../findings.ts'

export interface Judged {
  /** End of the last tick that was judged; null: nothing was. */
  judged_until_ms: number | null
  maturity: Findings['maturity']
  /** Null: detection never ran on this state. */
  budget: Findings['budget'] | null
  /** Counts, of all that is kept. */
  incidents: number
  open_incidents: number
  worklist: number
}

/** `meta`: what the state keeps beside its books. */
export function judgedOf(meta: ReadonlyMap<string, string>): Judged {
  const findings = storedFindings(meta)
  const incidents = findings?.incidents ?? []
  return {
    judged_until_ms: findings?.judged_until_ms ?? null,
    maturity: findings?.maturity ?? [],
    budget: findings?.budget ?? null,
    incidents: incidents.length,
    open_incidents: incidents.filter(({ state }) => state === 'open').length,
    worklist: findings?.worklist.length ?? 0,
  }
}
