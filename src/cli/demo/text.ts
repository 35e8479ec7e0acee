/** What the demo tells on the terminal: the incident, who stayed silent and why, the usual rules, and the truth beside it all. */
import pc from 'picocolors'
import type { DemoResult, LookAlikeOutcome } from '../../app/demo.ts'
import type { CampaignOutcome, Found } from '../../app/demo-outcome.ts'
import { usualRuleTitle } from '../../app/demo-usual.ts'
import { dateText } from '../../model/amount-text.ts'
import type { Incident } from '../../model/incident.ts'
import { dayMs } from '../../model/window.ts'
import { incidentText } from '../incident/text.ts'
import { wrap } from '../incident/wrap.ts'
import { bytesText, countText, durationText, oneLine, plural, shareText, table, timeText } from '../text.ts'

type Colours = ReturnType<typeof pc.createColors>

export interface DemoTextOptions {
  colour: boolean
  elapsed_ms: number
  /** Pages that were written. */
  reports: readonly string[]
  /** The directory that stays, if any does. */
  kept?: string
}

export function demoText(result: DemoResult, { colour, elapsed_ms, reports, kept }: DemoTextOptions): string {
  const colours = pc.createColors(colour)
  const incidents: readonly Incident[] = result.analysis.incidents
  const parts = [
    centreLines(result, elapsed_ms, colours),
    ...(incidents.length === 0
      ? [[colours.bold('No incident was found.')]]
      : incidents.map((incident) => [storyOf(incident, colour, kept === undefined ? undefined : result.state)])),
    ...result.look_alikes.map((each) => lookAlikeLines(each, colours)),
    usualLines(result, colours),
    ...result.campaigns.map((each) => truthLines(each, colours)),
    [falseLine(result)],
    fileLines(reports, kept, colours),
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Without its last paragraph if nothing is kept: commands for a state that is gone. */
function storyOf(incident: Incident, colour: boolean, state: string | undefined): string {
  const text = incidentText(incident, { colour, state }).trimEnd()
  return state === undefined ? text.slice(0, text.lastIndexOf('\n\n')) : text
}

function centreLines({ simulated, analysis }: DemoResult, elapsed_ms: number, colours: Colours): string[] {
  const { ledger, counts, sources } = analysis
  const records = sources.reduce((sum, { records_read }) => sum + records_read, 0)
  return [
    colours.bold('A simulated centre'),
    ...wrap(
      `${plural(simulated.days, 'day')}, ${countText(records)} records of logs; ${bytesText(ledger.bytes_out)} left from ` +
        `${plural(counts.hosts, 'host')} to ${plural(counts.peers, 'peer')}. Written, read and judged in ${durationText(elapsed_ms)}.`,
      '  ',
    ),
  ]
}

function lookAlikeLines(
  { truth, incidents, bytes_out, explained_bytes_out, explanations }: LookAlikeOutcome,
  colours: Colours,
): string[] {
  const peers = Object.keys(truth.peers).length
  const days = Object.keys(truth.bytes_out_by_day).length
  const what =
    `Harmless, though it looks like a theft: ${bytesText(truth.bytes_out)} to ${plural(peers, 'peer')} in ` +
    `${plural(days, 'day')} from ${dateText(truth.start_ms)} (${truth.id}).`
  const why =
    explained_bytes_out > 0n
      ? `${shareText(explained_bytes_out, bytes_out)} of it matched what was agreed beforehand: ${explanations.join(', ')}.`
      : 'Nothing of it was agreed beforehand.'
  const said =
    incidents.length === 0
      ? 'No incident speaks of it.'
      : `Named by ${incidents.map(({ id }) => id).join(', ')}: a mistake.`
  return [colours.bold('The look-alike'), ...wrap(`${what} ${said} ${why}`, '  ')]
}

function usualLines({ usual, campaigns, analysis }: DemoResult, colours: Colours): string[] {
  const detected = campaigns.every(({ incident }) => incident !== undefined)
  const until = detected ? 'the incident' : 'the end'
  const members = campaigns.reduce((sum, { hosts }) => sum + hosts.truth, 0)
  const silent = usual.tallies.filter(({ line }) => line === undefined).length
  const [head, ...lines] = table(
    [
      { title: 'rule' },
      { title: 'days set on', right: true },
      { title: 'alarms then', right: true },
      { title: 'since', right: true },
      { title: 'naming a member', right: true },
      { title: 'first', right: true },
      { title: 'naming the look-alike', right: true },
    ],
    usual.tallies
      .filter(({ line }) => line !== undefined)
      .map((tally) => [
        usualRuleTitle(tally.rule),
        countText(tally.tuned_days),
        countText(tally.tuned_alarms),
        countText(tally.alarms),
        tally.rule.startsWith('site') ? '–' : countText(tally.on_members),
        tally.first_on_member_day === undefined ? '' : dateText(tally.first_on_member_day * dayMs),
        tally.rule.startsWith('site') ? '–' : countText(tally.on_look_alikes),
      ]),
  )
  return [
    colours.bold('The usual rules meanwhile'),
    ...wrap(
      `Each set to one false alarm a month on days before the theft, which in life nobody could choose. "Since": from ` +
        `${dateText(usual.from_day * dayMs)}, when it began, to ${until}, ${plural(usual.until_day - usual.from_day, 'day')}. ` +
        `${countText(members)} of ${plural(analysis.counts.hosts, 'host')} are members, so that some are named by chance.`,
      '  ',
    ),
    ...[colours.dim(head), ...lines].map((line) => `  ${line}`),
    ...(silent > 0 ? [`  ${plural(silent, 'rule')} had too few days to be set.`] : []),
  ]
}

function truthLines(outcome: CampaignOutcome, colours: Colours): string[] {
  const { truth, incident, hosts, peers, bytes_out_at_detection } = outcome
  const happened =
    `Truth: ${plural(hosts.truth, 'host')} sent ${bytesText(truth.bytes_out)} to ${plural(peers.truth, 'peer')} from ` +
    `${timeText(truth.start_ms)} to ${timeText(truth.end_ms)} UTC (${truth.id}).`
  if (!incident) return [colours.bold('The truth'), ...wrap(`${happened} Found: nothing of it.`, '  ')]
  const { low, best, high } = incident.bytes_out
  const isWithin = truth.bytes_out >= low && truth.bytes_out <= high
  const gone = bytes_out_at_detection ?? 0n
  return [
    colours.bold('The truth'),
    ...wrap(happened, '  '),
    ...wrap(
      `Found by ${oneLine(incident.id)} ${durationText(Math.max(0, incident.detected_at_ms - truth.start_ms))} after it began, ` +
        `when ${bytesText(gone)} had left, ${shareText(gone, truth.bytes_out)} of what it took in the end.`,
      '  ',
    ),
    `  Hosts  ${foundText(hosts)}`,
    `  Peers  ${foundText(peers)}`,
    ...wrap(
      `Bytes  told ${bytesText(best)}, between ${bytesText(low)} and ${bytesText(high)}; the truth lies ${isWithin ? 'within' : 'outside'}`,
      '  ',
    ),
  ]
}

/** `truth 191; found 180, of them 170 right: precision 94 %, recall 89 %`. */
export function foundText({ truth, found, right }: Found): string {
  return (
    `truth ${countText(truth)}; found ${countText(found)}, of them ${countText(right)} right: ` +
    `precision ${shareText(right, found)}, recall ${shareText(right, truth)}`
  )
}

function falseLine({ false_incidents }: DemoResult): string {
  return false_incidents.length === 0
    ? '  False incidents: 0'
    : `  False incidents: ${false_incidents.length} (${false_incidents.map(({ id }) => oneLine(id)).join(', ')})`
}

function fileLines(reports: readonly string[], kept: string | undefined, colours: Colours): string[] {
  const label = (text: string): string => colours.dim(text.padEnd(8))
  return [
    ...reports.map((path, i) => `${label(i === 0 ? 'Report' : '')}${path}`),
    kept === undefined
      ? `${label('Kept')}nothing else; with --keep DIR the logs, the books and the truth stay`
      : `${label('Kept')}${kept}: logs and truth in centre/, the books in state/`,
    ...(kept === undefined ? [] : [`${label('Next')}weir ledger --state ${kept}/state --by host,peer --top 20`]),
  ]
}
