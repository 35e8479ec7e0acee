/** The summary of `analyze`: one screen that says what was found, what left, by whom known, and what could not be seen. */
import pc from 'picocolors'
import { shellWord } from '../app/doctor/findings/finding.ts'
import type { Analysis } from '../app/report.ts'
import { maturityText } from './incident/list-text.ts'
import { membersText } from './incident/text.ts'
import { numberText, stateText, utc, weirCommand } from './incident/words.ts'
import { lineWidth, wrap } from './incident/wrap.ts'
import { sightLine } from './sight-words.ts'
import { bytesText, countText, durationText, oneLine, plain, plural, shareText, shorten, timeText } from './text.ts'

const mostIncidents = 5
const margin = 13

export function summaryText(
  analysis: Analysis,
  { elapsed_ms, config }: { elapsed_ms: number; config?: string },
): string {
  const lines = [
    ...foundLines(analysis),
    '',
    ...readLines(analysis, elapsed_ms),
    '',
    ...leftLines(analysis),
    '',
    ...topLines(analysis),
    ...notSeenLines(analysis),
    '',
    ...nextLines(analysis, config),
  ]
  return `${lines.join('\n')}\n`
}

function many(count: number | bigint, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 || count === 1n ? '' : 's'}`
}

function label(text: string): string {
  return pc.dim(text.padEnd(margin))
}

/** Incidents, else what was judged until when; an empty list says nothing of what was not seen. */
function foundLines(analysis: Analysis): string[] {
  const { incidents, worklist, maturity, budget, judged_until_ms, sight, state } = analysis
  const command = (words: readonly string[]): string => weirCommand(words, state?.directory)
  const until = judged_until_ms === null ? '' : ` until ${utc(judged_until_ms)}`
  const judged =
    judged_until_ms === null
      ? 'nothing yet: the books hold no closed tick'
      : incidents.length === 0
        ? `no incident${until}`
        : until.trim()
  const open = incidents.filter((each) => each.state === 'open')
  const rest = incidents.filter((each) => each.state !== 'open')
  const told = [...open, ...rest].slice(0, mostIncidents).flatMap((incident) => {
    const { id, title, severity } = incident
    return [
      `${pc.bold(oneLine(id))}  ${stateText[incident.state]}, ${severity}  ${oneLine(title === '' ? membersText(incident) : title)}`,
      `  ${pc.bold(command(['incident', id]))}`,
    ]
  })
  const more = incidents.length - mostIncidents
  return [
    ...(incidents.length === 0
      ? []
      : labelled('Incidents', [`${plural(incidents.length, 'incident')}, ${countText(open.length)} open`, ...told])),
    ...(more > 0 ? labelled('', [`and ${countText(more)} more: ${command(['incidents'])}`]) : []),
    ...labelled('Judged', [judged, ...hanging(maturityText(maturity))]),
    ...(sight === undefined ? [] : labelled('Sight', hanging(sightLine(sight)))),
    ...(worklist.length === 0
      ? []
      : labelled('Worklist', [`${plural(worklist.length, 'item')}: ${command(['worklist'])}`])),
    ...labelled('Budget', [
      `${numberText(Number(budget.spent.toPrecision(2)))} of ${numberText(budget.false_incidents_per_year)} false incident${budget.false_incidents_per_year === 1 ? '' : 's'} a year spent since 1 January`,
    ]),
  ]
}

function labelled(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${label(i === 0 ? name : '')}${line}`)
}

/** Broken at spaces to the width that a label leaves. */
function hanging(text: string): string[] {
  return wrap(text, '', lineWidth - margin)
}

function readLines({ sources, passed_over, span, state }: Analysis, elapsed_ms: number): string[] {
  const sum = (of: (source: Analysis['sources'][number]) => number): number =>
    sources.reduce((total, source) => total + of(source), 0)
  const rejected = new Map<string, number>()
  for (const source of sources)
    for (const [reason, n] of Object.entries(source.rejected)) rejected.set(reason, (rejected.get(reason) ?? 0) + n)
  const unused = rejected.get('stream_not_used') ?? 0
  rejected.delete('stream_not_used')
  const parts = [`${countText(sum((source) => source.accepted))} accepted`]
  const duplicates = sum((source) => source.duplicates)
  if (duplicates > 0) parts.push(`${countText(duplicates)} known already`)
  if (unused > 0) parts.push(`${countText(unused)} of streams not used`)
  for (const [reason, n] of [...rejected].sort(([, a], [, b]) => b - a))
    parts.push(pc.yellow(`${countText(n)} rejected: ${reason}`))
  const days =
    span.start_ms === null || span.end_ms === null
      ? 'no times'
      : `${timeText(span.start_ms)} to ${timeText(span.end_ms)} UTC (${durationText(span.end_ms - span.start_ms)})`
  return [
    `${label('Books')}${oneLine(state?.directory ?? '')} ${pc.dim(state?.is_new ? '(new)' : '(extended)')}`,
    `${label('Read')}${countText(sum((source) => source.records_read))} records from ${many(sources.length, 'file')} in ${durationText(elapsed_ms)}`,
    `${label('')}${parts.join(' · ')}`,
    ...(passed_over.length > 0
      ? [
          `${label('')}${passed_over.length} passed over: ${passed_over
            .slice(0, 3)
            .map(({ path }) => plain(shorten(path, 40)))
            .join(', ')}${passed_over.length > 3 ? ', …' : ''}`,
        ]
      : []),
    `${label('Books span')}${days}`,
  ]
}

