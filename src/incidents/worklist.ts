/**
 * Where an analyst looks when there is time: of each week the strongest items, one for each subject, without a claim
 * about errors. Ranks and ids depend on the items alone, not on the order in which they come.
 */
import type { WorkItem } from '../model/incident.ts'
import { dayMs, dayOf } from '../model/window.ts'
import { dayText, idWith } from './stable-id.ts'

export const mostWorkItems = 20

export type WorkDraft = Omit<WorkItem, 'id' | 'rank' | 'week_ms'> & {
  /** Any moment of the week that it is of. */
  at_ms: number
  /** Of one detector whose numbers are not comparable with those of others about the same subject: each is an item of its own. */
  is_apart?: boolean
}

/** Monday 00:00 UTC of the week. */
export function weekOf(ms: number): number {
  // day 0 of the epoch was a Thursday
  return (Math.floor((dayOf(ms) + 3) / 7) * 7 - 3) * dayMs
}

/** The latest week first, ranks from 1 in each. Items without a number for their evidence are left out. */
export function rankWorkItems(drafts: readonly WorkDraft[], per_week = mostWorkItems): WorkItem[] {
  const strongest = new Map<string, WorkDraft>()
  for (const draft of [...drafts].sort(byEvidence)) {
    const key = `${weekOf(draft.at_ms)} ${topicOf(draft)}`
    if (!Number.isNaN(draft.log10_e) && !strongest.has(key)) strongest.set(key, draft)
  }
  const weeks = new Map<number, WorkDraft[]>()
  for (const draft of strongest.values()) {
    const week_ms = weekOf(draft.at_ms)
    weeks.set(week_ms, [...(weeks.get(week_ms) ?? []), draft])
  }
  return [...weeks]
    .sort(([a], [b]) => b - a)
    .flatMap(([week_ms, items]) => {
      const taken = new Set<string>()
      return items.slice(0, Math.max(0, per_week)).map(({ at_ms: _, is_apart, ...draft }, i) => {
        const id = idWith(`WORK-${dayText(week_ms)}`, [topicOf({ ...draft, is_apart })], taken)
        taken.add(id)
        return { id, rank: i + 1, week_ms, ...draft }
      })
    })
}

function topicOf({ detector, subject, is_apart }: Pick<WorkDraft, 'detector' | 'subject' | 'is_apart'>): string {
  return is_apart ? `${detector} ${subject}` : subject
}

/** The strongest first; ties by subject, detector, text, so that the order is one. */
function byEvidence(a: WorkDraft, b: WorkDraft): number {
  if (a.log10_e !== b.log10_e) return b.log10_e - a.log10_e
  for (const field of ['subject', 'detector', 'text'] as const) {
    if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1
  }
  return a.at_ms - b.at_ms
}
