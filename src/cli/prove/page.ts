/**
 * A proof as one page of HTML: no script, no request to anywhere, every text escaped. Light and dark as the reader's system wants,
 * also on paper; tables can be read aloud and walked through by keyboard.
 */
import type { Cell } from '../../app/prove/cells.ts'
import type { Proof } from '../../app/prove/prove.ts'
import { dateText } from '../../model/amount-text.ts'
import { type Html, html, type Cell as TableCell, tableHtml } from '../html/html.ts'
import { pageText, sectionHtml } from '../html/page.ts'
import { bytesText, countText, plural } from '../text.ts'
import { curveStyle } from './curves.ts'
import { figuresOf } from './figures.ts'
import {
  bestUsual,
  betText,
  days,
  falseText,
  floorText,
  none,
  othersText,
  pairText,
  percent,
  powerText,
  shortPowerText,
} from './words.ts'

export function provePage(proof: Proof): string {
  const sections = [
    { id: 'power', title: 'What was found', body: powerSection(proof) },
    { id: 'floor', title: 'Floor of detection', body: floorSection(proof) },
    { id: 'usual', title: 'The usual rules', body: usualSection(proof) },
    { id: 'false', title: 'False incidents', body: falseSection(proof) },
    { id: 'how', title: 'How it was measured', body: howSection(proof) },
  ]
  return pageText({
    title: 'Proof of sight',
    style: curveStyle,
    skip: { to: 'power', text: 'what was found' },
    header: html`<h1>Proof of sight</h1>
<p class="when">${plural(proof.placements.length, 'campaign')} placed in ${plural(proof.backgrounds.length, 'background')}</p>
<p class="how">${proof.complete ? 'Each was judged beside the same days without it.' : 'Stopped early: this is what was measured until then.'}</p>`,
    sections,
    main: html`${sections.map(sectionHtml)}`,
    footer: html`Made by Weir ${proof.weir}, ${proof.seeds ? `seeds ${proof.seeds.join(', ')}` : `seed ${proof.seed}`}. Bytes are decimal (1 GB = 10<sup>9</sup> bytes), times are UTC.`,
  })
}

function powerSection({ cells }: Proof): Html {
  const shown = figuresOf(cells)
  return html`<p class="lead">Power is the share of campaigns of which an incident named a peer, while the same days without it had no incident; bars are 95 % intervals (Wilson), the dotted line is 0.8. Where fewer than half were found, there is no median.${youngText(cells)}</p>
${shown.length === 0 ? html`<p class="none">Nothing was measured.</p>` : html`<div class="curves">${shown}</div>`}
${tableHtml(
  'Each campaign, over all of its placements. Where nothing was found, all bytes count as lost. Members as precision/recall.',
  [
    ...numbers('Hosts', 'Share', 'History', 'Placed', 'Power (95 %)', 'Median, 90 %', 'Lost'),
    ...numbers('Peers', 'Hosts', 'Of oracle'),
    ...betColumn(cells),
    ...othersColumn(cells),
  ],
  cells.map((cell): TableCell[] => [
    ...numeric(String(cell.spec.hosts), percent(cell.spec.share), days(cell.spec.history), countText(cell.placements)),
    { number: powerText(cell), share: cell.power },
    ...numeric(`${days(cell.delay_days_median)}, ${days(cell.delay_days_p90)}`),
    ...numeric(cell.placements === 0 ? none : percent(cell.bytes_lost_share)),
    ...numeric(pairText(cell.peers_precision, cell.peers_recall), pairText(cell.hosts_precision, cell.hosts_recall)),
    ...numeric(percent(cell.efficiency_median)),
    ...betColumn(cells).map((): TableCell => ({ short: betText(cell) || 'all' })),
    ...othersCell(cell, cells),
  ]),
)}`
}

function youngText(cells: readonly Cell[]): string {
  return betColumn(cells).length === 0
    ? ''
    : ' Sums bet on: of the days on which a campaign may be found, those on which any sum had enough of a past to bet; not possible yet: on none of them.'
}

