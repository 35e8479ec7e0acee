/**
 * Sentences from facts. A template names the facts that it shows and may choose by their values, by nothing else, so
 * deleting a fact deletes exactly the sentences that show it. Plain parts hold no digits: all numbers are facts.
 */
import type { Fact, Sentence } from '../model/incident.ts'
import { factText } from './fact-text.ts'
import { paragraphs } from './sentence-templates.ts'
import type { Slot, Template } from './template.ts'

/** The sentences for which all facts are there, in the order of telling. */
export function sentencesOf(facts: readonly Fact[]): Sentence[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]))
  const templates = paragraphs.flatMap(({ about, templates }) => templates.map((template) => ({ about, template })))
  return templates.flatMap(({ about, template }) => {
    const shown = template.slots.map((slot) => byId.get(factOf(slot)))
    if (!shown.every((fact) => fact !== undefined)) return []
    const of = (id: string): number => {
      const fact = shown.find((each) => each.id === id)
      if (!fact) throw new Error(`${template.id} chooses by ${id}, which it does not show`)
      return Number(fact.value)
    }
    return template.when && !template.when(of) ? [] : [{ id: template.id, about, parts: partsOf(template, shown) }]
  })
}

/** What may still be told when only these facts are there. */
export function tellable(sentences: readonly Sentence[], facts: readonly Fact[]): Sentence[] {
  const ids = new Set(facts.map((fact) => fact.id))
  return sentences.filter(({ parts }) => parts.every((part) => typeof part === 'string' || ids.has(part.fact)))
}

export function summaryOf(sentences: readonly Sentence[]): string {
  return sentences.map(sentenceText).join(' ')
}

export function sentenceText({ parts }: Sentence): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')
}

function factOf(slot: Slot): string {
  return typeof slot === 'string' ? slot : slot[0]
}

function partsOf({ texts, slots }: Template, facts: readonly Fact[]): Sentence['parts'] {
  const parts: Sentence['parts'][number][] = []
  texts.forEach((text, i) => {
    if (text !== '') parts.push(text)
    if (i >= slots.length) return
    const slot = slots[i]
    const show = typeof slot === 'string' ? factText : slot[1]
    parts.push({ fact: facts[i].id, text: show(facts[i]) })
  })
  return parts
}
