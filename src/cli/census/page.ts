/**
 * A census as one page of HTML: no script, no request to anywhere, every text escaped. Light and dark as the reader's
 * system wants; tables can be read aloud and walked through by keyboard.
 */
import type { Census } from '../../app/census/report/census-report.ts'
import { type Cell, type Html, html, tableHtml } from '../html/html.ts'
import { pageText, sectionHtml } from '../html/page.ts'
import { bytesText, countText, durationText, plural, shareText, timeText } from '../text.ts'
import { sections } from './page-sections.ts'
import { timeline } from './timeline.ts'
import { elsewhereOf, percentText } from './words.ts'

export function censusPage(census: Census, { site }: { site: string }): string {
  const title = site === '' || site === 'site' ? 'Census' : `Census of ${site}`
  const { span } = census
  const when =
    span.start_ms === null || span.end_ms === null
      ? 'no times in the logs'
      : `${timeText(span.start_ms)} to ${timeText(span.end_ms)} UTC (${durationText(span.end_ms - span.start_ms)})`
  const list = sections(census)
  return pageText({
    title,
    skip: { to: 'left', text: 'what left' },
    header: html`<h1>${title}</h1>
<p class="when">${when}</p>
<p class="how">${readText(census)}</p>`,
    sections: [{ id: 'left', title: 'What left' }, ...list],
    main: html`${leftSection(census)}
${list.map(sectionHtml)}`,
    footer: html`Made by Weir ${census.weir} from ${plural(census.sources.length, 'file')}. Bytes are decimal (1 GB = 10<sup>9</sup> bytes), times are UTC. Nothing was kept.`,
  })
}

function readText({ sources, passed_over }: Census): string {
  const sum = (of: (source: Census['sources'][number]) => number): number =>
    sources.reduce((total, source) => total + of(source), 0)
  const rejected = sum(({ rejected }) => Object.values(rejected).reduce((a, b) => a + b, 0))
  const unused = sum(({ rejected }) => rejected.stream_not_used ?? 0)
  const parts = [
    `${plural(
      sum((source) => source.records_read),
      'record',
    )} read`,
    `${countText(sum((source) => source.accepted))} accepted`,
    `${countText(sum((source) => source.duplicates))} said before`,
    `${countText(unused)} of streams not used`,
    `${countText(rejected - unused)} rejected`,
    `${plural(passed_over.length, 'file')} passed over`,
  ]
  return parts.join(' · ')
}

function leftSection(census: Census): Html {
  const { ledger, counts, not_egress } = census
  const figures: [string, string, string][] = [
    ['Left', bytesText(ledger.bytes_out), `${countText(ledger.bytes_out)} bytes`],
    ['Came in', bytesText(ledger.bytes_in), `${countText(ledger.bytes_in)} bytes`],
    [
      'Explained',
      shareText(ledger.explained_bytes_out, ledger.bytes_out),
      `${bytesText(ledger.unexplained_bytes_out)} unexplained`,
    ],
    [
      'With an account',
      percentText(ledger.attributed_share.account),
      `project ${percentText(ledger.attributed_share.project)}, vault ${percentText(ledger.attributed_share.vault)}`,
    ],
    ['Hosts', countText(counts.hosts), `${plural(ledger.flows, 'flow')}`],
    ['Peers', countText(counts.peers), `in ${plural(census.where.networks, 'network')} (/24, /48)`],
  ]
  const rows: Cell[][] = elsewhereOf(census).map(({ name, bytes }) => [name, { number: bytesText(bytes) }])
  if (not_egress.probes > 0n) rows.push(['connections without payload', { number: countText(not_egress.probes) }])
  return html`<section id="left" aria-labelledby="left-title">
<h2 id="left-title">What left</h2>
<dl class="figures">${figures.map(
    ([name, value, note]) =>
      html`<div><dt>${name}</dt><dd><span class="value">${value}</span><span class="note">${note}</span></dd></div>`,
  )}</dl>
${timeline(census)}
${rows.length === 0 ? '' : tableHtml('In the logs, and no egress', [{ title: 'What' }, { title: 'Amount', right: true }], rows)}
</section>`
}
