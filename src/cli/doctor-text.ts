/** The findings of `doctor` as one screen, and as JSON. */
import pc from 'picocolors'
import { namedFields } from '../app/doctor/checks/joins.ts'
import type { Judged } from '../app/doctor/checks/judged.ts'
import type { SourceGroup } from '../app/doctor/checks/sources.ts'
import type { Diagnosis } from '../app/doctor/doctor.ts'
import type { Severity } from '../app/doctor/findings/finding.ts'
import { dateText } from '../model/amount-text.ts'
import type { Maturity } from '../model/incident.ts'
import { numberText, utc } from './incident/words.ts'
import { sightLines } from './sight-words.ts'
import {
  bytesText,
  countText,
  durationText,
  oneLine,
  plain,
  plural,
  shareText,
  shorten,
  table,
  timeText,
} from './text.ts'

/** As wide as the terminal, within reason; 100 where there is none. */
const [narrowest, widest, usual] = [76, 120, 100]
const margin = 13
const mostFindings = 9
const mostSources = 9

/** Complete, but for what a screen needs alone. Integers stay exact; texts of logs come without control characters. */
export function doctorJson({ sources, findings, judged, ...diagnosis }: Diagnosis): object {
  return {
    ...diagnosis,
    ...judged,
    maturity: judged.maturity.map((row) => ({ ...row, pool: plain(row.pool) })),
    sources: {
      ...sources,
      rejected: sources.rejected.map(({ example, ...rest }) => ({
        ...rest,
        example: example && { ...example, sample: plain(example.sample) },
      })),
    },
    findings: findings.map((finding) => ({
      ...finding,
      statement: plain(finding.statement),
      next_step: plain(finding.next_step),
    })),
    last_proof_of_sight_ms: diagnosis.sight.last?.at_ms ?? null,
  }
}

export function doctorText(diagnosis: Diagnosis, columns = usual): string {
  const room = Math.min(widest, Math.max(narrowest, columns)) - margin
  const lines = [
    ...stateLines(diagnosis),
    ...judgedLines(diagnosis.judged),
    ...labelled(
      'Sight',
      sightLines(diagnosis.sight, diagnosis.directory, (parts) => wrapped(parts, ' · ', room)),
    ),
    '',
    ...sourceLines(diagnosis),
    '',
    ...joinLines(diagnosis, room),
    ...closureLines(diagnosis),
    '',
    ...findingLines(diagnosis, room),
  ]
  return `${lines.join('\n')}\n`
}

function label(text: string): string {
  return pc.dim(text.padEnd(margin))
}

