/**
 * The strongest innocent reading of a case, with what speaks for and against it, and the one check that would settle it.
 * A reading's strength is the sum of the weights of its signs that hold less those that do not; it ranks readings and
 * claims nothing about their odds.
 */
import type { CampaignCase } from './case.ts'
import { readingRules, type Sign } from './reading-rules.ts'
import { shapeOf } from './shape.ts'

export interface Reading {
  id: string
  strength: number
  /** What it would be, and what speaks for and against it. */
  text: string
  /** What to look at, where, or whom to ask. */
  check: string
}

/** All readings, the strongest first; ties in the order of the rules. */
export function readingsOf(campaign: CampaignCase): Reading[] {
  const shape = shapeOf(campaign)
  return readingRules
    .map(({ id, says, signs, check }) => {
      const known = signs(campaign, shape).filter((sign) => sign.holds !== undefined)
      const strength = known.reduce((sum, { holds, weight }) => sum + (holds ? weight : -weight), 0)
      return { id, strength, text: `${says} ${signsText(known)}`, check: check(campaign, shape) }
    })
    .sort((a, b) => b.strength - a.strength)
}

export function strongestReading(campaign: CampaignCase): Reading {
  return readingsOf(campaign)[0]
}

function signsText(signs: readonly Sign[]): string {
  const list = (side: string, which: readonly Sign[]): string =>
    `${side}: ${which.map(({ holds, text, otherwise }) => (holds ? text : otherwise)).join('; ') || 'nothing in the books'}.`
  const holding = signs.filter(({ holds }) => holds)
  const failing = signs.filter(({ holds }) => !holds)
  return `${list('For it', holding)} ${list('Against it', failing)}`
}
