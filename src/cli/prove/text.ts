/** A proof on the terminal: what would be seen on this background, how soon, and from which size on. */
import pc from 'picocolors'
import type { Proof } from '../../app/prove/prove.ts'
import { dateText } from '../../model/amount-text.ts'
import { wrap } from '../incident/wrap.ts'
import { bytesText, durationText, oneLine, plural, table } from '../text.ts'
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
} from './words.ts'

const mostListed = 8

export function proveText(proof: Proof, { elapsed_ms }: { elapsed_ms?: number }): string {
  const parts = [
    headLines(proof, elapsed_ms),
    cellLines(proof),
    floorLines(proof),
    falseLines(proof),
    missingLines(proof),
    readingLines(proof),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function headLines({ complete, backgrounds, placements, seeds }: Proof, elapsed_ms: number | undefined): string[] {
  const shown = backgrounds
    .slice(0, mostListed)
    .map(
      (each) =>
        `  ${oneLine(each.name)}: ${dateText(each.from_ms)} to ${dateText(each.until_ms - 1)}, ` +
        `${plural(each.hosts, 'host')}, ${bytesText(Math.round(each.bytes_out_per_day))} a day`,
    )
  const more = backgrounds.length - shown.length
  return [
    pc.bold(`${plural(placements.length, 'campaign')} placed in ${plural(backgrounds.length, 'background')}`),
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(complete ? [] : ['  Stopped early: this is what was measured until then.']),
    ...(seeds ? [`  Added up from ${plural(seeds.length, 'run')}, seeds ${seeds.join(', ')}.`] : []),
    ...(elapsed_ms === undefined ? [] : [`  Took ${durationText(elapsed_ms)}.`]),
  ]
}

function cellLines({ cells }: Proof): string[] {
  const hasOthers = cells.some(({ spec }) => othersText(spec) !== '')
  const hasYoung = cells.some((cell) => betText(cell) !== '')
  const right = true
  const [head, ...lines] = table(
    [
      ...[
        { title: 'hosts', right },
        { title: 'share', right },
        { title: 'history', right },
        { title: 'placed', right },
      ],
      ...[{ title: 'power (95 %)' }, { title: 'median', right }, { title: '90 %', right }, { title: 'lost', right }],
      ...[{ title: 'peers' }, { title: 'hosts' }, { title: 'of oracle', right }, { title: 'usual', right }],
      { title: 'its rule' },
      ...(hasYoung ? [{ title: 'sums bet on' }] : []),
      ...(hasOthers ? [{ title: 'otherwise' }] : []),
    ],
    cells.map((cell) => {
      const usual = bestUsual(cell)
      return [
        ...[String(cell.spec.hosts), percent(cell.spec.share), days(cell.spec.history), String(cell.placements)],
        ...[powerText(cell), days(cell.delay_days_median), days(cell.delay_days_p90)],
        cell.placements === 0 ? none : percent(cell.bytes_lost_share),
        pairText(cell.peers_precision, cell.peers_recall),
        pairText(cell.hosts_precision, cell.hosts_recall),
        percent(cell.efficiency_median),
        ...(usual ? [usual.power.toFixed(2), usual.rule] : [none, '']),
        ...(hasYoung ? [betText(cell) || 'all'] : []),
        ...(hasOthers ? [othersText(cell.spec)] : []),
      ]
    }),
  )
  return [pc.bold('What was found'), pc.dim(`  ${head}`), ...lines.map((line) => `  ${line}`)]
}

function floorLines({ floors }: Proof): string[] {
  if (floors.length === 0) return []
  const [head, ...lines] = table(
    [
      ...[{ title: 'vault' }, { title: 'path' }, { title: 'hosts', right: true }, { title: 'history', right: true }],
      ...[{ title: 'smallest theft found with power 0.8' }, { title: 'placed for each', right: true }],
    ],
    floors.map((floor) => [
      ...[floor.vault ?? 'any', floor.path ?? 'any', String(floor.hosts), days(floor.history_days)],
      ...[floorText(floor), String(floor.placements)],
    ]),
    60,
  )
  return [pc.bold('Floor of detection'), pc.dim(`  ${head}`), ...lines.map((line) => `  ${line}`)]
}

function falseLines({ false_incidents }: Proof): string[] {
  return [pc.bold('False incidents'), `  ${falseText(false_incidents)}`]
}

function missingLines({ not_placed }: Proof): string[] {
  if (not_placed.length === 0) return []
  const reasons = [...new Set(not_placed.map(({ reason }) => reason))]
  return [
    pc.bold(`Not placed: ${plural(not_placed.length, 'campaign')}`),
    ...reasons.slice(0, mostListed).map((reason) => `  ${oneLine(reason)}`),
  ]
}

function readingLines({ cells }: Proof): string[] {
  const young = cells.some((cell) => betText(cell) !== '')
    ? ' Sums bet on: of the days on which a campaign may be found, those on which any sum had enough of a past to bet. Not possible ' +
      'yet: on none of them, and what needs no history found nothing either.'
    : ''
  return [
    pc.bold('How to read it'),
    ...wrap(
      'Power: share of campaigns of which an incident named a peer, while the same days without it had no incident. Median and ' +
        '90 % of the time from the first byte, – where so many were not found. Lost: bytes gone by then, all of them where nothing ' +
        'was found. Peers, hosts: precision/recall of the members. Usual: the best, afterwards, of eight rules for single hosts ' +
        "and the site's total, set on the days before the start and credited by the same law." +
        young,
      '  ',
    ),
  ]
}
