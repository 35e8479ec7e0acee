/**
 * An incident as Markdown for tickets and mails. Numbers of the sentences are footnotes: each leads to how it was
 * computed and to the command that gives it again. Without the picture: that is in the page.
 */
import { version } from '../../app/version.ts'
import { type Fact, type Incident, type MemberKind, memberKinds, type Sentence } from '../../model/incident.ts'
import { bytesText, countText } from '../text.ts'
import { md, mdCode, mdCodeCell, mdTable } from './markdown-escape.ts'
import {
  actionCost,
  anchorOf,
  factIntervalText,
  factorText,
  factValueText,
  figuresOf,
  historyText,
  incidentKindText,
  kindTitle,
  ledgerCommand,
  namedValuesText,
  percent,
  stateText,
  toldInParagraphs,
  utc,
  verdictText,
} from './words.ts'

const mostMembersShown = 20
const mostRecords = 5

export interface MarkdownOptions {
  /** The state that commands shall name. */
  state?: string
}

export function incidentMarkdown(incident: Incident, { state }: MarkdownOptions = {}): string {
  const { id, kind, severity, verdict } = incident
  const known = new Set(incident.facts.map((fact) => fact.id))
  const parts: string[][] = [
    [`# ${md(incident.title)}`],
    [`${mdCode(id)} · ${incidentKindText[kind]} · ${stateText[incident.state]} · severity ${severity}`],
    verdict === undefined ? [] : [`> Verdict: ${md(verdictText(verdict))}`],
    ...toldInParagraphs(incident.sentences, incident.facts).map((list) => [list.map(sentence).join(' ')]),
    figuresOf(incident).map(
      ({ fact, name, value, note }) =>
        `- **${name}**: ${value}${known.has(fact) ? `[^${anchorOf(fact)}]` : ''} (${md(note)})`,
    ),
    ...memberKinds.filter((each) => incident.member_counts[each] > 0).map((each) => memberPart(incident, each)),
    evidencePart(incident),
    section('The strongest innocent reading', [md(incident.innocent_reading)]),
    section('The check that settles it', [md(incident.settling_check)]),
    section('Not observable', list(incident.not_observable)),
    impactPart(incident),
    section(
      'History',
      incident.history.map((entry) => `- ${utc(entry.at_ms)}: ${md(historyText(entry))}`),
    ),
    actionPart(incident),
    incident.facts.length === 0
      ? []
      : section('Derivations', [
          'Every number above that has a footnote is derived below. Observed: counted in the books. Inferred: from a statistic.',
        ]),
    incident.facts.map((fact) => footnote(fact, state)),
    ['---'],
    [
      `Weir ${version} · ${mdCode(id)} · detected ${utc(incident.detected_at_ms)}. Bytes are decimal, times are UTC, intervals 90 %.`,
    ],
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines]
}

function list(items: readonly string[]): string[] {
  return items.map((item) => `- ${md(item)}`)
}

function sentence({ parts }: Sentence): string {
  return parts
    .map((part) => (typeof part === 'string' ? md(part) : `${md(part.text)}[^${anchorOf(part.fact)}]`))
    .join('')
}

function memberPart({ members, member_counts }: Incident, kind: MemberKind): string[] {
  const shown = members[kind].slice(0, mostMembersShown)
  const more = member_counts[kind] - shown.length
  return section(`${kindTitle[kind]} (${countText(member_counts[kind])})`, [
    ...mdTable(
      ['Name', 'Excess', 'Gross', 'Weight'].map((title, i) => ({ title, right: i > 0 })),
      shown.map(({ id, name, bytes_out, gross_bytes_out, weight }) => [
        name === undefined || name === id ? mdCodeCell(id) : `${mdCodeCell(id)} (${md(name)})`,
        bytesText(bytes_out),
        bytesText(gross_bytes_out),
        percent(weight),
      ]),
    ),
    ...(more > 0 ? ['', `and ${countText(more)} more`] : []),
  ])
}

function evidencePart({ evidence, techniques }: Incident): string[] {
  const lines = evidence.flatMap(({ detector, subject, statement, log10_e, facts }) => [
    `- ${md(detector)}, ${mdCode(subject)}: ${md(statement)} ${factorText(log10_e)}.${Object.keys(facts).length > 0 ? ` ${md(namedValuesText(facts))}` : ''}`,
  ])
  if (techniques.length > 0) lines.push(`- Consistent with MITRE ATT&CK ${techniques.map(md).join(', ')}`)
  return section('Evidence', lines)
}

function impactPart({ client_org_impact: impact }: Incident): string[] {
  const named = (what: string, names: readonly string[]): string =>
    `- ${what}: ${countText(names.length)}${names.length > 0 ? ` (${names.map(mdCode).join(', ')})` : ''}`
  return section('Client organisations', [
    named('confirmed', impact.confirmed),
    named('possible', impact.possible),
    `- no evidence: ${countText(impact.no_evidence)}`,
    named('no visibility', impact.no_visibility),
  ])
}

function actionPart({ proposed_actions }: Incident): string[] {
  if (proposed_actions.length === 0) return []
  const rows = proposed_actions.map((each) => [md(each.action), md(each.text), actionCost(each)])
  return section(
    'Proposed actions, none is done',
    mdTable([{ title: 'Action' }, { title: 'What' }, { title: 'Cost' }], rows),
  )
}

function footnote(fact: Fact, state: string | undefined): string {
  const { derivation } = fact
  const interval = factIntervalText(fact)
  const command = ledgerCommand(derivation, state)
  const records = (derivation.records ?? [])
    .slice(0, mostRecords)
    .map(({ path, offset }) => mdCode(`${path}:${offset}`))
  const more = (derivation.records?.length ?? 0) - records.length
  const parts = [
    `${md(fact.id)} = ${md(factValueText(fact))}${interval === undefined ? '' : `, 90 % interval ${interval}`}; ${fact.basis}.`,
    md(derivation.how),
    ...(command === undefined ? [] : [mdCode(command)]),
    ...(records.length === 0
      ? []
      : [`Records: ${records.join(', ')}${more > 0 ? ` and ${countText(more)} more` : ''}`]),
  ]
  return `[^${anchorOf(fact.id)}]: ${parts.join(' ')}`
}
