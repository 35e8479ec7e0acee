/** An incident in the words of the outer contract, its keys first; then what the story rests on. */
import { type Findings, type Incident, type Members, memberKinds } from '../../model/incident.ts'

/** What the contract names, and the verdict if there is one. */
export function contractJson(incident: Incident): object {
  const { id, kind, title, summary, state, severity, log10_evidence, silent, nearest_own_line } = incident
  const { first_activity_ms, last_activity_ms, detected_at_ms, bytes_out } = incident
  const { gross_bytes_out, bytes_out_at_detection, members, member_counts, candidates } = incident
  const { techniques, evidence, innocent_reading, settling_check, not_observable, proposed_actions } = incident
  const { client_org_impact, history, verdict } = incident
  return {
    ...{ id, kind, title, summary, state, severity, log10_evidence, silent, nearest_own_line },
    ...{ first_activity_ms, last_activity_ms, detected_at_ms, bytes_out, gross_bytes_out, bytes_out_at_detection },
    ...{ members: inOrder(members), member_counts, candidates: inOrder(candidates), techniques, evidence },
    ...{ innocent_reading, settling_check, not_observable, proposed_actions, client_org_impact, history, verdict },
  }
}

export function incidentJson(incident: Incident): object {
  const { facts, sentences, score, ribbons } = incident
  return { ...contractJson(incident), facts, sentences, score, ribbons }
}

/** The list: incidents without what only the story of one needs. */
export function incidentsJson({ incidents, notices, maturity, budget, judged_until_ms }: Findings): object {
  return { judged_until_ms, budget, maturity, incidents: incidents.map(contractJson), notices }
}

export function worklistJson({ worklist, maturity, budget, judged_until_ms }: Findings): object {
  return { judged_until_ms, budget, maturity, worklist }
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
