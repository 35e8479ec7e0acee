/** The analysis in the words of the outer contract. */
import type { Analysis } from '../app/report.ts'
import { contractJson } from './incident/json.ts'
import { plain } from './text.ts'

export function analysisJson({ state, sources, top: _top, sight, counts, incidents, ...analysis }: Analysis): object {
  return {
    ...analysis,
    incidents: incidents.map(contractJson),
    sources: sources.map(({ examples, ...source }) => ({
      ...source,
      examples: examples.map(({ reason, offset, sample }) => ({ reason, offset, sample: plain(sample) })),
    })),
    counts,
    last_proof_of_sight_ms: sight?.at_ms ?? null,
    assumptions: state?.configured === false ? ['inside = RFC 1918 + fc00::/7 (no configuration)'] : [],
  }
}
