/**
 * An incident as one page of HTML that can be mailed and kept: no request to anywhere, every text escaped, the one script
 * named by its hash and not needed to read. Light and dark as the reader's system wants; also on paper.
 */
import { version } from '../../app/version.ts'
import type { Incident, Sentence } from '../../model/incident.ts'
import { type Html, html } from '../html/html.ts'
import { type PageSection, pageText, sectionHtml } from '../html/page.ts'
import { scoreSection } from './page-score.ts'
import { pageScript, scriptHash } from './page-script.ts'
import { sectionsOf } from './page-sections.ts'
import { incidentStyle } from './page-style.ts'
import { anchorOf, figuresOf, incidentKindText, stateText, toldInParagraphs, utc, verdictText } from './words.ts'

export interface PageOptions {
  generated_ms?: number
  /** The state that commands shall name. */
  state?: string
}

export function incidentPage(incident: Incident, { generated_ms, state }: PageOptions = {}): string {
  const { id, title, kind, severity } = incident
  const sections = sectionsOf(incident, state)
  return pageText({
    title: `${id} · ${title}`,
    style: incidentStyle,
    allowed: [`script-src '${scriptHash(pageScript)}'`, 'img-src data:'],
    skip: { to: 'story', text: 'what happened' },
    header: html`<h1>${title}</h1>
<p class="tags"><code>${id}</code> · ${incidentKindText[kind]} · ${stateText[incident.state]} · severity ${severity} · ${utc(incident.first_activity_ms)} to ${utc(incident.last_activity_ms)}</p>`,
    sections: [{ id: 'story', title: 'What happened' }, { id: 'score', title: 'The score' }, ...sections],
    main: html`${[storySection(incident), { id: 'score', title: 'The score', body: scoreSection(incident) }, ...sections].map(sectionHtml)}`,
    footer: html`Weir ${version} · <code>${id}</code> · detected ${utc(incident.detected_at_ms)}${generated_ms === undefined ? '' : ` · written ${utc(generated_ms)}`}. Bytes are decimal (1 GB = 10<sup>9</sup> bytes), times are UTC.`,
    script: pageScript,
  })
}

function storySection(incident: Incident): PageSection {
  const { verdict } = incident
  const body = html`${verdict === undefined ? '' : html`<p class="verdict"><strong>Verdict:</strong> ${verdictText(verdict)}</p>`}
${storyHtml(incident)}
${figuresHtml(incident)}`
  return { id: 'story', title: 'What happened', body }
}

function storyHtml({ sentences, facts }: Incident): Html {
  const paragraphs = toldInParagraphs(sentences, facts)
  if (paragraphs.length === 0)
    return html`<p class="none">Nothing can be told: no number of this incident has a derivation.</p>`
  return html`${paragraphs.map(
    (
      list,
    ) => html`<p class="story">${list.map((sentence, i) => html`${i === 0 ? '' : ' '}${sentenceHtml(sentence)}`)}</p>
`,
  )}`
}

function sentenceHtml({ parts }: Sentence): Html {
  return html`${parts.map((part) =>
    typeof part === 'string' ? html`${part}` : html`<a href="#${anchorOf(part.fact)}">${part.text}</a>`,
  )}`
}

function figuresHtml(incident: Incident): Html {
  const known = new Set(incident.facts.map(({ id }) => id))
  return html`<dl class="figures">${figuresOf(incident).map(({ fact, name, value, note }) => {
    const shown = known.has(fact) ? html`<a href="#${anchorOf(fact)}">${value}</a>` : html`${value}`
    return html`<div><dt>${name}</dt><dd><span class="value">${shown}</span><span class="note">${note}</span></dd></div>`
  })}</dl>`
}