function leftLines({ ledger, counts, not_egress }: Analysis): string[] {
  const { attributed_share } = ledger
  const percent = (share: number): string => shareText(Math.round(share * 1e6), 1e6)
  const other = [
    [not_egress.internal_bytes, 'inside'],
    [not_egress.transit_bytes, 'transit'],
    [not_egress.carrier_bytes, 'tunnels'],
    [not_egress.corroborating_bytes, 'seen by a second sensor'],
    [not_egress.claimed_not_seen_bytes, 'claimed by transfer logs but not seen'],
  ] as const
  const elsewhere = other.filter(([bytes]) => bytes > 0n).map(([bytes, name]) => `${bytesText(bytes)} ${name}`)
  if (not_egress.probes > 0n) elsewhere.push(`${countText(not_egress.probes)} connections without payload`)
  return [
    `${label('Left')}${pc.bold(bytesText(ledger.bytes_out))} ${pc.dim(`(${countText(ledger.bytes_out)} bytes)`)} from ${many(counts.hosts, 'host')} to ${many(counts.peers, 'peer')} in ${many(ledger.flows, 'flow')}`,
    ...(ledger.bytes_out_lo === ledger.bytes_out && ledger.bytes_out_hi === ledger.bytes_out
      ? []
      : [
          `${label('')}between ${bytesText(ledger.bytes_out_lo)} and ${bytesText(ledger.bytes_out_hi)}, as some records are incomplete`,
        ]),
    `${label('Explained')}${shareText(ledger.explained_bytes_out, ledger.bytes_out)} by expectations; ${bytesText(ledger.unexplained_bytes_out)} unexplained`,
    `${label('Named')}account ${percent(attributed_share.account)} · project ${percent(attributed_share.project)} · vault ${percent(attributed_share.vault)} of the bytes`,
    `${label('Came in')}${bytesText(ledger.bytes_in)}`,
    ...(elsewhere.length > 0 ? [`${label('No egress')}${elsewhere.join(' · ')}`] : []),
  ]
}

function topLines({ top, ledger }: Analysis): string[] {
  if (ledger.bytes_out === 0n) return []
  const columns = (['host', 'peer', 'service'] as const).map((kind) => [
    `by ${kind}`,
    ...top[kind].map(
      ({ name, bytes_out }) =>
        `${shareText(bytes_out, ledger.bytes_out).padStart(6)}  ${shorten(plain(name) || 'unknown', 22)}`,
    ),
  ])
  const rows = Math.max(...columns.map((column) => column.length))
  return [
    ...Array.from({ length: rows }, (_, row) => {
      const cells = columns.map((column, i) => (column[row] ?? '').padEnd(i === columns.length - 1 ? 0 : 33))
      const text = cells.join('').trimEnd()
      return `${label(row === 0 ? 'Most of it' : '')}${row === 0 ? pc.dim(text) : text}`
    }),
    '',
  ]
}

function notSeenLines({ state, notices, gaps, ledger, sources }: Analysis): string[] {
  const lines: string[] = []
  if (state?.configured === false)
    lines.push('no configuration: inside is taken to be 10/8, 172.16/12, 192.168/16 and fc00::/7')
  if (ledger.bytes_out > 0n && ledger.attributed_share.vault === 0)
    lines.push('no bytes are tied to a vault: no transfer log, or no vault map')
  if (ledger.bytes_out === 0n && ledger.bytes_in > 0n)
    lines.push('nothing left, but something came in: are the inside networks right?')
  if (sources.some((source) => Object.keys(source.rejected).some((reason) => reason !== 'stream_not_used')))
    lines.push("rejected records are named by 'weir analyze --json': sources[].examples")
  for (const { text } of notices.slice(0, 4)) lines.push(plain(text))
  if (notices.length > 4) lines.push(`and ${notices.length - 4} more notices (${gaps.length} gaps)`)
  if (lines.length === 0) return []
  return lines.map((line, i) => `${label(i === 0 ? 'Mind' : '')}${line}`)
}

function nextLines({ state }: Analysis, config: string | undefined): string[] {
  const where = state && state.directory !== './weir-state' ? ` --state ${oneLine(shellWord(state.directory))}` : ''
  const first =
    state?.configured === false
      ? "'weir init PATH…' proposes a configuration"
      : `'weir doctor${where}${config ? ` --config ${oneLine(shellWord(config))}` : ''}' tells what is not seen`
  return [`${label('Next')}weir ledger${where} --by host,peer --top 20`, `${label('')}${first}`]
}
