/** The last proof of sight as a state keeps it, and the earlier one that it is compared with. */
import { fromTaggedJson } from '../../model/tagged-json.ts'
import { dayMs } from '../../model/window.ts'
import type { SightProof } from './sight.ts'
import { worseFloors } from './worse-floors.ts'

export interface StoredSight {
  last: SightProof
  /** What the last one is compared with: the one before it, or the last that did not see much less; null: there is none. */
  reference: SightProof | null
}

export const sightKey = 'sight'
/** A loss of sight is told for so long; then it is how things are. */
const longestReferenceMs = 30 * dayMs

/** `meta`: what the state keeps beside its books. */
export function storedSight(meta: ReadonlyMap<string, string>): StoredSight | undefined {
  const text = meta.get(sightKey)
  return text === undefined ? undefined : (fromTaggedJson(text) as StoredSight)
}

/** What is kept once `last` is there. */
export function nextSight(before: StoredSight | undefined, last: SightProof): StoredSight {
  if (before === undefined) return { last, reference: null }
  const { reference } = before
  const isLoss = reference !== null && worseFloors(before.last, reference).length > 0
  const isRecent = reference !== null && last.at_ms - reference.at_ms <= longestReferenceMs
  return { last, reference: isLoss && isRecent ? reference : before.last }
}
