/** A census on the terminal: two screens of numbers, and what could not be seen. */
import pc from 'picocolors'
import type { Census } from '../../app/census/report/census-report.ts'
import { dateText } from '../../model/amount-text.ts'
import { bytesText, countText, durationText, plain, plural, shareText, shorten, table, timeText } from '../text.ts'
import {
  channelText,
  copiesText,
  countriesText,
  dayText,
  elsewhereOf,
  levelText,
  maturityOf,
  percentText,
  rejectedBySource,
} from './words.ts'

const mostRows = 5

export function censusText(census: Census, { elapsed_ms }: { elapsed_ms: number }): string {
  const parts = [
    readLines(census, elapsed_ms),
    leftLines(census),
    topLines(census),
    copiesLines(census),
    manyHostsLines(census),
    accountLines(census),
    recipientLines(census),
    unmappedLines(census),
    sensorLines(census),
    rejectedLines(census),
    maturityLines(census),
    notSeenLines(census),
  ].filter((lines) => lines.length > 0)
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function label(text: string): string {
  return pc.dim(text.padEnd(13))
}

/** A heading and a table below it, indented. */
function section(title: string, columns: { title: string; right?: boolean }[], rows: string[][], more = 0): string[] {
  if (rows.length === 0) return []
  const [head, ...body] = table(columns, rows)
  const rest = more > 0 ? [`  ${pc.dim(`and ${countText(more)} more`)}`] : []
  return [pc.bold(title), `  ${pc.dim(head)}`, ...body.map((line) => `  ${line}`), ...rest]
}

const left = (title: string): { title: string } => ({ title })
const right = (title: string): { title: string; right: true } => ({ title, right: true })

function readLines({ sources, passed_over, span }: Census, elapsed_ms: number): string[] {
  const sum = (of: (source: Census['sources'][number]) => number): number =>
    sources.reduce((total, source) => total + of(source), 0)
  const unused = sum((source) => source.rejected.stream_not_used ?? 0)
  const rejected = sum((source) => Object.values(source.rejected).reduce((a, b) => a + b, 0)) - unused
  const repeated = sum((source) => source.duplicates)
  const parts = [`${countText(sum((source) => source.accepted))} accepted`]
  if (repeated > 0) parts.push(`${countText(repeated)} said before`)
  if (unused > 0) parts.push(`${countText(unused)} of streams not used`)
  if (rejected > 0) parts.push(pc.yellow(`${countText(rejected)} rejected`))
  const days =
    span.start_ms === null || span.end_ms === null
      ? 'no times'
      : `${timeText(span.start_ms)} to ${timeText(span.end_ms)} UTC (${durationText(span.end_ms - span.start_ms)})`
  const names = passed_over.slice(0, 3).map(({ path }) => plain(shorten(path, 40)).replaceAll('\n', '\\n'))
  return [
    `${label('Read')}${plural(
      sum((source) => source.records_read),
      'record',
    )} from ${plural(sources.length, 'file')} in ${durationText(elapsed_ms)}; nothing is kept`,
    `${label('')}${parts.join(' · ')}`,
    ...(passed_over.length > 0
      ? [`${label('')}${passed_over.length} passed over: ${names.join(', ')}${passed_over.length > 3 ? ', …' : ''}`]
      : []),
    `${label('Logs span')}${days}`,
  ]
}

function leftLines(census: Census): string[] {
  const { ledger, counts, not_egress } = census
  const elsewhere = elsewhereOf(census).map(({ name, bytes }) => `${bytesText(bytes)} ${name}`)
  if (not_egress.probes > 0n) elsewhere.push(`${countText(not_egress.probes)} connections without payload`)
  const { account, project, vault } = ledger.attributed_share
  return [
    `${label('Left')}${pc.bold(bytesText(ledger.bytes_out))} ${pc.dim(`(${countText(ledger.bytes_out)} bytes)`)} from ${plural(counts.hosts, 'host')} to ${plural(counts.peers, 'peer')} in ${plural(ledger.flows, 'flow')}`,
    `${label('Explained')}${shareText(ledger.explained_bytes_out, ledger.bytes_out)} by expectations; ${bytesText(ledger.unexplained_bytes_out)} unexplained`,
    `${label('Named')}account ${percentText(account)} · project ${percentText(project)} · vault ${percentText(vault)} of the bytes`,
    `${label('Came in')}${bytesText(ledger.bytes_in)}`,
    ...(elsewhere.length > 0 ? [`${label('No egress')}${elsewhere.join(' · ')}`] : []),
  ]
}

function topLines({ where, ledger }: Census): string[] {
  if (ledger.bytes_out === 0n) return []
  const columns = [
    ['by host', where.by_host.map(({ host, bytes_out }) => ({ name: host, bytes_out }))],
    ['by network', where.by_network.map(({ network, bytes_out }) => ({ name: network, bytes_out }))],
    ['by service', where.by_service.map(({ service, bytes_out }) => ({ name: service, bytes_out }))],
  ] as const
  const cells = columns.map(([title, rows]) => [
    title,
    ...rows
      .filter(({ bytes_out }) => bytes_out > 0n)
      .slice(0, mostRows)
      .map(
        ({ name, bytes_out }) =>
          `${shareText(bytes_out, ledger.bytes_out).padStart(6)}  ${oneLine(name, 22) || 'unknown'}`,
      ),
  ])
  return Array.from({ length: Math.max(...cells.map((column) => column.length)) }, (_, row) => {
    const text = cells
      .map((column) => (column[row] ?? '').padEnd(32))
      .join('')
      .trimEnd()
    return `${label(row === 0 ? 'Most of it' : '')}${row === 0 ? pc.dim(text) : text}`
  })
}

function copiesLines({ copies_out }: Census): string[] {
  const { by, rows, places } = copies_out
  const byVault = by === 'vault'
  return section(
    byVault ? 'Copies out, by vault (transfer logs)' : 'Out of which directories (transfer logs; no vaults configured)',
    byVault
      ? [right('copies'), right('logged'), right('carried'), right('size'), right('transfers'), left('vault')]
      : [right('logged'), right('transfers'), left('directory or bucket')],
    rows
      .slice(0, mostRows)
      .map(({ name, copies, transfer_bytes_out, carried_bytes_out, size_bytes, transfers }) =>
        byVault
          ? [
              copiesText(copies),
              bytesText(transfer_bytes_out),
              bytesText(carried_bytes_out ?? 0n),
              size_bytes === null ? '–' : bytesText(size_bytes),
              countText(transfers),
              name,
            ]
          : [bytesText(transfer_bytes_out), countText(transfers), name],
      ),
    Math.max(0, places - mostRows),
  )
}

function manyHostsLines({ peers_of_many_hosts }: Census): string[] {
  return section(
    'Peers that drew from several hosts',
    [right('hosts'), right('out'), right('flows'), left('first'), left('last'), left('peer')],
    peers_of_many_hosts.rows
      .slice(0, mostRows)
      .map(({ hosts, bytes_out, flows, first_ms, last_ms, peer }) => [
        countText(hosts),
        bytesText(bytes_out),
        countText(flows),
        dateText(first_ms),
        dateText(last_ms),
        peer,
      ]),
  )
}

function accountLines({ accounts, shared_keys }: Census): string[] {
  const many = accounts.rows.filter(({ networks }) => networks > 1)
  const inCountries = many.some(({ countries }) => countries !== undefined)
  const spread = accounts.by_networks.slice(0, 6).map(({ networks, accounts: n }) => `${networks}: ${countText(n)}`)
  const lines =
    accounts.seen === 0
      ? []
      : [
          ...section(
            'Accounts seen from several networks (sessions and leases)',
            [
              ...[right('networks'), right('addresses'), right('sessions'), left('account')],
              ...(inCountries ? [left('countries')] : []),
            ],
            many
              .slice(0, mostRows)
              .map((row) => [
                ...[countText(row.networks), countText(row.addresses), countText(row.sessions), row.account],
                ...(inCountries ? [countriesText(row)] : []),
              ]),
            accounts.by_networks.reduce((sum, row) => (row.networks > 1 ? sum + row.accounts : sum), 0) -
              Math.min(mostRows, many.length),
          ),
          `${pc.dim('Accounts by number of networks  ')}${spread.join(' · ')}${accounts.by_networks.length > 6 ? ' · …' : ''}`,
        ]
  const shared = section(
    'One key or client fingerprint, several accounts',
    [right('accounts'), left('kind'), left('fingerprint'), left('names')],
    shared_keys.rows
      .slice(0, mostRows)
      .map(({ accounts: n, kind, fingerprint, names }) => [
        countText(n),
        kind,
        fingerprint,
        names.slice(0, 4).join(' '),
      ]),
    Math.max(0, shared_keys.shared - mostRows),
  )
  return [...lines, ...(lines.length > 0 && shared.length > 0 ? [''] : []), ...shared]
}

function recipientLines({ first_time_recipients }: Census): string[] {
  const { rule, since_ms, peers_since, rows, min_bytes_out } = first_time_recipients
  if (since_ms === null) return []
  const least = bytesText(min_bytes_out)
  const title = `First-time recipients of ${least} and more`
  const what = `${plural(peers_since, 'peer')} ${rule} (since ${timeText(since_ms)})`
  if (rows.length === 0) return [pc.bold(title), `  none of the ${what}`]
  return [
    ...section(
      title,
      [right('out'), right('hosts'), left('first seen'), left('peer')],
      rows
        .slice(0, mostRows)
        .map((row) => [bytesText(row.bytes_out), countText(row.hosts), timeText(row.first_ms), row.peer]),
      Math.max(0, rows.length - mostRows),
    ),
    `  ${pc.dim(`of ${what}`)}`,
  ]
}

function unmappedLines({ copies_out }: Census): string[] {
  if (copies_out.by !== 'vault') return []
  return section(
    'Transfers out of no vault',
    [right('logged'), right('transfers'), left('directory or bucket')],
    copies_out.unmapped
      .slice(0, mostRows)
      .map(({ name, transfers, bytes_out }) => [bytesText(bytes_out), countText(transfers), name || '(not stated)']),
    Math.max(0, copies_out.unmapped_places - mostRows),
  )
}

function sensorLines(census: Census): string[] {
  const rows = census.sensors
    .slice(0, mostRows)
    .map(({ sensor, flows, probes, first_ms, last_ms, silent_hours, gaps, accounts }) => [
      countText(flows + probes),
      timeText(first_ms),
      timeText(last_ms),
      countText(silent_hours),
      countText(gaps.length),
      `${sensor}${accounts ? '' : ' (corroborates)'}`,
    ])
  return section(
    'Sensors',
    [right('records'), left('first'), left('last'), right('silent h'), right('gaps'), left('sensor')],
    rows,
    Math.max(0, census.sensors.length - mostRows),
  )
}

function rejectedLines(census: Census): string[] {
  const rejected = rejectedBySource(census)
  return section(
    'Rejected records',
    [right('records'), left('reason'), left('file')],
    rejected.slice(0, mostRows).map(({ records, reason, path }) => [countText(records), reason, path]),
    Math.max(0, rejected.length - mostRows),
  )
}

function maturityLines(census: Census): string[] {
  const { observed_days, observed_hours } = census.maturity
  const { scales, pools, blind } = maturityOf(census)
  const title = 'When statistics will be able to judge (weir analyze)'
  const observed = `${plural(observed_hours, 'hour')} on ${plural(observed_days, 'day')} observed`
  const needs = blind.map(({ pool, lacks }) => `${pool} (needs ${lacks})`).join(', ')
  return [
    ...(scales.length === 0 ? [pc.bold(title)] : []),
    ...section(
      title,
      [left('scale'), left('what'), left('now'), left('weak from'), left('mature from')],
      scales.map(({ scale, channel, level, weak_from_ms, mature_from_ms }) => [
        scale,
        channelText[channel],
        levelText[level],
        dayText(weak_from_ms),
        dayText(mature_from_ms),
      ]),
    ),
    ...(scales.length > 0
      ? [`  ${pc.dim(`${observed}; pools: ${pools.join(', ')}; policy tests need no history`)}`]
      : []),
    ...(blind.length > 0 ? [`  ${pc.dim(`blind: ${needs}`)}`] : []),
  ]
}

function notSeenLines({ not_seen }: Census): string[] {
  if (not_seen.length === 0) return []
  return [pc.bold('What could not be seen'), ...not_seen.map(({ text }) => `  ${plain(text).replaceAll('\n', '\\n')}`)]
}

function oneLine(name: string, most: number): string {
  return shorten(plain(name).replaceAll('\n', '\\n'), most)
}
