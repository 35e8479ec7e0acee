/** An incident in the words of the outer contract, its keys first; then what the story rests on. */
import { type Incident, type Members, memberKinds } from '../../model/incident.ts'

export function incidentJson(incident: Incident): object {
  const { id, kind, title, summary, state, severity, log10_evidence, silent, nearest_own_line, ...afterHead } = incident
  const { first_activity_ms, last_activity_ms, detected_at_ms, bytes_out, ...afterTimes } = afterHead
  const { gross_bytes_out, bytes_out_at_detection, members, member_counts, candidates, ...afterMembers } = afterTimes
  const { techniques, evidence, innocent_reading, settling_check, not_observable, ...afterReading } = afterMembers
  const { proposed_actions, client_org_impact, facts, sentences, score, ribbons, verdict, ...rest } = afterReading
  rest satisfies Record<string, never>
  return {
    ...{ id, kind, title, summary, state, severity, log10_evidence, silent, nearest_own_line },
    ...{ first_activity_ms, last_activity_ms, detected_at_ms, bytes_out, gross_bytes_out, bytes_out_at_detection },
    ...{ members: inOrder(members), member_counts, candidates: inOrder(candidates), techniques, evidence },
    ...{ innocent_reading, settling_check, not_observable, proposed_actions, client_org_impact },
    ...{ facts, sentences, score, ribbons, verdict },
  }
}

function inOrder(members: Members): object {
  return Object.fromEntries(
    memberKinds.map((kind) => [
      kind,
      members[kind].map(({ id, name, addresses, bytes_out, weight, ...rest }) => ({
        ...{ id, name, addresses, bytes_out, weight },
        ...rest,
      })),
    ]),
  )
}
