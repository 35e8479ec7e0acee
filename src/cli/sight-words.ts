/** A proof of sight in words: the same in `doctor`, in the summary of `analyze`, and where it was made. */
import type { SightFacts } from '../app/doctor/checks/sight.ts'
import { type SightFloor, type SightProof, sightHistory } from '../app/prove/sight.ts'
import { dateText } from '../model/amount-text.ts'
import { weirCommand } from './incident/words.ts'
import { bytesText, countText, oneLine, plural } from './text.ts'

/** `3.00 GB a day from 30 hosts over 30 days, found after 6.2 days`. */
export function standingText({ standing, is_mature }: SightProof): string {
  const { gb_per_day, hosts, days, found, delay_days } = standing
  const what = `${gbText(gb_per_day)} a day from ${plural(hosts, 'host')} over ${plural(days, 'day')}`
  if (!found) return `${what}, ${is_mature ? 'NOT FOUND' : 'not found yet'}`
  return `${what}, ${delay_days === null ? 'joined an open incident' : `found after ${delay_days.toFixed(1)} days`}`
}

/** The same, and what had left by then. */
export function standingInFull(proof: SightProof): string {
  const { bytes_lost } = proof.standing
  return `${standingText(proof)}${bytes_lost === null ? '' : `, ${bytesText(bytes_lost)} gone by then`}`
}

/** On one line of a screen, with its day. */
export function sightLine(proof: SightProof): string {
  return `${proof.standing.found ? 'proven' : 'tried'} ${dateText(proof.at_ms)}: ${standingText(proof)}`
}

export function floorName({ vault, path }: Pick<SightFloor, 'vault' | 'path'>): string {
  return vault === null ? (path ?? 'whole site') : `vault ${oneLine(vault)}`
}

/** Per day: `1.50 GB`, `at most 300 MB`, `more than 30.0 GB`. */
export function floorSize({ gb_per_day, is_at_most }: SightFloor, proof: SightProof): string {
  if (gb_per_day !== null) return `${is_at_most ? 'at most ' : ''}${gbText(gb_per_day)}`
  return `more than ${gbText((Math.max(...proof.shares_tried) * proof.bytes_out_per_day) / 1e9)}`
}

/** What limits the meaning of a proof. */
export function sightLimits(proof: SightProof): string[] {
  const { complete, own_incidents, standing, draws, is_mature, history_days } = proof
  const { mature_days } = sightHistory
  const [own, ...others] = own_incidents
  const more = others.length === 0 ? '' : ` and ${countText(others.length)} more`
  return [
    ...(standing.found && draws > 1
      ? [`missed with other hosts and peers ${plural(draws - 1, 'time')}, then found: sight is weak`]
      : []),
    ...(standing.found || is_mature
      ? []
      : [`that is usual with ${plural(history_days, 'day')} of history; with ${mature_days} it must be found`]),
    ...(complete ? [] : ['stopped early: floors are missing']),
    ...(own === undefined ? [] : [`${oneLine(own)}${more} in the same days may take in what is placed: judge first`]),
  ]
}

/** Of the state; `wrapped` breaks the floors into lines. */
export function sightLines(
  sight: SightFacts,
  directory: string,
  wrapped: (parts: readonly string[]) => string[],
): string[] {
  const { last } = sight
  if (last === null) return [neverText(sight, directory)]
  const floors = last.floors.map((floor) => `${floorName(floor)} ${floorSize(floor, last)}`)
  return [
    sightLine(last),
    ...(floors.length === 0 ? [] : wrapped([`seen once, a day: ${floors[0]}`, ...floors.slice(1)])),
    ...sightLimits(last),
  ]
}

function neverText({ days, days_needed, possible_from_ms }: SightFacts, directory: string): string {
  if (possible_from_ms === null) return 'not proven yet: nothing has left'
  if (days >= days_needed) return `never proven: run ${weirCommand(['prove', '--sight'], directory)}`
  return `not proven yet: ${countText(days)} of the ${plural(days_needed, 'day')} that it takes; possible from ${dateText(possible_from_ms)} on`
}

const gbText = (gb: number): string => bytesText(Math.round(gb * 1e9))