function labelled(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${label(i === 0 ? name : '')}${line}`)
}

function stateLines({ directory, memory, balance, configuration }: Diagnosis): string[] {
  const { first_day_ms, last_day_ms, days, detail_from_ms, folded_days } = memory
  const span =
    first_day_ms === null || last_day_ms === null
      ? 'empty'
      : `${plural(days, 'day')}, ${dateText(first_day_ms)} to ${dateText(last_day_ms)}`
  const detail =
    detail_from_ms === null ? 'every flow still kept' : `single flows kept from ${dateText(detail_from_ms)} on`
  const folded = folded_days > 0 ? `, small peers folded on ${plural(folded_days, 'day')}` : ''
  const perDay = days > 1 ? `, ${bytesText(memory.disk_bytes_per_day)} a day` : ''
  const tables = new Set(balance.comparisons.flatMap(({ left, right }) => [left, right])).size
  const sums = balance.comparisons.reduce((sum, { groups }) => sum + groups, 0)
  const wrong = balance.comparisons.reduce((sum, { different }) => sum + different, 0)
  const configured = { given: 'as given', kept: 'as of the last run', none: 'none: private networks are inside' }[
    configuration
  ]
  return [
    ...labelled('Books', [
      `${oneLine(directory)} ${pc.dim(`(${bytesText(memory.disk_bytes)} on disk${perDay})`)}`,
      `${span}; ${detail}${folded}`,
    ]),
    ...labelled('Balance', [
      balance.balanced
        ? `${pc.green('the books balance')}, to the byte: ${countText(sums)} sums by day in ${tables} tables, ${plural(balance.days, 'day')}`
        : pc.red(pc.bold(`the books do NOT balance: ${countText(wrong)} of ${countText(sums)} sums by day differ`)),
    ]),
    ...labelled('Config', [configured]),
  ]
}

function judgedLines({ judged_until_ms, maturity, budget, ...counts }: Judged): string[] {
  if (budget === null) return labelled('Judged', ["nothing yet: 'weir analyze' judges what it reads"])
  const { incidents, open_incidents, worklist } = counts
  const found = `${plural(incidents, 'incident')} (${countText(open_incidents)} open), ${plural(worklist, 'item')} on the worklist`
  const until =
    judged_until_ms === null ? 'nothing yet: the books hold no closed tick' : `until ${utc(judged_until_ms)}`
  const { spent, false_incidents_per_year } = budget
  return [
    ...labelled('Judged', [`${until}; ${found}`]),
    ...labelled('Budget', [
      `${numberText(Number(spent.toPrecision(2)))} of ${numberText(false_incidents_per_year)} false incident${false_incidents_per_year === 1 ? '' : 's'} a year spent since 1 January`,
    ]),
    ...labelled('Maturity', maturityTable(maturity)),
  ]
}

/** Pools of keys, which are many, share a line. */
const poolKinds: Readonly<Record<string, readonly string[]>> = {
  ...{ site: ['site'], role: ['role'], service: ['service'], vault: ['vault'], gateway: ['gateway'] },
  unattributed: ['unattributed'],
  keys: ['peer_asn', 'client_fp', 'project', 'piece_size'],
}
/** Left out until any of them bets. */
const laterKinds = ['unattributed', 'keys']
const scales = ['10 min', '1 h', '1 d']
/** Shown once any sum bets at them. */
const longScales = ['7 d', '28 d']

/** One line for each kind of pool, keys together: how many of its sums are mature at each scale, and when the next and the last will be. */
export function maturityTable(maturity: readonly Maturity[]): string[] {
  if (maturity.length === 0) return ['no sum was judged']
  const bets = maturity.filter(({ level }) => level !== 'policy_only' && level !== 'blind')
  const shown = [...scales, ...longScales.filter((id) => bets.some(({ scale }) => scale === id))]
  const rows = Object.entries(poolKinds).flatMap(([name, kinds]) => {
    const own = maturity.filter(({ pool, scale }) => kinds.includes(pool.split(':')[0]) && shown.includes(scale))
    const isLater = laterKinds.includes(name) && own.every(({ level }) => level === 'policy_only')
    if (own.length === 0 || isLater) return []
    const dates = own.flatMap(({ level, mature_from_ms }) =>
      level === 'mature' || mature_from_ms === null ? [] : [mature_from_ms],
    )
    const [next, last] = dates.length === 0 ? ['', ''] : [Math.min(...dates), Math.max(...dates)].map(dateText)
    return [[name, ...shown.map((scale) => levelsText(own.filter((row) => row.scale === scale))), next, last]]
  })
  const titles = ['sums by', ...shown, 'next mature', 'last mature']
  return table(
    titles.map((title) => ({ title })),
    rows,
  ).map((line, i) => (i === 0 ? pc.dim(line) : line))
}

/** `mature`, `2 of 5 mature`, or the best level that any has. */
function levelsText(rows: readonly Maturity[]): string {
  if (rows.length === 0) return ''
  const mature = rows.filter(({ level }) => level === 'mature').length
  if (mature === rows.length) return 'mature'
  if (mature > 0) return `${countText(mature)} of ${countText(rows.length)} mature`
  const best = (['weak', 'policy_only'] as const).find((level) => rows.some((row) => row.level === level)) ?? 'blind'
  return best.replace('_', ' ')
}

function sourceLines({ sources }: Diagnosis): string[] {
  const isUsed = ({ records, rejected, not_used }: SourceGroup): boolean => records + rejected > 0n || not_used === 0n
  const groups = sources.groups
    .filter(isUsed)
    .sort((a, b) => (a.records === b.records ? 0 : a.records > b.records ? -1 : 1))
  const rows = groups
    .slice(0, mostSources)
    .map((group) => [
      shorten(oneLine(nameOfGroup(group)), 32),
      shorten(oneLine(group.sensor), 16),
      countText(group.files),
      countText(group.records),
      group.flows + group.probes > 0n ? countText(group.flows) : '',
      group.rejected > 0n ? countText(group.rejected) : '',
      group.last_record_ms === null ? 'nothing new' : timeText(group.last_record_ms),
      ageText(group.lag_ms),
    ])
  const titles = ['', 'sensor', 'files', 'records', 'flows', 'rejected', 'last record', '']
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i >= 2 && i <= 5 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  const more = groups.length - rows.length
  const unused = sources.groups.filter((group) => !isUsed(group))
  const names = unused.map(({ format }) => format.replace(/^zeek_/, ''))
  return labelled('Sources', [
    pc.dim(line(titles)),
    ...rows.map(line),
    ...(more > 0 ? [pc.dim(`and ${countText(more)} more: --json`)] : []),
    ...(unused.length > 0
      ? [
          pc.dim(
            `${countText(sources.not_used)} records of streams that are not used: ${shorten(oneLine(names.join(', ')), 50)}`,
          ),
        ]
      : []),
  ])
}

function nameOfGroup({ format, kinds }: SourceGroup): string {
  return kinds === '' ? format : `${format} ${kinds}`
}

/** How old the last record is, where that can mean a delay: what ended long ago is history. */
function ageText(lag_ms: number | null): string {
  if (lag_ms === null || lag_ms > 14 * 86_400_000) return ''
  return lag_ms < 0 ? 'in the future' : `${durationText(lag_ms)} ago`
}

function joinLines({ joins }: Diagnosis, room: number): string[] {
  if (joins === null) return labelled('Named', ['nothing: the books hold no flows'])
  const { total, named, by_method, use } = joins
  const shares = namedFields.map((field) => `${field} ${shareText(named[field].bytes_out, total.bytes_out)}`)
  const flows = namedFields
    .filter((field) => named[field].flows > 0n)
    .map((field) => `${field} ${shareText(named[field].flows, total.flows)}`)
  const methods = by_method
    .filter(({ bytes_out }) => bytes_out > 0n)
    .map(
      ({ method, bytes_out }) =>
        `${method === 'none' ? 'no record' : method.replaceAll('_', ' ')} ${shareText(bytes_out, total.bytes_out)}`,
    )
  return [
    ...labelled('Named', [
      `${shares.join(' · ')} of the ${bytesText(total.bytes_out)} that left`,
      ...(flows.length > 0 ? [`${flows.join(' · ')} of ${plural(total.flows, 'flow')}`] : []),
    ]),
    ...(methods.length > 0 ? labelled('Known by', [methods.join(' · ')]) : []),
    ...(use.length > 0
      ? labelled(
          'Joined',
          wrapped(
            use.map(
              ({ kind, format, records, used }) =>
                `${countText(used)} of ${plural(records, kind)}${format === 'neutral' ? '' : ` (${format})`}`,
            ),
            ' · ',
            room,
          ),
        )
      : []),
  ]
}

function closureLines({ closure }: Diagnosis): string[] {
  if (closure === null) return []
  if (closure.share_out === null || closure.median_share_out === null)
    return labelled('Closure', ['no hour was counted throughout'])
  const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)
  return labelled('Closure', [
    `flows hold ${percent(closure.share_out)} of the octets out and ${percent(closure.share_in)} in, ${plural(closure.hours.length, 'hour')} of ${oneLine(closure.links.join(', '))}`,
  ])
}

const marks: Record<Severity, string> = { wrong: '✗', blind: '!', doubt: '?', hint: '·' }
const colours: Record<Severity, (text: string) => string> = {
  wrong: (text) => pc.red(pc.bold(text)),
  blind: pc.yellow,
  doubt: pc.cyan,
  hint: pc.dim,
}

function findingLines({ findings }: Diagnosis, room: number): string[] {
  if (findings.length === 0) return labelled('Findings', [pc.green('none')])
  const shown = findings.slice(0, mostFindings)
  const more = findings.length - shown.length
  return labelled('Findings', [
    ...shown.flatMap(({ severity, statement, next_step, command }) => [
      ...hanging(statement, `${colours[severity](marks[severity])} `, room),
      ...stepLines(next_step, command, room - 2).map((line) => `  ${line}`),
    ]),
    ...(more > 0 ? [pc.dim(`and ${countText(more)} more: --json`)] : []),
  ])
}

/** The command stays in one piece, so that it can be copied. */
function stepLines(next_step: string, command: string | undefined, room: number): string[] {
  const arrow = `${pc.dim('→')} `
  if (command === undefined) return hanging(next_step, arrow, room)
  const shown = oneLine(command)
  if (next_step.length + shown.length + 4 <= room) return [`${arrow}${oneLine(next_step)}  ${pc.bold(shown)}`]
  return [...hanging(next_step, arrow, room), `  ${pc.bold(shown)}`]
}

/** Text broken between words, its later lines below the first. `mark` is two characters wide. */
function hanging(text: string, mark: string, room: number): string[] {
  const words = oneLine(text).split(' ')
  return wrapped(words, ' ', room - 2).map((line, i) => `${i === 0 ? mark : '  '}${line}`)
}

function wrapped(parts: readonly string[], between: string, most: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + between.length + part.length <= most)
      lines[lines.length - 1] = `${last}${between}${part}`
    else lines.push(part)
  }
  return lines
}
