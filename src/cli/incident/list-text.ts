/**
 * Incidents, notices and the worklist as lists on the terminal. What is empty is told as what was judged until when and
 * by which means: an empty list says nothing of what was not seen.
 */
import pc from 'picocolors'
import { dateText } from '../../model/amount-text.ts'
import type { Findings, Maturity, MaturityLevel } from '../../model/incident.ts'
import { bytesText, countText, oneLine, plural, shorten, table } from '../text.ts'
import { membersText, type TextOptions } from './text.ts'
import { namedValuesText, numberText, stateText, utc, weirCommand } from './words.ts'
import { wrap } from './wrap.ts'

const mostNotices = 10

const levels: readonly [MaturityLevel, string][] = [
  ['mature', 'mature'],
  ['weak', 'weak'],
  ['policy_only', 'policy only'],
  ['blind', 'blind'],
]

export function incidentsText(findings: Findings, { colour, state }: TextOptions): string {
  const colours = pc.createColors(colour)
  const { incidents, worklist } = findings
  const lines =
    incidents.length === 0
      ? [colours.bold('No incident.')]
      : table(
          [
            ...['id', 'state', 'severity', 'what'].map((title) => ({ title })),
            { title: 'excess', right: true },
            { title: 'evidence', right: true },
            ...['since', 'detected'].map((title) => ({ title })),
          ],
          incidents.map((incident) => [
            incident.id,
            stateText[incident.state],
            incident.severity,
            `${incident.title === '' ? membersText(incident) : incident.title}`,
            bytesText(incident.bytes_out.best),
            `10^${incident.log10_evidence.toFixed(1)}`,
            dateText(incident.first_activity_ms),
            dateText(incident.detected_at_ms),
          ]),
          60,
        ).map((line, i) => (i === 0 ? colours.dim(line) : line))
  const next = [
    ...(incidents.length > 0 ? [weirCommand(['incident', incidents[0].id], state)] : []),
    ...(worklist.length > 0 ? [`${weirCommand(['worklist'], state)}   (${plural(worklist.length, 'item')})`] : []),
    `${weirCommand(['doctor'], state)}   (what is not seen)`,
  ]
  const parts = [
    lines,
    judgedLines(findings),
    noticesLines(findings, colours.bold('Notices')),
    next.map((line, i) => `${colours.dim((i === 0 ? 'Next' : '').padEnd(7))}${line}`),
  ]
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`
}

/** What was judged, with which sight, and what of the budget was spent. */
export function judgedLines({ judged_until_ms, maturity, budget }: Findings): string[] {
  const judged =
    judged_until_ms === null
      ? 'Nothing was judged yet: the books hold no closed tick.'
      : `Judged until ${utc(judged_until_ms)}.`
  return [...wrap(judged), ...wrap(maturityText(maturity)), ...wrap(budgetText(budget))]
}

export function maturityText(maturity: readonly Maturity[]): string {
  if (maturity.length === 0) return 'Sight: no pool was judged.'
  const counts = levels
    .map(([level, name]) => [maturity.filter((each) => each.level === level).length, name] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${countText(count)} ${name}`)
  const waiting = maturity.filter(({ level, mature_from_ms }) => level !== 'mature' && mature_from_ms !== null)
  const next = waiting.reduce((least, each) => Math.min(least, each.mature_from_ms ?? least), Number.POSITIVE_INFINITY)
  const from = Number.isFinite(next) ? `; the next becomes mature on ${dateText(next)}` : ''
  return `Sight: of ${plural(maturity.length, 'pool and scale', 'pools and scales')} ${counts.join(', ')}${from}.`
}

function budgetText({ false_incidents_per_year, spent }: Findings['budget']): string {
  return `Budget: ${numberText(false_incidents_per_year)} false incident${false_incidents_per_year === 1 ? '' : 's'} a year; ${numberText(spent)} spent since 1 January. What is below the budget is in the worklist or not told.`
}

export function noticesLines({ notices }: Findings, title: string, most = mostNotices): string[] {
  if (notices.length === 0) return []
  return [
    `${title} ${countText(notices.length)}`,
    ...notices.slice(0, most).flatMap(({ kind, text, at_ms }) => {
      const when = at_ms === undefined ? '' : `${utc(at_ms)}: `
      return wrap(`${kind}: ${when}${text}`, '  ')
    }),
    ...(notices.length > most ? [`  and ${countText(notices.length - most)} more (--json has all)`] : []),
  ]
}

export function noticesText(findings: Findings): string {
  const lines = noticesLines(findings, 'Notices', findings.notices.length)
  return `${lines.length === 0 ? 'No notice.' : lines.join('\n')}\n`
}

export function worklistText(findings: Findings, { colour }: Pick<TextOptions, 'colour'>): string {
  const colours = pc.createColors(colour)
  const { worklist } = findings
  if (worklist.length === 0) return `${[colours.bold('The worklist is empty.'), ...judgedLines(findings)].join('\n')}\n`
  const lines = [...new Set(worklist.map(({ week_ms }) => week_ms))]
    .sort((a, b) => b - a)
    .flatMap((week_ms) => [
      colours.bold(`Week of ${dateText(week_ms)}`),
      ...worklist
        .filter((item) => item.week_ms === week_ms)
        .sort((a, b) => a.rank - b.rank)
        .flatMap(({ id, rank, detector, subject, text, log10_e, facts }) => [
          `${String(rank).padStart(3)}  ${oneLine(id)}  ${oneLine(detector)}, ${shorten(oneLine(subject), 60)}  ${colours.dim(`10^${log10_e.toFixed(1)}`)}`,
          ...wrap(text, '     '),
          ...(Object.keys(facts).length === 0 ? [] : wrap(namedValuesText(facts), '     ').map(colours.dim)),
        ]),
    ])
  const claim = 'Ranked places to look when there is time; no claim is made of how often they are wrong.'
  return `${[...lines, '', ...wrap(claim), ...judgedLines(findings)].join('\n')}\n`
}
