/** A proof of sight on the terminal. */
import pc from 'picocolors'
import { isProof, type NoSightYet, type SightProof } from '../../app/prove/sight.ts'
import { dateText } from '../../model/amount-text.ts'
import { wrap } from '../incident/wrap.ts'
import { floorName, floorSize, sightLimits, standingInFull } from '../sight-words.ts'
import { bytesText, oneLine, plural, table } from '../text.ts'
import { percent } from './words.ts'

export function sightText(result: SightProof | NoSightYet, directory: string): string {
  if (!isProof(result)) {
    const { reason, possible_from_ms } = result
    const from = possible_from_ms === null ? '' : `; possible from ${dateText(possible_from_ms)} on`
    return `${pc.bold('Sight')}  cannot be proven yet: ${oneLine(reason)}${from}\n`
  }
  const { judged_until_ms, history_days, bytes_out_per_day } = result
  const books = `${bytesText(Math.round(bytes_out_per_day))} a day, ${plural(history_days, 'day')} before the start`
  const lines = [
    pc.bold(`Sight in ${oneLine(directory)} until ${dateText(judged_until_ms - 1)}`),
    `  ${books}`,
    `  ${standingInFull(result)}`,
    ...sightLimits(result).map((text) => `  ${text}`),
    ...floorLines(result),
    ...missingLines(result),
    '',
    ...wrap(
      'Each size was placed once: what was found says that it can be seen, not how often. `weir prove` without --sight measures that.',
      '  ',
    ),
  ]
  return `${lines.join('\n')}\n`
}

function floorLines(proof: SightProof): string[] {
  if (proof.floors.length === 0) return []
  const right = true
  const [head, ...lines] = table(
    [{ title: 'where' }, { title: 'hosts', right }, { title: 'a day' }, { title: 'of all egress', right }],
    proof.floors.map((floor) => [
      ...[floorName(floor), String(floor.hosts), floorSize(floor, proof), percent(floor.share)],
    ]),
  )
  return ['', pc.bold('Smallest theft that was seen, once'), pc.dim(`  ${head}`), ...lines.map((line) => `  ${line}`)]
}

function missingLines({ not_placed }: SightProof): string[] {
  return not_placed.map(({ reason, ...floor }) => `  not placed: ${floorName(floor)}: ${oneLine(reason)}`)
}
