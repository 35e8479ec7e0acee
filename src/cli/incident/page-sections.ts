/** The sections of the page after the score. */
import { dateText } from '../../model/amount-text.ts'
import { type Fact, type Incident, type Member, type MemberKind, memberKinds } from '../../model/incident.ts'
import { type Cell, type Html, html, type PageColumn, tableHtml } from '../html/html.ts'
import type { PageSection } from '../html/page.ts'
import { bytesText, countText } from '../text.ts'
import {
  actionCost,
  anchorOf,
  factIntervalText,
  factorText,
  factValueText,
  historyText,
  kindTitle,
  ledgerCommand,
  namedValuesText,
  percent,
  utc,
} from './words.ts'

/** Rows of a table of members; the first so many are open. */
const mostMembersShown = 200
const membersOpen = 12
const mostRecords = 20

export function sectionsOf(incident: Incident, state: string | undefined): PageSection[] {
  const { innocent_reading, settling_check, not_observable, facts } = incident
  return [
    {
      id: 'reading',
      title: 'How it may be innocent',
      lead: '',
      body: html`<div class="two"><div><h3>The strongest innocent reading</h3><p>${innocent_reading}</p></div><div><h3>The check that settles it</h3><p>${settling_check}</p></div></div>`,
    },
    {
      id: 'members',
      title: 'Members',
      lead: 'Excess: bytes above expectation. Gross: everything a member sent. Weight: share of what it did that is not expected of its kind; members have at least 0.5.',
      body: membersBody(incident),
    },
    {
      id: 'evidence',
      title: 'Evidence',
      lead: 'A factor of 10^x: if only chance and the ordinary drift of this site were at work, a bet against them would ever reach that factor with a probability of at most 1 in 10^x, however often one looks. Factors of several lines are not to be multiplied: they may rest on the same bytes.',
      body: evidenceBody(incident),
    },
    {
      id: 'orgs',
      title: 'Client organisations',
      lead: 'By what the books can say of their vaults. No visibility: nothing of their vaults is in the logs, so that nothing can be said.',
      body: orgsBody(incident),
    },
    {
      id: 'history',
      title: 'History',
      lead: 'What became of it, by the times of the records. Members are found anew at the end of each day; told is each time they became half or twice as many.',
      body: html`<ul class="plain">${incident.history.map((entry) => html`<li>${utc(entry.at_ms)}: ${historyText(entry)}</li>`)}</ul>`,
    },
    {
      id: 'actions',
      title: 'Proposed actions',
      lead: 'None is done. The cost to honest users is computed from the books.',
      body: actionsBody(incident),
    },
    {
      id: 'unseen',
      title: 'Not observable',
      lead: '',
      body:
        not_observable.length === 0
          ? html`<p class="none">Nothing is listed.</p>`
          : html`<ul class="plain">${not_observable.map((text) => html`<li>${text}</li>`)}</ul>`,
    },
    {
      id: 'derivations',
      title: 'Derivations',
      lead: 'Where each number comes from. Observed: counted in the books. Inferred: from a statistic. Intervals are 90 %.',
      body:
        facts.length === 0
          ? html`<p class="none">No number is told.</p>`
          : html`${facts.map((fact) => factHtml(fact, state))}`,
    },
  ]
}

function membersBody({ members, member_counts, candidates }: Incident): Html {
  const kinds = memberKinds.filter((kind) => members[kind].length > 0)
  const unseen = memberKinds.filter((kind) => members[kind].length === 0).map((kind) => kindTitle[kind].toLowerCase())
  const weak = memberKinds.filter((kind) => candidates[kind].length > 0)
  return html`${kinds.map((kind) => memberTables(kind, members[kind], member_counts[kind]))}${
    unseen.length > 0 ? html`<p class="none">No members are known among ${unseen.join(', ')}.</p>` : ''
  }${
    weak.length > 0
      ? html`<details><summary>Candidates: weight below 0.5</summary>${weak.map((kind) => memberTable(kind, `${kindTitle[kind]}, candidates`, candidates[kind].slice(0, mostMembersShown)))}</details>`
      : ''
  }`
}

function memberTables(kind: MemberKind, members: readonly Member[], count: number): Html {
  const shown = members.slice(0, mostMembersShown)
  const title = `${kindTitle[kind]}: ${countText(count)}`
  const cut = count > shown.length ? `; the ${countText(shown.length)} with the most excess are listed` : ''
  if (shown.length <= membersOpen) return memberTable(kind, title + cut, shown)
  return html`${memberTable(kind, `${title}; the ${countText(membersOpen)} with the most excess`, shown.slice(0, membersOpen))}<details class="more"><summary>The other ${countText(shown.length - membersOpen)}${cut}</summary>${memberTable(kind, `${kindTitle[kind]}, continued`, shown.slice(membersOpen))}</details>`
}

