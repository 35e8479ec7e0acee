/** For how long sums could bet: what the books are too young for is another thing than what was looked at and not found. */
import { grains } from '../../detectors/sums/stream.ts'
import type { Maturity } from '../../model/incident.ts'

/**
 * Of so many days until the end of what was judged: those for which the oldest of all sums, those of ten minutes among them, had
 * enough of a past to bet. 0: nothing could but what needs no history (shared keys, habits of accounts) and policy. In days' worth
 * of observed slots; what was not observed is no day.
 */
export function sumsBetDays(maturity: readonly Maturity[], judged_days: number): number {
  const bet = maturity.map(({ scale, ticks }) => (ticks - grains[scale].weak) / grains[scale].slotsPerDay)
  return Math.min(judged_days, Math.max(0, ...bet))
}
