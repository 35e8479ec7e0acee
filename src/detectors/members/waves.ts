/**
 * Newcomers come in waves: of each two weeks those who look like members are set beside those whom the past lets expect of that look.
 * Where a wave brought hardly more than usual, its newcomers are candidates: a campaign that is over, or never was, does not take in
 * whoever comes later.
 */
import { memberWeight } from './member-hosts.ts'

export const waveDays = 14
/** Of a wave's members, as large a share must be beyond the past; half would be a member's own weight, less for chance. */
export const leastShare = 1 / 3

export interface WavesQuestion {
  since_day: number
  until_day: number
  firstSeen: (peer: number) => number
  /** Newcomers of a member's look that the past lets expect over days [from, to). */
  expected: (from_day: number, to_day: number) => number
}

/**
 * Weights by peer, less those of waves without excess, which are at most the wave's share. The first wave is what was declared; one
 * that is not over yet counts with the one before.
 */
export function lessUsualWaves(weights: ReadonlyMap<number, number>, question: WavesQuestion): Map<number, number> {
  const { since_day, until_day, firstSeen, expected } = question
  const waves = Math.max(1, Math.floor((until_day - since_day) / waveDays))
  const waveOf = (peer: number): number => Math.min(waves - 1, Math.floor((firstSeen(peer) - since_day) / waveDays))
  const found = new Float64Array(waves)
  for (const [peer, weight] of weights) if (weight >= memberWeight) found[waveOf(peer)]++
  const share = found.map((count, wave) => {
    const from = since_day + wave * waveDays
    return count === 0 ? 0 : 1 - expected(from, wave === waves - 1 ? until_day : from + waveDays) / count
  })
  const less = new Map<number, number>()
  for (const [peer, weight] of weights) {
    const wave = waveOf(peer)
    const left = wave === 0 || share[wave] >= leastShare ? weight : Math.min(weight, Math.max(0, share[wave]))
    if (left > 0) less.set(peer, left)
  }
  return less
}