function memberTable(kind: MemberKind, caption: string, members: readonly Member[]): Html {
  const left = (title: string): PageColumn => ({ title })
  const right = (title: string): PageColumn => ({ title, right: true })
  const named = members.some(({ id, name }) => name !== undefined && name !== id)
  const placed = members.some(({ addresses }) => addresses !== undefined)
  return tableHtml(
    caption,
    [
      left(kind === 'peer_asns' ? 'AS' : 'Id'),
      ...(named ? [left('Name')] : []),
      ...(placed ? [left('Addresses')] : []),
      ...['Excess', 'Gross', 'Weight'].map(right),
      left('First'),
      left('Last'),
    ],
    members.map(({ id, name, addresses, bytes_out, gross_bytes_out, weight, first_ms, last_ms }): Cell[] => [
      { name: id },
      ...(named ? [name ?? ''] : []),
      ...(placed ? [(addresses ?? []).join(', ')] : []),
      { number: bytesText(bytes_out) },
      { number: bytesText(gross_bytes_out) },
      { number: percent(weight) },
      { short: first_ms === undefined ? '–' : dateText(first_ms) },
      { short: last_ms === undefined ? '–' : dateText(last_ms) },
    ]),
  )
}

function evidenceBody({ evidence, techniques }: Incident): Html {
  const rows = evidence.map(({ detector, subject, statement, log10_e, facts }): Cell[] => [
    { short: detector },
    { name: subject },
    html`${statement}${Object.keys(facts).length > 0 ? html`<span class="note">${namedValuesText(facts)}</span>` : ''}`,
    html`<span class="number">${factorText(log10_e).split(':')[0]}</span><span class="note">${factorText(log10_e).replace(/^[^:]*: by chance alone reached with a probability of /, '')}</span>`,
  ])
  const columns = ['Detector', 'Subject', 'What it says'].map((title) => ({ title }))
  return html`${rows.length === 0 ? html`<p class="none">No evidence is listed.</p>` : tableHtml('Evidence', [...columns, { title: 'Factor' }], rows)}${
    techniques.length > 0 ? html`<p>Consistent with MITRE ATT&amp;CK ${techniques.join(', ')}.</p>` : ''
  }`
}

function orgsBody({ client_org_impact: impact }: Incident): Html {
  const group = (title: string, names: readonly string[]): Html =>
    names.length === 0
      ? html`<p>${title}: 0</p>`
      : html`<details><summary>${title}: ${countText(names.length)}</summary><ul class="plain orgs">${names.map((name) => html`<li>${name}</li>`)}</ul></details>`
  return html`${group('Confirmed', impact.confirmed)}${group('Possible', impact.possible)}<p>No evidence: ${countText(impact.no_evidence)}</p>${group('No visibility', impact.no_visibility)}`
}

function actionsBody({ proposed_actions }: Incident): Html {
  if (proposed_actions.length === 0) return html`<p class="none">Nothing is proposed.</p>`
  return tableHtml(
    'Proposed actions',
    ['Action', 'What', 'Cost to honest users'].map((title) => ({ title })),
    proposed_actions.map((each): Cell[] => [{ short: each.action }, each.text, actionCost(each)]),
  )
}

function factHtml(fact: Fact, state: string | undefined): Html {
  const { derivation } = fact
  const interval = factIntervalText(fact)
  const command = ledgerCommand(derivation, state)
  const records = derivation.records ?? []
  return html`<article class="fact" id="${anchorOf(fact.id)}" tabindex="-1">
<h3><code>${fact.id}</code> <strong>${factValueText(fact)}</strong>${interval === undefined ? '' : html` <span>(${interval})</span>`}</h3>
<p><span class="basis">${fact.basis}:</span> ${derivation.how}</p>
${command === undefined ? '' : html`<div class="command"><code>${command}</code></div>`}
${
  records.length === 0
    ? ''
    : tableHtml(
        records.length > mostRecords
          ? `Records: ${countText(mostRecords)} of ${countText(records.length)}`
          : 'Records (path:byte offset in the decompressed file)',
        [{ title: 'Line' }, { title: 'Uid' }, { title: 'Start' }, { title: 'Bytes out', right: true }],
        records
          .slice(0, mostRecords)
          .map(({ path, offset, uid, start_ms, bytes_out }): Cell[] => [
            { name: `${path}:${offset}` },
            uid ?? '–',
            { short: utc(start_ms) },
            { number: bytesText(bytes_out) },
          ]),
      )
}
</article>
`
}
