/** The frame of every page: no request to anywhere, light and dark as the reader's system wants, a way past the navigation. */
import { type Html, html, raw } from './html.ts'
import { style } from './style.ts'

export interface PageParts {
  title: string | Html
  /** Added to the style of all pages. */
  style?: string
  /** What the content security policy allows beyond inline style, such as `img-src data:`. */
  allowed?: readonly string[]
  /** Id of the section where the content begins, and what it is. */
  skip: { to: string; text: string }
  header: Html
  sections: readonly { id: string; title: string }[]
  main: Html
  footer: Html
  /** Of a script whose hash is allowed. */
  script?: string
}

export function pageText(parts: PageParts): string {
  const { title, skip, header, sections, main, footer, script } = parts
  const policy = ["default-src 'none'", "style-src 'unsafe-inline'", ...(parts.allowed ?? [])]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw([...policy, "base-uri 'none'", "form-action 'none'"].join('; '))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · Weir</title>
<style>${raw(style + (parts.style ?? ''))}</style>
</head>
<body>
<a class="skip" href="#${skip.to}">Skip to ${skip.text}</a>
<header>
${header}
</header>
<nav aria-label="Sections"><ol>
${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>\n`)}</ol></nav>
<main>
${main}</main>
<footer><p>${footer} This page asks nothing of any network.</p></footer>
${script === undefined ? '' : html`<script>${raw(script)}</script>\n`}</body>
</html>
`.text
}

export interface PageSection {
  id: string
  title: string
  lead?: string
  body: Html
}

export function sectionHtml({ id, title, lead = '', body }: PageSection): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${lead === '' ? '' : html`<p class="lead">${lead}</p>`}
${body}
</section>
`
}
