/**
 * MITRE ATT&CK techniques that the facts of a case are consistent with, each with the fact that it rests on. Without the
 * fact there is no technique.
 */
import type { Fact } from '../model/incident.ts'
import { isConcentrated, isWeb } from './shape.ts'

export interface Technique {
  id: string
  /** Id of the fact. */
  fact: string
}

/** Pieces of at most so many bytes … */
const smallPieceBytes = 256e6
/** … to at least so many peers, or most of them of one size. */
const manyPeers = 20
const evenShare = 0.5
/** One network with so much of the excess is one provider. */
const oneNetworkShare = 0.8

export function techniquesOf(facts: readonly Fact[]): Technique[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]))
  const number = (id: string): number => Number(byId.get(id)?.value ?? 0)
  const service = byId.get('service')?.value
  const pieces = number('median_piece_bytes')
  const isSmall = pieces > 0 && pieces <= smallPieceBytes
  const rules: (Technique & { holds: boolean })[] = [
    { id: 'T1030', fact: 'even_piece_share', holds: number('even_piece_share') >= evenShare },
    { id: 'T1030', fact: 'leading_subject', holds: isChunkSize(byId.get('leading_subject')) },
    {
      id: 'T1030',
      fact: 'median_piece_bytes',
      holds: !byId.has('even_piece_share') && isSmall && number('peers') >= manyPeers,
    },
    {
      id: 'T1029',
      fact: 'peak_hours_share',
      holds: isConcentrated(number('peak_hours_share'), number('site_peak_hours_share')),
    },
    { id: 'T1048', fact: 'service', holds: typeof service === 'string' && !isWeb(service) },
    { id: 'T1071.001', fact: 'service', holds: typeof service === 'string' && isWeb(service) },
    {
      id: 'T1567',
      fact: 'top_network_share',
      holds: typeof service === 'string' && isWeb(service) && number('top_network_share') >= oneNetworkShare,
    },
    { id: 'T1078', fact: 'accounts', holds: number('accounts') > 0 },
    { id: 'T1133', fact: 'gateways', holds: number('gateways') > 0 },
  ]
  const held = rules.filter(({ holds, fact }) => holds && byId.has(fact))
  return held
    .filter((rule, i) => held.findIndex(({ id }) => id === rule.id) === i)
    .map(({ id, fact }) => ({ id, fact }))
}

function isChunkSize(subject: Fact | undefined): boolean {
  return typeof subject?.value === 'string' && subject.value.startsWith('chunk_size:')
}
