import { expect, test } from 'vitest'
import type { Incident } from '../../model/incident.ts'
import { buildIncident } from '../../testing/incident-builder.ts'
import { hostileNames } from '../../testing/incident-story.ts'
import { incidentPage } from './page.ts'
import { pageScript, scriptHash } from './page-script.ts'
import { sentenceText } from './words.ts'

const markup = (page: string): string => page.replace(/<script>[\s\S]*?<\/script>/g, '<script></script>')
const tagsOf = (page: string): string[] => [
  ...new Set([...markup(page).matchAll(/<\/?([a-zA-Z!][\w-]*)/g)].map(([, tag]) => tag)),
]

test('names of logs never become markup', () => {
  const calm = incidentPage(buildIncident())
  const hostile = incidentPage(buildIncident({ hostile: true }))
  expect(tagsOf(hostile).filter((tag) => !tagsOf(calm).includes(tag))).toEqual([])
  expect(hostile.match(/<script/g)).toHaveLength(1)
  expect(hostile.match(/<img/g)).toHaveLength(calm.match(/<img/g)?.length ?? 0)
  for (const name of hostileNames) expect(markup(hostile)).not.toContain(name)
  expect(hostile).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
  expect(hostile).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})

test('every link leads to a place of the page, every number of the sentences to its derivation', () => {
  const incident = buildIncident()
  const page = incidentPage(incident)
  const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(links.filter((link) => !ids.has(link))).toEqual([])
  const story = page.slice(page.indexOf('<p class="story">'), page.indexOf('<dl class="figures">'))
  const shown = incident.sentences.flatMap(({ parts }) => parts.filter((part) => typeof part !== 'string'))
  expect(story.match(/<a href="#fact-/g)).toHaveLength(shown.length)
  expect(story.replaceAll(/<a [\s\S]*?<\/a>|<[^>]*>/g, '')).not.toMatch(/\d/)
})

test('without a fact its sentences are not told and its figure is no link', () => {
  const incident = buildIncident()
  for (const { id } of incident.facts) {
    const facts = incident.facts.filter((fact) => fact.id !== id)
    const page = incidentPage({ ...incident, facts })
    const story = page.slice(page.indexOf('id="story"'), page.indexOf('<dl class="figures">'))
    expect(page).not.toContain(`#fact-${id}"`)
    const lost = incident.sentences.filter(({ parts }) =>
      parts.some((part) => typeof part !== 'string' && part.fact === id),
    )
    const text = story.replaceAll(/<[^>]*>/g, '')
    for (const sentence of incident.sentences)
      expect(text.includes(sentenceText(sentence))).toBe(!lost.includes(sentence))
  }
})

test('the policy of the page lets in its own script and nothing of any network', () => {
  const page = incidentPage(buildIncident(), { generated_ms: 0 })
  expect(page).toContain(
    `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash(pageScript)}'; img-src data:`,
  )
  expect(page).toContain(`<script>${pageScript}</script>`)
  expect(page).not.toMatch(/(src|href)="(?!#|data:image\/png;base64,)/)
  expect(page).not.toMatch(/url\(|@import|\son\w+="/)
  expect(page).toContain('written 1970-01-01 00:00 UTC')
})

test('5,000 members over half a year stay below 3 MB', () => {
  const page = incidentPage(buildIncident({ hosts: 1000, peers: 4000, days: 180 }))
  expect(Buffer.byteLength(page)).toBeLessThan(3_000_000)
  expect(page).toContain('Peers: 4,000')
  expect(page).toContain('3,000 more are not drawn')
})

test('what is not there is told in words', () => {
  const incident = buildIncident({ hosts: 0, peers: 0, days: 1 })
  const bare: Incident = {
    ...incident,
    sentences: [],
    facts: [],
    evidence: [],
    techniques: [],
    proposed_actions: [],
    not_observable: [],
    nearest_own_line: null,
    ribbons: [],
    score: { days_ms: [], cumulative: [], markers: [], members: [], control: [] },
  }
  const page = incidentPage(bare)
  expect(page).toContain('There is no picture: the books hold no day of this incident.')
  expect(page).toContain('Nothing can be told: no number of this incident has a derivation.')
  expect(page).toContain('Nothing is proposed.')
  expect(markup(page)).not.toMatch(/NaN|undefined|Infinity/)
  expect(markup(incidentPage(incident))).not.toMatch(/NaN|undefined|Infinity/)
})

test('a verdict stands at the top, with who gave it and until when', () => {
  const verdict = {
    incident: 'W-1001',
    verdict: 'harmless' as const,
    reason: 'a <new> mirror',
    owner: 'rk',
    at_ms: Date.UTC(2026, 2, 1),
    expires_ms: Date.UTC(2026, 11, 31),
  }
  const page = incidentPage({ ...buildIncident(), state: 'judged_harmless', verdict })
  const at = page.indexOf('harmless, by rk on 2026-03-01 00:00 UTC, until 2026-12-31 00:00 UTC: a &#60;new&#62; mirror')
  expect(at).toBeGreaterThan(0)
  expect(at).toBeLessThan(page.indexOf('class="story"'))
  expect(page).toContain('judged harmless')
})