/** Days on which sums could bet: a column only where the books were too young on some. */
function betColumn(cells: readonly Cell[]): { title: string }[] {
  return cells.some((cell) => betText(cell) !== '') ? [{ title: 'Sums bet on' }] : []
}

/** What tells campaigns apart beside hosts, share and history: a column only where anything does. */
function othersColumn(cells: readonly Cell[]): { title: string }[] {
  return cells.some(({ spec }) => othersText(spec) !== '') ? [{ title: 'Otherwise' }] : []
}

function othersCell({ spec }: Cell, cells: readonly Cell[]): TableCell[] {
  return othersColumn(cells).map(() => othersText(spec))
}

function floorSection({ floors }: Proof): Html {
  if (floors.length === 0) return html`<p class="none">Nothing was measured.</p>`
  return html`<p class="lead">The smallest theft found with a power of 0.8, between the shares that were tried. Below it, expect not to see one.</p>
${tableHtml(
  'By vault and path',
  [
    ...[{ title: 'Vault' }, { title: 'Path' }, ...numbers('Hosts', 'History', 'Placed for each')],
    { title: 'Smallest theft found with power 0.8' },
  ],
  floors.map((floor): TableCell[] => [
    floor.vault === null ? 'any' : { name: floor.vault },
    floor.path ?? 'any',
    ...numeric(String(floor.hosts), days(floor.history_days), countText(floor.placements)),
    floorText(floor),
  ]),
)}`
}

function usualSection({ cells }: Proof): Html {
  return html`<p class="lead">Eight rules for single hosts and for the site’s total, given the same bytes. Each is set on the days before the start, as sensitive as Weir’s own budget of false incidents allows on those days, and credited by the same law: not where it alarms without the campaign as well. Shown is the one that, afterwards, did best.</p>
${tableHtml(
  'Power, by the same law',
  [
    ...numbers('Hosts', 'Share', 'History', 'Weir', 'Best usual rule', 'Alarms without it'),
    { title: 'Which' },
    ...othersColumn(cells),
  ],
  cells
    .filter(({ placements }) => placements > 0)
    .map((cell): TableCell[] => {
      const usual = bestUsual(cell)
      return [
        ...numeric(String(cell.spec.hosts), percent(cell.spec.share), days(cell.spec.history)),
        { number: shortPowerText(cell), share: cell.power },
        usual ? { number: usual.power.toFixed(2), share: usual.power } : { number: none },
        { number: percent(usual?.twin_alarms_share ?? null) },
        usual?.rule ?? '',
        ...othersCell(cell, cells),
      ]
    }),
)}`
}

function falseSection({ false_incidents, backgrounds }: Proof): Html {
  return html`<p>${falseText(false_incidents)}.</p>
${tableHtml(
  'Backgrounds',
  [{ title: 'Background' }, { title: 'From' }, { title: 'To' }, ...numbers('Hosts', 'Egress a day', 'False incidents')],
  backgrounds.map((each): TableCell[] => [
    { name: each.name },
    { short: dateText(each.from_ms) },
    { short: dateText(each.until_ms - 1) },
    ...numeric(countText(each.hosts), bytesText(Math.round(each.bytes_out_per_day)), countText(each.false_incidents)),
  ]),
)}`
}

function howSection({ not_placed }: Proof): Html {
  const reasons = [...new Map(not_placed.map((each) => [`${each.campaign} ${each.reason}`, each])).values()]
  return html`<p class="lead">Campaigns are injected as arrivals: hosts that serve others, busy ones more often; services, accounts and vaults as they occur there; peers at addresses that occur nowhere. Joins of logs are not tested by it. The oracle is told who the members are and how each will change; it is a yardstick, no bound.</p>
${
  reasons.length === 0
    ? ''
    : tableHtml(
        'Not placed',
        [{ title: 'Campaign' }, { title: 'Why' }],
        reasons.map(({ campaign, reason }): TableCell[] => [{ name: campaign }, reason]),
      )
}`
}

const numbers = (...titles: string[]): { title: string; right: true }[] =>
  titles.map((title) => ({ title, right: true }))
const numeric = (...texts: string[]): TableCell[] => texts.map((number) => ({ number }))
