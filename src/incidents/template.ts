import type { Fact } from '../model/incident.ts'

/** A fact to be shown, and how if not by `factText`. */
export type Slot = string | readonly [fact: string, show: (fact: Fact) => string]

export interface Template {
  id: string
  texts: readonly string[]
  slots: readonly Slot[]
  /** Whether it is told, by the facts that it shows. */
  when?: (of: (fact: string) => number) => boolean
}

/** Sentences about one thing, in the order of telling. */
export interface Paragraph {
  about: string
  templates: readonly Template[]
}
