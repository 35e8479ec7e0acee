/** An incident on the terminal: what is said, what it rests on, what would settle it, and what to ask next. */
import pc from 'picocolors'
import { type Incident, type Member, type MemberKind, memberKinds } from '../../model/incident.ts'
import { bytesText, countText, oneLine, table } from '../text.ts'
import {
  actionCost,
  factorText,
  figuresOf,
  historyText,
  incidentKindText,
  kindTitle,
  memberCountText,
  namedValuesText,
  percent,
  sentenceText,
  stateText,
  toldInParagraphs,
  utc,
  verdictText,
  weirCommand,
} from './words.ts'
import { wrap } from './wrap.ts'

type Colours = ReturnType<typeof pc.createColors>

const mostMembersShown = 5
const mostNames = 6

export interface TextOptions {
  colour: boolean
  /** The state that commands shall name. */
  state?: string
}

export function incidentText(incident: Incident, { colour, state }: TextOptions): string {
  const colours = pc.createColors(colour)
  const { id, kind, severity, verdict } = incident
  const parts = [
    [
      colours.bold(oneLine(incident.title)),
      colours.dim(`${oneLine(id)} · ${incidentKindText[kind]} · ${stateText[incident.state]} · severity ${severity}`),
      ...(verdict === undefined ? [] : wrap(`Verdict: ${verdictText(verdict)}`)),
    ],
    ...toldInParagraphs(incident.sentences, incident.facts).map((list) => wrap(list.map(sentenceText).join(' '))),
    figureLines(incident, colours),
    ...memberParts(incident, colours),
    evidenceLines(incident, colours),
    heading('The strongest innocent reading', colours, wrap(incident.innocent_reading, '  ')),
    heading('The check that settles it', colours, wrap(incident.settling_check, '  ')),
    heading('Not observable', colours, listLines(incident.not_observable)),
    heading('Client organisations', colours, impactLines(incident)),
    heading(
      'History',
      colours,
      incident.history.flatMap((entry) => wrap(`${utc(entry.at_ms)}  ${historyText(entry)}`, '  ')),
    ),
    heading(
      'Proposed, nothing is done',
      colours,
      incident.proposed_actions.flatMap((each) =>
        wrap(`${each.action}: ${each.text} Cost: ${actionCost(each)}.`, '  '),
      ),
    ),
    nextLines(id, colours, state),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function heading(title: string, colours: Colours, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [colours.bold(title), ...lines]
}

function figureLines(incident: Incident, colours: Colours): string[] {
  return figuresOf(incident).map(
    ({ name, value, note }) => `${colours.dim(name.padEnd(31))}${value}  ${colours.dim(oneLine(note))}`,
  )
}

/** Hosts and peers as tables, the other kinds in a line each. */
function memberParts({ members, member_counts }: Incident, colours: Colours): string[][] {
  const there = memberKinds.filter((kind) => member_counts[kind] > 0)
  const tables = (['hosts', 'peers'] as const).filter((kind) => member_counts[kind] > 0)
  const lines = there
    .filter((kind) => kind !== 'hosts' && kind !== 'peers')
    .flatMap((kind) => {
      const shown = members[kind].slice(0, mostMembersShown)
      const more = member_counts[kind] - shown.length
      const names = shown.map((member) => `${oneLine(nameOf(member))} ${bytesText(member.bytes_out)}`)
      if (more > 0) names.push(`and ${countText(more)} more`)
      return wrap(`${memberCountText(kind, member_counts[kind])}: ${names.join(', ')}`, '  ')
    })
  return [
    ...tables.map((kind) => memberTable(kind, members[kind], member_counts[kind], colours)),
    heading('Other members, with their excess', colours, lines),
  ]
}

function memberTable(kind: MemberKind, members: readonly Member[], count: number, colours: Colours): string[] {
  const shown = members.slice(0, mostMembersShown)
  const [head, ...lines] = table(
    ['name', 'excess', 'gross', 'weight'].map((title, i) => ({ title, right: i > 0 })),
    shown.map((member) => [
      nameOf(member),
      bytesText(member.bytes_out),
      bytesText(member.gross_bytes_out),
      percent(member.weight),
    ]),
  )
  const more = count - shown.length
  return [
    `${colours.bold(kindTitle[kind])} ${colours.dim(countText(count))}`,
    `  ${colours.dim(head)}`,
    ...lines.map((line) => `  ${line}`),
    ...(more > 0 ? [`  ${colours.dim(`and ${countText(more)} more`)}`] : []),
  ]
}

function nameOf({ id, name }: Member): string {
  return name === undefined || name === id ? id : `${id} (${name})`
}

function evidenceLines({ evidence, techniques }: Incident, colours: Colours): string[] {
  const lines = evidence.flatMap(({ detector, subject, statement, log10_e, facts }) => [
    ...wrap(`${detector}, ${subject}: ${statement}`, '  '),
    ...wrap(factorText(log10_e), '    '),
    ...(Object.keys(facts).length > 0 ? wrap(namedValuesText(facts), '    ') : []),
  ])
  if (techniques.length > 0) lines.push(`  Consistent with MITRE ATT&CK ${techniques.map(oneLine).join(', ')}`)
  return heading('Evidence', colours, lines)
}

function listLines(items: readonly string[]): string[] {
  return items.flatMap((item) => wrap(item, '    ').map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line)))
}

function impactLines({ client_org_impact: impact }: Incident): string[] {
  const names = (list: readonly string[]): string =>
    list.length === 0
      ? ''
      : `: ${list.slice(0, mostNames).join(', ')}${list.length > mostNames ? ` and ${countText(list.length - mostNames)} more` : ''}`
  return [
    ...wrap(`confirmed ${countText(impact.confirmed.length)}${names(impact.confirmed)}`, '  '),
    ...wrap(`possible ${countText(impact.possible.length)}${names(impact.possible)}`, '  '),
    ...wrap(`no evidence ${countText(impact.no_evidence)}`, '  '),
    ...wrap(`no visibility ${countText(impact.no_visibility.length)}${names(impact.no_visibility)}`, '  '),
  ]
}

function nextLines(id: string, colours: Colours, state: string | undefined): string[] {
  return [
    `${colours.dim('Next'.padEnd(7))}${weirCommand(['incident', id, '--html', 'incident.html'], state)}`,
    `${' '.repeat(7)}${weirCommand(['verdict', id, '--harmless', '--reason', 'TEXT', '--owner', 'NAME'], state)}   or --theft`,
  ]
}

/** `4 hosts, 12 peers, 1 vault`: the kinds that have members, at most so many. */
export function membersText({ member_counts }: Incident, most = 3): string {
  const kinds = (['hosts', 'peers', 'accounts', 'vaults'] as const).filter((kind) => member_counts[kind] > 0)
  return kinds
    .slice(0, most)
    .map((kind) => memberCountText(kind, member_counts[kind]))
    .join(', ')
}
