/**
 * An incident as one page of HTML that can be mailed and kept: no request to anywhere, every text escaped, the one script
 * named by its hash and not needed to read. Light and dark as the reader's system wants; also on paper.
 */
import { version } from '../../app/version.ts'
import type { Incident, Sentence } from '../../model/incident.ts'
import { type Html, html, raw } from '../html/html.ts'
import { style } from '../html/style.ts'
import { scoreSection } from './page-score.ts'
import { pageScript, scriptHash } from './page-script.ts'
import { type Section, sectionsOf } from './page-sections.ts'
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
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash(pageScript)}'; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${id} · ${title} · Weir</title>
<style>${raw(style + incidentStyle)}</style>
</head>
<body>
<a class="skip" href="#story">Skip to what happened</a>
<header>
<h1>${title}</h1>
<p class="tags"><code>${id}</code> · ${incidentKindText[kind]} · ${stateText[incident.state]} · severity ${severity} · ${utc(incident.first_activity_ms)} to ${utc(incident.last_activity_ms)}</p>
</header>
<nav aria-label="Sections"><ol>
<li><a href="#story">What happened</a></li>
<li><a href="#score">The score</a></li>
${sections.map((each) => html`<li><a href="#${each.id}">${each.title}</a></li>\n`)}</ol></nav>
<main>
<section id="story" aria-labelledby="story-title">
<h2 id="story-title">What happened</h2>
${incident.verdict === undefined ? '' : html`<p class="verdict"><strong>Verdict:</strong> ${verdictText(incident.verdict)}</p>`}
${storyHtml(incident)}
${figuresHtml(incident)}
</section>
<section id="score" aria-labelledby="score-title">
<h2 id="score-title">The score</h2>
${scoreSection(incident)}
</section>
${sections.map(sectionHtml)}</main>
<footer><p>Weir ${version} · <code>${id}</code> · detected ${utc(incident.detected_at_ms)}${generated_ms === undefined ? '' : ` · written ${utc(generated_ms)}`}. Bytes are decimal (1 GB = 10<sup>9</sup> bytes), times are UTC. This page asks nothing of any network.</p></footer>
<script>${raw(pageScript)}</script>
</body>
</html>
`.text
}

function sectionHtml({ id, title, lead, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${lead === '' ? '' : html`<p class="lead">${lead}</p>`}
${body}
</section>
`
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
